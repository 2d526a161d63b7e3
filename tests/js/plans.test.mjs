import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DECISIONS, RIGHT } from '../../xblocks/public/decisions/description.js';
import { completeDecisions, decisionOf, isDecided, toggled, withDecision } from '../../xblocks/public/decisions/answers.js';
import { linesOf } from '../../xblocks/public/engine/graph.js';
import { layOut, layersOf } from '../../xblocks/public/engine/layers.js';
import { fold, locate, unfold } from '../../xblocks/public/engine_editor/shape.js';
import { readPath } from '../../xblocks/public/engine_editor/tree.js';
import { moved, movedTo, search, without } from '../../xblocks/public/exercise/order.js';
import { PLAN, SALVAGE } from '../../xblocks/public/ordering/descriptions.js';
import { changeOf, completeAnswer, costOf, readNumber, toSubmit } from '../../xblocks/public/scenario/answers.js';
import { describe, findUnreached, inForm } from '../../xblocks/public/scenario/description.js';

// -- orders

test('an entry moves to a place, wherever it was, and no entry is lost', () => {
  const order = ['a', 'b', 'c'];
  assert.deepEqual(movedTo(order, 'c', 0), ['c', 'a', 'b']);
  assert.deepEqual(movedTo(order, 'a', 99), ['b', 'c', 'a']);
  assert.deepEqual(movedTo(order, 'x', 1), ['a', 'x', 'b', 'c']);
  assert.equal(movedTo(order, 'b', 1), order);
  assert.equal(moved(order, 'a', -1), order);
  assert.deepEqual(moved(order, 'a', 1), ['b', 'a', 'c']);
  assert.deepEqual(without(order, 'b'), ['a', 'c']);
});

test('a bank is searched by parts of words, whatever the accents', () => {
  const entries = [{ text: 'Suho čišćenje' }, { text: 'Pranje' }];
  assert.deepEqual(search(entries, 'cisc suho', ({ text }) => text), [entries[0]]);
  assert.equal(search(entries, '', ({ text }) => text).length, 2);
  assert.equal(search(entries, 'x', ({ text }) => text).length, 0);
});

// -- graphs

test('every arrow leads on to a later layer but those that lead back', () => {
  const ids = ['a', 'b', 'c', 'd'];
  assert.deepEqual(layersOf(ids, [['a', 'b'], ['b', 'c'], ['a', 'c'], ['c', 'a'], ['d', 'd'], ['x', 'a']]), [['a', 'd'], ['b'], ['c']]);
  const { boxes, arrows, width, height } = layOut(ids, [['a', 'b'], ['b', 'a']]);
  assert.deepEqual(arrows.map(({ isBack }) => isBack), [false, true]);
  for (const { x, y } of boxes) assert.ok(x >= 0 && y >= 0 && x < width && y < height);
  assert.equal(new Set(boxes.map(({ x, y }) => `${x},${y}`)).size, 4);
  assert.deepEqual(layOut([], []).boxes, []);
});

test('words are cut to the lines of a box', () => {
  assert.deepEqual(linesOf('The mayor writes'), ['The mayor writes']);
  assert.deepEqual(linesOf('one two three four five six', 10, 2), ['one two', 'three fou…']);
  assert.deepEqual(linesOf('x'.repeat(40), 10, 2), ['xxxxxxxxx…']);
  assert.deepEqual(linesOf(''), ['']);
});

// -- decisions

