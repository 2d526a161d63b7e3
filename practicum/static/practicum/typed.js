// Reads what is typed for days, times and lengths, to echo it; the server reads it again and decides.

const DAY = 24 * 60;
const OVERNIGHT = 12 * 60; // the longest stretch over midnight that is taken to be meant

/** A day as [year, month, day], or null. Without a year, the one nearest to `today` ([y, m, d]). */
export function readDay(text, today) {
  const given = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(given);
  if (iso) return existing([Number(iso[1]), Number(iso[2]), Number(iso[3])]);
  const found =
    /^(\d{1,2})\s*[./\s-]\s*(\d{1,2})\s*(?:[./\s-]\s*(\d{4}|\d{2})?)?\.?\s*(?:[гж]\.?)?$/.exec(given);
  if (!found) return null;
  const [day, month] = [Number(found[1]), Number(found[2])];
  if (found[3]) return existing([Number(found[3]) + (found[3].length === 2 ? 2000 : 0), month, day]);
  const at = Date.UTC(today[0], today[1] - 1, today[2]);
  const distance = ([y, m, d]) => Math.abs(Date.UTC(y, m - 1, d) - at);
  const tried = [-1, 0, 1].map((step) => existing([today[0] + step, month, day])).filter(Boolean);
  return tried.sort((one, other) => distance(one) - distance(other))[0] ?? null;
}

function existing([year, month, day]) {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isSame = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isSame ? [year, month, day] : null;
}

/** Minutes since midnight, or null. 24:00 is 0: the midnight that ends a day. */
export function readClock(text) {
  const given = text.trim();
  const half = /\s*([ap])\.?m\.?$/i.exec(given);
  const bare = half ? given.slice(0, half.index).trim() : given;
  const together = bare.length > 2 ? /^(\d{1,2})(\d{2})$/.exec(bare) : null;
  const found = together ?? /^(\d{1,2})(?:\s*(?:[:.,h]|ч\.?|сағ\.?)\s*(\d{2})?)?(?:\s*h)?$/i.exec(bare);
  if (!found) return null;
  let [hour, minute] = [Number(found[1]), Number(found[2] ?? 0)];
  if (half) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half[1].toLowerCase() === "p" ? 12 : 0);
  }
  if (hour === 24 && minute === 0) return 0;
  return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

/** A length in minutes, or null: `1:30`, `1,5`, `1,5 h`, `90 min`, `90`; nothing is 0. */
export function readMinutes(text, bareHours = false) {
  const given = text.trim();
  if (!given) return 0;
  const hours = "(?:h|hrs?|hours?|u|ч|час[а-я]*|сағ[а-яәғқңөұүһі]*)\\.?";
  const minutes = "(?:m|min|minutes?|мин[а-яәғқңөұүһі]*)\\.?";
  const both = new RegExp(`^(\\d{1,2})\\s*(?::|${hours})\\s*(\\d{1,2})\\s*(?:${minutes})?$`, "i").exec(given);
  if (both) return Number(both[2]) < 60 ? Number(both[1]) * 60 + Number(both[2]) : null;
  const decimal =
    new RegExp(`^(\\d{1,2})(?:[.,](\\d{1,2}))?\\s*${hours}$`, "i").exec(given) ??
    /^(\d{1,2})[.,](\d{1,2})$/.exec(given);
  if (decimal) return Math.round(Number(`${decimal[1]}.${decimal[2] ?? 0}`) * 60);
  const whole = new RegExp(`^(\\d{1,4})\\s*(?:${minutes})?$`, "i").exec(given);
  if (!whole) return null;
  const amount = Number(whole[1]);
  return bareHours && /^\d+$/.test(given) && amount <= 12 ? amount * 60 : amount;
}

/** Net minutes from start to end less the break, over midnight where that is plausible; or null. */
export function netMinutes(start, end, pause) {
  if (start === null || end === null || pause === null) return null;
  let span = end - start;
  if ((span < 0 && span + DAY <= OVERNIGHT) || (end === 0 && start > 0)) span += DAY;
  const net = span - pause;
  return span > 0 && net > 0 ? net : null;
}

/** Minutes as `7:30`. */
export function written(minutes) {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
