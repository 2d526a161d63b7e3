import assert from 'node:assert/strict';
import { test } from 'node:test';

import { completeAnswer, linesOf, readWhere, shaped, sumOf, toggled, valueAt, withItem, withoutEmpty } from '../../xblocks/public/drill/answers.js';
import { isBlank } from '../../xblocks/public/exercise/blank.js';
import { ruler } from '../../xblocks/public/drill/fixed_field.js';
import { folded, found } from '../../xblocks/public/drill/headings.js';
import { readBlanks, showBlanks } from '../../xblocks/public/drill/inputs.js';
import { digitsOf, lengthOf } from '../../xblocks/public/drill/isbn.js';
import { readTarget, targetOf, writeTarget } from '../../xblocks/public/drill/mapping.js';
import { placedOf, statement } from '../../xblocks/public/drill/order.js';
import { moved } from '../../xblocks/public/exercise/order.js';
import { lettersFor } from '../../xblocks/public/drill/transcription.js';
import { tokens } from '../../xblocks/public/drill/udc.js';

// -- answers

test('what nobody answered is empty, however deep', () => {
  for (const value of [null, undefined, '', '  ', [], {}, { rows: {} }, { rows: { a: '' } }, { names: { a: { entry: null } } }]) {
    assert.ok(isBlank(value), JSON.stringify(value));
  }
  for (const value of ['0', ['a'], { position: 3 }, { names: { a: { entry: 'none' } } }]) assert.ok(!isBlank(value), JSON.stringify(value));
});

test('an item’s value is replaced and the answer before stays as it was', () => {
  const before = { items: { a: 'one', b: 'two' } };
  assert.deepEqual(withItem(before, 'b', 'three'), { items: { a: 'one', b: 'three' } });
  assert.deepEqual(before, { items: { a: 'one', b: 'two' } });
});

test('only what was answered is handed in', () => {
  assert.deepEqual(withoutEmpty({ items: { a: ' ', b: { order: [] }, c: 'x' } }), { items: { c: 'x' } });
});

test('a value of another type of item is left aside', () => {
  const items = [{ id: 'u', type: 'udc' }, { id: 'o', type: 'order' }, { id: 'c', type: 'fixed_field', subfields: [] }, { id: 'f', type: 'fixed_field' }];
  assert.equal(shaped(items[0], { order: [] }), undefined);
  assert.equal(shaped(items[1], 'text'), undefined);
  assert.equal(shaped(items[1], ['a']), undefined);
  assert.deepEqual(shaped(items[2], { b: 'd' }), { b: 'd' });
  assert.equal(shaped(items[3], '2019'), '2019');
  assert.deepEqual(completeAnswer({ items: { u: '02', o: 'x', gone: 'y' } }, items).items, { u: '02', o: undefined, gone: 'y', c: undefined, f: undefined });
  assert.deepEqual(withoutEmpty(completeAnswer(null, items)), { items: {} });
});

test('places of a mark name an item and a path into its value', () => {
  assert.deepEqual(readWhere('items.udc-1'), { item: 'udc-1', place: '' });
  assert.deepEqual(readWhere('items.area.marks.a3'), { item: 'area', place: 'marks.a3' });
  assert.equal(readWhere(''), null);
  assert.equal(readWhere('245[0]$a'), null);
});

test('what stands at a place is a part of the value, or all of it', () => {
  const value = { order: ['a', 'b'], marks: { b: ' : ' } };
  assert.equal(valueAt(value, 'marks.b'), ' : ');
  assert.deepEqual(valueAt(value, 'order'), ['a', 'b']);
  assert.equal(valueAt(value, 'marks.c'), value);
  assert.equal(valueAt(value, 'order.a'), value);
  assert.equal(valueAt('191021s2019    ci ', '15-17'), 'ci ');
  assert.equal(valueAt('02(075)', 'main'), '02(075)');
  assert.equal(valueAt(undefined, 'choice'), undefined);
});

test('an item is right, nearly right or missing by its lines, and never below nothing', () => {
  const lines = [
    { where: 'items.a.choice', points: 2, max: 2 }, { where: 'items.a.reasons', points: -0.5, max: 0 }, { where: 'items.ab', points: 0, max: 1 },
    { where: 'items.n', points: -1, max: 0 },
  ];
  assert.deepEqual(sumOf(linesOf(lines, 'a')), { points: 1.5, max: 2, kind: 'nearly' });
  assert.deepEqual(sumOf(linesOf(lines, 'ab')), { points: 0, max: 1, kind: 'missing' });
  assert.equal(sumOf([{ points: 0.99999, max: 1 }]).kind, 'right');
  assert.equal(sumOf(linesOf(lines, 'n')).points, 0);
});

test('a member goes into a list once and out of it', () => {
  assert.deepEqual(toggled(['a'], 'b', true), ['a', 'b']);
  assert.deepEqual(toggled(['a', 'b'], 'a', true), ['b', 'a']);
  assert.deepEqual(toggled(['a', 'b'], 'a', false), ['b']);
});

// -- order and punctuation

const area = {
  ask: ['order', 'marks'], elements: [{ id: 'c', text: 'Marko Marulić' }, { id: 'a', text: 'Judita' }, { id: 'b', text: 'ep' }],
};

