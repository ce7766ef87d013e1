// Loaded before a program (`node --import`): the time of day jumps by an hour with each look at it, back and forth, as
// it does where somebody sets the clock. It says at the end that somebody looked.
const HOUR_MS = 3_600_000;
const RealDate = Date;
let looks = 0;

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(Date.now());
    else super(...parts);
  }

  static now() {
    looks++;
    return RealDate.now() + (looks % 3 === 0 ? -HOUR_MS : looks % 3 === 1 ? HOUR_MS : 0);
  }
};
process.on('exit', () => process._rawDebug(`looked at the time ${looks} times`));
