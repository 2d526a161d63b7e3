/* An exercise as its author edits it: what is drawn in lists, classes as rows. Pure. */

import { MOST_MARKS } from './marks.js';
import { cellName, readCell } from './shapes.js';

export const LAYERS = ['regions', 'ignore', 'decoys'];
const MOST_REGIONS = 30;

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value) => (Array.isArray(value) ? value : []);

/* The families as {class: family}. */
const familyOf = (families) => Object.fromEntries(Object.entries(isObject(families) ? families : {}).flatMap(([family, names]) => listOf(names).map((name) => [name, family])));

/* An exercise taken apart for editing: classes are rows of {id, text, family, definition}, cells lines of text. */
export function unpack(exercise) {
  const { classes, families, definitions, cells, ...rest } = isObject(exercise) ? exercise : {};
  const family = familyOf(families);
  const names = [...new Set([...Object.keys(isObject(classes) ? classes : {}), ...Object.keys(family), ...Object.keys(isObject(definitions) ? definitions : {})])];
  return {
    ...rest,
    ...Object.fromEntries(LAYERS.map((layer) => [layer, listOf(rest[layer]).filter(isObject)])),
    classes: names.map((id) => ({ id, text: classes?.[id] ?? '', family: family[id] ?? '', definition: definitions?.[id] ?? '' })),
    cells: listOf(cells).map(({ at, text }) => `${cellName(at || [0, 0])}: ${text}`),
  };
}

/* The exercise again, without what is left empty. */
export function pack({ classes, cells, ...rest }) {
  const rows = classes.filter(({ id }) => id);
  const families = {};
  for (const { id, family } of rows) if (family) (families[family] ||= []).push(id);
  const textOf = (member) => Object.fromEntries(rows.filter((row) => row[member]).map((row) => [row.id, row[member]]));
  return withoutEmpty({ ...rest, families, classes: textOf('text'), definitions: textOf('definition'), cells: cells.map((text) => readCellLine(text, gridOf(rest))).filter(Boolean) });
}

const isEmpty = (value) => value === undefined || value === '' || (Array.isArray(value) && !value.length) || (isObject(value) && !Object.keys(value).length);

function withoutEmpty(exercise) {
  const kept = Object.entries(exercise).filter(([, value]) => !isEmpty(value));
  const clean = (row) => (isObject(row) ? Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && value !== '')) : row);
  return Object.fromEntries(kept.map(([name, value]) => [name, Array.isArray(value) ? value.map(clean) : name === 'settings' ? clean(value) : value]));
}

export const gridOf = ({ settings }) => (Array.isArray(settings?.grid) && settings.grid.length === 2 && settings.grid.every(Number.isInteger) ? settings.grid : [8, 12]);

/* "D5: brown spots" -> {at: [3, 4], text: 'brown spots'}; null for what names no field. */
export function readCellLine(line, grid) {
  const [name, ...texts] = line.split(':');
  const at = readCell(name, grid);
  const text = texts.join(':').trim();
  return at && text ? { at, text } : null;
}

/* "r1", "r2" …: the first that no region has. */
export function freeName(regions) {
  const taken = new Set(regions.map(({ id }) => id));
  for (let number = 1; ; number += 1) if (!taken.has(`r${number}`)) return `r${number}`;
}

/* A new part of a layer from a shape. */
export const newPart = (layer, shape, model) => (layer === 'regions' ? { id: freeName(model.regions), sev: 1, ...shape } : layer === 'decoys' ? { message: '', ...shape } : shape);

export const hasRoom = (model, layer) => model[layer].length < MOST_REGIONS;

/* What an expert's file says, as marks; null for what is none. */
export function readExpert(text) {
  try {
    const read = JSON.parse(text);
    const marks = Array.isArray(read) ? read : read?.marks;
    return Array.isArray(marks) && marks.length <= MOST_MARKS && marks.every(isObject) ? { marks } : null;
  } catch {
    return null;
  }
}

/* An expert's areas as regions of the reference. */
export const asRegions = (expert, model) => expert.marks.filter(({ poly, line }) => poly || line).reduce((regions, mark) => [
  ...regions, Object.fromEntries(Object.entries({ id: freeName(regions), cls: mark.cls, sev: mark.sev ?? 1, active: mark.active, poly: mark.poly, line: mark.line }).filter(([, value]) => value !== undefined)),
], model.regions).slice(0, MOST_REGIONS);

