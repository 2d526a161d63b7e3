import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fill,
  move,
  readPoints,
  startsNumber,
} from "../../delivery/static/delivery/gradebook.js";

const SIZE = [30, 8];

test("arrows move by one cell and stop at the edges", () => {
  assert.deepEqual(move([3, 3], "ArrowDown", false, SIZE), [4, 3]);
  assert.deepEqual(move([3, 3], "ArrowLeft", false, SIZE), [3, 2]);
  assert.deepEqual(move([0, 0], "ArrowUp", false, SIZE), [0, 0]);
  assert.deepEqual(move([29, 7], "ArrowRight", false, SIZE), [29, 7]);
});

test("with Ctrl they go to the edge, as Home and End do", () => {
  assert.deepEqual(move([3, 3], "ArrowDown", true, SIZE), [29, 3]);
  assert.deepEqual(move([3, 3], "ArrowRight", true, SIZE), [3, 7]);
  assert.deepEqual(move([3, 3], "Home", false, SIZE), [3, 0]);
  assert.deepEqual(move([3, 3], "Home", true, SIZE), [0, 0]);
  assert.deepEqual(move([3, 3], "End", true, SIZE), [29, 7]);
});

test("page keys move by ten rows", () => {
  assert.deepEqual(move([3, 3], "PageDown", false, SIZE), [13, 3]);
  assert.deepEqual(move([3, 3], "PageUp", false, SIZE), [0, 3]);
});

test("other keys lead nowhere", () => {
  assert.equal(move([3, 3], "Enter", false, SIZE), null);
  assert.equal(move([3, 3], "a", true, SIZE), null);
});

test("points are read with a point or a comma", () => {
  assert.equal(readPoints("7"), 7);
  assert.equal(readPoints(" 7,5 "), 7.5);
  assert.equal(readPoints("7.25"), 7.25);
  assert.equal(readPoints(".5"), 0.5);
});

test("what is no number of points is none", () => {
  for (const text of ["", "seven", "-1", "1e3", "1,000.5", "1,2,3", "0x10"]) {
    assert.equal(readPoints(text), null, text);
  }
});

test("digits and decimal marks begin a number", () => {
  assert.ok(["0", "9", ".", ","].every(startsNumber));
  assert.ok(!["a", "Enter", "-", "F2", "10"].some(startsNumber));
});

test("a sentence is filled with texts as they are", () => {
  const said = fill("NAME, COLUMN: POINTS", { NAME: "Ana $& Horvat", COLUMN: "Sum", POINTS: "7" });
  assert.equal(said, "Ana $& Horvat, Sum: 7");
});
