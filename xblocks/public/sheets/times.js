/* Times of loggers and rotas: hours since the beginning of 1970, without a zone. Pure. */

const HOUR = 3_600_000;

export const hourOf = (text) => {
  const found = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2})(?::(\d{2}))?(?::\d{2})?)?\s*$/.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map((part) => Number(part ?? 0));
  const time = Date.UTC(year, month - 1, day, hour, minute);
  const date = new Date(time);
  const isTime = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60;
  return isTime ? time / HOUR : null;
};

/* 2023-07-08 14:00, as it may be typed again. */
export const timeOf = (hours) => new Date(Math.round(hours * 60) * 60_000).toISOString().slice(0, 16).replace('T', ' ');

/* As the reader writes it; of the same day as `since` only the hour. */
export function formatHour(hours, language, since = null) {
  const date = new Date(hours * HOUR);
  const clock = { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' };
  if (since !== null && Math.floor(hours / 24) === Math.floor(since / 24)) return date.toLocaleTimeString(language, clock);
  return date.toLocaleString(language, { ...clock, weekday: 'short', day: 'numeric', month: 'short' });
}
