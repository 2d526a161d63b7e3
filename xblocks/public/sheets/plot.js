/* The picture of a stretch of a series: temperature above, humidity below, episodes shaded. */

import { svg } from './chart.js';
import { hourAt, statsOf, thin } from './series.js';
import { formatHour } from './times.js';

export const PLOT = { width: 720, left: 44, right: 12, top: 18, panel: 120, gap: 26, bottom: 24 };
const HEIGHT = PLOT.top + 2 * PLOT.panel + PLOT.gap + PLOT.bottom;
const INNER = PLOT.width - PLOT.left - PLOT.right;
const COLUMNS = 360;

/* Round limits and the lines between. Pure. */
export function axisOf(low, high) {
  if (low === null) return { low: 0, high: 1, ticks: [0, 1] };
  const span = Math.max(high - low, 1);
  const step = [1, 2, 5, 10, 20, 50, 100].find((one) => span / one <= 5) || 200;
  const [first, last] = [Math.floor(low / step) * step, Math.max(Math.ceil(high / step), Math.floor(low / step) + 1) * step];
  return { low: first, high: last, ticks: Array.from({ length: Math.round((last - first) / step) + 1 }, (_, at) => first + at * step) };
}

export const indexAtX = (x, [from, to]) => Math.min(Math.max(Math.round(from + ((x - PLOT.left) / INNER) * (to - from)), from), to);
const xOf = (index, [from, to]) => PLOT.left + ((index - from) / Math.max(to - from, 1)) * INNER;

/* `shades` are [from, to, name] of episodes. */
export function drawPlot(series, window, shades, { label, language, names }) {
  const [from, to] = window;
  const picture = svg('svg', { viewBox: `0 0 ${PLOT.width} ${HEIGHT}`, role: 'img', 'aria-label': label, class: 'ls-plot' });
  for (const [first, last, name] of shades) {
    if (last < from || first > to) continue;
    const x = xOf(Math.max(first, from), window);
    picture.append(shade(x, Math.max(xOf(Math.min(last, to), window) - x, 3)), svg('text', { x: x + 3, y: PLOT.top + 10 + PLOT.panel + PLOT.gap / 2, class: 'ls-shade-name' }, name));
  }
  ['t', 'rh'].forEach((channel, number) => drawPanel(picture, series[channel], channel, PLOT.top + number * (PLOT.panel + PLOT.gap), window, names[channel]));
  for (let mark = 0; mark <= 4; mark += 1) {
    const index = Math.round(from + ((to - from) * mark) / 4);
    const anchor = mark === 0 ? 'start' : mark === 4 ? 'end' : 'middle';
    picture.append(svg('text', { x: xOf(index, window), y: HEIGHT - 8, 'text-anchor': anchor }, formatHour(hourAt(series, index), language)));
  }
  return picture;
}

export const shade = (x, width) => svg('rect', { x, y: PLOT.top, width, height: 2 * PLOT.panel + PLOT.gap, class: 'ls-shade' });

function drawPanel(picture, values, channel, top, window, name) {
  const { min, max } = statsOf(values, ...window);
  const { low, high, ticks } = axisOf(min, max);
  const yOf = (value) => top + PLOT.panel * (1 - (value - low) / (high - low));
  for (const tick of ticks) {
    picture.append(svg('line', { x1: PLOT.left, x2: PLOT.width - PLOT.right, y1: yOf(tick), y2: yOf(tick), class: 'ls-rule' }),
      svg('text', { x: PLOT.left - 6, y: yOf(tick) + 4, 'text-anchor': 'end' }, tick));
  }
  picture.append(svg('text', { x: PLOT.left, y: top - 5, class: `ls-name-${channel}` }, name));
  for (const line of thin(values, ...window, COLUMNS)) {
    const points = (line.length > 1 ? line : [line[0], line[0]]).map(([at, value], number) => `${(xOf(at, window) + (line.length > 1 ? 0 : number)).toFixed(1)},${yOf(value).toFixed(1)}`);
    picture.append(svg('polyline', { points: points.join(' '), class: `ls-line-${channel}` }));
  }
}
