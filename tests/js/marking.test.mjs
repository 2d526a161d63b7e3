import assert from 'node:assert/strict';
import { test } from 'node:test';

import { asPercent, readPercent } from '../../xblocks/public/marking/controls.js';
import { judged } from '../../xblocks/public/marking/described.js';
import { completeAnswer, describeMark, firstMissing, readWhere } from '../../xblocks/public/marking/marks.js';
import { asRegions, freeName, pack, readCellLine, readExpert, unpack } from '../../xblocks/public/marking/reference.js';
import {
  between, boundsOf, cellAt, cellName, ellipse, extentOf, fitted, isIn, isTooSmall, letterOf, line, movedBy, placeOf, point, polygon, readCell,
  rectangle, stepOf, toggledCell, withShape,
} from '../../xblocks/public/marking/shapes.js';

const GRID = [8, 12];
const box = rectangle({ x: 0.1, y: 0.2, w: 0.4, h: 0.1 });

test('a rectangle and an ellipse fill the box that was drawn, whichever corner came first', () => {
  const bounds = between([0.5, 0.3], [0.1, 0.2]);
  assert.deepEqual(boundsOf(rectangle(bounds), GRID), boundsOf(box, GRID));
  const oval = boundsOf(ellipse(bounds), GRID);
  for (const side of ['x', 'y', 'w', 'h']) assert.ok(Math.abs(oval[side] - bounds[side]) < 0.001);
  assert.ok(isTooSmall(between([0.1, 0.1], [0.1, 0.5])));
});

test('nothing is drawn beyond the picture', () => {
  assert.deepEqual(polygon([[-1, 0.5], [2, 0.5], [0.5, 1.2]]), { poly: [[0, 0.5], [1, 0.5], [0.5, 1]] });
  assert.deepEqual(point([1.4, -0.2]), { point: [1, 0] });
  assert.equal(polygon(Array.from({ length: 200 }, () => [0, 0])).poly.length, 120);
});

test('the extent is the share of the page, and lines and points have none', () => {
  assert.ok(Math.abs(extentOf(box, GRID) - 0.04) < 1e-9);
  assert.equal(extentOf({ cells: [[0, 0], [1, 0]] }, GRID), 2 / 96);
  assert.equal(extentOf(line([[0, 0], [1, 1]]), GRID), null);
  assert.equal(extentOf(point([0, 0]), GRID), null);
});

test('a shape is moved as far as the page goes and stretched by its box', () => {
  assert.deepEqual(boundsOf(movedBy(box, GRID, 5, -5), GRID), { x: 0.6, y: 0, w: 0.4, h: 0.1 });
  assert.deepEqual(fitted(box, GRID, { x: 0, y: 0, w: 1, h: 0.5 }), { poly: [[0, 0], [1, 0], [1, 0.5], [0, 0.5]] });
  assert.deepEqual(fitted(line([[0.2, 0.1], [0.2, 0.5]]), GRID, { x: 0.4, y: 0, w: 0, h: 0.2 }), { line: [[0.4, 0], [0.4, 0.2]] });
  assert.deepEqual(fitted(point([0.2, 0.1]), GRID, { x: 0.4, y: 0.3 }), { point: [0.4, 0.3] });
});

test('places and fields have the names that people say', () => {
  assert.equal(placeOf(box, GRID), 'upper_left');
  assert.equal(placeOf(point([1, 1]), GRID), 'lower_right');
  assert.equal(placeOf({ place: 'middle_centre' }, GRID), 'middle_centre');
  assert.equal(placeOf({}, GRID), null);
  assert.deepEqual(cellAt([1, 1], GRID), [7, 11]);
  assert.equal(cellName([3, 4]), 'D5');
  assert.deepEqual(readCell(' d5 ', GRID), [3, 4]);
  for (const name of ['I1', 'A13', 'A0', '5D', '']) assert.equal(readCell(name, GRID), null);
  assert.deepEqual([0, 25, 26, 51].map(letterOf), ['A', 'Z', 'AA', 'AZ']);
});

test('a shape is found where it lies, a line and a point near them', () => {
  assert.ok(isIn(box, [0.3, 0.25], GRID));
  assert.ok(!isIn(box, [0.3, 0.35], GRID));
  assert.ok(isIn(line([[0, 0], [1, 1]]), [0.5, 0.51], GRID));
  assert.ok(!isIn(line([[0, 0], [1, 1]]), [0.5, 0.7], GRID));
  assert.ok(isIn({ cells: [[3, 4]] }, [3.5 / 8, 4.5 / 12], GRID));
  assert.ok(!isIn({ place: 'upper_left' }, [0, 0], GRID));
});

test('a field is ticked and unticked, in the order of reading', () => {
  const cells = toggledCell(toggledCell([], [1, 1]), [5, 0]);
  assert.deepEqual(cells, [[5, 0], [1, 1]]);
  assert.deepEqual(toggledCell(cells, [5, 0]), [[1, 1]]);
});

