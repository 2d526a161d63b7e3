/* An exercise as its author edits it, and back. Pure.

   A description lists the fields of an object, each {name, kind, …}. In the editor every list is one of objects and
   every map a list too, so that rows can be added, moved and half filled in; `shape` says how such a value is kept.
   What no field describes is left as it is. Fields without a name (sections, pictures) hold nothing of their own.

   kind      what it is
   cards     a list of objects, folded: fields, further, blank, stem (of new ids), types (by `type`), titled, isBare
   rows      a list of small objects: columns, blank
   object    an object: fields
   section   no value of its own: fields, under a heading that may be folded
   others    see controls.js */

import { getAt, isObject, setAt, wordsOf } from './tree.js';

const LISTS = new Set(['cards', 'rows']);

/* What marks an entry of a list for as long as it is edited, wherever it moves; never written out. */
export const KEY = Symbol('key');
let lastKey = 0;
export const withKey = (row) => ({ ...row, [KEY]: (lastKey += 1) });

const given = (part, ...about) => (typeof part === 'function' ? part(...about) : part) || [];

/* The fields of a value, those in sections too; `row` and `exercise` are what a description may depend on. */
export const flatten = (fields) => fields.flatMap((field) => (field.kind === 'section' ? flatten(field.fields) : field.name ? [field] : []));

export const fieldsOf = (field, row, exercise) => given(field.fields ?? field.columns, row, exercise);

export const allFieldsOf = (field, row, exercise) => flatten([...fieldsOf(field, row, exercise), ...given(field.further, row, exercise)]);

// -- shapes of values that are not lists of objects

const valuesIn = (value) => (Array.isArray(value) ? value : []);
const entriesIn = (value) => (isObject(value) ? Object.entries(value) : []);

/* The names of a map's rows, each once: of two rows with one name none is lost. */
function namesOf(rows, key) {
  const names = [];
  for (const row of rows) {
    const name = String(row[key] ?? '');
    let free = name;
    for (let number = 2; names.includes(free); number += 1) free = `${name}-${number}`;
    names.push(free);
  }
  return names;
}

function locateByName(rows, key, [name, ...rest], rename) {
  const at = namesOf(rows, key).indexOf(String(name));
  return at < 0 ? [] : [at, ...rename(rest)];
}

/* [["a", "b", 2]] as rows of these names; what is left out at the end stays out. */
export const tuples = (...names) => ({
  unpack: (value) => valuesIn(value).filter(Array.isArray).map((tuple) => Object.fromEntries(names.map((name, at) => [name, tuple[at]]).filter(([, part]) => part !== undefined))),
  pack: (rows) => rows.map((row) => {
    const last = names.findLastIndex((name) => row[name] !== undefined);
    return names.slice(0, last + 1).map((name) => row[name] ?? null);
  }),
  locate: (rows, [at, part, ...rest]) => [at, ...(part === undefined ? [] : [names[part] ?? part, ...rest])],
});

/* {"a": 1} as rows of two columns. */
export const mapOf = (key, value) => ({
  unpack: (map) => entriesIn(map).map(([name, part]) => ({ [key]: name, [value]: part })),
  pack: (rows) => {
    const names = namesOf(rows, key);
    return Object.fromEntries(rows.map((row, at) => [names[at], row[value] ?? null]));
  },
  locate: (rows, path) => locateByName(rows, key, path, (rest) => [value, ...rest]),
});

/* {"a": {…}} as rows with the name in a column of its own. */
export const keyed = (key) => ({
  unpack: (map) => entriesIn(map).map(([name, part]) => ({ ...(isObject(part) ? part : {}), [key]: name })),
  pack: (rows) => {
    const names = namesOf(rows, key);
    return Object.fromEntries(rows.map(({ [key]: name, ...row }, at) => [names[at], row]));
  },
  locate: (rows, path) => locateByName(rows, key, path, (rest) => rest),
});

/* {"a": {"b": 1}} as rows of three columns. */
export const table = (row, column, cell) => ({
  unpack: (map) => entriesIn(map).flatMap(([first, cells]) => entriesIn(cells).map(([second, part]) => ({ [row]: first, [column]: second, [cell]: part }))),
  pack: (rows) => rows.reduce((map, entry) => setAt(map, [entry[row] ?? '', entry[column] ?? ''], entry[cell] ?? null), {}),
  locate: (rows, [first, second, ...rest]) => {
    const at = rows.findIndex((entry) => entry[row] === first && (second === undefined || entry[column] === second));
    return at < 0 ? [] : [at, ...(second === undefined ? [] : [cell, ...rest])];
  },
});

const AS_IS = { unpack: (value) => value, pack: (value) => value };
const AS_LIST = { unpack: (value) => valuesIn(value).filter(isObject), pack: (rows) => rows, locate: (rows, path) => path };

