/* What the editor asks of a case, as engine_editor/shape.js describes fields. */

import { keyed, mapOf } from '../engine_editor/shape.js';

const variable = { name: 'variable', kind: 'pick', from: 'variables' };

const EFFECTS = { name: 'effects', kind: 'rows', shape: mapOf('variable', 'by'), blank: {}, columns: [variable, { name: 'by', kind: 'number' }] };

const IF = {
  name: 'if', kind: 'rows', shape: keyed('variable'), blank: {},
  columns: [variable, { name: 'min', kind: 'number', label: 'at_least' }, { name: 'max', kind: 'number', label: 'at_most' }],
};

const event = (when) => [{ name: when, kind: 'number' }, { name: 'text', kind: 'text', label: 'event_text' }, EFFECTS, IF];

const numbers = (...names) => names.map((name) => ({ name, kind: 'number' }));

const CHOICES = {
  name: 'choices', kind: 'cards', stem: 'choice', blank: { text: '' },
  fields: [{ name: 'text', kind: 'text', label: 'choice_text' }, { name: 'to', kind: 'pick', from: 'nodes' }, EFFECTS, { name: 'note', kind: 'text' }],
  further: [
    IF, { name: 'critical', kind: 'text' }, { name: 'later', kind: 'cards', blank: { after: 1 }, fields: event('after') },
    { name: 'id', kind: 'text', mono: true },
  ],
};

const FORM = { kind: 'form' };

const settings = (...fields) => ({
  kind: 'section', label: 'settings', isFolded: true, fields: [{ name: 'settings', kind: 'object', isBare: true, fields }],
});

const GRAPH = [
  FORM,
  {
    name: 'variables', kind: 'cards', stem: 'variable', shape: keyed('id'), blank: { text: '', start: 50, min: 0, max: 100 },
    fields: [
      { name: 'text', kind: 'text', label: 'variable_text' }, ...numbers('start', 'min', 'max'), { name: 'shown', kind: 'tick', isOnByDefault: true },
      { name: 'target', kind: 'object', fields: numbers('bad', 'good', 'w') },
    ],
    further: [{ name: 'id', kind: 'id', of: 'variables' }],
  },
  {
    name: 'nodes', kind: 'cards', stem: 'place', blank: { text: '' },
    fields: [{ name: 'text', kind: 'text', long: true, label: 'node_text' }, CHOICES, { name: 'score', kind: 'number' }],
    further: [{ name: 'detail', kind: 'html' }, { name: 'id', kind: 'id', of: 'nodes' }],
  },
  { kind: 'picture' },
  { name: 'start', kind: 'pick', from: 'nodes', label: 'first' },
  { kind: 'section', label: 'events', isFolded: true, fields: [{ name: 'events', kind: 'cards', isBare: true, blank: { at: 1 }, fields: event('at') }] },
  settings({ name: 'scale', kind: 'select', options: ['best', 'targets'] }, ...numbers('cap', 'w_end')),
];

const NEEDS = { name: 'needs', kind: 'picks', from: 'tests' };

const WORKUP = [
  FORM,
  {
    name: 'tests', kind: 'cards', stem: 'test', keepsEmpty: true, blank: { text: '', cost: 1 },
    fields: [
      { name: 'text', kind: 'text', label: 'test_text' }, { name: 'result', kind: 'html' }, { name: 'cost', kind: 'number' }, NEEDS,
      {
        name: 'reading', kind: 'object',
        fields: [{ name: 'value', kind: 'scalar', label: 'reading_value' }, { name: 'tolerance', kind: 'number' }, { name: 'choices', kind: 'lines', label: 'reading_choices' }],
      },
    ],
    further: [{ name: 'id', kind: 'id', of: 'tests' }],
  },
  {
    name: 'decisions', kind: 'cards', stem: 'decision', blank: { text: '' },
    fields: [{ name: 'text', kind: 'text', label: 'decision_text' }, { name: 'credit', kind: 'number' }, { ...NEEDS, label: 'decision_needs' }],
    further: [{ name: 'id', kind: 'text', mono: true }],
  },
  settings(...numbers('w_decision', 'w_safe', 'w_economy', 'w_reading', 'cap')),
];

export const isWorkup = (exercise) => typeof exercise === 'object' && exercise !== null && 'tests' in exercise;

export const describe = (exercise) => (isWorkup(exercise) ? WORKUP : GRAPH);

/* The exercise in its other form; of the one it had, what both can hold stays. */
export function inForm(exercise, isTests) {
  if (isTests) return { ...exercise, tests: [] };
  const { tests, decisions, settings: gone, ...others } = exercise; // eslint-disable-line no-unused-vars
  return others;
}

/* The places that no arrow leads to, whatever the conditions. */
export function findUnreached(nodes, start) {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const first = known.has(start) ? start : nodes[0]?.id;
  const reached = new Set([first]);
  for (const id of reached) for (const { to } of known.get(id)?.choices || []) if (known.has(to)) reached.add(to);
  return nodes.map(({ id }) => id).filter((id) => !reached.has(id));
}
