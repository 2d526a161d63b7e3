/* A series of readings: {start, step, t, rh}, start in hours since 1970, null where nothing was read. Pure. */

import { readNumber } from './numbers.js';
import { hourOf } from './times.js';

function addUp(differences, scale) {
  let now = 0;
  return differences.map((difference) => {
    if (difference === null) return null;
    now += difference;
    return now / scale;
  });
}

/* What the page brings of a made-up year. */
export const unpackSeries = ({ start, step, scale, t, rh }) => ({ start: hourOf(start), step, t: addUp(t, scale), rh: addUp(rh, scale) });

/* A table of time, °C and % RH, put on even steps; null if there is nothing to read. */
export function parseTable(text) {
  const rows = text.split(/\r?\n/).map((line) => line.split(/[,;\t]/)).map(([time, t, rh]) => [hourOf((time || '').replaceAll('"', '')), number(t), number(rh)]).filter(([time]) => time !== null);
  if (rows.length < 2) return null;
  rows.sort(([one], [other]) => one - other);
  const gaps = rows.slice(1).map(([time], at) => time - rows[at][0]).filter((gap) => gap > 0).sort((one, other) => one - other);
  const step = gaps[Math.floor(gaps.length / 2)] || 1;
  const start = rows[0][0];
  const size = Math.round((rows.at(-1)[0] - start) / step) + 1;
  if (size > 200_000) return null;
  const series = { start, step, t: Array(size).fill(null), rh: Array(size).fill(null) };
  for (const [time, t, rh] of rows) {
    const at = Math.round((time - start) / step);
    series.t[at] = t;
    series.rh[at] = rh;
  }
  return series;
}

const number = (cell) => {
  const read = readNumber((cell || '').replaceAll('"', ''), '.');
  return read && !read.isNone && !read.isTwoWays ? read.value : null;
};

export const sizeOf = (series) => series.t.length;
export const indexAt = (series, hours) => Math.min(Math.max(Math.round((hours - series.start) / series.step), 0), sizeOf(series) - 1);
export const hourAt = (series, index) => series.start + index * series.step;

/* {mean, min, max, missing} of a stretch, ends included; without readings only what is missing. */
export function statsOf(values, from, to) {
  const known = values.slice(from, to + 1).filter((value) => value !== null);
  const missing = to - from + 1 - known.length;
  if (!known.length) return { mean: null, min: null, max: null, missing };
  return {
    mean: known.reduce((all, value) => all + value, 0) / known.length,
    min: known.reduce((least, value) => Math.min(least, value)), max: known.reduce((most, value) => Math.max(most, value)), missing,
  };
}

/* A stretch as lines of at most so many columns, lowest and highest of each; a gap breaks the line. */
export function thin(values, from, to, columns) {
  const width = Math.max((to - from + 1) / columns, 1);
  const lines = [];
  let line = null;
  for (let column = 0; column * width <= to - from; column += 1) {
    const first = from + Math.floor(column * width);
    const last = Math.min(from + Math.ceil((column + 1) * width) - 1, to);
    let [low, high] = [-1, -1];
    for (let at = first; at <= last; at += 1) {
      if (values[at] === null) continue;
      if (low < 0 || values[at] < values[low]) low = at;
      if (high < 0 || values[at] > values[high]) high = at;
    }
    if (low < 0) line = null;
    else {
      if (!line) lines.push(line = []);
      for (const at of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) line.push([at, values[at]]);
    }
  }
  return lines;
}

const SAME_FOR = 12; // hours

/* What can be looked for: whether it holds at a reading. */
const CONDITIONS = {
  rh_above: (series, at, limit) => series.rh[at] !== null && series.rh[at] > limit,
  rh_below: (series, at, limit) => series.rh[at] !== null && series.rh[at] < limit,
  t_above: (series, at, limit) => series.t[at] !== null && series.t[at] > limit,
  t_below: (series, at, limit) => series.t[at] !== null && series.t[at] < limit,
  missing: (series, at) => series.t[at] === null || series.rh[at] === null,
  unchanged: (series, at) => at > 0 && series.rh[at] !== null && series.rh[at] === series.rh[at - 1],
};
export const SOUGHT = Object.keys(CONDITIONS);

/* The next stretch after a reading in which a condition holds, [from, to], ends included; null if there is none. */
export function findNext(series, kind, limit, after) {
  const holds = (at) => CONDITIONS[kind](series, at, limit);
  const size = sizeOf(series);
  for (let at = after + 1; at < size; at += 1) {
    if (!holds(at) || (at > 0 && at !== after + 1 && holds(at - 1))) continue;
    let to = at;
    while (to + 1 < size && holds(to + 1)) to += 1;
    const isLong = kind !== 'unchanged' || (to - at + 1) * series.step >= SAME_FOR;
    if (isLong) return kind === 'unchanged' ? [at - 1, to] : [at, to];
    at = to;
  }
  return null;
}

/* Another window of so many readings around its middle, within the series. */
export function windowAround(series, middle, readings) {
  const size = sizeOf(series);
  const count = Math.min(Math.max(Math.round(readings), 2), size);
  const from = Math.min(Math.max(Math.round(middle - count / 2), 0), size - count);
  return [from, from + count - 1];
}
