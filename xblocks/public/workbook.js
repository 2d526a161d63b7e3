/* A sheet: data to look at, cells to fill by keyboard or from a spreadsheet. */

import { Task } from './engine/task.js';
import { make } from './exercise/page.js';
import { drawChart } from './sheets/chart.js';
import { completeSheet, needsDecimal, sheetToSubmit, withBlock, withPart } from './sheets/cells.js';
import { readBlock, readNumber } from './sheets/numbers.js';

const MANY_ROWS = 8;

class Workbook extends Task {
  constructor(root, call) {
    super(root, call);
    this.sought = '';
    this.open();
  }

  get cells() { return this.task.cells || []; }

  get data() { return this.task.data || []; }

  complete(answer) { return completeSheet(answer); }

  answerToSubmit() { return sheetToSubmit(this.answer); }

  given(id) { return this.answer.cells[id] || {}; }

  tell(number) { return new Intl.NumberFormat(this.language, { maximumSignificantDigits: 12 }).format(number); }

  // -- drawing

  drawWork() {
    if (!this.cells.length) return [];
    return [this.drawData(), this.drawDecimal(), make('div', { class: 'ls-cells' }, ...this.cells.map((cell) => this.drawCell(cell))), this.drawUnits()];
  }

  drawData() {
    if (!this.data.length) return null;
    const rows = this.data.map((row) => make('tr', { 'data-row': row.id },
      make('th', { scope: 'row' }, row.text), make('td', {}, Array.isArray(row.value) ? this.drawList(row) : this.tell(row.value))));
    const seek = (value) => {
      this.sought = value;
      const wanted = value.trim().toLocaleLowerCase();
      this.data.forEach((row, at) => { rows[at].hidden = !`${row.text} ${row.id}`.toLocaleLowerCase().includes(wanted); });
    };
    const box = this.data.length > MANY_ROWS ? make('label', { class: 'ls-labelled' }, make('span', { class: 'ls-label' }, this.word('find_row')),
      make('input', { type: 'search', value: this.sought, oninput: ({ target }) => seek(target.value) })) : null;
    if (this.sought) seek(this.sought);
    return make('details', { class: 'ls-data', open: true }, make('summary', {}, this.word('data')), box,
      make('div', { class: 'ls-scroll', tabindex: '0', role: 'region', 'aria-label': this.word('data') },
        make('table', {}, make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, this.word('name')), make('th', { scope: 'col' }, this.word('value')))), make('tbody', {}, ...rows))));
  }

  drawList({ text, value }) {
    return make('details', {}, make('summary', {}, this.word('numbers_of', { count: value.length, name: text })),
      drawChart(value, this.word('chart_of', { name: text })),
      make('ol', { class: 'ls-numbers' }, ...value.map((number) => make('li', {}, this.tell(number)))));
  }

  /* Asked only where somebody's number can be read in two ways. */
  drawDecimal() {
    const box = make('fieldset', { class: 'ls-notice ls-decimal', hidden: !needsDecimal(this.answer) }, make('legend', {}, this.word('which_mark')),
      ...[',', '.'].map((mark) => make('label', { class: 'ls-choice' },
        make('input', {
          type: 'radio', name: `${this.uid}-decimal`, checked: this.answer.decimal === mark, disabled: !this.isOpen, 'data-spot': `decimal${mark}`,
          onchange: () => this.change({ ...this.answer, decimal: mark }, { focus: `decimal${mark}` }),
        }), make('span', {}, this.word(mark === ',' ? 'comma' : 'point')))));
    this.decimalBox = box;
    return box;
  }

  drawCell(cell) {
    const { id } = cell;
    const question = make('div', { class: 'ls-question', id: `${this.uid}-${id}` });
    question.innerHTML = cell.detail; // cleaned by the host
    return make('div', { class: 'ls-cell', 'data-cell': id, role: 'group', 'aria-labelledby': `${this.uid}-${id}` },
      question,
      make('div', { class: 'ls-fields' },
        this.drawField(cell, 'value', this.word('value'), this.drawInput(cell, 'value', { inputmode: 'decimal' })),
        cell.asks_unit ? this.drawField(cell, 'unit', this.word('unit'), this.drawInput(cell, 'unit', { list: `${this.uid}-units` })) : null,
        cell.readings.length ? this.drawField(cell, 'reading', this.word('reading'), this.drawReading(cell)) : null),
      cell.asks_rows ? this.drawRows(cell) : null,
      make('p', { class: 'ls-help', 'data-read': id, id: `${this.uid}-${id}-read` }, this.readAs(cell)));
  }

  drawField({ id }, part, label, control) {
    return make('label', { class: 'ls-labelled', 'data-place': `cells.${id}.${part}` }, make('span', { class: 'ls-label' }, label), control);
  }

  drawInput({ id }, part, more) {
    return make('input', {
      type: 'text', autocomplete: 'off', spellcheck: 'false', ...more, value: this.given(id)[part] ?? '', disabled: !this.isOpen,
      class: part === 'value' ? 'ls-number' : null, 'data-spot': `${id}.${part}`, 'data-column': part,
      'aria-describedby': part === 'value' ? `${this.uid}-${id}-read` : null,
      oninput: ({ target }) => this.type(id, part, target.value),
      onkeydown: (event) => this.move(event, id, part),
      onpaste: (event) => this.paste(event, id, part),
    });
  }

  drawReading({ id, readings }) {
    const { reading } = this.given(id);
    return make('select', { disabled: !this.isOpen, 'data-spot': `${id}.reading`, onchange: ({ target }) => this.type(id, 'reading', target.value) },
      make('option', { value: '' }, this.word('choose')), ...readings.map((one) => make('option', { value: one.id, selected: one.id === reading }, one.text)));
  }

  drawRows({ id }) {
    const chosen = this.given(id).rows || [];
    const toggle = (row, isIn) => {
      const now = new Set(this.given(id).rows || []);
      now[isIn ? 'add' : 'delete'](row);
      this.type(id, 'rows', this.data.map((one) => one.id).filter((one) => now.has(one)));
      count.textContent = this.word('rows_chosen', { count: now.size });
    };
    const count = make('span', {}, this.word('rows_chosen', { count: chosen.length }));
    return make('details', { class: 'ls-rows', 'data-place': `cells.${id}.rows` }, make('summary', { 'data-spot': `${id}.rows` }, count),
      make('fieldset', {}, make('legend', { class: 'ls-said' }, this.word('rows')), ...this.data.map((row) => make('label', { class: 'ls-choice' },
        make('input', { type: 'checkbox', checked: chosen.includes(row.id), disabled: !this.isOpen, onchange: ({ target }) => toggle(row.id, target.checked) }),
        make('span', {}, row.text)))));
  }

  drawUnits() {
    return make('datalist', { id: `${this.uid}-units` }, ...(this.task.units || []).map((unit) => make('option', { value: unit })));
  }

  /* How a number is read, where that is not plain to see. */
  readAs({ id, decimals }) {
    const { value } = this.given(id);
    const read = readNumber(value, this.answer.decimal);
    if (!read) return decimals === null ? '' : this.word('decimals', { count: decimals });
    if (read.isNone) return this.word('no_number');
    if (read.isTwoWays) return this.word('two_ways');
    return this.word('read_as', { number: this.tell(read.value), unit: read.unit });
  }

  // -- changes

  type(id, part, value) {
    this.change(withPart(this.answer, id, part, value), { cell: `${id}.${part}` });
    this.root.querySelector(`[data-read="${id}"]`).textContent = this.readAs(this.cells.find((cell) => cell.id === id));
    this.decimalBox.hidden = !needsDecimal(this.answer);
    this.root.querySelectorAll(`[data-cell="${id}"] .ls-marked`).forEach((place) => place.classList.remove('ls-marked'));
  }

  move(event, id, part) {
    const by = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey || (part === 'unit' && event.key !== 'Enter')) return;
    event.preventDefault();
    const column = [...this.find('work').querySelectorAll(`[data-column="${part}"]`)];
    column[column.indexOf(event.target) + by]?.focus();
  }

  paste(event, id, part) {
    const text = event.clipboardData.getData('text');
    if (part !== 'value' || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const rows = readBlock(text);
    const next = withBlock(this.answer, this.cells.map((cell) => cell.id), id, rows);
    const count = Math.min(rows.length, this.cells.length - this.cells.findIndex((cell) => cell.id === id));
    this.change(next, { focus: `${id}.value`, say: this.word(needsDecimal(next) && !next.decimal ? 'pasted_two_ways' : 'pasted', { count, all: rows.length }) });
  }

  // -- the result

  partOf(where) {
    const place = (where || '').split('.').slice(0, 3);
    return this.find('work').querySelector(`[data-place="${CSS.escape(place.join('.'))}"]`)
      || this.find('work').querySelector(`[data-cell="${CSS.escape(place[1] || '')}"]`);
  }

  nameOf(where) {
    const [, id] = (where || '').split('.');
    return this.find('work').querySelector(`[data-cell="${CSS.escape(id || '')}"] .ls-question`)?.textContent.trim() || '';
  }

  drawAnswer({ cells }) {
    const names = (rows) => this.data.filter(({ id }) => rows.includes(id)).map(({ text }) => text).join(', ');
    return [make('div', { class: 'ls-scroll', tabindex: '0', role: 'region', 'aria-label': this.word('model') }, make('table', {}, make('tbody', {}, ...this.cells.filter(({ id }) => cells[id]).map((cell) => {
      const { value, unit, rows, reading } = cells[cell.id];
      return make('tr', {}, make('th', { scope: 'row' }, this.nameOf(`cells.${cell.id}`)), make('td', {}, `${this.tell(value)} ${unit || ''}`),
        make('td', {}, rows ? names(rows) : '', reading ? ` ${cell.readings.find(({ id }) => id === reading)?.text || ''}` : ''));
    }))))];
  }
}

export const start = (root, call) => new Workbook(root.querySelector('.ls-exercise') || root, call);
