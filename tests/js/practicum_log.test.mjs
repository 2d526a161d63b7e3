import assert from 'node:assert/strict';
import test from 'node:test';

import { fillWord, minutesBetween, readBreak } from '../../xblocks/public/practicum_log.js';

test('the time between two clock times goes past midnight', () => {
  assert.equal(minutesBetween('09:00', '13:30'), 270);
  assert.equal(minutesBetween('22:15', '01:00'), 165);
  assert.equal(minutesBetween('09:00', '09:00'), 24 * 60);
  assert.equal(minutesBetween('', '13:00'), null);
});

test('a break is a number of minutes, none if nothing is typed', () => {
  assert.equal(readBreak(' 30 '), 30);
  assert.equal(readBreak(''), 0);
  assert.equal(readBreak('half an hour'), null);
  assert.equal(readBreak('-5'), null);
});

test('words are filled with what they speak of', () => {
  assert.equal(fillWord('That is {hours} h {minutes} min.', { hours: 4, minutes: 5 }), 'That is 4 h 5 min.');
});
