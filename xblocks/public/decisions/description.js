/* What the editor asks of decisions, as engine_editor/shape.js describes fields. */

import { mapOf, table } from '../engine_editor/shape.js';
import { isObject } from '../engine_editor/tree.js';

/* What each choice earns: one right choice, several, or credits by choice. */
export const RIGHT = {
  unpack: (value) => (isObject(value)
    ? Object.entries(value).map(([choice, credit]) => ({ choice, credit }))
    : (Array.isArray(value) ? value : [value]).map((choice) => ({ choice }))),
  pack: (rows) => {
    if (rows.some(({ credit }) => credit !== undefined)) return mapOf('choice', 'credit').pack(rows.map((row) => ({ credit: 1, ...row })));
    return rows.length === 1 ? rows[0].choice ?? '' : rows.map(({ choice }) => choice ?? '');
  },
  locate: (rows, [step]) => [typeof step === 'number' ? step : rows.findIndex(({ choice }) => choice === step)],
};

const asList = (value) => (Array.isArray(value) ? value : isObject(value) ? Object.keys(value) : [value]);
const ALL_RIGHT = { unpack: asList, pack: (ids) => ids };

/* What items or choices a rule speaks of: an id alone, or what their attributes must be. */
export const CONDITIONS = {
  unpack: (value) => (isObject(value) ? Object.entries(value) : [['id', value]]).map(([name, must]) => ({ name, ...unpackCondition(must) })),
  pack: (rows) => mapOf('name', 'must').pack(rows.map(({ name, ...must }) => ({ name, must: packCondition(must) }))),
  locate: (rows, [name, part]) => {
    const at = rows.findIndex((row) => row.name === name);
    return at < 0 ? [] : [at, ...(['min', 'max', 'not'].includes(part) ? [part] : [])];
  },
};

const listed = (value) => (Array.isArray(value) ? value : [value]);

function unpackCondition(must) {
  if (!isObject(must)) return { among: listed(must) };
  return { ...must, ...('not' in must ? { not: listed(must.not) } : {}) };
}

const single = (list) => (list.length === 1 ? list[0] : list);

function packCondition({ among = [], not = [], ...bounds }) {
  if (among.length) return single(among);
  return { ...bounds, ...(not.length ? { not: single(not) } : {}) };
}

const conditions = (name) => ({
  name, kind: 'rows', shape: CONDITIONS, label: `of_${name}`, blank: {},
  columns: [
    { name: 'name', kind: 'text', label: 'attribute' }, { name: 'among', kind: 'scalars' }, { name: 'min', kind: 'number' }, { name: 'max', kind: 'number' },
    { name: 'not', kind: 'scalars' },
  ],
});

const ATTRIBUTES = {
  name: 'attributes', kind: 'rows', shape: mapOf('name', 'value'), blank: {},
  columns: [{ name: 'name', kind: 'text', label: 'attribute' }, { name: 'value', kind: 'scalar', label: 'attribute_value' }],
};

const right = (exercise) => (exercise?.settings?.choose === 'many'
  ? { name: 'right', kind: 'picks', from: 'choices', shape: ALL_RIGHT, keepsEmpty: true, label: 'all_right' }
  : { name: 'right', kind: 'rows', shape: RIGHT, blank: {}, columns: [{ name: 'choice', kind: 'pick', from: 'choices' }, { name: 'credit', kind: 'number' }] });

export const DECISIONS = [
  {
    name: 'settings', kind: 'object', isBare: true,
    fields: [{ name: 'choose', kind: 'select', options: ['one', 'many'], reshapes: true }],
  },
  {
    name: 'choices', kind: 'cards', stem: 'choice', blank: { text: '' },
    fields: [{ name: 'text', kind: 'text', label: 'choice_text' }, { name: 'cost', kind: 'number' }],
    further: [ATTRIBUTES, { name: 'id', kind: 'id', of: 'choices' }],
  },
  {
    name: 'reasons', kind: 'rows', stem: 'reason', label: 'all_reasons', blank: { text: '' },
    columns: [{ name: 'text', kind: 'text', label: 'reason' }],
  },
  {
    name: 'items', kind: 'cards', stem: 'item', blank: { text: '' },
    fields: (item, exercise) => [
      { name: 'text', kind: 'text', label: 'item_text' }, right(exercise), { name: 'reasons', kind: 'picks', from: 'reasons' },
      { name: 'check', kind: 'select', options: [true, false] },
    ],
    further: [{ name: 'detail', kind: 'html' }, ATTRIBUTES, { name: 'value', kind: 'number' }, { name: 'id', kind: 'id', of: 'items' }],
  },
  {
    name: 'rules', kind: 'cards', titled: 'message', blank: { sev: 1, message: '' },
    fields: [
      { name: 'message', kind: 'text' }, { name: 'sev', kind: 'select', options: [1, 2, 3], isNeeded: true }, conditions('item'), conditions('choice'),
      { name: 'cap', kind: 'number', label: 'own_cap' },
    ],
  },
  {
    name: 'costs', kind: 'rows', shape: table('right', 'given', 'cost'), blank: { cost: 1 },
    columns: [
      { name: 'right', kind: 'pick', from: 'choices', label: 'cost_right' }, { name: 'given', kind: 'pick', from: 'choices', label: 'cost_given' },
      { name: 'cost', kind: 'number', label: 'cost_share' },
    ],
  },
  {
    kind: 'section', label: 'settings', isFolded: true,
    fields: [{
      name: 'settings', kind: 'object', isBare: true,
      fields: ['w_choice', 'w_reasons', 'w_check', 'cap', 'bonus'].map((name) => ({ name, kind: 'number' })),
    }],
  },
];
