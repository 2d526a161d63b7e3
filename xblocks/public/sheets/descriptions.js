/* What the editors ask of sheets, time lines, budgets and rotas, as engine_editor/shape.js describes fields. */

import { mapOf } from '../engine_editor/shape.js';

const EVENTS = ['damp', 'cold', 'hot', 'dry', 'leak', 'gap', 'stuck', 'spike', 'unit'];

const yearOf = (...more) => ({
  kind: 'section', label: 'year', isFolded: true,
  fields: [{
    name: 'climate', kind: 'object', isBare: true,
    fields: [
      { name: 'series', kind: 'text' }, { name: 'year', kind: 'number' }, { name: 'events', kind: 'many', options: EVENTS }, ...more,
      { name: 'file', kind: 'select', options: ['table', 'tinytag', 'hanwell', 'rotronic'] },
    ],
  }],
});

const settings = (...fields) => ({
  kind: 'section', label: 'settings', isFolded: true, fields: [{ name: 'settings', kind: 'object', isBare: true, fields }],
});

const numbers = (...names) => names.map((name) => ({ name, kind: 'number' }));

/* A tolerance that is one number stays one; a list of rows, too, is left to the JSON below. */
const cellFields = (cell) => [
  { name: 'text', kind: 'html', label: 'question', help: 'question' },
  { name: 'formula', kind: 'text', mono: true },
  ...(cell?.formula ? [] : [{ name: 'value', kind: 'number', label: 'fixed' }]),
  { name: 'decimals', kind: 'number' },
  { name: 'unit', kind: 'text' },
  ...(Array.isArray(cell?.rows) ? [] : [{ name: 'rows', kind: 'tick', label: 'asks_rows' }]),
];

const cellFurther = (cell) => [
  ...(typeof cell?.tolerance === 'object' || cell?.tolerance === undefined
    ? [{ name: 'tolerance', kind: 'object', fields: [...numbers('abs', 'rel'), { name: 'decimals', kind: 'number' }] }]
    : [{ name: 'tolerance', kind: 'number' }]),
  {
    name: 'reading', kind: 'object',
    fields: [
      { name: 'choices', kind: 'rows', blank: { id: '', text: '' }, columns: [{ name: 'id', kind: 'text', label: 'code', mono: true }, { name: 'text', kind: 'text', label: 'meaning' }] },
      { name: 'right', kind: 'text', mono: true },
    ],
  },
  {
    name: 'mistakes', kind: 'rows', blank: { formula: '', message: '' },
    columns: [{ name: 'formula', kind: 'text', label: 'slip', mono: true }, { name: 'message', kind: 'text' }, { name: 'credit', kind: 'number' }],
  },
  { name: 'weight', kind: 'number' },
  { name: 'id', kind: 'text', mono: true },
];

export const WORKBOOK = [
  {
    name: 'data', kind: 'rows', shape: mapOf('id', 'value'), blank: { id: '', value: 0 },
    columns: [{ name: 'id', kind: 'text', label: 'row_id', mono: true }, { name: 'value', kind: 'amount', label: 'amount' }],
  },
  {
    name: 'labels', kind: 'rows', shape: mapOf('id', 'text'), blank: { id: '', text: '' },
    columns: [{ name: 'id', kind: 'text', label: 'row_id', mono: true }, { name: 'text', kind: 'text', label: 'row_name' }],
  },
  yearOf(),
  { name: 'cells', kind: 'cards', stem: 'cell', hasRest: true, fields: cellFields, further: cellFurther, blank: { text: '', formula: '' } },
  { kind: 'values' },
  {
    name: 'units', kind: 'rows', shape: mapOf('unit', 'spellings'), blank: { unit: '', spellings: [] },
    columns: [{ name: 'unit', kind: 'text' }, { name: 'spellings', kind: 'lines' }],
  },
  settings(...numbers('w_value', 'w_unit', 'w_rows', 'w_reading'), { name: 'follow', kind: 'tick', isOnByDefault: true }),
];

