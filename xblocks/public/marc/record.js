/* Records as lists of fields: ["245", "10", [["a", "Judita :"], …]], and for the leader and control
   fields ["008", "191021s2019 …"]. Pure: every function returns a new record. */

export const isFixed = (tag) => tag === 'LDR' || /^00/.test(tag);

export const emptyField = (tag = '') => (isFixed(tag) ? [tag, ''] : [tag, '  ', [['a', '']]]);

/* A field and a subfield may carry more than the record needs: in a key, how they are graded. It stays with
   them through every change, as a fourth and a third part. */
const carry = (next, from) => (from.length > 3 ? [...next, ...Array(3 - next.length).fill(null), from[3]] : next);

export const withText = (field, text) => carry([field[0], text], field);

export const withIndicators = (field, indicators) => carry([field[0], indicators, field[2]], field);

export const withSubfields = (field, subfields) => carry([field[0], field[1], subfields], field);

const withSubfield = (field, index, subfield) =>
  withSubfields(field, field[2].map((old, at) => (at === index ? subfield : old)));

export const withCode = (field, index, code) => withSubfield(field, index, [code, ...field[2][index].slice(1)]);

export const withValue = (field, index, value) =>
  withSubfield(field, index, [field[2][index][0], value, ...field[2][index].slice(2)]);

/* The field with another tag, its content kept as far as the kinds of field allow. */
export function retag(field, tag) {
  if (isFixed(tag) === isFixed(field[0])) return [tag, ...field.slice(1)];
  if (isFixed(tag)) return carry([tag, field[2].map(([, value]) => value).join(' ').trim()], field);
  return carry([tag, '  ', [['a', field[1]]]], field);
}

export function moveField(fields, index, by) {
  const target = index + by;
  if (target < 0 || target >= fields.length) return fields;
  const moved = [...fields];
  moved.splice(target, 0, ...moved.splice(index, 1));
  return moved;
}

export const insertField = (fields, index, field) =>
  [...fields.slice(0, index), field, ...fields.slice(index)];

export const removeField = (fields, index) => fields.filter((_, at) => at !== index);

/* A subfield cut in two at the caret: what follows becomes subfield `code`. With nothing before the
   caret there is nothing to cut, and the subfield takes that code. */
export function splitSubfield(field, index, before, code, after) {
  const subfields = [...field[2]];
  const [name, , ...more] = subfields[index];
  subfields.splice(index, 1, ...(before ? [[name, before, ...more], [code, after]] : [[code, after, ...more]]));
  return withSubfields(field, subfields);
}

/* A subfield joined to the one before it; the first of a field stays as it is. */
export function joinSubfield(field, index) {
  if (index === 0) return field;
  const subfields = [...field[2]];
  const [code, value, ...more] = subfields[index - 1];
  subfields.splice(index - 1, 2, [code, value + subfields[index][1], ...more]);
  return withSubfields(field, subfields);
}

/* `value` with the positions start–end (inclusive) replaced, padded so that nothing shifts. */
export function setPositions(value, start, end, text, length = 0) {
  const width = end - start + 1;
  const padded = value.padEnd(Math.max(start, length), ' ');
  return padded.slice(0, start) + text.slice(0, width).padEnd(width, ' ') + padded.slice(end + 1);
}

/* Without the rows and subfields that nobody filled in. */
export const withoutBlanks = (fields) =>
  fields
    .map((field) =>
      isFixed(field[0]) ? field : [field[0], field[1], field[2].filter(([, value]) => value.trim())])
    .filter((field) => (isFixed(field[0]) ? field[1].trim() : field[2].length));

/* "245[0]$b[1]" -> {tag, occurrence, code, repeat}; "008[0]/35-37" -> {…, start, end}. */
export function readPlace(where) {
  const match = /^(\w{3})(?:\[(\d+)\])?(?:\$(\w)(?:\[(\d+)\])?)?(?:[./]?(ind[12]))?(?:\/(\d+)(?:-(\d+))?)?/
    .exec(where || '');
  if (!match) return null;
  const [, tag, occurrence, code, repeat, indicator, start, end] = match;
  return {
    tag,
    occurrence: Number(occurrence || 0),
    code: code || '',
    repeat: Number(repeat || 0),
    indicator: indicator || '',
    start: start === undefined ? null : Number(start),
    end: start === undefined ? null : Number(end || start),
  };
}

/* A place as cataloguers write it: "245 $b", "650 (2) $a", "008/35–37". */
export function showPlace(where) {
  const place = readPlace(where);
  if (!place) return where;
  const positions = place.start === null ? '' : `/${place.start}${place.end > place.start ? `–${place.end}` : ''}`;
  return [
    place.tag + (place.occurrence ? ` (${place.occurrence + 1})` : ''),
    place.code && ` $${place.code}${place.repeat ? ` (${place.repeat + 1})` : ''}`,
    place.indicator && ` ${place.indicator}`,
    positions,
  ].join('');
}

/* Where in the record a place is: {field, subfield} as indexes, or null. */
export function locate(fields, where) {
  const place = readPlace(where);
  if (!place) return null;
  const at = fields.map((field, index) => [field[0], index]).filter(([tag]) => tag === place.tag);
  if (!at[place.occurrence]) return null;
  const field = at[place.occurrence][1];
  if (!place.code || isFixed(place.tag)) return { field, subfield: null, indicator: place.indicator };
  const alike = fields[field][2].map(([code], index) => [code, index])
    .filter(([code]) => code === place.code);
  const subfield = alike[place.repeat] ? alike[place.repeat][1] : null;
  return { field, subfield, indicator: place.indicator };
}

/* What stands at a place: a subfield's value, an indicator or a whole field, or null. */
export function partAt(fields, where) {
  const place = locate(fields, where);
  if (!place) return null;
  const field = fields[place.field];
  if (place.indicator) return field[1][place.indicator === 'ind1' ? 0 : 1];
  return place.subfield === null ? field : field[2][place.subfield][1];
}

/* A record as lines of text, "#" for a blank indicator. */
export const recordText = (fields) => fields.map((field) => (isFixed(field[0])
  ? `${field[0]}    ${field[1]}`
  : `${field[0]} ${field[1].replace(/ /g, '#')} ${field[2].map(([code, value]) => `$${code}${value}`).join('')}`)).join('\n');
