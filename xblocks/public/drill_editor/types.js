/* What the editor asks of each type of item, as engine_editor/shape.js describes fields. A blank item is what a new
   one begins with. */

import { mapOf } from '../engine_editor/shape.js';

const PROFILE = { name: 'profile', kind: 'select', choices: 'profiles', isNeeded: true };
const ALT = { name: 'alt', kind: 'lines' };
const NEAR = { name: 'near', kind: 'near' };

const withAlternatives = (mono = false) => [{ name: 'value', kind: 'text', mono }, { ...ALT, mono }, NEAR];

export const TYPES = {
  order: {
    fields: [
      { name: 'elements', kind: 'rows', help: 'order', columns: [{ name: 'mark', kind: 'mark' }, { name: 'text', kind: 'text' }] },
      { name: 'distractors', kind: 'lines' },
      { name: 'ask', kind: 'many', choices: 'asked' },
    ],
    blank: { elements: [{ text: '' }, { text: '' }] },
  },
  mapping: {
    fields: [PROFILE, {
      name: 'rows', kind: 'rows', help: 'mapping',
      columns: [{ name: 'text', kind: 'text' }, { name: 'place', kind: 'text', mono: true }, { ...ALT, mono: true }],
    }],
    blank: { profile: 'marc21', rows: [{ text: '', place: '' }] },
  },
  fixed_field: {
    fields: [
      { ...PROFILE, redraws: true }, { name: 'tag', kind: 'text', mono: true }, { name: 'material', kind: 'select', choices: 'materials' },
      { name: 'value', kind: 'fixed' }, { name: 'positions', kind: 'list' },
    ],
    blank: { profile: 'marc21', tag: '008', material: 'books', value: '' },
  },
  access_points: {
    fields: [
      PROFILE,
      {
        name: 'names', kind: 'rows',
        columns: [
          { name: 'name', kind: 'text' }, { name: 'entry', kind: 'select', choices: 'entries', isNeeded: true },
          { name: 'heading', kind: 'value' }, { name: 'relator', kind: 'value', mono: true },
        ],
      },
      { name: 'relators', kind: 'rows', columns: [{ name: 'code', kind: 'text', mono: true }, { name: 'label', kind: 'text' }] },
    ],
    blank: { profile: 'marc21', names: [{ name: '', entry: 'main' }] },
  },
  authority: {
    fields: [
      { name: 'heading', kind: 'text' },
      {
        name: 'candidates', kind: 'rows',
        columns: [
          { name: 'heading', kind: 'text' }, { name: 'see_from', kind: 'lines' }, { name: 'details', kind: 'text' }, { name: 'right', kind: 'credit' },
        ],
      },
      { name: 'reasons', kind: 'rows', columns: [{ name: 'text', kind: 'text' }, { name: 'right', kind: 'credit' }] },
    ],
    blank: { heading: '', candidates: [{ heading: '', right: true }, { heading: '' }] },
  },
  udc: {
    fields: [...withAlternatives(true), { name: 'hint', kind: 'text' }],
    blank: { value: '' },
  },
  isbn: {
    fields: [
      { name: 'task', kind: 'select', choices: 'tasks', isNeeded: true }, { name: 'given', kind: 'text', mono: true },
      { name: 'value', kind: 'text', mono: true }, { name: 'ask_position', kind: 'tick' },
    ],
    blank: { task: 'repair', given: '', value: '', ask_position: true },
  },
  duplicate: {
    fields: [
      { name: 'records', kind: 'records' }, { name: 'decision', kind: 'select', choices: 'decisions', isNeeded: true },
      { name: 'differences', kind: 'rows', columns: [{ name: 'text', kind: 'text' }, { name: 'right', kind: 'credit' }] },
      { ...ALT, kind: 'many', choices: 'decisions', help: 'many_alt' }, { name: 'decisions', kind: 'many', choices: 'decisions' },
    ],
    blank: { records: ['', ''], decision: 'same' },
  },
  lrm: {
    fields: [
      {
        name: 'rows', kind: 'rows', help: 'codes_alt',
        columns: [{ name: 'text', kind: 'text' }, { name: 'entity', kind: 'select', choices: 'entities', isNeeded: true }, { ...ALT, kind: 'list' }],
      },
      { name: 'choices', kind: 'many', choices: 'entities' },
    ],
    blank: { rows: [{ text: '', entity: 'work' }] },
  },
  rda: {
    fields: [
      {
        name: 'rows', kind: 'rows', help: 'codes_alt',
        columns: [
          { name: 'text', kind: 'text' }, { name: 'element', kind: 'select', choices: 'elements', isNeeded: true },
          { name: 'manner', kind: 'select', choices: 'manners' }, { ...ALT, kind: 'list' },
        ],
      },
      { name: 'choices', kind: 'many', choices: 'elements' },
    ],
    blank: { rows: [{ text: '', element: 'title_proper' }] },
  },
  headings: {
    fields: [
      { name: 'count', kind: 'number' },
      { name: 'options', kind: 'rows', columns: [{ name: 'text', kind: 'text' }, { name: 'right', kind: 'credit' }] },
    ],
    blank: { options: [{ text: '', right: true }, { text: '' }] },
  },
  transcription: {
    fields: [
      { name: 'conventions', kind: 'select', choices: 'conventions' },
      {
        name: 'elements', kind: 'rows',
        columns: [{ name: 'label', kind: 'text' }, { name: 'value', kind: 'text' }, ALT, NEAR, { name: 'w', kind: 'number' }],
      },
      { name: 'free', kind: 'many', choices: 'features' },
    ],
    blank: { elements: [{ label: '', value: '' }] },
  },
};

/* What every item has: first what is asked, last what is rarely needed. */
export const ASKED = [{ name: 'prompt', kind: 'html' }, { name: 'source', kind: 'html' }];
export const FURTHER = [
  { name: 'feedback', kind: 'html' }, { name: 'image', kind: 'text' }, { name: 'image_alt', kind: 'text' }, { name: 'lang', kind: 'text' },
  { name: 'w', kind: 'number' }, { name: 'pool', kind: 'text' },
  { name: 'refs', kind: 'rows', columns: [{ name: 'scheme', kind: 'text' }, { name: 'number', kind: 'text' }, { name: 'url', kind: 'text' }] },
  { name: 'id', kind: 'text', mono: true },
];

export const blankItem = (type) => ({ type, prompt: '', ...structuredClone(TYPES[type].blank) });

/* A drill as its author edits it. */
export const DRILL = [
  {
    name: 'items', kind: 'cards', isBare: true, types: 'types', titled: 'prompt', stem: ({ type }) => type, hasRest: true,
    fields: (item) => [...ASKED, ...(TYPES[item?.type]?.fields || [])], further: FURTHER, blank: blankItem,
  },
  {
    kind: 'section', label: 'settings', isFolded: true,
    fields: [
      { name: 'settings', kind: 'object', isBare: true, fields: [{ name: 'shuffle', kind: 'tick' }, { name: 'unwanted', kind: 'number' }] },
      {
        name: 'pools', kind: 'rows', shape: mapOf('pool', 'count'), blank: { count: 1 },
        columns: [{ name: 'pool', kind: 'text' }, { name: 'count', kind: 'number', label: 'pool_count' }],
      },
    ],
  },
];