const EPISODE = [
  { name: 'start', kind: 'scalar' }, { name: 'end', kind: 'scalar' }, { name: 'kind', kind: 'text', mono: true }, { name: 'cause', kind: 'text', mono: true },
];
const named = (name) => ({
  name, kind: 'rows', shape: mapOf('id', 'text'), blank: { id: '', text: '' },
  columns: [{ name: 'id', kind: 'text', label: 'code', mono: true }, { name: 'text', kind: 'text', label: 'words' }],
});

export const TIME_LINE = [
  { name: 'episodes', kind: 'rows', blank: { start: '', end: '' }, columns: [...EPISODE, { name: 'value', kind: 'number' }] },
  yearOf({ name: 'part', kind: 'select', options: ['episodes', 'faults'] }),
  named('kinds'), named('causes'),
  { name: 'ignore', kind: 'rows', blank: { start: '', end: '' }, columns: EPISODE.slice(0, 2) },
  settings(...numbers('w_time', 'w_kind', 'w_cause', 'least', 'step', 'extra', 'extra_free')),
];

const ruleFields = (rule) => [
  { name: 'kind', kind: 'select', label: 'rule', options: ['category', 'must', 'requires', 'excludes'], isNeeded: true, redraws: true },
  { name: 'message', kind: 'text' },
  ...(rule?.kind === 'category'
    ? [{ name: 'category', kind: 'text' }, ...numbers('min', 'max', 'count')]
    : [{ name: 'items', kind: 'picks', from: 'items', label: 'rule_items' }]),
];

const PROJECTS = [
  {
    name: 'items', kind: 'cards', stem: 'project', blank: { text: '', cost: 1000, benefit: 1 },
    fields: [{ name: 'text', kind: 'text', label: 'project' }, ...numbers('cost', 'benefit'), { name: 'category', kind: 'text' }],
    further: [{ name: 'id', kind: 'id', of: 'items' }],
  },
  { name: 'limit', kind: 'number' },
  { name: 'rules', kind: 'cards', titled: 'message', blank: { kind: 'must', message: '' }, fields: ruleFields },
  { name: 'reference', kind: 'number' },
];

const CHAPTERS = [
  {
    name: 'chapters', kind: 'cards', stem: 'chapter', blank: { text: '', good: [10, 20] },
    fields: [{ name: 'text', kind: 'text', label: 'chapter' }, { name: 'good', kind: 'scalars' }, { name: 'min', kind: 'number', label: 'least' }, { name: 'max', kind: 'number', label: 'most' }],
    further: [...numbers('slack', 'w'), { name: 'id', kind: 'id', of: 'chapters' }],
  },
  { name: 'total', kind: 'number' },
];

/* Both forms as long as nothing is there, so that an author begins with the one that fits. */
export function budget(exercise) {
  if (exercise.chapters?.length) return CHAPTERS;
  return exercise.items?.length ? PROJECTS : [...PROJECTS, ...CHAPTERS];
}

const ofShifts = (name) => ({ name, kind: 'picks', from: 'shifts' });

export const ROTA = [
  {
    name: 'shifts', kind: 'cards', stem: 'shift', blank: { text: '', start: '2026-03-02 09:00', end: '2026-03-02 15:00' },
    fields: [{ name: 'text', kind: 'text', label: 'shift' }, { name: 'start', kind: 'scalar' }, { name: 'end', kind: 'scalar' }, ...numbers('need', 'most')],
    further: [
      {
        name: 'skills', kind: 'rows', label: 'needed_skills', shape: mapOf('skill', 'count'), blank: { skill: '', count: 1 },
        columns: [{ name: 'skill', kind: 'text' }, { name: 'count', kind: 'number', label: 'skill_count' }],
      },
      { name: 'id', kind: 'id', of: 'shifts' },
    ],
  },
  {
    name: 'people', kind: 'cards', stem: 'person', blank: { text: '' },
    fields: [{ name: 'text', kind: 'text', label: 'person' }, { name: 'skills', kind: 'lines' }, { name: 'max_hours', kind: 'number' }, ofShifts('off')],
    further: [ofShifts('wants'), ofShifts('avoids'), { name: 'id', kind: 'id', of: 'people' }],
  },
  settings(...numbers('rest', 'w_wishes', 'w_fair')),
];
