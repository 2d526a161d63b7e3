/* Values within nested exercises, by their paths. Pure: every function returns a new value. */

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/* `value` with what stands at a path replaced: setAt({a: [1, 2]}, ['a', 0], 5). Set to undefined it is gone. */
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

/* The name of a new entry or of a copy that no other has: "udc-1", "udc-2" … */
export function freeId(rows, id) {
  const taken = new Set(rows.map((row) => row.id));
  const stem = id.replace(/-\d+$/, '').slice(0, 36);
  for (let number = 1; ; number += 1) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`;
}

export const insertAt = (list, at, entry) => [...list.slice(0, at), entry, ...list.slice(at)];

export const removeAt = (list, at) => list.filter((_, other) => other !== at);

/* The list with one member moved; the same list where it cannot move. */
export function moveAt(list, at, by) {
  const to = at + by;
  return to < 0 || to >= list.length ? list : insertAt(removeAt(list, at), to, list[at]);
}

/* HTML as words, to tell entries apart. */
export const wordsOf = (html) => String(html ?? '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
