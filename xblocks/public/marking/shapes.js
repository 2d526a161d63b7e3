/* Shapes on a picture, in shares (0-1) of its sides. Pure: every function returns a new one.

   A shape is one of {poly: [[x, y], …]}, {line: [[x, y], …]}, {point: [x, y]}, {cells: [[column, row], …]} and
   {place: 'upper_left' …}; a mark is a shape with what was found there. */

export const KINDS = ['poly', 'line', 'point', 'cells', 'place'];
export const PLACES = ['upper', 'middle', 'lower'].flatMap((row) => ['left', 'centre', 'right'].map((column) => `${row}_${column}`));
export const MOST_POINTS = 120;
const CORNERS = 32; // of an ellipse

const LEAST = 0.002; // what is smaller was no drawing

export const clamp = (part) => Math.min(Math.max(part, 0), 1);
export const rounded = (part) => Math.round(clamp(part) * 10000) / 10000;
const toPoint = ([x, y]) => [rounded(x), rounded(y)];

export const kindOf = (mark) => KINDS.find((kind) => mark[kind] !== undefined) || null;

/* The shape of a mark without the rest of it, and a mark with another shape. */
export const shapeOf = (mark) => (kindOf(mark) ? { [kindOf(mark)]: mark[kindOf(mark)] } : {});
export const withShape = (mark, shape) => ({ ...Object.fromEntries(Object.entries(mark).filter(([name]) => !KINDS.includes(name))), ...shape });

/* The box between two corners, as {x, y, w, h}. */
export const between = ([x0, y0], [x1, y1]) => ({ x: Math.min(x0, x1), y: Math.min(y0, y1), w: Math.abs(x1 - x0), h: Math.abs(y1 - y0) });

export const isTooSmall = ({ w, h }) => w < LEAST || h < LEAST;

export const rectangle = ({ x, y, w, h }) => ({ poly: [[x, y], [x + w, y], [x + w, y + h], [x, y + h]].map(toPoint) });

export const ellipse = ({ x, y, w, h }) => ({
  poly: Array.from({ length: CORNERS }, (_, at) => (at * 2 * Math.PI) / CORNERS)
    .map((angle) => toPoint([x + (w / 2) * (1 + Math.cos(angle)), y + (h / 2) * (1 + Math.sin(angle))])),
});

export const polygon = (points) => ({ poly: points.slice(0, MOST_POINTS).map(toPoint) });
export const line = (points) => ({ line: points.slice(0, MOST_POINTS).map(toPoint) });
export const point = (where) => ({ point: toPoint(where) });

/* The points that a shape is drawn by; none for a named place. */
export function pointsOf(mark, [columns, rows]) {
  if (mark.point) return [mark.point];
  if (mark.cells) return mark.cells.flatMap(([column, row]) => [[column / columns, row / rows], [(column + 1) / columns, (row + 1) / rows]]);
  return mark.poly || mark.line || [];
}

export function boundsOf(mark, grid) {
  const points = pointsOf(mark, grid);
  if (!points.length) return null;
  const [xs, ys] = [0, 1].map((axis) => points.map((each) => each[axis]));
  return between([Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]);
}

/* The shape stretched and moved into another box; a side without extent stays without. */
export function fitted(mark, grid, { x, y, w, h }) {
  const old = boundsOf(mark, grid);
  const name = kindOf(mark);
  if (name === 'point') return { point: toPoint([x, y]) };
  const stretch = (part, from, size, to, next) => to + (size ? ((part - from) / size) * next : 0);
  return { [name]: mark[name].map(([px, py]) => toPoint([stretch(px, old.x, old.w, x, w), stretch(py, old.y, old.h, y, h)])) };
}

/* The shape moved, as far as the page goes. */
export function movedBy(mark, grid, dx, dy) {
  const { x, y, w, h } = boundsOf(mark, grid);
  return fitted(mark, grid, { x: Math.min(Math.max(x + dx, 0), 1 - w), y: Math.min(Math.max(y + dy, 0), 1 - h), w, h });
}

/* The share of the page that a shape covers; null for what has no area. */
export function extentOf(mark, [columns, rows]) {
  if (mark.cells) return mark.cells.length / (columns * rows);
  if (!mark.poly) return null;
  const twice = mark.poly.reduce((sum, [x, y], at) => {
    const [nx, ny] = mark.poly[(at + 1) % mark.poly.length];
    return sum + x * ny - nx * y;
  }, 0);
  return Math.abs(twice) / 2;
}

/* The ninth of the page in which the middle of a shape lies. */
export function placeOf(mark, grid) {
  if (mark.place) return mark.place;
  const bounds = boundsOf(mark, grid);
  if (!bounds) return null;
  const ninth = (from, size) => Math.min(Math.floor((from + size / 2) * 3), 2);
  return PLACES[ninth(bounds.y, bounds.h) * 3 + ninth(bounds.x, bounds.w)];
}

export const cellAt = ([x, y], [columns, rows]) => [Math.min(Math.floor(x * columns), columns - 1), Math.min(Math.floor(y * rows), rows - 1)];

export const letterOf = (at) => (at < 26 ? '' : letterOf(Math.floor(at / 26) - 1)) + String.fromCharCode(65 + (at % 26));

export const cellName = ([column, row]) => `${letterOf(column)}${row + 1}`;

/* "D5" -> [3, 4]; null for what is no field of the grid. */
export function readCell(name, [columns, rows]) {
  const [, letter, number] = /^\s*([A-Za-z])\s*(\d{1,2})\s*$/.exec(name) || [];
  const cell = letter ? [letter.toUpperCase().charCodeAt(0) - 65, Number(number) - 1] : null;
  return cell && cell[0] < columns && cell[1] >= 0 && cell[1] < rows ? cell : null;
}

const hasCell = (cells, [column, row]) => cells.some(([c, r]) => c === column && r === row);

/* The cells with one more or one less, in the order of reading. */
export function toggledCell(cells, cell) {
  const others = cells.filter(([column, row]) => column !== cell[0] || row !== cell[1]);
  const next = others.length < cells.length ? others : [...cells, cell];
  return next.sort(([c0, r0], [c1, r1]) => r0 - r1 || c0 - c1);
}

/* Whether a place lies in a shape, or as near to a line or point as `reach`. */
export function isIn(mark, where, grid, reach = 0.02) {
  if (mark.cells) return hasCell(mark.cells, cellAt(where, grid));
  if (mark.poly) return isInside(mark.poly, where);
  if (mark.point) return Math.hypot(mark.point[0] - where[0], mark.point[1] - where[1]) <= reach;
  return Boolean(mark.line) && mark.line.some((start, at) => at && distanceTo(mark.line[at - 1], start, where) <= reach);
}

function isInside(poly, [x, y]) {
  let inside = false;
  poly.forEach(([x1, y1], at) => {
    const [x0, y0] = poly[(at || poly.length) - 1];
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) * (x1 - x0)) / (y1 - y0)) inside = !inside;
  });
  return inside;
}

function distanceTo([x0, y0], [x1, y1], [x, y]) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = dx || dy ? clamp(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)) : 0;
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}

/* How far an arrow key goes: 1 %, with Shift 5 %, with Ctrl 0.2 %. */
export const stepOf = ({ shiftKey, ctrlKey }) => (shiftKey ? 0.05 : ctrlKey ? 0.002 : 0.01);
