/* The rows of a record to fill in: typed, moved, duplicated, deleted and undone by keyboard.

   Whoever owns the record keeps it and its history: `fields()` gives it, `change(fields, {cell, focus, say})`
   gets it changed (`cell` names what is being typed in: it stands there already, anything else is drawn anew),
   `step("undo")` goes back. */

import { makeKey } from '../exercise/exercise.js';
import { make } from '../exercise/page.js';
import { actionOf } from './keys.js';
import { unmark } from './marks.js';
import { Positions, fixedValue } from './positions.js';
import {
  emptyField, insertField, isFixed, joinSubfield, locate, moveField, removeField, retag, splitSubfield, withCode,
  withIndicators, withSubfields, withText, withValue,
} from './record.js';
import { drawRow, fitHeight } from './rows.js';
import { readTyping } from './typing.js';

export class RecordRows {
  /* `list` is the element of the rows, `tags` that of the tags on offer; `labels()` and `fixedSubfields()` are
     the format's, `learn()` brings more labels; `drawn()` is called after each drawing; `drawExtra(index,
     field)` makes what else a row has. */
  constructor(owner) {
    Object.assign(this, { readOnly: () => false, learn: async () => {}, drawn: () => {}, drawExtra: () => null }, owner);
    const { call, word } = this;
    this.positions = new Positions({ call, word, redraw: () => this.draw(this.placeOfFocus) });
    this.tags.id = `ls-tags-${makeKey()}`;
    this.list.addEventListener('keydown', (event) => this.keyInRows(event));
    this.offerTags();
  }

  offerTags() {
    this.tags.replaceChildren(...Object.entries(this.labels()).map(([tag, { label }]) => make('option', { value: tag }, label)));
  }

  get record() { return this.fields(); }

  get leader() { return this.record.find(([tag]) => tag === 'LDR')?.[1] || ''; }

  // -- changes

  changeField(index, field, options) {
    this.change(this.record.map((old, at) => (at === index ? field : old)), options);
  }

  changeOrder(fields, options) {
    this.positions.closeAll();
    this.change(fields.length ? fields : [emptyField()], options);
  }

  add(index) {
    this.changeOrder(insertField(this.record, index, emptyField()), { focus: [index, 'tag'], say: this.word('added') });
  }

  move(index, by) {
    const moved = moveField(this.record, index, by);
    if (moved === this.record) return;
    this.changeOrder(moved, { focus: [index + by, 'tag'], say: this.word('moved', { number: index + by + 1, count: moved.length }) });
  }

  duplicate(index) {
    const copy = structuredClone(this.record[index]);
    this.changeOrder(insertField(this.record, index + 1, copy), { focus: [index + 1, 'tag'], say: this.word('duplicated') });
  }

  remove(index) {
    const [tag] = this.record[index];
    const left = removeField(this.record, index);
    this.changeOrder(left, {
      focus: [Math.min(index, Math.max(left.length - 1, 0)), 'tag'], say: this.word('deleted', { tag }),
    });
  }

  addSubfield(index) {
    const field = this.record[index];
    this.changeField(index, withSubfields(field, [...field[2], ['', '']]), { focus: [index, `code.${field[2].length}`] });
  }

  // -- the rows

  draw(focus = null) {
    const view = this.view(this.readOnly());
    this.list.replaceChildren(...this.record.map((field, index) => drawRow(field, index, view)));
    this.list.querySelectorAll('textarea.ls-value').forEach(fitHeight);
    this.drawn();
    if (focus) this.focusOn(...focus);
    this.learnLabels();
  }

  /* The page brings the names of the subfields it shows; the first other tag fetches them all. */
  async learnLabels() {
    const labels = this.labels();
    if (this.asksLabels || this.record.every(([tag]) => !labels[tag] || labels[tag].subfields)) return;
    this.asksLabels = true;
    try {
      await this.learn();
    } catch {
      return; // the record can be made without them
    }
    this.draw(this.placeOfFocus);
  }

  /* Where somebody is writing: [row, cell, from, to], or null. */
  get placeOfFocus() {
    const cell = document.activeElement;
    const row = cell?.dataset.cell && this.list.contains(cell) ? cell.closest('[data-row]') : null;
    return row && [Number(row.dataset.row), cell.dataset.cell, cell.selectionStart, cell.selectionEnd];
  }

  /* What a row needs to draw itself. */
  view(readOnly) {
    return {
      readOnly,
      tagList: this.tags.id,
      labels: this.labels(),
      word: (name, values) => this.word(name, values),
      hasPositions: (tag) => isFixed(tag) || this.fixedSubfields().includes(tag),
      areOpen: (index) => this.positions.open.has(index),
      drawPositions: (index, field) =>
        this.positions.draw(index, field, this.leader, readOnly, (next) => this.changePositions(index, next)),
      typeCell: (index, name, event) => this.typeCell(index, name, event.target),
      typeCode: (index, at, event) => this.typeCode(index, at, event.target),
      typeValue: (index, at, event) => this.typeValue(index, at, event),
      keyInValue: (index, at, event) => this.keyInValue(index, at, event),
      act: (name, index) => this.act(name, index),
      drawExtra: (index, field) => this.drawExtra(index, field),
    };
  }

