/* The answer to a sheet: what stands in its cells. Pure. */

import { readNumber } from './numbers.js';

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/* An answer from the host, every cell as an object. */
export function completeSheet(answer) {
  const cells = isObject(answer?.cells) ? answer.cells : {};
  const whole = Object.fromEntries(Object.entries(cells).map(([id, cell]) => [id, isObject(cell) ? cell : { value: cell }]));
  return { cells: whole, decimal: answer?.decimal === ',' || answer?.decimal === '.' ? answer.decimal : '' };
}

export const withPart = (answer, id, part, value) => ({ ...answer, cells: { ...answer.cells, [id]: { ...answer.cells[id], [part]: value } } });

/* A block of cells from a spreadsheet, written from one cell on: the first column values, the second units. */
export function withBlock(answer, ids, from, rows) {
  let next = answer;
  ids.slice(ids.indexOf(from)).slice(0, rows.length).forEach((id, at) => {
    next = withPart(next, id, 'value', rows[at][0]);
    if (rows[at][1]) next = withPart(next, id, 'unit', rows[at][1]);
  });
  return next;
}

/* The answer as it is handed in: nothing that is empty; the decimal mark only where a number needs it. */
export function sheetToSubmit(answer) {
  const cells = {};
  for (const [id, cell] of Object.entries(answer.cells)) {
    const parts = Object.entries(cell).filter(([, value]) => (Array.isArray(value) ? value.length : String(value ?? '').trim()));
    if (parts.length) cells[id] = Object.fromEntries(parts);
  }
  if (!Object.keys(cells).length) return {};
  return { cells, ...(answer.decimal ? { decimal: answer.decimal } : {}) };
}

/* Whether some number depends on which mark is the decimal one. */
export const needsDecimal = (answer) => Object.values(answer.cells).some(({ value }) => readNumber(value)?.isTwoWays);
