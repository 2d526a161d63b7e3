/* A record within the author's form: rows, their history, and reading one from text or a file. */

import { makeHistory } from '../exercise/history.js';
import { Reader } from './reader.js';
import { emptyField } from './record.js';
import { RecordRows } from './rows_editor.js';

export class RecordPart {
  /* `container` gets a copy of `template`; `tools` are those of a field's editor (editor/editor.js); `first` is
     the first state of the history, whatever the subclass keeps in it. */
  constructor(container, template, tools, formats, first) {
    Object.assign(this, tools, { formats });
    this.history = makeHistory(first);
    container.replaceChildren(template.content.cloneNode(true));
    this.root = container.firstElementChild;
    const ask = (handler, data) => this.call('call_previewed', { values: { profile: this.profile }, handler, data });
    const find = (name) => this.find(name);
    this.rows = new RecordRows({
      list: this.find('rows'), tags: this.find('tags'), call: ask, word: this.word,
      say: (text) => this.tell(text),
      fields: () => this.fields,
      change: (fields, options) => this.changeFields(fields, options),
      step: (direction) => this.step(direction),
      labels: () => this.formats.of(this.profile).labels,
      fixedSubfields: () => this.formats.of(this.profile).fixed_subfields,
      drawn: () => this.drawn(),
      drawExtra: (index, field) => this.drawExtra(index, field),
    });
    this.reader = new Reader({ call: ask, word: this.word, find, take: (...read) => this.take(...read) });
    this.find('add').addEventListener('click', () => this.rows.add(this.fields.length));
    for (const direction of ['undo', 'redo']) this.find(direction).addEventListener('click', () => this.step(direction));
    this.learn();
  }

  // -- what a subclass fills in

  get record() { throw new Error('A subclass says which record stands in the rows.'); }

  /* The state of the history with other fields in the rows. */
  withFields(fields) { throw new Error(`A subclass keeps ${fields}.`); }

  drawn() {}

  drawExtra() { return null; } // eslint-disable-line class-methods-use-this

  // -- the record

  find(name) { return this.root.querySelector(`[data-part="${name}"]`); }

  tell(text) { this.find('said').textContent = text; }

  get profile() { return this.form.fields.profile.read(); }

  get fields() { return this.record.length ? this.record : [emptyField()]; }

  changeFields(fields, options) { this.keep(this.withFields(fields), options); }

  /* Keeps a state; typing in `cell` is one step to undo and is drawn already. */
  keep(state, { cell = null, focus = null, say = '' } = {}) {
    this.history.record(state, cell);
    if (cell === null) this.draw(focus);
    if (say) this.tell(say);
    this.changed();
  }

  step(direction) {
    if (this.history[direction]() === null) return;
    this.rows.positions.closeAll();
    this.draw(this.rows.placeOfFocus);
    this.tell(this.word(direction === 'undo' ? 'undone' : 'redone'));
    this.changed();
  }

  draw(focus = null) { this.rows.draw(focus); }

  take(fields, warnings) {
    this.changeFields(fields, { focus: [0, 'tag'], say: this.word('read', { count: fields.length }) });
    this.find('warnings').textContent = (warnings || []).join(' ');
  }

  /* Another format has other names and positions. */
  async learn() {
    const { profile } = this;
    if (profile === this.known) return;
    this.known = profile;
    if (!this.formats.has(profile)) await this.formats.learn(profile);
    if (profile !== this.profile) return;
    this.rows.positions.layouts.clear();
    this.rows.offerTags();
    this.draw(this.rows.placeOfFocus);
  }

  /* The form changed elsewhere. */
  heed() { this.learn(); }

  focus() { this.rows.focusOn(0, 'tag'); }

  show() {} // eslint-disable-line class-methods-use-this
}