test('an item is decided once something is chosen, and no trace stays of what is taken back', () => {
  const items = [{ id: 'law' }, { id: 'songs' }];
  let answer = withDecision({ items: {} }, 'law', { choice: 'keep' });
  answer = withDecision(answer, 'law', { reasons: ['worn'], check: true });
  assert.deepEqual(answer, { items: { law: { choice: 'keep', reasons: ['worn'], check: true } } });
  assert.ok(isDecided(answer, 'law') && !isDecided(answer, 'songs'));
  assert.deepEqual(withDecision(answer, 'law', { choice: undefined, reasons: [], check: false }), { items: {} });
  assert.deepEqual(completeDecisions({ items: { songs: 'keep', gone: 'keep', law: null } }, items), { items: { songs: { choice: 'keep' } } });
  assert.deepEqual(completeDecisions(null, items), { items: {} });
  assert.deepEqual(decisionOf({ items: { law: { choice: [] } } }, 'law').choice, []);
  assert.deepEqual(toggled(['b'], 'a', true, ['a', 'b']), ['a', 'b']);
  assert.equal(toggled(['a'], 'a', false, ['a', 'b']), undefined);
});

test('what is right is written as shortly as it can be', () => {
  assert.equal(RIGHT.pack([{ choice: 'keep' }]), 'keep');
  assert.deepEqual(RIGHT.pack([{ choice: 'keep' }, { choice: 'repair' }]), ['keep', 'repair']);
  assert.deepEqual(RIGHT.pack([{ choice: 'keep' }, { choice: 'repair', credit: 0.6 }]), { keep: 1, repair: 0.6 });
  for (const value of ['keep', ['keep', 'repair'], { keep: 1, repair: 0.6 }]) assert.deepEqual(RIGHT.pack(RIGHT.unpack(value)), value);
});

const WEEDING = {
  choices: [{ id: 'keep', text: 'Keep', cost: 2 }, { id: 'discard', text: 'Discard' }],
  reasons: [{ id: 'worn', text: 'Worn' }],
  items: [
    { id: 'law', text: 'Law', right: 'discard', reasons: ['worn'], check: false, attributes: { copies: 2, 'last copy': false } },
    { id: 'songs', text: 'Songs', right: { keep: 1, discard: -1 }, detail: '<p>1931</p>', value: 3 },
  ],
  rules: [
    { item: { 'last copy': true, copies: { max: 1 } }, choice: { id: 'discard' }, sev: 3, message: 'The last.' },
    { item: { format: { not: 'folio' }, material: ['vellum', 'leather'] }, sev: 1, cap: 0.3, message: 'x' },
  ],
  costs: { keep: { discard: 1, repair: 0.3 } },
  settings: { choose: 'one', cap: 0.5 },
};

test('decisions come back from the editor as they were written', () => {
  assert.deepEqual(fold(DECISIONS, unfold(DECISIONS, WEEDING)), WEEDING);
  const many = { ...WEEDING, items: [{ id: 'q', right: [] }, { id: 'r', right: ['keep'] }], settings: { choose: 'many' } };
  assert.deepEqual(fold(DECISIONS, unfold(DECISIONS, many)), many);
  const worked = unfold(DECISIONS, WEEDING);
  assert.deepEqual(locate(DECISIONS, worked, readPath('items[1].right.discard')), ['items', 1, 'right', 1]);
  assert.deepEqual(locate(DECISIONS, worked, readPath('rules[0].item.copies.max')), ['rules', 0, 'item', 1, 'max']);
});

test('plans and lots come back from the editor as they were written', () => {
  const plan = {
    steps: [{ id: 'a', kind: 'required', text: 'A' }, { id: 'b', kind: 'forbidden', reason: 'No.', loss: 2, detail: '<p>x</p>' }],
    edges: [['a', 'b', 2], ['b', 'a']], rules: [{ before: 'a', after: 'b', kind: 'advice', message: 'm' }], settings: { order: 'total', budget: 3 },
  };
  assert.deepEqual(fold(PLAN, unfold(PLAN, plan)), plan);
  const flood = { items: [{ id: 'a', text: 'A', value: 3, work_hours: 2, limit_h: 6, half_life_h: 4 }], teams: 2 };
  assert.deepEqual(fold(SALVAGE, unfold(SALVAGE, flood)), flood);
});

// -- cases

