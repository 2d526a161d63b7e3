/* The key of an exercise as its editor needs it: records in rows, each field and subfield with how it is
   graded. Pure. The JSON it is read from and written to is described in grading/graders/marc/README.md.

   A model is {keys: [{record, about}], rest}: `record` has fields [tag, indicators, [[code, value, options]],
   options] and control fields [tag, text, null, options]; `about` is all else of a key, `rest` of the exercise. */

import { isFixed } from './record.js';

const typeOf = (value) => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value); // eslint-disable-line no-nested-ternary

export class NoRecord extends Error {
  constructor(path, type) {
    super(path);
    Object.assign(this, { path, type });
  }
}

function expect(value, type, path) {
  if (typeOf(value) !== type) throw new NoRecord(path, type);
  return value;
}

export const emptyKey = (profile) => ({ record: [], about: { profile } });

/* The model of an exercise; throws NoRecord with the path of what cannot be shown in rows. */
export function readExercise(raw, profile) {
  expect(raw, 'object', '');
  if (!Object.keys(raw).length) return { keys: [emptyKey(profile)], rest: {} };
  if (!('keys' in raw)) return { keys: [readKey(raw, '')], rest: {} };
  const { keys, ...rest } = raw;
  const read = expect(keys, 'list', 'keys').map((key, at) => readKey(key, `keys[${at}]`));
  return { keys: read.length ? read : [emptyKey(profile)], rest };
}

function readKey(raw, path) {
  const { fields, ...about } = expect(raw, 'object', path);
  const place = path ? `${path}.fields` : 'fields';
  return { record: expect(fields ?? [], 'list', place).map((field, at) => readField(field, `${place}[${at}]`)), about };
}

export function readField(raw, path = '') {
  const { tag, ind, sub, value, ...options } = expect(raw, 'object', path);
  expect(tag, 'string', `${path}.tag`);
  if (isFixed(tag)) return [tag, expect(value ?? '', 'string', `${path}.value`), null, options];
  const subfields = expect(sub ?? [], 'list', `${path}.sub`).map((subfield, at) => readSubfield(subfield, `${path}.sub[${at}]`));
  return [tag, expect(ind ?? '  ', 'string', `${path}.ind`).padEnd(2).slice(0, 2), subfields, options];
}

function readSubfield(raw, path) {
  const [code, value, options] = expect(raw, 'list', path);
  return [expect(code, 'string', path), expect(value, 'string', path), expect(options ?? {}, 'object', path)];
}

const isEmpty = (value) => value === null || value === undefined || value === '' || value === false
  || (typeof value === 'object' && !Object.keys(value).length);

/* Options without those that say nothing. */
const filled = (options) => Object.fromEntries(Object.entries(options || {}).filter(([, value]) => !isEmpty(value)));

export const writeExercise = ({ keys, rest }) => ({ ...rest, keys: keys.map(writeKey) });

const writeKey = ({ record, about }) => ({ ...filled(about), fields: rowsOf(record).map((row) => writeField(record[row])) });

export function writeField([tag, text, subfields, options]) {
  if (isFixed(tag)) return { tag, value: text, ...filled(options) };
  const sub = subfields.map(([code, value, more]) => (isEmpty(filled(more)) ? [code, value] : [code, value, filled(more)]));
  return { tag, ind: text, sub, ...filled(options) };
}

/* The rows that make it into the key: not those that nobody has begun to fill in. */
export const rowsOf = (record) => record.map((field, row) => [field, row])
  .filter(([[tag, text, subfields]]) => tag.trim() || (isFixed(tag) ? text : subfields?.some(([, value]) => value.trim())))
  .map(([, row]) => row);

/* The record alone, as an answer. */
export const plainRecord = (record) => rowsOf(record).map((row) => record[row])
  .map(([tag, text, subfields]) => (isFixed(tag) ? [tag, text] : [tag, text, subfields.map(([code, value]) => [code, value])]));

/* -- How a field and a subfield are graded ------------------------------------------------------ */

export const optionsOf = (field) => field[3] || {};

