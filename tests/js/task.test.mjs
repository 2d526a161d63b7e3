/* Answers that people grade: words, pinned places, levels and points. */

import assert from 'node:assert/strict';
import test from 'node:test';

import { countWords, pickLevel, readPoints, runsOf, toCodePoints, totalOf, typePoints } from '../../xblocks/public/task/answers.js';

const CRITERION = { id: 'a', points: 6, levels: [{ least: 0, most: 0 }, { least: 1, most: 3 }, { least: 4, most: 6 }] };

test('words are counted as people count them', () => {
  assert.equal(countWords('  Марин Држић,\n1567 '), 3);
  assert.equal(countWords(''), 0);
});

test('a text falls into runs at the ends of its pins, which may overlap', () => {
  const pins = [{ kind: 'text', start: 0, end: 5 }, { kind: 'image' }, { kind: 'text', start: 3, end: 8 }];
  assert.deepEqual(runsOf('Judita, ep', pins), [
    { text: 'Jud', pins: [1] }, { text: 'it', pins: [1, 3] }, { text: 'a, ', pins: [3] }, { text: 'ep', pins: [] },
  ]);
  assert.equal(runsOf('Judita', []).map(({ text }) => text).join(''), 'Judita');
});

test('places are counted in characters, of which a browser counts some twice', () => {
  const text = '𝒜na i 𝒥udita';
  assert.equal(toCodePoints(text, text.indexOf('i ')), 4);
  const [first] = runsOf(text, [{ kind: 'text', start: 0, end: 3 }]);
  assert.equal(first.text, '𝒜na');
});

test('picking a level gives its most points, and picking it again keeps what was given', () => {
  assert.deepEqual(pickLevel(CRITERION, undefined, 2), { level: 2, points: 6 });
  assert.deepEqual(pickLevel(CRITERION, { level: 2, points: 4.5, comment: 'x' }, 2), { level: 2, points: 4.5, comment: 'x' });
  assert.equal(pickLevel(CRITERION, { level: 2, points: 5 }, 1).points, 3);
});

test('typing points finds the level that holds them', () => {
  assert.deepEqual(typePoints(CRITERION, { comment: 'x' }, 2), { comment: 'x', points: 2, level: 1 });
  assert.deepEqual(typePoints(CRITERION, { level: 1, points: 2 }, 3.5), { points: 3.5 });
  assert.deepEqual(typePoints(CRITERION, { level: 1, points: 2 }, null), {});
});

test('points may be typed with a decimal comma, in hundredths', () => {
  assert.equal(readPoints(' 2,5 '), 2.5);
  assert.equal(readPoints('1.255'), null);
  assert.equal(readPoints('two'), null);
  assert.equal(readPoints(''), null);
});

test('the total tells how many criteria have no points yet', () => {
  assert.deepEqual(totalOf([{ id: 'a' }, { id: 'b' }], { a: { points: 2.5 }, b: { comment: 'x' } }), { points: 2.5, missing: 1 });
});

test('a rubric grows and changes without ids being given twice', async () => {
  const { acceptsOf, addCriterion, complete, formOf, moveCriterion, readRange, removeCriterion, setLevels, writeRange } = await import('../../xblocks/public/task/rubric.js');
  let rubric = addCriterion(addCriterion(complete({})));
  rubric = addCriterion(removeCriterion(rubric, 0));
  assert.equal(new Set(rubric.criteria.map(({ id }) => id)).size, 2);
  assert.deepEqual(moveCriterion(rubric, 0, 1).criteria.map(({ id }) => id), rubric.criteria.map(({ id }) => id).reverse());
  assert.equal(setLevels(rubric, 0, (levels) => [...levels, { name: 'x', points: 1 }]).criteria[0].levels.length, 1);
  assert.deepEqual(['1–3', '1 - 3', '2,5', 'x'].map(readRange), [[1, 3], [1, 3], 2.5, 'x']);
  assert.equal(writeRange([1, 3]), '1–3');
  for (const accepts of [{ text: true }, { text: { least_words: 5 } }, { text: false, files: { most: 2, kinds: ['pdf'] } }]) {
    assert.deepEqual(acceptsOf(formOf({ accepts })), accepts);
  }
});
