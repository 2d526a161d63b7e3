import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readAmount, writeAmount } from '../../xblocks/public/sheets/amounts.js';
import { byCategory, costOf, keepsRule, sumOfShares } from '../../xblocks/public/sheets/budgeting.js';
import { completeSheet, needsDecimal, sheetToSubmit, withBlock } from '../../xblocks/public/sheets/cells.js';
import { episodesToSubmit } from '../../xblocks/public/sheets/episodes.js';
import { readBlock, readNumber } from '../../xblocks/public/sheets/numbers.js';
import { axisOf, indexAtX, PLOT } from '../../xblocks/public/sheets/plot.js';
import { findNext, parseTable, statsOf, thin, unpackSeries, windowAround } from '../../xblocks/public/sheets/series.js';
import { conflictsOf, hoursBy, rotaToSubmit, withPerson } from '../../xblocks/public/sheets/staffing.js';
import { hourOf, timeOf } from '../../xblocks/public/sheets/times.js';

test('numbers are read as people of several countries type them', () => {
  const values = { '1 234,5': 1234.5, '1,234.5': 1234.5, '1.234,5': 1234.5, "1'234": 1234, '-0,5': -0.5, '\u22122': -2, '1e3': 1000, '1.234.567': 1234567 };
  for (const [text, value] of Object.entries(values)) assert.equal(readNumber(text).value, value, text);
  assert.deepEqual(readNumber('62,01 €/user'), { value: 62.01, unit: '€/user' });
  assert.deepEqual([readNumber('1.234'), readNumber('1,234')], [{ isTwoWays: true }, { isTwoWays: true }]);
  assert.deepEqual([readNumber('1.234', ',').value, readNumber('1.234', '.').value], [1234, 1.234]);
  assert.deepEqual([readNumber('0.234').value, readNumber(' '), readNumber('many')], [0.234, null, { isNone: true }]);
});

test('a block of a spreadsheet fills values and units from a cell on, and no more than there are', () => {
  const rows = readBlock('1\tEUR\r\n2\t\r\n3\tx\r\n');
  assert.deepEqual(rows, [['1', 'EUR'], ['2', ''], ['3', 'x']]);
  const answer = withBlock(completeSheet({ cells: { b: { unit: 'kg' } } }), ['a', 'b'], 'b', rows);
  assert.deepEqual(answer.cells, { b: { unit: 'EUR', value: '1' } });
});

test('what is empty is not handed in, and the decimal mark only if somebody said it', () => {
  assert.deepEqual(sheetToSubmit(completeSheet({ cells: { a: '1', b: { value: ' ', rows: [] } } })), { cells: { a: { value: '1' } } });
  assert.deepEqual(sheetToSubmit(completeSheet(null)), {});
  const unclear = completeSheet({ cells: { a: '1.234' }, decimal: ',' });
  assert.equal(needsDecimal(unclear), true);
  assert.equal(sheetToSubmit(unclear).decimal, ',');
});

test('amounts of data are written as they were typed', () => {
  for (const text of ['5', '1; 2; 3', '100 … 200 / 10', '10 | 20 | 30']) assert.equal(writeAmount(readAmount(text)), text);
  assert.deepEqual(readAmount('1...9'), { least: 1, most: 9 });
  assert.deepEqual([readAmount(' '), readAmount('many'), writeAmount([7])], [undefined, 'many', '7;']);
});

const items = [{ id: 'a', cost: 3, category: 'x' }, { id: 'b', cost: 4, category: 'x' }, { id: 'c', cost: 5, category: 'y' }];
const rule = (kind, names, more = {}) => ({ kind, names, min: 0, max: null, count: 0, ...more });

test('a budget tells what is spent and which rules are kept', () => {
  assert.equal(costOf(items, ['a', 'c']), 8);
  assert.deepEqual(byCategory(items, ['a', 'b']), [{ category: 'x', cost: 7, count: 2 }, { category: 'y', cost: 0, count: 0 }]);
  const kept = (one, ...chosen) => keepsRule(one, items, chosen);
  assert.deepEqual([kept(rule('must', ['a']), 'a'), kept(rule('must', ['a']), 'b')], [true, false]);
  assert.deepEqual([kept(rule('requires', ['a', 'b']), 'a'), kept(rule('requires', ['a', 'b']), 'b')], [false, true]);
  assert.deepEqual([kept(rule('excludes', ['a', 'b']), 'a', 'b'), kept(rule('excludes', ['a', 'b']), 'b')], [false, true]);
  const within = rule('category', ['x'], { min: 3, max: 6, count: 1 });
  assert.deepEqual([kept(within), kept(within, 'a'), kept(within, 'a', 'b')], [false, true, false]);
  assert.equal(sumOfShares({ a: 10, b: undefined, c: 2.5 }), 12.5);
});