test('arrows go by 1, 5 and 0.2 per cent', () => {
  assert.deepEqual([{}, { shiftKey: true }, { ctrlKey: true }].map(stepOf), [0.01, 0.05, 0.002]);
});

test('a mark with another shape keeps what was found there', () => {
  assert.deepEqual(withShape({ cls: 'tear', sev: 1, poly: [] }, { cells: [[0, 0]] }), { cls: 'tear', sev: 1, cells: [[0, 0]] });
});

test('a mark is named by kind, severity, place and extent', () => {
  const view = { grid: GRID, label: (cls) => cls, percent: (share) => asPercent(share, 'en'), word: (name, values = {}) => [name, ...Object.values(values)].join(' ') };
  assert.equal(describeMark({ cls: 'foxing', sev: 2, active: false, ...box }, view), 'foxing, severity_is 2, stable, place_upper_left, of_page 4');
  assert.equal(describeMark({}, view), 'no_class, no_severity, no_place');
});

test('the first mark that lacks something is named with what it lacks', () => {
  const whole = { cls: 'tear', sev: 0, ...box };
  assert.equal(firstMissing([whole]), null);
  assert.deepEqual(firstMissing([whole, { ...whole, cls: '' }]), [1, 'cls']);
  assert.deepEqual(firstMissing([{ cls: 'tear', ...box }]), [0, 'sev']);
  assert.deepEqual(firstMissing([{ cls: 'tear', sev: 1 }]), [0, 'shape']);
  assert.deepEqual(firstMissing([{ cls: 'tear', sev: 1, cells: [] }]), [0, 'shape']);
});

test('whatever was kept has marks, and a place of a result names them', () => {
  for (const kept of [null, {}, { marks: 1 }, { marks: [null, 3] }]) assert.deepEqual(completeAnswer(kept).marks, []);
  assert.deepEqual(readWhere('marks[2], marks[11]'), [2, 11]);
  assert.deepEqual(readWhere(''), []);
});

test('an observation is judged, changed, and judged to be no damage', () => {
  const once = judged([box], 2, { cls: 'tear' });
  assert.deepEqual(once, [box, { observation: 2, cls: 'tear' }]);
  const placed = judged(once, 2, { place: 'lower_left' });
  assert.deepEqual(placed[1], { observation: 2, cls: 'tear', place: 'lower_left' });
  assert.deepEqual(judged(placed, 2, { cls: undefined }), [box]);
  assert.deepEqual(judged([box], 4, { cls: undefined }), [box]);
});

test('per cent are read as people write them', () => {
  assert.equal(readPercent('12,5'), 0.125);
  assert.equal(readPercent(' 100 '), 1);
  for (const text of ['', 'x', '-1', '101', '1.2.3']) assert.equal(readPercent(text), null);
});

const EXERCISE = {
  regions: [{ id: 'r1', cls: 'foxing', sev: 1, ...box }], decoys: [{ message: 'a mark', ...box }], classes: { foxing: 'Foxing', tear: 'Tear' },
  families: { spot: ['foxing', 'mould'] }, definitions: { tear: 'A split.' }, cells: [{ at: [3, 4], text: 'Spots: brown' }], page: 'oak/3',
  settings: { t1: 0.4 }, confusions: [{ of: 'foxing', as: 'tear', message: 'Look.' }], observations: ['A.'],
};

test('an exercise is taken apart for editing and put together as it was', () => {
  assert.deepEqual(pack(unpack(EXERCISE)), EXERCISE);
  assert.deepEqual(unpack(EXERCISE).classes[2], { id: 'mould', text: '', family: 'spot', definition: '' });
  assert.deepEqual(pack(unpack({})), {});
  assert.deepEqual(pack(unpack(null)), {});
});

test('fields of a grid are written one on a line', () => {
  assert.deepEqual(readCellLine('D5: Spots: brown', GRID), { at: [3, 4], text: 'Spots: brown' });
  for (const text of ['Z9: x', 'D5', 'D5: ', '']) assert.equal(readCellLine(text, GRID), null);
});

test('an expert’s marks become regions with names of their own', () => {
  assert.equal(freeName([{ id: 'r1' }, { id: 'r3' }]), 'r2');
  const regions = asRegions({ marks: [{ cls: 'tear', sev: 2, note: 'x', ...box }, { cls: 'tear', place: 'upper_left' }] }, unpack(EXERCISE));
  assert.deepEqual(regions[1], { id: 'r2', cls: 'tear', sev: 2, ...box });
  assert.equal(regions.length, 2);
  assert.deepEqual(readExpert('[{"cls": "tear"}]'), { marks: [{ cls: 'tear' }] });
  for (const text of ['', '{}', '{"marks": 1}', '[1]']) assert.equal(readExpert(text), null);
});