  act(name, index) {
    const acts = {
      add: () => this.add(index + 1),
      above: () => this.focusOn(index - 1, document.activeElement.dataset.cell),
      below: () => this.focusOn(index + 1, document.activeElement.dataset.cell),
      add_subfield: () => this.addSubfield(index),
      up: () => this.move(index, -1),
      down: () => this.move(index, 1),
      duplicate: () => this.duplicate(index),
      delete: () => this.remove(index),
      positions: () => this.togglePositions(index),
      undo: () => this.step('undo'),
      redo: () => this.step('redo'),
    };
    return acts[name]();
  }

  async togglePositions(index) {
    try {
      await this.positions.toggle(index, this.record[index][0], this.leader);
    } catch (error) {
      this.say(error.message || this.word('failed'));
    }
    this.draw();
    const row = this.list.querySelector(`[data-row="${index}"]`);
    row.querySelector(this.positions.open.has(index) ? '.ls-positions :is(input, select)' : '[aria-expanded]')?.focus();
  }

  changePositions(index, field) {
    this.changeField(index, field, { cell: `${index}.positions` });
    this.list.querySelector(`[data-row="${index}"] [data-cell^="value"]`).value = fixedValue(field);
  }

  focusOn(index, cell, from = null, to = from) {
    const row = this.list.querySelector(`[data-row="${Math.max(0, Math.min(index, this.record.length - 1))}"]`);
    const target = row.querySelector(`[data-cell="${cell}"]`) || row.querySelector('[data-cell^="value"]');
    if (!target) return;
    target.focus();
    if (from === null && target.maxLength > 0) target.select();
    else target.setSelectionRange(from ?? target.value.length, to ?? target.value.length);
  }

  /* The row of such a place in a record, or null. */
  static rowAt(record, where) { return locate(record, where)?.field ?? null; }

  /* To a place of a mark, such as "245[0]$b[0]". */
  jump(where) {
    const { field, subfield, indicator } = locate(this.record, where) || { field: 0, subfield: null };
    this.focusOn(field, indicator || (subfield === null ? 'tag' : `value.${subfield}`));
  }

  // -- typing

  typeCell(index, name, input) {
    unmark(input);
    const field = this.record[index];
    if (name === 'value') this.changeField(index, withText(field, input.value), { cell: `${index}.value` });
    else if (name === 'tag') this.typeTag(index, field, input.value.trim().toUpperCase());
    else this.typeIndicator(index, field, name, input.value);
  }

  typeTag(index, field, tag) {
    const whole = tag.length === 3;
    this.changeField(index, retag(field, tag), whole ? { focus: [index, isFixed(tag) ? 'value' : 'ind1'] } : { cell: `${index}.tag` });
  }

  typeIndicator(index, field, name, typed) {
    const value = /[#\\_]/.test(typed) ? ' ' : typed || ' ';
    const [, indicators] = field;
    const next = name === 'ind1' ? value + indicators[1] : indicators[0] + value;
    this.changeField(index, withIndicators(field, next), { cell: `${index}.${name}` });
    if (typed) this.focusOn(index, name === 'ind1' ? 'ind2' : 'value.0');
  }

  typeCode(index, at, input) {
    const whole = input.value.length === 1;
    this.changeField(index, withCode(this.record[index], at, input.value), whole ? { focus: [index, `value.${at}`] } : { cell: `${index}.code.${at}` });
  }

  typeValue(index, at, event) {
    const area = event.target;
    const typed = event.inputType === 'insertText' ? event.data || '' : '';
    const cell = `${index}.${at}`; // not the element: the rows may be drawn anew between two keys
    const delimiter = this.delimiter?.cell === cell ? this.delimiter.at : null;
    const read = readTyping(area.value, area.selectionStart, typed, delimiter);
    this.delimiter = { cell, at: read.delimiter ?? null };
    if (read.code) this.beginSubfield(index, at, read);
    else this.keepValue(index, at, area, read);
  }

  beginSubfield(index, at, { before, code, after }) {
    const split = splitSubfield(this.record[index], at, before, code, after);
    const place = at + split[2].length - this.record[index][2].length;
    this.changeField(index, split, { focus: [index, `value.${place}`, 0] });
  }

  keepValue(index, at, area, { value, caret }) {
    if (value !== area.value) {
      area.value = value;
      area.setSelectionRange(caret, caret);
    }
    this.changeField(index, withValue(this.record[index], at, value.replace(/[\r\n]+/g, ' ')), { cell: `${index}.value.${at}` });
    fitHeight(area);
    unmark(area);
  }

  keyInValue(index, at, event) {
    if (event.key !== 'Backspace' || at === 0 || event.target.selectionEnd > 0) return;
    event.preventDefault();
    const caret = this.record[index][2][at - 1][1].length;
    this.changeField(index, joinSubfield(this.record[index], at), { focus: [index, `value.${at - 1}`, caret] });
  }

  keyInRows(event) {
    const row = event.target.closest('[data-row]');
    const name = row && !this.readOnly() ? actionOf(event) : null;
    if (!name) return;
    event.preventDefault();
    this.act(name, Number(row.dataset.row));
  }
}
