// All requests at once on bare node:http: what Node itself costs.
// Usage: node node-http.mjs URL COUNT
import { get } from 'node:http';

const [, , url, count] = process.argv;
for (let sent = 0; sent < Number(count); sent++) {
  get(url, response => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', piece => {
      text += piece;
    });
    response.on('end', () => process.stdout.write(`${text}\n`));
  });
}