export const withOptions = (field, changes) => [field[0], field[1], field[2] ?? null, filled({ ...optionsOf(field), ...changes })];

export const withSubOptions = (field, at, changes) => [
  field[0], field[1], field[2].map(([code, value, options], n) => (n === at ? [code, value, filled({ ...options, ...changes })] : [code, value, options || {}])),
  optionsOf(field),
];

/* A number as typed, or the text itself for the check to name; nothing is null. */
export const readNumber = (text) => {
  const trimmed = text.trim().replace(',', '.');
  if (!trimmed) return null;
  return Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
};

export const readLines = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);

/* "10, 1#" -> ["10", "1 "]; what is no pair of indicators stays for the check to name. */
export const readIndicators = (text) => text.split(/[,;]/).map((pair) => pair.trim().replace(/[#\\_]/g, ' '))
  .filter((pair) => pair !== '').map((pair) => (pair.length === 1 ? `${pair} ` : pair));

export const showIndicators = (pairs) => [pairs || []].flat().map((pair) => pair.replace(/ /g, '#')).join(', ');

/* "title 12" or "650 = 6,5" on each line -> {title: 12, 650: 6.5}. */
export const readWeights = (text) => Object.fromEntries(readLines(text).map((line) => {
  const [name, ...rest] = line.split(/[\s=:]+/);
  return [name, readNumber(rest.join('')) ?? ''];
}));

export const showWeights = (weights) => Object.entries(weights || {}).map(([name, weight]) => `${name} ${weight}`).join('\n');

/* A field on a line: "264 #1 $aZagreb :$bNaklada", "008 191021s2019". */
export const fieldLine = (raw) => {
  const [tag, text, subfields] = readField(raw);
  if (isFixed(tag)) return `${tag} ${text}`;
  return `${tag} ${text.replace(/ /g, '#')} ${subfields.map(([code, value]) => `$${code}${value.replace(/\$/g, '$$$$')}`).join('')}`;
};

/* The field that a line writes, as the key has it. What is no field is kept as far as it goes, for the check
   to name. */
export function readFieldLine(line) {
  const [, tag, rest] = /^(\S{1,3})\s?(.*)$/.exec(line);
  if (isFixed(tag)) return { tag, value: rest };
  const [, ind, text] = /^([^$‡\s]{0,2})\s*(.*)$/.exec(rest);
  const parts = text.replace(/\$\$/g, '\u0001').split(/[$‡]/).slice(1);
  const sub = parts.map((part) => [part.slice(0, 1), part.slice(1).trim().replace(/\u0001/g, '$')]);
  return { tag, ind: ind.replace(/[#\\_]/g, ' ').padEnd(2), sub };
}

/* Accepted fields from lines; those that stand as before keep what else is said of them. */
export function readFieldLines(text, before) {
  const known = new Map((before || []).map((raw) => [fieldLine(raw), raw]));
  return readLines(text).map((line) => known.get(line) || readFieldLine(line));
}

/* -- Places ---------------------------------------------------------------------------------------- */

/* Where in the model a place of the check is: {key, row, cell?, where?}. "keys[1].fields[2].sub[0]" names
   parts of the JSON, "keys[1].245[0]$b[0]" a place in a record. */
export function locatePlace(model, where) {
  const [, number, rest] = /^(?:keys\[(\d+)\])?\.?(.*)$/.exec(where);
  const key = Math.min(Number(number || 0), model.keys.length - 1);
  const part = /^fields\[(\d+)\](?:\.alt\[\d+\])?(?:\.(sub)(?:\[(\d+)\])?)?(?:\.(\w+))?/.exec(rest);
  if (!part) return { key, row: null, part: rest };
  return {
    key,
    row: rowsOf(model.keys[key].record)[Number(part[1])] ?? null,
    subfield: part[3] === undefined ? null : Number(part[3]),
    part: part[4] || part[2] || '',
    isGrading: /\.(alt|near|w|ind_alt|optional|pool|policy)\b/.test(rest),
  };
}
