/* The marks of an answer. Pure. */

import { extentOf, kindOf, placeOf } from './shapes.js';

export const MOST_MARKS = 50;

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/* An answer that has marks, whatever was kept. */
export const completeAnswer = (answer) => ({ ...(isObject(answer) ? answer : {}), marks: (Array.isArray(answer?.marks) ? answer.marks : []).filter(isObject) });

export const withMark = (marks, at, mark) => marks.map((old, other) => (other === at ? mark : old));

/* What a mark still lacks before it can be graded: 'cls', 'sev' or 'shape'. */
export function missingIn(mark) {
  if (!mark.cls) return 'cls';
  if (!Number.isInteger(mark.sev)) return 'sev';
  const kind = kindOf(mark);
  return !kind || mark[kind].length === 0 ? 'shape' : null;
}

/* The first mark that lacks something, as [number, what], or null. */
export function firstMissing(marks) {
  const at = marks.findIndex((mark) => missingIn(mark));
  return at < 0 ? null : [at, missingIn(marks[at])];
}

/* "marks[2], marks[5]" -> [2, 5] */
export const readWhere = (where) => [...(where || '').matchAll(/marks\[(\d+)\]/g)].map(([, number]) => Number(number));

/* What a list calls a mark: "foxing, severity 2, upper right, 9 % of the page". */
export function describeMark(mark, { grid, label, word, percent }) {
  const extent = extentOf(mark, grid);
  const place = placeOf(mark, grid);
  return [
    mark.cls ? label(mark.cls) : word('no_class'),
    Number.isInteger(mark.sev) ? word('severity_is', { severity: mark.sev }) : word('no_severity'),
    mark.active === undefined ? null : word(mark.active ? 'active' : 'stable'),
    place ? word(`place_${place}`) : word('no_place'),
    extent === null ? null : word('of_page', { percent: percent(extent) }),
  ].filter(Boolean).join(', ');
}
