import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  emptyField, insertField, joinSubfield, locate, moveField, partAt, readPlace, recordText, removeField, retag, setPositions,
  showPlace, splitSubfield, withCode, withIndicators, withText, withValue, withoutBlanks,
} from '../../xblocks/public/marc/record.js';

const title = ['245', '10', [['a', 'Judita :'], ['b', 'ep u šest libara /'], ['c', 'Marko Marulić.']]];
const record = [['LDR', '00000nam'], ['008', '191021s2019'], title, ['650', ' 4', [['a', 'One']]], ['650', ' 4', [['a', 'Two'], ['a', 'Three']]]];

test('a control field that becomes a data field keeps its text, and back', () => {
  assert.deepEqual(retag(['008', 'abc'], '245'), ['245', '  ', [['a', 'abc']]]);
  assert.deepEqual(retag(['245', '10', [['a', 'one'], ['b', 'two']]], 'LDR'), ['LDR', 'one two']);
  assert.deepEqual(retag(title, '246'), ['246', ...title.slice(1)]);
});

test('fields move within the record and never out of it', () => {
  assert.deepEqual(moveField([1, 2, 3], 0, 1), [2, 1, 3]);
  const same = [1, 2, 3];
  assert.equal(moveField(same, 0, -1), same);
  assert.equal(moveField(same, 2, 1), same);
});

test('inserting and removing leave the original as it was', () => {
  const before = JSON.stringify(record);
  assert.equal(insertField(record, 2, emptyField()).length, record.length + 1);
  assert.equal(removeField(record, 0).length, record.length - 1);
  assert.equal(JSON.stringify(record), before);
});

test('a subfield split and joined again is what it was', () => {
  const split = splitSubfield(['245', '10', [['a', 'Judita : ep']]], 0, 'Judita :', 'b', ' ep');
  assert.deepEqual(split[2], [['a', 'Judita :'], ['b', ' ep']]);
  assert.deepEqual(joinSubfield(split, 1)[2], [['a', 'Judita : ep']]);
  assert.equal(joinSubfield(title, 0), title);
});

test('a code typed at the start of a subfield names it', () => {
  assert.deepEqual(splitSubfield(['336', '  ', [['a', '']]], 0, '', 'b', 'txt')[2], [['b', 'txt']]);
  assert.deepEqual(splitSubfield(title, 1, '', 'n', 'two')[2], [['a', 'Judita :'], ['n', 'two'], ['c', 'Marko Marulić.']]);
});

test('what stands at a place is a value or a whole field', () => {
  assert.equal(partAt(record, '245[0]$b'), 'ep u šest libara /');
  assert.deepEqual(partAt(record, '008[0]/35-37'), ['008', '191021s2019']);
  assert.equal(partAt(record, '650[0].ind2'), '4');
  assert.equal(partAt(record, '700[0]$a'), null);
});

test('a position is set without moving any other', () => {
  const value = '191021s2019    ci a          000 p hrv d';
  assert.equal(setPositions(value, 15, 17, 'yu', 40), '191021s2019    yu a          000 p hrv d');
  assert.equal(setPositions('', 35, 37, 'hrv', 40).length, 40);
  assert.equal(setPositions('', 35, 37, 'hrv', 40).slice(35, 38), 'hrv');
  assert.equal(setPositions(value, 35, 37, 'toolong', 40).length, 40);
});

test('rows that nobody filled in are not handed in', () => {
  const fields = [['LDR', ''], emptyField('245'), ['100', '1 ', [['a', 'X'], ['d', ' ']]]];
  assert.deepEqual(withoutBlanks(fields), [['100', '1 ', [['a', 'X']]]]);
});

test('places of a mark are found in the record', () => {
  assert.deepEqual(locate(record, '245[0]$b[0]'), { field: 2, subfield: 1, indicator: '' });
  assert.deepEqual(locate(record, '650[1]$a[1]'), { field: 4, subfield: 1, indicator: '' });
  assert.equal(locate(record, '008[0]/35-37').field, 1);
  assert.equal(locate(record, '245[0]/ind1').indicator, 'ind1');
  assert.equal(locate(record, '999[0]'), null);
  assert.equal(locate(record, ''), null);
  assert.deepEqual([readPlace('008[0]/35-37').start, readPlace('008[0]/35-37').end], [35, 37]);
});

test('places are shown as cataloguers write them', () => {
  assert.equal(showPlace('245[0]$b[0]'), '245 $b');
  assert.equal(showPlace('650[1]$a[1]'), '650 (2) $a (2)');
  assert.equal(showPlace('008[0]/35-37'), '008/35–37');
  assert.equal(showPlace('245[0]/ind1'), '245 ind1');
});

test('a record as text shows blank indicators', () => {
  assert.equal(recordText([['008', 'x'], ['650', ' 4', [['a', 'Y']]]]), '008    x\n650 #4 $aY');
});

test('what else a field and a subfield carry stays with them through every change', () => {
  const field = ['245', '10', [['a', 'Judita :', { w: 3 }], ['b', 'ep']], { w: 12 }];
  for (const [changed, options, tag] of [
    [withIndicators(field, '00'), { w: 3 }, '245'],
    [withCode(field, 0, 'c'), { w: 3 }, '245'],
    [withValue(field, 0, 'Judita'), { w: 3 }, '245'],
    [splitSubfield(field, 0, 'Ju', 'n', 'dita'), { w: 3 }, '245'],
    [splitSubfield(field, 0, '', 'n', 'x'), { w: 3 }, '245'],
    [joinSubfield(field, 1), { w: 3 }, '245'],
    [retag(field, '246'), { w: 3 }, '246'],
  ]) {
    assert.deepEqual([changed[0], changed[2][0][2], changed[3]], [tag, options, { w: 12 }]);
  }
  assert.deepEqual(splitSubfield(field, 0, 'Ju', 'n', 'dita')[2][1], ['n', 'dita']);
  assert.deepEqual(retag(field, '008'), ['008', 'Judita : ep', null, { w: 12 }]);
  assert.deepEqual(withText(['008', 'x', null, { w: 2 }], 'y'), ['008', 'y', null, { w: 2 }]);
  assert.deepEqual(withText(['008', 'x'], 'y'), ['008', 'y']);
});
