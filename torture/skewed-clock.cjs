/**
 * Loaded before a process's own code: its clock is then wrong by as many ms as the file TORTURE_CLOCK says, read anew
 * five times a second. Timers and `performance.now()` go on as they should, as with a machine whose clock is set wrong.
 */
const { readFileSync } = require('node:fs');

const RealDate = Date;
let wrongBy = 0;

function look() {
  try {
    wrongBy = Number(readFileSync(process.env.TORTURE_CLOCK, 'utf8')) || 0;
  } catch {
    wrongBy = 0;
  }
}

function SkewedDate(...said) {
  const now = RealDate.now() + wrongBy;
  // Called without `new` it tells the time as text.
  if (!new.target) return new RealDate(now).toString();
  return Reflect.construct(RealDate, said.length === 0 ? [now] : said, new.target);
}

// Dates that were made by the one are dates of the other.
SkewedDate.prototype = RealDate.prototype;
SkewedDate.prototype.constructor = SkewedDate;
// Mongoose goes by the name.
Object.defineProperty(SkewedDate, 'name', { value: 'Date' });
SkewedDate.parse = RealDate.parse;
SkewedDate.UTC = RealDate.UTC;
SkewedDate.now = () => RealDate.now() + wrongBy;

look();
setInterval(look, 200).unref();
globalThis.Date = SkewedDate;
