import assert from 'node:assert/strict';
import { test } from 'node:test';

import { packNear, packValue } from '../../xblocks/public/drill_editor/controls.js';
import {
  addItem, completeExercise, duplicateItem, freeId, getAt, moveAt, readPath, removeAt, setAt, tidied, wordsOf, writePath,
} from '../../xblocks/public/drill_editor/items.js';
import { ASKED, FURTHER, TYPES, blankItem, restOf } from '../../xblocks/public/drill_editor/types.js';

const exercise = {
  items: [{ id: 'udc-1', type: 'udc', prompt: 'a', value: '02' }, { id: 'area', type: 'order', prompt: 'b', elements: [{ text: 'x' }, { text: 'y', mark: ' : ' }] }],
  pools: { udc: 1 },
};

test('a part is replaced at its path and all else stays the same object', () => {
  const changed = setAt(exercise, ['items', 1, 'elements', 0, 'text'], 'z');
  assert.equal(changed.items[1].elements[0].text, 'z');
  assert.equal(exercise.items[1].elements[0].text, 'x');
  assert.equal(changed.items[0], exercise.items[0]);
  assert.deepEqual(setAt({}, ['settings', 'shuffle'], true), { settings: { shuffle: true } });
});

test('a part set to nothing is gone, with no trace of its name', () => {
  assert.deepEqual(setAt({ a: 1, b: 2 }, ['a'], undefined), { b: 2 });
  assert.deepEqual(setAt({ a: null }, ['a'], null), { a: null });
});

test('paths are written as faults name them, and read back', () => {
  for (const where of ['items[2].rows[0].place', 'items[10]', 'pools', 'items[0].names[1].heading.alt[2]']) assert.equal(writePath(readPath(where)), where);
  assert.deepEqual(readPath('items[2].rows[0].place'), ['items', 2, 'rows', 0, 'place']);
  assert.equal(getAt(exercise, readPath('items[1].elements[1].mark')), ' : ');
  assert.equal(getAt(exercise, readPath('items[7].elements[1].mark')), undefined);
});

test('new items and copies have a name of their own', () => {
  assert.equal(freeId(exercise.items, 'udc'), 'udc-2');
  const copied = duplicateItem(exercise, 1);
  assert.deepEqual(copied.items.map(({ id }) => id), ['udc-1', 'area', 'area-1']);
  assert.notEqual(copied.items[2].elements, exercise.items[1].elements);
  assert.deepEqual(addItem(exercise, blankItem('isbn')).items[2].id, 'isbn-1');
  assert.ok(freeId([], 'x'.repeat(60)).length <= 40);
});

test('items move within the list and never out of it', () => {
  const list = ['a', 'b', 'c'];
  assert.deepEqual(moveAt(list, 0, 1), ['b', 'a', 'c']);
  assert.equal(moveAt(list, 2, 1), list);
  assert.deepEqual(removeAt(list, 1), ['a', 'c']);
});

test('what is left empty is not kept, but rows and blanks that count are', () => {
  assert.deepEqual(tidied({ items: [{ id: 'a', hint: '', alt: [], ask_position: false, elements: [{ text: '' }, { text: 'y', mark: ' ' }], right: null }] }),
    { items: [{ id: 'a', ask_position: false, elements: [{}, { text: 'y', mark: ' ' }], right: null }] });
});

test('whatever was imported has items', () => {
  for (const value of [null, {}, { items: 'x' }, { items: [1, null, 'x'] }]) assert.deepEqual(completeExercise(value).items, []);
  assert.equal(completeExercise(exercise).items.length, 2);
});

test('a value is text until there is something to add', () => {
  assert.equal(packValue({ value: 'aut', alt: [], near: [] }), 'aut');
  assert.equal(packValue({ value: '' }), undefined);
  assert.deepEqual(packValue({ value: 'aut', alt: ['autor'], near: undefined }), { value: 'aut', alt: ['autor'] });
  assert.deepEqual(packNear({ value: '02', credit: undefined }), ['02', 0.5, '']);
});

test('what no field shows is left for JSON', () => {
  assert.deepEqual(restOf({ id: 'a', type: 'udc', prompt: 'x', value: '02', variants: [], pool: 'p' }), { variants: [] });
  assert.deepEqual(restOf({ type: 'riddle', answer: 42 }), { answer: 42 });
});

test('every type begins with fields that the editor shows, and with something to fill in', () => {
  assert.equal(Object.keys(TYPES).length, 12);
  for (const type of Object.keys(TYPES)) {
    const item = blankItem(type);
    assert.deepEqual(restOf(item), {}, type);
    assert.ok(Object.keys(item).length > 2, type);
  }
  const names = [...ASKED, ...FURTHER].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test('tags are left out where items are told apart', () => {
  assert.equal(wordsOf('<p>A <b>novel</b></p>\n<p>x</p>'), 'A novel x');
});
