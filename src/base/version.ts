// Which paceline this is: sent as `User-Agent`, written in records. A test holds it to package.json.
export const VERSION = '0.1.0';
