import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readScalar } from '../../xblocks/public/engine_editor/controls.js';
import { named } from '../../xblocks/public/engine_editor/moves.js';
import {
  KEY, entriesOf, fold, keyed, locate, mapOf, rename, table, trace, tuples, unfold, unfoldRow,
} from '../../xblocks/public/engine_editor/shape.js';
import {
  freeId, getAt, insertAt, moveAt, readPath, removeAt, setAt, wordsOf, writePath,
} from '../../xblocks/public/engine_editor/tree.js';

const exercise = { steps: [{ id: 'wash', text: 'Wash' }, { id: 'dry', text: 'Dry', tools: [{ name: 'a' }, { name: 'b' }] }], budget: 1 };

test('a part is replaced at its path and all else stays the same object', () => {
  const changed = setAt(exercise, ['steps', 1, 'tools', 0, 'name'], 'z');
  assert.equal(changed.steps[1].tools[0].name, 'z');
  assert.equal(exercise.steps[1].tools[0].name, 'a');
  assert.equal(changed.steps[0], exercise.steps[0]);
  assert.deepEqual(setAt({}, ['settings', 'cap'], 1), { settings: { cap: 1 } });
});

test('a part set to nothing is gone, with no trace of its name', () => {
  assert.deepEqual(setAt({ a: 1, b: 2 }, ['a'], undefined), { b: 2 });
  assert.deepEqual(setAt({ a: null }, ['a'], null), { a: null });
});

test('paths are written as faults name them, and read back', () => {
  for (const where of ['items[2].rows[0].place', 'items[10]', 'pools', 'items[0].names[1].heading.alt[2]']) assert.equal(writePath(readPath(where)), where);
  assert.deepEqual(readPath('edges[2][1]'), ['edges', 2, 1]);
  assert.equal(getAt(exercise, readPath('steps[1].tools[1].name')), 'b');
  assert.equal(getAt(exercise, readPath('steps[7].tools[1].name')), undefined);
});

test('entries move within the list and never out of it', () => {
  const list = ['a', 'b', 'c'];
  assert.deepEqual(moveAt(list, 0, 1), ['b', 'a', 'c']);
  assert.deepEqual(moveAt(list, 2, -1), ['a', 'c', 'b']);
  assert.equal(moveAt(list, 2, 1), list);
  assert.deepEqual(removeAt(list, 1), ['a', 'c']);
  assert.deepEqual(insertAt(list, 1, 'x'), ['a', 'x', 'b', 'c']);
});

test('new entries and copies have a name of their own', () => {
  assert.equal(freeId([{ id: 'step-1' }], 'step'), 'step-2');
  assert.ok(freeId([], 'x'.repeat(60)).length <= 40);
  assert.equal(named({ stem: 'step' }, {}, [{ id: 'step-1' }]).id, 'step-2');
  assert.equal(named({ stem: 'step' }, { id: 'dry' }, exercise.steps).id, 'dry-1');
  assert.equal(named({ stem: ({ type }) => type }, { type: 'udc' }, []).id, 'udc-1');
  assert.deepEqual(named({}, { text: 'x' }, []), { text: 'x' });
});

test('tags are left out where entries are told apart', () => {
  assert.equal(wordsOf('<p>A <b>novel</b></p>\n<p>x</p>'), 'A novel x');
});

test('a scalar is what it says', () => {
  assert.deepEqual(['true', 'false', ' 12 ', '2,5', 'vellum', ''].map(readScalar), [true, false, 12, 2.5, 'vellum', '']);
});

// -- shapes

const BOUNDS = [{ name: 'variable', kind: 'pick', from: 'variables' }, { name: 'min', kind: 'number' }, { name: 'max', kind: 'number' }];
const CASE = [
  { name: 'variables', kind: 'cards', shape: keyed('id'), fields: [{ name: 'text', kind: 'text' }, { name: 'target', kind: 'object', fields: [{ name: 'good', kind: 'number' }] }, { name: 'id', kind: 'id', of: 'variables' }] },
  {
    kind: 'section', label: 'more', fields: [
      {
        name: 'nodes', kind: 'cards', stem: 'node',
        fields: [{ name: 'text', kind: 'html' }, {
          name: 'choices', kind: 'cards', fields: [
            { name: 'text', kind: 'text' }, { name: 'to', kind: 'pick', from: 'nodes' },
            { name: 'effects', kind: 'rows', shape: mapOf('variable', 'by'), columns: [{ name: 'variable', kind: 'pick', from: 'variables' }, { name: 'by', kind: 'number' }] },
            { name: 'if', kind: 'rows', shape: keyed('variable'), columns: BOUNDS },
          ],
        }],
      },
      { name: 'edges', kind: 'rows', shape: tuples('before', 'after', 'weight'), columns: [{ name: 'before', kind: 'pick', from: 'nodes' }, { name: 'after', kind: 'pick', from: 'nodes' }, { name: 'weight', kind: 'number' }] },
      { name: 'costs', kind: 'rows', shape: table('right', 'given', 'cost'), columns: [{ name: 'right', kind: 'text' }, { name: 'given', kind: 'text' }, { name: 'cost', kind: 'number' }] },
      { name: 'needs', kind: 'picks', from: 'nodes', keepsEmpty: true },
    ],
  },
];
const given = {
  variables: { budget: { text: 'Budget', start: 5, target: { good: 3 } }, trust: { text: 'Trust' } },
  nodes: [
    { id: 'a', text: 'A', choices: [{ id: 'go', text: 'Go', to: 'b', effects: { budget: -5, trust: 2 }, if: { trust: { min: 40 } } }] },
    { id: 'b', text: 'B' },
  ],
  edges: [['a', 'b', 2], ['b', 'a']],
  costs: { keep: { discard: 1, repair: 0.3 } },
  needs: [],
  title: { untouched: [''] },
};

