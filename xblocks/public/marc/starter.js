/* What trainees begin with: nothing, empty fields, or a record to mend. */

import { make } from '../exercise/page.js';
import { plainRecord } from './key.js';
import { isFixed, showPlace } from './record.js';
import { RecordPart } from './record_part.js';

/* The fields of a record with nothing in them; fixed fields keep their length. */
export const emptied = (record) => record.map(([tag, text, subfields]) =>
  (isFixed(tag) ? [tag, ''] : [tag, '  ', subfields.map(([code]) => [code, ''])]));

const isRecord = (value) => Array.isArray(value) && value.every((field) => Array.isArray(field) && typeof field[0] === 'string'
  && typeof field[1] === 'string' && (isFixed(field[0]) || (Array.isArray(field[2]) && field[2].every(Array.isArray))));

export class Starter extends RecordPart {
  constructor(container, template, tools, formats) {
    super(container, template, tools, formats, isRecord(tools.value) ? tools.value : []);
    const begin = (name, record) => make('button', { type: 'button', class: 'ls-button', onclick: () => this.begin(record()) }, this.word(name));
    this.find('top').replaceChildren(make('p', { class: 'ls-toolbar' }, make('span', { class: 'ls-help' }, this.word('begin_with')),
      begin('begin_nothing', () => []), begin('begin_empty', () => emptied(this.model())), begin('begin_copy', () => this.model())));
    this.tick = make('input', { type: 'checkbox', checked: this.form.fields.exercise.isMending, onchange: () => this.changed() });
    this.find('bottom').replaceChildren(
      make('label', { class: 'ls-tick' }, this.tick, make('span', {}, this.word('mend'))), make('p', { class: 'ls-help' }, this.word('mend_help')));
    this.draw();
  }

  /* Whether points are given for what is mended in the starter. */
  get isMending() { return this.tick.checked; }

  mend(isMending) { this.tick.checked = isMending; }

  get record() { return this.history.present; }

  withFields(fields) { return fields; }

  /* The record of the key that is being edited. */
  model() { return this.form.fields.exercise.plain?.() ?? []; }

  begin(record) {
    this.rows.positions.closeAll();
    this.keep(record, { say: this.word('began', { count: record.length }) });
  }

  read() { return plainRecord(this.record); }

  write(value) {
    this.history.record(isRecord(value) ? value : []);
    this.draw();
  }

  focus(where) { this.rows.focusOn(Number(/\d+/.exec(where)?.[0] ?? 0), 'tag'); }

  name(where) { return showPlace(where); }
}
