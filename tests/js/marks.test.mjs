import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readTyped } from '../../xblocks/public/exercise/marks.js';

test('points are read with either mark, and a minus however it is written', () => {
  assert.deepEqual(['3', ' 2,5 ', '2.5', '-1', '\u22121'].map(readTyped), [3, 2.5, 2.5, -1, -1]);
});

test('what is no number is never sent as one, nor as nothing, which takes a change back', () => {
  for (const typed of ['', ' ', '3 points', '1,2,3', 'Infinity']) assert.equal(JSON.stringify(readTyped(typed)), JSON.stringify(typed));
});
