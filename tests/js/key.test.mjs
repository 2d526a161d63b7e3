import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  NoRecord, emptyKey, fieldLine, locatePlace, plainRecord, readExercise, readField, readFieldLine, readFieldLines, readIndicators,
  readNumber, readWeights, rowsOf, showIndicators, showWeights, withOptions, withSubOptions, writeExercise,
} from '../../xblocks/public/marc/key.js';
import { emptied } from '../../xblocks/public/marc/starter.js';

const FIELDS = [
  { tag: 'LDR', value: '00000nam a2200000 i 4500' },
  { tag: '245', ind: '10', w: 12, alt: [{ tag: '246', ind: '10', sub: [['a', 'Judita']] }], sub: [['a', 'Judita :', { w: 5, near: [['Judith :', 0.5, 'translated']] }], ['b', 'ep']] },
  { tag: '650', ind: ' 4', pool: 'subjects', sub: [['a', 'Ep', { alt: ['Epovi'] }]] },
];
const EXERCISE = {
  keys: [
    { profile: 'marc21', punct: 'ignored', pools: { subjects: 1 }, fields: FIELDS },
    { profile: 'unimarc', fields: [{ tag: '200', ind: '1 ', sub: [['a', 'Judita']] }] },
  ],
  note: 'kept',
};

test('a key read into rows and written again is what it was', () => {
  assert.deepEqual(writeExercise(readExercise(EXERCISE, 'marc21')), EXERCISE);
});

test('one key alone is written as the only one of a list', () => {
  assert.deepEqual(writeExercise(readExercise(EXERCISE.keys[1], 'marc21')), { keys: [EXERCISE.keys[1]] });
});

test('a blank page is one empty key in the format of the exercise', () => {
  for (const raw of [{}, { keys: [] }]) {
    assert.deepEqual(writeExercise(readExercise(raw, 'comarc')), { keys: [{ profile: 'comarc', fields: [] }] });
  }
});

test('what cannot be shown in rows says where it stands', () => {
  const path = (raw) => {
    try {
      readExercise(raw, 'marc21');
    } catch (error) {
      assert.ok(error instanceof NoRecord);
      return error.path;
    }
    return null;
  };
  assert.equal(path([]), '');
  assert.equal(path({ keys: 5 }), 'keys');
  assert.equal(path({ keys: [{ fields: [{ tag: '245', sub: 'x' }] }] }), 'keys[0].fields[0].sub');
  assert.equal(path({ keys: [{ fields: [{ tag: '245', sub: [['a']] }] }] }), 'keys[0].fields[0].sub[0]');
  assert.equal(path({ fields: [{ tag: 245 }] }), 'fields[0].tag');
});

test('rows that nobody has begun are left out, and places still find the others', () => {
  const model = readExercise(EXERCISE, 'marc21');
  model.keys[0].record.splice(1, 0, ['', '  ', [['a', '']]]);
  assert.deepEqual(rowsOf(model.keys[0].record), [0, 2, 3]);
  assert.deepEqual(writeExercise(model), EXERCISE);
  assert.equal(locatePlace(model, 'keys[0].fields[1].sub[0]').row, 2);
  assert.equal(plainRecord(model.keys[0].record).length, 3);
});

test('a place of the check is a part of a key or a place in its record', () => {
  const model = readExercise(EXERCISE, 'marc21');
  assert.deepEqual(locatePlace(model, 'keys[0].fields[1].sub[1].near[0]'), { key: 0, row: 1, subfield: 1, part: 'near', isGrading: true });
  assert.deepEqual(locatePlace(model, 'keys[0].fields[1].w'), { key: 0, row: 1, subfield: null, part: 'w', isGrading: true });
  assert.deepEqual(locatePlace(model, 'keys[1].200[0]$a[0]'), { key: 1, row: null, part: '200[0]$a[0]' });
  assert.deepEqual(locatePlace(model, 'keys[1].settings.weights'), { key: 1, row: null, part: 'settings.weights' });
  assert.deepEqual(locatePlace(model, 'keys'), { key: 0, row: null, part: 'keys' });
});

test('options are set, and those that say nothing are left out', () => {
  const field = readField(FIELDS[1]);
  assert.deepEqual(withOptions(field, { w: null, optional: true })[3], { alt: FIELDS[1].alt, optional: true });
  assert.deepEqual(withOptions(['245', '10', [['a', 'x']]], { w: 2 }), ['245', '10', [['a', 'x']], { w: 2 }]);
  assert.deepEqual(withOptions(['008', 'x'], { w: 2 }), ['008', 'x', null, { w: 2 }]);
  assert.deepEqual(withSubOptions(field, 0, { near: [], w: 0 })[2][0][2], { w: 0 });
});

test('a field is written on a line and read from it again', () => {
  for (const field of FIELDS) {
    const plain = readFieldLine(fieldLine(field));
    assert.equal(fieldLine(plain), fieldLine(field));
  }
  assert.deepEqual(readFieldLine('264 #1 $aZagreb :$b costs $$5 ‡c2019'), { tag: '264', ind: ' 1', sub: [['a', 'Zagreb :'], ['b', 'costs $5'], ['c', '2019']] });
  assert.deepEqual(readFieldLine('245'), { tag: '245', ind: '  ', sub: [] });
});

test('accepted fields that stand as before keep what else is said of them', () => {
  const before = [FIELDS[1]];
  assert.equal(readFieldLines(`${fieldLine(FIELDS[1])}\n\n264 #1 $aX`, before)[0], FIELDS[1]);
  assert.equal(readFieldLines(`${fieldLine(FIELDS[1])}\n\n264 #1 $aX`, before).length, 2);
});

test('numbers, indicators and weights are read as people write them', () => {
  assert.deepEqual([readNumber('0,7'), readNumber(' '), readNumber('much')], [0.7, null, 'much']);
  assert.deepEqual(readIndicators('10, 0#; _1'), ['10', '0 ', ' 1']);
  assert.equal(showIndicators(['10', '0 ']), '10, 0#');
  assert.deepEqual(readWeights('title 12\n650 = 6,5\n'), { title: 12, 650: 6.5 });
  assert.deepEqual(readWeights(showWeights({ title: 12, 650: 6.5 })), { title: 12, 650: 6.5 });
});

test('trainees may begin with the key’s fields and nothing in them', () => {
  assert.deepEqual(emptied(plainRecord(readExercise(EXERCISE, '').keys[0].record)), [
    ['LDR', ''], ['245', '  ', [['a', ''], ['b', '']]], ['650', '  ', [['a', '']]],
  ]);
  assert.deepEqual(emptyKey('marc21'), { record: [], about: { profile: 'marc21' } });
});
