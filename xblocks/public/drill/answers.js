/* Answers of a drill: {items: {ID: value}}, where a value is text, a list or an object. Pure: every
   function returns a new answer. */

import { isBlank } from '../exercise/blank.js';

const isText = ({ type, subfields }) => type === 'udc' || (type === 'fixed_field' && !subfields);

/* A value as its item takes it, or undefined: the author may have made another type of an item since. */
export const shaped = (item, value) =>
  (typeof value === (isText(item) ? 'string' : 'object') && !Array.isArray(value) ? value : undefined);

/* An answer as the page needs it, whatever the host kept. */
export const completeAnswer = (answer, items) => ({
  items: { ...answer?.items, ...Object.fromEntries(items.map((item) => [item.id, shaped(item, answer?.items?.[item.id])])) },
});

export const withItem = (answer, id, value) => ({ items: { ...answer.items, [id]: value } });

/* Without the items that nobody answered. */
export const withoutEmpty = ({ items }) => ({
  items: Object.fromEntries(Object.entries(items).filter(([, value]) => !isBlank(value))),
});

/* "items.udc-1.marks.a3" -> {item: "udc-1", place: "marks.a3"}; null where it names no item. */
export function readWhere(where) {
  const match = /^items\.([\w-]+)(?:\.(.+))?$/.exec(where || '');
  return match && { item: match[1], place: match[2] || '' };
}

/* What stands at a place of an item's value; the whole value where the place is no path into it. */
export function valueAt(value, place) {
  const span = typeof value === 'string' && /^(\d+)(?:-(\d+))?$/.exec(place);
  if (span) return value.slice(Number(span[1]), Number(span[2] || span[1]) + 1);
  let part = value;
  for (const step of place.split('.')) {
    if (part === null || typeof part !== 'object' || Array.isArray(part) || !(step in part)) return value;
    part = part[step];
  }
  return part;
}

export const linesOf = (lines, id) => lines.filter(({ where }) => readWhere(where)?.item === id);

/* What an item earned: {points, max, kind}, where kind is right, nearly or missing. */
export function sumOf(lines) {
  const sum = (name) => lines.reduce((total, line) => total + line[name], 0);
  const max = sum('max');
  const points = Math.max(sum('points'), 0);
  return { points, max, kind: points >= max - 0.0001 ? 'right' : points > 0 ? 'nearly' : 'missing' };
}

/* A list with one member more or less. */
export const toggled = (list, member, isIn) => {
  const others = list.filter((other) => other !== member);
  return isIn ? [...others, member] : others;
};
