import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatPoints, groupLines } from '../../xblocks/public/exercise/result.js';

test('lines are grouped with what needs work first, and empty groups are left out', () => {
  const lines = [{ kind: 'right', n: 1 }, { kind: 'missing', n: 2 }, { kind: 'right', n: 3 }];
  assert.deepEqual(groupLines(lines).map(([kind, group]) => [kind, group.map(({ n }) => n)]), [['missing', [2]], ['right', [1, 3]]]);
});

test('points are written in the reader’s way', () => {
  assert.equal(formatPoints(8.846, 'en'), '8.85');
  assert.equal(formatPoints(8.5, 'hr'), '8,5');
});