const task = {
  rest: 11,
  shifts: [{ id: 's', text: 'S', start: 0, end: 6, need: 1, most: 1, skills: { desk: 1 } }, { id: 't', text: 'T', start: 10, end: 16, need: 2, most: 2, skills: {} }],
  people: [{ id: 'ana', skills: [], off: ['t'], max_hours: 10 }, { id: 'ivo', skills: ['desk'], off: [], max_hours: 40 }],
};

test('a rota tells every conflict that follows from what all may know', () => {
  let answer = withPerson({ shifts: {} }, 's', 0, 'ana');
  answer = withPerson(answer, 't', 1, 'ana');
  assert.deepEqual(conflictsOf(task, answer).map(({ shift, kind }) => `${shift} ${kind}`), ['s skill', 't few', 't off', 't rest', 't hours']);
  assert.equal(hoursBy(task, answer).get('ana'), 12);
  assert.deepEqual(rotaToSubmit(answer), { shifts: { s: ['ana'], t: ['ana'] } });
  assert.deepEqual(conflictsOf(task, withPerson({ shifts: {} }, 's', 0, 'ivo')), []);
});

test('times are read and written without a zone', () => {
  assert.equal(hourOf('1970-01-02 03:30'), 27.5);
  assert.equal(timeOf(hourOf('2023-07-08T14:00')), '2023-07-08 14:00');
  for (const text of ['', '8 July', '2023-02-30', '2023-01-01 24:00']) assert.equal(hourOf(text), null, text);
});

const series = unpackSeries({ start: '2023-01-01T00:00', step: 1, scale: 10, t: [200, 0, null, 5, 0], rh: [500, 200, null, -400, 0] });

test('readings come as differences and keep their gaps', () => {
  assert.deepEqual([series.t, series.rh], [[20, 20, null, 20.5, 20.5], [50, 70, null, 30, 30]]);
  assert.deepEqual(statsOf(series.rh, 0, 4), { mean: 45, min: 30, max: 70, missing: 1 });
  assert.deepEqual(parseTable('time,t,rh\n2023-01-01 00:00,20.5,50\n2023-01-01 02:00,,40\n2023-01-01 01:00,21,45').rh, [50, 45, 40]);
  assert.equal(parseTable('nothing'), null);
});

test('the next place is found behind the last one, whole', () => {
  assert.deepEqual(findNext(series, 'rh_above', 65, -1), [1, 1]);
  assert.equal(findNext(series, 'rh_above', 65, 1), null);
  assert.deepEqual([findNext(series, 'missing', 0, -1), findNext(series, 'rh_below', 40, -1)], [[2, 2], [3, 4]]);
  const still = { start: 0, step: 1, t: Array(20).fill(20), rh: [41, 40, ...Array(14).fill(50), 51, 51, 52, 53] };
  assert.deepEqual(findNext(still, 'unchanged', 0, -1), [2, 15]);
});

test('a picture loses no spike, breaks at gaps, and knows what was pointed at', () => {
  const values = Array(1000).fill(10);
  values[500] = 90;
  values[700] = null;
  const lines = thin(values, 0, 999, 50);
  assert.ok(lines.flat().some(([at, value]) => at === 500 && value === 90));
  assert.equal(thin([1, null, 2], 0, 2, 10).length, 2);
  assert.deepEqual(axisOf(14.2, 23.9), { low: 14, high: 24, ticks: [14, 16, 18, 20, 22, 24] });
  assert.deepEqual([indexAtX(PLOT.left, [10, 20]), indexAtX(10_000, [10, 20])], [10, 20]);
  assert.deepEqual([windowAround(series, 0, 2), windowAround(series, 4, 99)], [[0, 1], [0, 4]]);
});

test('episodes that are left empty are not handed in', () => {
  assert.deepEqual(episodesToSubmit({ episodes: [{ start: '', end: '', kind: '' }, { start: 'x', end: '', kind: 'damp' }] }), { episodes: [{ start: 'x', kind: 'damp' }] });
  assert.deepEqual(episodesToSubmit({ episodes: [] }), {});
});