test('an exercise comes back from the editor as it was', () => {
  const unfolded = unfold(CASE, given);
  assert.deepEqual(unfolded.nodes[0].choices[0].effects.map(({ variable, by }) => [variable, by]), [['budget', -5], ['trust', 2]]);
  assert.deepEqual(fold(CASE, unfolded), given);
  assert.equal(JSON.stringify(fold(CASE, unfolded)), JSON.stringify(fold(CASE, unfold(CASE, fold(CASE, unfolded)))));
});

test('whatever is imported can be edited', () => {
  for (const value of [null, [], 'x', { nodes: 'x', variables: [1], edges: { a: 1 }, costs: [[1]] }, { nodes: [null, 3], edges: ['x'] }]) {
    assert.deepEqual(fold(CASE, unfold(CASE, value)).edges, undefined);
  }
});

test('every entry has a key of its own, which moves with it and is never written out', () => {
  const { nodes } = unfold(CASE, given);
  assert.notEqual(nodes[0][KEY], nodes[1][KEY]);
  assert.equal(setAt(nodes, [0, 'text'], 'x')[0][KEY], nodes[0][KEY]);
  assert.deepEqual(Object.getOwnPropertySymbols(fold(CASE, unfold(CASE, given)).nodes[0]), []);
  assert.notEqual(unfoldRow(CASE[0], structuredClone(nodes[0]))[KEY], nodes[0][KEY]);
});

test('a place of the exercise is found in the editor, and told by its fields', () => {
  const unfolded = unfold(CASE, given);
  const places = {
    'variables.trust.text': 'variables[1].text',
    'variables.budget.target.good': 'variables[0].target.good',
    'nodes[0].choices[0].effects.trust': 'nodes[0].choices[0].effects[1].by',
    'nodes[0].choices[0].if.trust.min': 'nodes[0].choices[0].if[0].min',
    'edges[1][0]': 'edges[1].before',
    'edges[0]': 'edges[0]',
    'costs.keep.repair': 'costs[1].cost',
    'costs.unknown.repair': 'costs',
    'nodes[9].text': 'nodes',
    'title.untouched[0]': 'title.untouched[0]',
    '': '',
  };
  for (const [where, place] of Object.entries(places)) assert.equal(writePath(locate(CASE, unfolded, readPath(where))), place, where);
  const told = trace(CASE, unfolded, readPath('nodes[0].choices[0].if[0].min')).map(({ field, at }) => [field.name, at]);
  assert.deepEqual(told, [['nodes', 0], ['choices', 0], ['if', 0], ['min', undefined]]);
  assert.deepEqual(trace(CASE, unfolded, ['title', 'x']), [{ name: 'title' }, { name: 'x' }]);
});

test('of two rows with one name none is lost', () => {
  const effects = [{ variable: 'budget', by: 1 }, { variable: 'budget', by: 2 }, { by: 3 }];
  assert.deepEqual(mapOf('variable', 'by').pack(effects), { budget: 1, 'budget-2': 2, '': 3 });
  assert.deepEqual(keyed('id').pack([{ id: 'a', text: 'x' }, { id: 'a', text: 'y' }]), { a: { text: 'x' }, 'a-2': { text: 'y' } });
});

test('whatever refers to an entry follows its new name', () => {
  const unfolded = unfold(CASE, given);
  const renamed = fold(CASE, rename(CASE, unfolded, 'nodes', 'b', 'end'));
  assert.deepEqual(renamed.edges, [['a', 'end', 2], ['end', 'a']]);
  assert.equal(renamed.nodes[0].choices[0].to, 'end');
  const other = fold(CASE, rename(CASE, unfolded, 'variables', 'trust', 'mayor'));
  assert.deepEqual(other.nodes[0].choices[0].effects, { budget: -5, mayor: 2 });
  assert.deepEqual(other.nodes[0].choices[0].if, { mayor: { min: 40 } });
});

test('entries are offered by their text, or by their name where they have none', () => {
  assert.deepEqual(entriesOf({ steps: [{ id: 'a', text: 'A' }, { id: 'b' }] }, 'steps'), [{ id: 'a', name: 'A' }, { id: 'b', name: 'b' }]);
  assert.deepEqual(entriesOf({}, 'steps'), []);
});
