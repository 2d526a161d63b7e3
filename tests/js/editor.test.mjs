import assert from 'node:assert/strict';
import { test } from 'node:test';

import { countFindings, nameOf, sortFindings } from '../../xblocks/public/editor/findings.js';
import { readNumber } from '../../xblocks/public/editor/form.js';
import { TOOLS } from '../../xblocks/public/editor/html_tools.js';
import { findFault } from '../../xblocks/public/editor/json_syntax.js';
import { exportText, fileName, readImport } from '../../xblocks/public/editor/transfer.js';

const FIELDS = {
  display_name: { kind: 'line', value: '' },
  points: { kind: 'number', value: 10 },
  check_while_typing: { kind: 'boolean', value: true },
  feedback_level: { kind: 'choice', value: 2, choices: [0, 1, 2, 3] },
  exercise: { kind: 'json', value: {} },
  starter: { kind: 'json', value: [] },
};
const VALUES = {
  display_name: 'Judita', points: 10, check_while_typing: false, feedback_level: 0, exercise: { keys: [] }, starter: [['008', '']],
};
const read = (data) => readImport(typeof data === 'string' ? data : JSON.stringify(data), 'marc_record', FIELDS);

test('what keeps an exercise from being saved stands first', () => {
  const findings = ['note', 'warning', 'error', 'warning'].map((severity, at) => ({ severity, at }));
  assert.deepEqual(sortFindings(findings).map(({ at }) => at), [2, 1, 3, 0]);
  assert.deepEqual(countFindings(findings), { errors: 1, warnings: 2, notes: 1 });
});

test('a place is named by its field and the place within', () => {
  const name = (field, where) => `${field}:${where}`;
  assert.equal(nameOf({ field: 'points', where: '' }, { points: 'Points' }, name), 'Points');
  assert.equal(nameOf({ field: 'exercise', where: 'keys[0]' }, { exercise: 'Key' }, name), 'Key, exercise:keys[0]');
});

test('numbers are read with either decimal mark, and what is none stays as typed', () => {
  assert.equal(readNumber(' 2,5 '), 2.5);
  assert.equal(readNumber('2.5'), 2.5);
  assert.equal(readNumber('-3'), -3);
  assert.equal(readNumber('  '), null);
  assert.equal(readNumber('many'), 'many');
  assert.equal(readNumber('1,2,3'), '1,2,3');
});

test('what is exported can be imported', () => {
  assert.deepEqual(read(exportText('marc_record', VALUES)), { values: VALUES });
});

test('a key alone is an exercise without the rest of the form', () => {
  assert.deepEqual(read({ keys: [] }), { values: { exercise: { keys: [] } } });
  assert.deepEqual(read({ profile: 'marc21', fields: [] }), { values: { exercise: { profile: 'marc21', fields: [] } } });
});

test('an import that cannot be taken says where', () => {
  assert.deepEqual(read(' '), { problems: [{ name: 'empty_import' }] });
  assert.deepEqual(read('[]'), { problems: [{ name: 'not_an_object' }] });
  assert.deepEqual(read({ block_type: 'drill', fields: {} }), { problems: [{ name: 'other_block', found: 'drill', expected: 'marc_record' }] });
  assert.deepEqual(read({ block_type: 'marc_record', fields: 5 }), { problems: [{ name: 'wrong_type', path: 'fields', type: 'object' }] });
  const values = { points: 'ten', exercise: [], starter: {}, feedback_level: 7, check_while_typing: 'yes', colour: 'red', display_name: null };
  assert.deepEqual(read({ block_type: 'marc_record', fields: values }).problems.map(({ path, type }) => [path, type]), [
    ['fields.points', 'number'], ['fields.exercise', 'object'], ['fields.starter', 'list'], ['fields.feedback_level', 'choice'],
    ['fields.check_while_typing', 'boolean'], ['fields.colour', undefined], ['fields.display_name', 'string'],
  ]);
});

test('a text that is no JSON says at which line and column', () => {
  assert.deepEqual(read('{\n  "keys": [,]\n}'), { problems: [{ name: 'not_json', line: 2, column: 12 }] });
  for (const [text, at] of [
    ['{', 1], ['[1 2]', 3], ['{"a" 1}', 5], ['{"a": 1,}', 8], ['[1,]', 3], ['{a: 1}', 1], ['"\n"', 0], ['01', 0], ['[1]]', 3], ['nul', 0],
    ['', 0], ['[', 1], ['{"a":', 5], ['["x]', 1], ["['x']", 1], ['[1}', 2], ['1.', 0],
  ]) {
    assert.equal(findFault(text), at, text);
    assert.throws(() => JSON.parse(text), undefined, text);
  }
});

test('what is JSON has no fault', () => {
  for (const text of ['[]', '{}', ' [1, -2.5e3, "\\u0041\\n", true, false, null, {"a": [{}]}] ', '"x"', '0']) {
    JSON.parse(text);
    assert.equal(findFault(text), null, text);
  }
});

test('a file is named after the exercise in its own letters', () => {
  assert.equal(fileName('Judita: запис №1'), 'judita-запис-1.json');
  assert.equal(fileName('!?'), 'exercise.json');
});

test('a tool writes around what is chosen and says where to write on', () => {
  assert.deepEqual(TOOLS.paragraph('Read.'), { text: '<p>Read.</p>', caret: 8 });
  assert.deepEqual(TOOLS.list('one\n\n two '), { text: '<ul>\n<li>one</li>\n<li>two</li>\n</ul>', caret: 36 });
  for (const [name, tool] of Object.entries(TOOLS)) {
    const { text, caret } = tool('');
    assert.ok(caret > 0 && caret < text.length, name);
  }
  const { text, caret } = TOOLS.language('Judita');
  assert.equal(`${text.slice(0, caret)}hr${text.slice(caret)}`, '<span lang="hr">Judita</span>');
});
