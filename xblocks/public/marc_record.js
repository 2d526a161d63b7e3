/* The record editor: rows of fields to fill in, a draft that saves itself, and the result of what was
   handed in. */

import { Exercise, makeKey } from './exercise/exercise.js';
import { make } from './exercise/page.js';
import { Checking } from './marc/checking.js';
import { markPlaces } from './marc/marks.js';
import { Reader } from './marc/reader.js';
import { emptyField, locate, recordText, showPlace, withoutBlanks } from './marc/record.js';
import { RecordRows } from './marc/rows_editor.js';

class Editor extends Exercise {
  constructor(root, call) {
    super(root, call);
    const word = (name, values) => this.word(name, values);
    this.rows = new RecordRows({
      list: this.find('rows'),
      tags: this.find('tags'),
      call,
      word,
      say: (text) => this.say(text),
      fields: () => this.fields,
      change: (...changed) => this.change(...changed),
      step: (direction) => this.step(direction),
      readOnly: () => !this.state.may_submit,
      labels: () => this.state.labels,
      fixedSubfields: () => this.state.fixed_subfields,
      learn: async () => { this.state.labels = (await call('labels', {})).labels; },
      drawn: () => this.markPlaces(),
    });
    if (this.state.checks) this.checking = this.startChecking();
    this.reader = new Reader({ call, word, find: (name) => this.find(name), take: (...read) => this.take(...read) });
    this.open();
    if (this.state.may_submit) this.checking?.check();
  }

  complete(fields) { return fields.length ? fields : [emptyField()]; }

  answerToSubmit() { return withoutBlanks(this.fields); }

  forget() { this.rows.positions.closeAll(); }

  draw(focus) { this.rows.draw(focus); }

  get firstPlace() { return [0, 'tag']; }

  get placeOfFocus() { return this.rows.placeOfFocus; }

  get fields() { return this.answer; }

  get acts() { return { ...super.acts, add: () => this.rows.add(this.fields.length) }; }

  // -- the check while typing

  startChecking() {
    this.find('rows').id = `ls-rows-${makeKey()}`;
    return new Checking({
      call: this.call, word: (name, values) => this.word(name, values), fields: () => this.fields, given: this.state.starter,
      list: this.find('diagnostics'), rows: this.find('rows'), focusOn: (row, cell) => this.rows.focusOn(row, cell),
    });
  }

  change(fields, options) {
    super.change(fields, options);
    this.checking?.soon();
  }

  step(direction) {
    super.step(direction);
    this.checking?.soon();
  }

  // -- another record in place of this one

  take(fields, warnings) {
    this.rows.changeOrder(fields, { focus: [0, 'tag'], say: this.word('read', { count: fields.length }) });
    this.find('warnings').textContent = (warnings || []).join(' ');
  }

  // -- the result

  markPlaces() {
    markPlaces(this.root, this.state, this.fields);
    this.checking?.mark();
  }

  get resultView() {
    const submitted = this.state.submitted || this.fields;
    return {
      nameOf: showPlace,
      canJump: (where) => locate(submitted, where) !== null,
      jump: (where) => this.jump(where),
      drawAnswer: (answer) => [make('pre', { tabindex: 0 }, recordText(answer))],
    };
  }

  jump(where) { this.rows.jump(where); }
}

export function start(root, call) {
  return new Editor(root.querySelector('.ls-marc') || root, call);
}
