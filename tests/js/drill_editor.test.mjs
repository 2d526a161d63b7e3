import assert from 'node:assert/strict';
import { test } from 'node:test';

import { packNear, packValue } from '../../xblocks/public/drill_editor/controls.js';
import { ASKED, DRILL, FURTHER, TYPES, blankItem } from '../../xblocks/public/drill_editor/types.js';
import { allFieldsOf, fold, locate, restOf, unfold } from '../../xblocks/public/engine_editor/shape.js';
import { readPath } from '../../xblocks/public/engine_editor/tree.js';

const [ITEMS] = DRILL;
const rest = (item) => restOf(allFieldsOf(ITEMS, item), item);

test('a drill comes back from the editor as it was written', () => {
  const drill = {
    items: [
      { id: 'udc-1', type: 'udc', prompt: 'a', value: '02', near: [['01', 0.5, 'no']], variants: [{ value: '03' }] },
      { id: 'area', type: 'order', prompt: 'b', elements: [{ text: 'x' }, { text: 'y', mark: ' : ' }], pool: 'p' },
    ],
    settings: { shuffle: true },
    pools: { p: 1 },
  };
  assert.deepEqual(fold(DRILL, unfold(DRILL, drill)), drill);
  assert.deepEqual(locate(DRILL, unfold(DRILL, drill), readPath('items[1].elements[1].mark')), ['items', 1, 'elements', 1, 'mark']);
  assert.deepEqual(locate(DRILL, unfold(DRILL, drill), readPath('pools.p')), ['pools', 0, 'count']);
});

test('what is left empty is not kept, but rows and blanks that count are', () => {
  const item = { id: 'a', type: 'isbn', hint: '', alt: [], ask_position: false, right: null };
  const order = { id: 'b', type: 'order', elements: [{ text: '' }, { text: 'y', mark: ' ' }], distractors: [] };
  const { items } = fold(DRILL, unfold(DRILL, { items: [{ ...item, given: '' }, order] }));
  assert.deepEqual(items[0], { ...item });
  assert.deepEqual(items[1], { id: 'b', type: 'order', elements: [{}, { text: 'y', mark: ' ' }] });
});

test('whatever was imported has items', () => {
  for (const value of [null, {}, { items: 'x' }, { items: [1, null, 'x'] }]) assert.deepEqual(fold(DRILL, unfold(DRILL, value)), {});
});

test('a value is text until there is something to add', () => {
  assert.equal(packValue({ value: 'aut', alt: [], near: [] }), 'aut');
  assert.equal(packValue({ value: '' }), undefined);
  assert.deepEqual(packValue({ value: 'aut', alt: ['autor'], near: undefined }), { value: 'aut', alt: ['autor'] });
  assert.deepEqual(packNear({ value: '02', credit: undefined }), ['02', 0.5, '']);
});

test('what no field shows is left for JSON', () => {
  assert.deepEqual(rest({ id: 'a', type: 'udc', prompt: 'x', value: '02', variants: [], pool: 'p' }), { variants: [] });
  assert.deepEqual(rest({ type: 'riddle', answer: 42 }), { answer: 42 });
});

test('every type begins with fields that the editor shows, and with something to fill in', () => {
  assert.equal(Object.keys(TYPES).length, 12);
  for (const type of Object.keys(TYPES)) {
    const item = blankItem(type);
    assert.deepEqual(rest(item), {}, type);
    assert.ok(Object.keys(item).length > 2, type);
  }
  const names = [...ASKED, ...FURTHER].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});
