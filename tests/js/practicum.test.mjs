import assert from "node:assert/strict";
import { test } from "node:test";

import { dayInWords, sumUp, valuesOf } from "../../practicum/static/practicum/log.js";
import { faultsOf, packed } from "../../practicum/static/practicum/offline.js";
import { countWords, judge, toSend } from "../../practicum/static/practicum/outbox.js";
import { describe, timesOf } from "../../practicum/static/practicum/timer.js";
import { netMinutes, readClock, readDay, readMinutes, written } from "../../practicum/static/practicum/typed.js";

const TODAY = [2026, 11, 24];

test("a day is read in the ways of all our languages", () => {
  for (const text of ["23.11.2026", "23. 11. 2026.", "23.11.", "23/11/26", "2026-11-23", "23.11.2026 г."]) {
    assert.deepEqual(readDay(text, TODAY), [2026, 11, 23], text);
  }
});

test("a day without its year is the nearest", () => {
  assert.deepEqual(readDay("30.12.", [2026, 1, 3]), [2025, 12, 30]);
  assert.deepEqual(readDay("29.2.", [2029, 1, 1]), [2028, 2, 29]);
});

test("what is no day is none", () => {
  for (const text of ["", "31.2.2026", "30.2.", "yesterday", "11"]) assert.equal(readDay(text, TODAY), null, text);
});

test("a clock time is read however it is typed", () => {
  for (const text of ["9:30", "9.30", "9,30", "930", "0930", "9h30", "9ч30", "9:30 am"]) {
    assert.equal(readClock(text), 570, text);
  }
  assert.equal(readClock("9"), 540);
  assert.equal(readClock("24:00"), 0);
  assert.equal(readClock("12 am"), 0);
  for (const text of ["", "25", "9:60", "noon", "13 pm", "9:3"]) assert.equal(readClock(text), null, text);
});

test("a length is read with the decimal comma too", () => {
  for (const text of ["90", "90 min", "1:30", "1,5", "1.5", "1,5 h", "1 h 30", "1 ч 30 мин"]) {
    assert.equal(readMinutes(text), 90, text);
  }
  assert.equal(readMinutes(""), 0);
  assert.equal(readMinutes("4", true), 240);
  assert.equal(readMinutes("some"), null);
});

test("net time leaves out the break and may run over midnight", () => {
  assert.equal(netMinutes(540, 1020, 30), 450);
  assert.equal(netMinutes(1320, 120, 0), 240);
  assert.equal(netMinutes(1080, 0, 0), 360);
  assert.equal(netMinutes(540, 510, 0), null);
  assert.equal(netMinutes(540, 600, 60), null);
  assert.equal(written(450), "7:30");
});

test("the sum under the fields tells when the parts are too much", () => {
  const day = { start: "9", end: "13", pause: "" };
  assert.deepEqual(sumUp({ ...day, parts: ["1,5"] }), { net: 240, isOver: false });
  assert.deepEqual(sumUp({ ...day, parts: ["3:00", "2"] }), { net: 240, isOver: true });
  assert.equal(sumUp({ ...day, end: "x", parts: [] }), null);
});

test("a day is echoed in the page's language", () => {
  assert.equal(dayInWords("23.11.", "en", TODAY), "Monday, November 23, 2026");
  assert.match(dayInWords("23.11.", "bg", TODAY), /понеделник/);
  assert.equal(dayInWords("x", "en", TODAY), "");
});

test("a timer tells since when and for how long, and fills day and times", () => {
  const started = new Date(2026, 10, 24, 9, 5).getTime();
  const stopped = new Date(2026, 10, 24, 10, 50).getTime();
  assert.equal(describe("since TIME, SPENT", started, stopped), "since 9:05, 1:45");
  assert.deepEqual(timesOf(started, stopped), { day: "24.11.2026", start: "9:05", end: "10:50" });
  assert.equal(timesOf(started, started).end, "9:06");
});

test("a kept day goes only when the school says that it has it", () => {
  assert.deepEqual(judge(200, { entry: "x" }), { gone: true });
  assert.deepEqual(judge(500, null), { wait: "later" });
  assert.deepEqual(judge(503, null), { wait: "later" });
  assert.deepEqual(judge(403, null), { wait: "signin" });
  assert.equal(judge(409, { is_other: true, problems: ["x"] }).wait, "other");
});

test("what the rules refuse stays with its reason", () => {
  assert.deepEqual(judge(422, { problems: ["Overlap"] }), { refused: ["Overlap"], url: "" });
  assert.deepEqual(judge(409, { problems: ["Changed"], url: "/x/" }), { refused: ["Changed"], url: "/x/" });
});

test("the earliest kept day is sent first, a refused one not again", () => {
  const items = [{ entry: "b", keptAt: 2 }, { entry: "a", keptAt: 1 }, { entry: "c", keptAt: 0, refused: ["x"] }];
  assert.deepEqual(toSend(items).map((item) => item.entry), ["a", "b"]);
});

test("how many days are kept comes in the page's own words", () => {
  assert.equal(countWords("One day", "COUNT days", 1), "One day");
  assert.equal(countWords("One day", "COUNT days", 3), "3 days");
});

test("the outbox keeps the form's fields, and nothing of the page's", () => {
  const entries = [["csrfmiddlewaretoken", "x"], ["day", "1.1."], ["competencies", "a"], ["competencies", "b"], ["part_desk", "1"], ["version", "0"]];
  assert.deepEqual(valuesOf(entries), { day: "1.1.", competencies: ["a", "b"], part_desk: "1" });
});

test("a day logged without a network is checked for what is plainly wrong", () => {
  const values = { day: "23.11.", start: "9", end: "13", main: "desk" };
  assert.deepEqual(faultsOf(values, TODAY), []);
  assert.deepEqual(faultsOf({ day: "x", start: "", end: "13", main: "" }, TODAY), ["badDay", "badTime", "noMain"]);
  assert.deepEqual(packed(values, "p", "e", 5), { ...values, person: "p", entry: "e", keptAt: 5 });
});
