/* The exercise of a drill as its author edits it. Pure: every function returns a new one. */

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/* An exercise that has items, whatever was kept or imported. */
export const completeExercise = (exercise) => ({
  ...exercise, items: (Array.isArray(exercise?.items) ? exercise.items : []).filter(isObject),
});

/* `value` with what stands at a path replaced: setAt({a: [1, 2]}, ['a', 0], 5). */
export function setAt(value, [step, ...rest], part) {
  if (step === undefined) return part;
  if (Array.isArray(value)) return value.map((old, at) => (at === step ? setAt(old, rest, part) : old));
  const next = setAt(value?.[step], rest, part);
  if (next !== undefined) return { ...value, [step]: next };
  const { [step]: gone, ...others } = value || {}; // eslint-disable-line no-unused-vars
  return others;
}

export const getAt = (value, path) => path.reduce((part, step) => part?.[step], value);

/* "items[2].rows[0].place" -> ['items', 2, 'rows', 0, 'place'], and back. */
export const readPath = (where) => (where.match(/[^.[\]]+/g) || []).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
export const writePath = (path) => path.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at ? '.' : ''}${step}`)).join('');

/* The name of a new item or of a copy that no other item has: "udc-1", "udc-2" … */
export function freeId(items, id) {
  const taken = new Set(items.map((item) => item.id));
  const stem = id.replace(/-\d+$/, '').slice(0, 36);
  for (let number = 1; ; number += 1) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`;
}

export function addItem(exercise, item, at = exercise.items.length) {
  const items = [...exercise.items];
  items.splice(at, 0, { id: freeId(items, item.type), ...item });
  return { ...exercise, items };
}

export function duplicateItem(exercise, at) {
  const items = [...exercise.items];
  items.splice(at + 1, 0, { ...structuredClone(items[at]), id: freeId(items, String(items[at].id ?? items[at].type)) });
  return { ...exercise, items };
}

export const removeAt = (list, at) => list.filter((_, other) => other !== at);

/* The list with one member moved; the same list where it cannot move. */
export function moveAt(list, at, by) {
  const to = at + by;
  if (to < 0 || to >= list.length) return list;
  const others = removeAt(list, at);
  return [...others.slice(0, to), list[at], ...others.slice(to)];
}

/* Without what is left empty, so that the exercise says no more than its author wrote. Rows stay, and the places
   of what is wrong in them with them. */
export function tidied(part) {
  if (Array.isArray(part)) return part.map(tidied);
  if (!isObject(part)) return part;
  return Object.fromEntries(Object.entries(part)
    .filter(([, value]) => value !== '' && value !== undefined && !(Array.isArray(value) && !value.length))
    .map(([name, value]) => [name, tidied(value)]));
}

/* HTML as words, to tell items apart. */
export const wordsOf = (html) => String(html ?? '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
