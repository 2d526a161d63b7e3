import assert from "node:assert/strict";
import { test } from "node:test";

import { describeCount, nextPause } from "../../delivery/static/delivery/following.js";

test("how far the reading is comes in the page's own words", () => {
  assert.equal(describeCount("DONE of about TOTAL read", 3, 8), "3 of about 8 read");
});

test("nothing is said while nothing is known", () => {
  assert.equal(describeCount("DONE of about TOTAL read", 0, 0), "");
});

test("a school that does not answer is asked less and less often", () => {
  assert.deepEqual([0, 1, 2, 10].map(nextPause), [1000, 2000, 4000, 15000]);
});
