/* What the editor asks of exercises that are put in order, as engine_editor/shape.js describes fields. */

import { tuples } from '../engine_editor/shape.js';

const step = (name, more = {}) => ({ name, kind: 'pick', from: 'steps', ...more });

export const PLAN = [
  {
    name: 'steps', kind: 'cards', stem: 'step', blank: { kind: 'required', text: '' },
    fields: [
      { name: 'text', kind: 'text', label: 'step' },
      { name: 'kind', kind: 'select', options: ['required', 'optional', 'needless', 'forbidden'], isNeeded: true },
      { name: 'reason', kind: 'text' },
      { name: 'loss', kind: 'number' },
    ],
    further: [{ name: 'detail', kind: 'html' }, { name: 'id', kind: 'id', of: 'steps' }],
  },
  {
    name: 'edges', kind: 'rows', shape: tuples('before', 'after', 'weight'), blank: {},
    columns: [step('before'), step('after'), { name: 'weight', kind: 'number' }],
  },
  {
    name: 'rules', kind: 'rows', blank: { kind: 'critical' },
    columns: [step('before'), step('after'), { name: 'kind', kind: 'select', label: 'rule', options: ['critical', 'advice'], isNeeded: true }, { name: 'message', kind: 'text' }],
  },
  {
    kind: 'section', label: 'settings', isFolded: true,
    fields: [{
      name: 'settings', kind: 'object', isBare: true,
      fields: [
        { name: 'order', kind: 'select', options: ['partial', 'total'] },
        { name: 'budget', kind: 'number' }, { name: 'cap', kind: 'number' }, { name: 'w_sel', kind: 'number' }, { name: 'w_ord', kind: 'number' },
      ],
    }],
  },
];

export const SALVAGE = [
  {
    name: 'items', kind: 'cards', stem: 'lot', blank: { text: '', value: 10, work_hours: 1, limit_h: 48, half_life_h: 24 },
    fields: [
      { name: 'text', kind: 'text', label: 'lot' }, { name: 'value', kind: 'number' }, { name: 'work_hours', kind: 'number' },
      { name: 'limit_h', kind: 'number' }, { name: 'half_life_h', kind: 'number' },
    ],
    further: [{ name: 'id', kind: 'id', of: 'items' }],
  },
  { name: 'teams', kind: 'number' },
  { name: 'start_h', kind: 'number' },
];