test('a statement reads with its marks, and with a gap where there is none yet', () => {
  assert.equal(statement(area, { order: ['a', 'b', 'c'], marks: { b: ' : ', c: '' } }), 'Judita : ep … Marko Marulić');
  assert.equal(statement(area, undefined), '');
  assert.equal(statement({ ...area, ask: ['order'] }, { order: ['a', 'b'] }), 'Judita | ep');
  assert.deepEqual(placedOf({ ...area, ask: ['marks'] }, undefined), ['c', 'a', 'b']);
  assert.deepEqual(placedOf(area, { order: ['a', 'gone'] }), ['a']);
});

test('elements move within the statement and never out of it', () => {
  const order = ['a', 'b', 'c'];
  assert.deepEqual(moved(order, 'a', 1), ['b', 'a', 'c']);
  assert.deepEqual(moved(order, 'c', -1), ['a', 'c', 'b']);
  assert.equal(moved(order, 'a', -1), order);
  assert.equal(moved(order, 'c', 1), order);
});

test('blanks that matter are seen and read back', () => {
  assert.equal(showBlanks(' : '), '␣:␣');
  assert.equal(readBlanks(showBlanks(' : ')), ' : ');
});

// -- fields and subfields

test('a place in a record is taken apart and written again', () => {
  assert.deepEqual(readTarget('264 _1 $c'), { tag: '264', indicators: '_1', code: 'c' });
  assert.deepEqual(readTarget('245 $b'), { tag: '245', indicators: '', code: 'b' });
  assert.deepEqual(readTarget('264 #1$c'), { tag: '264', indicators: '_1', code: 'c' });
  assert.deepEqual(readTarget({ element: 'edition' }), { tag: '', indicators: '', code: '' });
  for (const text of ['264 _1 $c', '24 __', '264 1_', ' 1_ $c', '264 __ $c']) assert.equal(writeTarget(readTarget(text), true), text);
  for (const text of ['245 $b', '245', ' $b', '']) assert.equal(writeTarget(readTarget(text), false), text);
});

test('what is typed in the cells becomes one place', () => {
  assert.equal(targetOf({ tag: '264', ind1: '#', ind2: '1', code: 'C' }, true), '264 _1 $c');
  assert.equal(targetOf({ tag: 'ldr', ind1: '', ind2: '', code: '' }, false), 'LDR');
  assert.equal(targetOf({ tag: '', ind1: '', ind2: '', code: '$' }, true), '');
});

// -- the others

test('the ruler numbers the positions of a field', () => {
  assert.equal(ruler(24), '0         10        20  ');
  assert.equal(ruler(40).length, 40);
});

test('a UDC number is named part by part as it is typed', () => {
  const kinds = (text) => tokens(text).map(({ kind, text: part }) => `${kind} ${part}`);
  assert.deepEqual(kinds('02(075)=163.6'), ['main 02', 'form (075)', 'language =163.6']);
  assert.deepEqual(kinds('821.163.42-13"15"'), ['main 821.163.42', 'special -13', 'time "15"']);
  assert.deepEqual(kinds('94(497.5)"1941/1945"'), ['main 94', 'place (497.5)', 'time "1941/1945"']);
  assert.deepEqual(kinds('37 : 004'), ['main 37', 'connector :', 'main 004']);
  assert.deepEqual(kinds("811.163.42'36"), ['main 811.163.42', "special '36"]);
  assert.deepEqual(kinds('7(497.2)(031)'), ['main 7', 'place (497.2)', 'form (031)']);
  assert.deepEqual(kinds('02(07'), ['main 02', 'other (', 'main 07']);
  assert.deepEqual(kinds(''), []);
});

test('the digits of an ISBN count without hyphens', () => {
  assert.deepEqual(digitsOf('0-306-40615-x'), ['0', '3', '0', '6', '4', '0', '6', '1', '5', 'X']);
  assert.equal(lengthOf({ task: 'repair', given: '978-953-99999-0-7' }), 13);
  assert.equal(lengthOf({ task: 'check_digit', given: '978953999990' }), 13);
  assert.equal(lengthOf({ task: 'to_13', given: '9539999901' }), 13);
  assert.equal(lengthOf({ task: 'to_10', given: '9789539999900' }), 10);
});

test('headings are found by parts of their words, whatever the diacritics', () => {
  const options = [{ text: 'Hrvatsko pjesništvo' }, { text: 'Povijest Splita' }, { text: 'Đurđevac' }, { text: 'Қазақ әдебиеті' }];
  assert.deepEqual(found(options, 'pjesnist hrv').map(({ text }) => text), ['Hrvatsko pjesništvo']);
  assert.deepEqual(found(options, 'durdev').map(({ text }) => text), ['Đurđevac']);
  assert.deepEqual(found(options, 'ҚАЗАҚ').map(({ text }) => text), ['Қазақ әдебиеті']);
  assert.equal(found(options, '').length, 4);
  assert.equal(folded('Łódź'), 'lodz');
});

test('letters are offered by language', () => {
  assert.ok(lettersFor('ru-petr1708').includes('ѣ'));
  assert.ok(lettersFor('kk').includes('қ'));
  assert.deepEqual(lettersFor('xx'), []);
  assert.deepEqual(lettersFor(undefined), []);
});