const shapeOf = (field) => field.shape || (LISTS.has(field.kind) ? AS_LIST : AS_IS);

// -- there and back

export function unfold(fields, value, exercise = value) {
  const unfolded = { ...(isObject(value) ? value : {}) };
  for (const field of flatten(fields)) {
    if (unfolded[field.name] !== undefined) unfolded[field.name] = unfoldField(field, unfolded[field.name], exercise);
  }
  return unfolded;
}

function unfoldField(field, value, exercise) {
  if (field.kind === 'object') return unfold(allFieldsOf(field, value, exercise), value, exercise);
  const unpacked = shapeOf(field).unpack(value);
  return LISTS.has(field.kind) ? unpacked.map((row) => unfoldRow(field, row, exercise)) : unpacked;
}

export const unfoldRow = (field, row, exercise) => withKey(unfold(allFieldsOf(field, row, exercise), row, exercise));

const isNothing = (value) => value === '' || value === undefined || (Array.isArray(value) && !value.length)
  || (isObject(value) && !Object.keys(value).length);

/* Without what is left empty, so that the exercise says no more than its author wrote; a field that `keepsEmpty`
   means what it says even then. Rows stay, and the places of what is wrong in them with them. */
export function fold(fields, value, exercise = value) {
  const folded = { ...value };
  for (const field of flatten(fields)) {
    const part = foldField(field, folded[field.name], exercise);
    if (part === undefined || (isNothing(part) && !field.keepsEmpty)) delete folded[field.name];
    else folded[field.name] = part;
  }
  return Object.fromEntries(Object.entries(folded));
}

function foldField(field, value, exercise) {
  if (value === undefined) return undefined;
  if (field.kind === 'object') return fold(allFieldsOf(field, value, exercise), value, exercise);
  const rows = LISTS.has(field.kind) ? value.map((row) => fold(allFieldsOf(field, row, exercise), row, exercise)) : value;
  return shapeOf(field).pack(rows);
}

/* The members of a value that no field shows. */
export function restOf(fields, value) {
  const shown = new Set(['type', ...flatten(fields).map(({ name }) => name)]);
  return Object.fromEntries(Object.entries(value).filter(([name]) => !shown.has(name)));
}

// -- places

/* Where in the editor a place of the exercise is: ["edges", 2, 1] -> ["edges", 2, "after"]. */
export function locate(fields, value, path, exercise = value) {
  const [name, ...rest] = path;
  const field = flatten(fields).find((one) => one.name === name);
  const part = value?.[name];
  if (!field || !rest.length || part === undefined) return path;
  if (field.kind === 'object') return [name, ...locate(allFieldsOf(field, part, exercise), part, rest, exercise)];
  if (!LISTS.has(field.kind)) return path;
  const [at, ...within] = shapeOf(field).locate(part, rest);
  if (at === undefined || !part[at]) return [name];
  return [name, at, ...(within.length ? locate(allFieldsOf(field, part[at], exercise), part[at], within, exercise) : [])];
}

/* The fields that a path of the editor leads through: [{field, at}], `at` being the place in a list. */
export function trace(fields, value, path, exercise = value) {
  const [name, ...rest] = path;
  const field = flatten(fields).find((one) => one.name === name);
  if (!field) return path.map((step) => ({ name: step }));
  const part = value?.[name];
  if (field.kind === 'object') return [{ field }, ...(rest.length ? trace(allFieldsOf(field, part, exercise), part, rest, exercise) : [])];
  if (!LISTS.has(field.kind) || typeof rest[0] !== 'number') return [{ field }, ...rest.map((step) => ({ name: step }))];
  const [at, ...within] = rest;
  return [{ field, at }, ...(within.length ? trace(allFieldsOf(field, part?.[at], exercise), part?.[at], within, exercise) : [])];
}

// -- references

const SHOWN = 80; // characters of an entry's name

/* The entries of a list, to choose from: {id, name}. */
export const entriesOf = (exercise, list, titled = 'text') => valuesIn(getAt(exercise, [list])).map((row) => ({
  id: String(row.id ?? ''), name: wordsOf(row[titled] || row.id).slice(0, SHOWN),
}));

/* The exercise with whatever refers to an entry of `list` referring to it by another id. */
export function rename(fields, value, list, old, next, exercise = value) {
  const renamed = { ...value };
  for (const field of flatten(fields)) {
    const part = value[field.name];
    if (part === undefined) continue;
    if (field.from === list) renamed[field.name] = Array.isArray(part) ? part.map((id) => (id === old ? next : id)) : part === old ? next : part;
    else if (field.kind === 'object') renamed[field.name] = rename(allFieldsOf(field, part, exercise), part, list, old, next, exercise);
    else if (LISTS.has(field.kind)) {
      renamed[field.name] = part.map((row) => rename(allFieldsOf(field, row, exercise), row, list, old, next, exercise));
    }
  }
  return renamed;
}
