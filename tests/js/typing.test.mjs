import assert from 'node:assert/strict';
import { test } from 'node:test';

import { actionOf } from '../../xblocks/public/marc/keys.js';
import { readTyping } from '../../xblocks/public/marc/typing.js';

/* What becomes of `text`, typed one character after another at the end of `before`. */
function type(before, text, after = '') {
  let state = { value: before + after, caret: before.length, delimiter: null };
  for (const char of text) {
    const value = state.value.slice(0, state.caret) + char + state.value.slice(state.caret);
    state = readTyping(value, state.caret + 1, char, state.delimiter);
    if (state.code) return state;
  }
  return state;
}

test('a delimiter and a code begin a subfield, with the spaces before it gone', () => {
  assert.deepEqual(type('Judita : ', '$b'), { before: 'Judita :', code: 'b', after: '' });
  assert.deepEqual(type('Judita :', '‡B', ' ep'), { before: 'Judita :', code: 'b', after: 'ep' });
  assert.deepEqual(type('', '$2'), { before: '', code: '2', after: '' });
});

test('two delimiters write a dollar sign, and a code after them is text', () => {
  assert.equal(type('price ', '$$b').value, 'price $b');
  assert.equal(type('price ', '$$').delimiter, null);
});

test('a delimiter that was not typed just now begins nothing', () => {
  assert.equal(type('costs $', 'b').value, 'costs $b');
  assert.equal(type('', '$ b').value, '$ b');
  assert.equal(readTyping('$b', 2, '', 0).value, '$b'); // pasted
});

const press = (key, cell, held = {}) => actionOf({ key, target: { dataset: { cell } }, ...held });

test('keys mean the same in every cell', () => {
  for (const cell of ['tag', 'ind1', 'value', 'code.0', 'value.3']) {
    assert.equal(press('Enter', cell), 'add');
    assert.equal(press('ArrowUp', cell, { altKey: true }), 'up');
    assert.equal(press('ArrowDown', cell, { altKey: true }), 'down');
    assert.equal(press('ArrowDown', cell, { altKey: true, shiftKey: true }), 'duplicate');
    assert.equal(press('Delete', cell, { altKey: true }), 'delete');
    assert.equal(press('z', cell, { ctrlKey: true }), 'undo');
    assert.equal(press('Z', cell, { metaKey: true, shiftKey: true }), 'redo');
    assert.equal(press('y', cell, { ctrlKey: true }), 'redo');
  }
});

test('arrows leave the tag and the indicators, and stay in a value', () => {
  assert.equal(press('ArrowDown', 'tag'), 'below');
  assert.equal(press('ArrowUp', 'ind2'), 'above');
  assert.equal(press('ArrowDown', 'value.0'), null);
});

test('what is being composed, and what is no cell, is the browser’s', () => {
  assert.equal(press('Enter', 'value.0', { isComposing: true }), null);
  assert.equal(press('Enter', undefined), null);
  assert.equal(press('c', 'tag', { ctrlKey: true }), null);
});
