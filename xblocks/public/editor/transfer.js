/* An exercise as a JSON file: {"block_type", "fields": {name: value}}, or the key alone. Pure. */

import { findFault, lineOf } from './json_syntax.js';

export const exportText = (blockType, values) => `${JSON.stringify({ block_type: blockType, fields: values }, null, 2)}\n`;

/* A name for the file, of letters and digits of any script. */
export const fileName = (title) => `${(title.match(/[\p{L}\p{N}]+/gu) || ['exercise']).join('-').toLowerCase().slice(0, 60)}.json`;

const TYPES = {
  line: 'string', html: 'string', number: 'number', boolean: 'boolean',
};

const typeOf = (value) => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value); // eslint-disable-line no-nested-ternary

/* Reads an import. Returns {values} or {problems: [{name, …}]}, each problem the name of a message with what
   fills it in. `fields` describes the form's fields: {kind, value, choices}. */
export function readImport(text, blockType, fields) {
  if (!text.trim()) return { problems: [{ name: 'empty_import' }] };
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    return { problems: [{ name: 'not_json', ...lineOf(text, findFault(text) ?? text.length) }] };
  }
  if (typeOf(data) !== 'object') return { problems: [{ name: 'not_an_object' }] };
  const isWhole = 'block_type' in data || 'fields' in data && typeOf(data.fields) === 'object';
  return isWhole ? readWhole(data, blockType, fields) : readFields({ exercise: data }, fields, '');
}

function readWhole(data, blockType, fields) {
  if (data.block_type !== blockType) {
    return { problems: [{ name: 'other_block', found: String(data.block_type ?? '?'), expected: blockType }] };
  }
  if (typeOf(data.fields) !== 'object') return { problems: [{ name: 'wrong_type', path: 'fields', type: 'object' }] };
  return readFields(data.fields, fields, 'fields.');
}

function readFields(values, fields, prefix) {
  const problems = Object.entries(values).map(([name, value]) => findProblem(name, value, fields[name], prefix + name)).filter(Boolean);
  return problems.length ? { problems } : { values };
}

function findProblem(name, value, field, path) {
  if (!field) return { name: 'unknown_field', path };
  if (field.kind === 'choice') {
    return field.choices.includes(value) ? null : { name: 'wrong_type', path, type: 'choice', choices: field.choices.join(', ') };
  }
  const type = TYPES[field.kind] || typeOf(field.value);
  const fits = typeOf(value) === type || (field.kind === 'number' && value === null);
  return fits ? null : { name: 'wrong_type', path, type };
}
