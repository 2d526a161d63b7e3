import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeHistory } from '../../xblocks/public/exercise/history.js';
import { fillWords } from '../../xblocks/public/exercise/words.js';

test('typing in one cell is one step to undo; each other change is its own', () => {
  const history = makeHistory('a');
  history.record('ab', 'cell');
  history.record('abc', 'cell');
  history.record('moved');
  assert.equal(history.undo(), 'abc');
  assert.equal(history.undo(), 'a');
  assert.equal(history.undo(), null);
  assert.equal(history.redo(), 'abc');
  history.record('new');
  assert.equal(history.redo(), null);
});

test('words are filled in once and unknown places stay empty', () => {
  assert.equal(fillWords('{a} of {b}', { a: 1, b: '{a}' }), '1 of {a}');
  assert.equal(fillWords('{missing}', {}), '');
});