const CASE = {
  variables: { budget: { text: 'Budget', start: 5, shown: false, target: { bad: 0, good: 9 } } },
  nodes: [
    {
      id: 'a', text: 'A', detail: '<p>x</p>',
      choices: [{
        id: 'go', text: 'Go', to: 'b', effects: { budget: -5 }, if: { budget: { min: 1 } }, note: 'n', critical: 'c',
        later: [{ after: 1, effects: { budget: 2 }, text: 't', if: { budget: { max: 3 } } }],
      }],
    },
    { id: 'b', text: 'B', score: 0.5 },
  ],
  start: 'a', events: [{ at: 2, text: 'e', effects: { budget: 1 } }], settings: { scale: 'targets', w_end: 2 },
};
const INK = {
  tests: [{ id: 'look', text: 'Look', cost: 1, result: '<p>r</p>' }, { id: 'ph', cost: 2, needs: ['look'], reading: { value: 4.3, tolerance: 0.5 } }, { id: 'fe', reading: { value: 'none', choices: ['none', 'free'] } }],
  decisions: [{ id: 'dry', text: 'Dry', credit: 1, needs: ['ph'] }], settings: { w_safe: 0.5 },
};

test('cases of both forms come back from the editor as they were written', () => {
  for (const exercise of [CASE, INK]) assert.deepEqual(fold(describe(exercise), unfold(describe(exercise), exercise)), exercise);
  const worked = unfold(describe(CASE), CASE);
  assert.deepEqual(locate(describe(CASE), worked, readPath('nodes[0].choices[0].later[0].if.budget.max')), ['nodes', 0, 'choices', 0, 'later', 0, 'if', 0, 'max']);
  assert.deepEqual(describe(inForm(CASE, true)), describe(INK));
  assert.deepEqual(describe(inForm(INK, false)), describe(CASE));
  assert.deepEqual(describe(null), describe(CASE));
});

test('places that no arrow leads to are found, those of circles too', () => {
  const nodes = [{ id: 'a', choices: [{ to: 'b' }] }, { id: 'b', choices: [{ to: 'a' }, { to: 'gone' }] }, { id: 'c', choices: [{ to: 'd' }] }, { id: 'd', choices: [{ to: 'c' }] }];
  assert.deepEqual(findUnreached(nodes), ['c', 'd']);
  assert.deepEqual(findUnreached(nodes, 'c'), ['a', 'b']);
  assert.deepEqual(findUnreached([], 'x'), []);
});

test('an answer has what its case asks for, whatever the host kept', () => {
  const task = { tests: [{ id: 'look', cost: 1, reads: null }, { id: 'ph', cost: 2, reads: [] }, { id: 'fe', cost: 3, reads: ['none'] }] };
  assert.deepEqual(completeAnswer({ path: ['a', 3] }, {}), { path: ['a'] });
  assert.deepEqual(completeAnswer(null, undefined), { path: [] });
  assert.deepEqual(completeAnswer({ tests: 'x', readings: [1] }, task), { tests: [], readings: {}, decision: '' });
  const answer = { tests: ['ph', 'fe'], readings: { ph: ' 4,3', fe: 'none', look: ' ' }, decision: 'dry' };
  assert.deepEqual(toSubmit(answer, task), { tests: ['ph', 'fe'], readings: { ph: 4.3, fe: 'none' }, decision: 'dry' });
  assert.equal(costOf(task, ['ph', 'fe']), 5);
  assert.deepEqual(['−2', '1.5', 'x', 7].map(readNumber), [-2, 1.5, 'x', 7]);
});

test('what a step changed is told against the step before, or the start', () => {
  const log = [{ values: { trust: 40 } }, { values: { trust: 55 } }];
  assert.equal(changeOf({ id: 'trust', value: 55, start: 30 }, log), 15);
  assert.equal(changeOf({ id: 'trust', value: 40, start: 30 }, log.slice(0, 1)), 10);
  assert.equal(changeOf({ id: 'trust', value: 30, start: 30 }, log.slice(0, 1)), null);
  assert.equal(changeOf({ id: 'trust', value: 30 }, []), null);
});
