import assert from 'node:assert/strict';
import { test } from 'node:test';

import { filledIn, isTouched, placeDiagnostics } from '../../xblocks/public/marc/checking.js';

const BLANK = ['650', '  ', [['a', '']]];
const RECORD = [['LDR', ''], ['008', '19'], BLANK, ['650', ' 4', [['x', ' '], ['a', 'Ep'], ['a', 'Pjesma']]], ['', '  ', [['a', '']]]];

test('blank rows and subfields are not checked', () => {
  assert.deepEqual(filledIn(RECORD).sent, [['008', '19'], ['650', ' 4', [['a', 'Ep'], ['a', 'Pjesma']]]]);
});

test('a diagnostic is found in the rows in which it was written', () => {
  const places = ['650[0]$a[1]', '650[0]/ind1', '008[0]/35-37', '245', ''].map((where) => ({ where }));
  const placed = placeDiagnostics(places, filledIn(RECORD), RECORD, []);
  assert.deepEqual(placed.map(({ row, subfield, indicator }) => [row, subfield, indicator]), [
    [3, 2, ''], [3, null, 'ind1'], [1, null, ''], [null, undefined, undefined], [null, undefined, undefined],
  ]);
});

test('nothing is said of what stands as the author gave it', () => {
  const placed = placeDiagnostics([{ where: '008[0]' }, { where: '650[0]' }], filledIn(RECORD), RECORD, [['008', '19'], BLANK]);
  assert.deepEqual(placed.map(({ where }) => where), ['650[0]']);
});

test('there is nothing to check before anything is written', () => {
  assert.equal(isTouched(filledIn(RECORD), RECORD, RECORD), false);
  assert.equal(isTouched(filledIn([BLANK]), [BLANK], []), false);
  assert.equal(isTouched(filledIn(RECORD), RECORD, []), true);
});
