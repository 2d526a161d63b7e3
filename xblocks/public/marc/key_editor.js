/* The keys of an exercise, each edited as the record it is, with how its fields are graded beside them. */

import { make, redraw } from '../exercise/page.js';
import { JsonField } from '../editor/form.js';
import { Grading } from './grading.js';
import {
  NoRecord, emptyKey, locatePlace, plainRecord, readExercise, writeExercise,
} from './key.js';
import { drawSettings } from './key_settings.js';
import { drawTabs } from './key_tabs.js';
import { showPlace } from './record.js';
import { RecordPart } from './record_part.js';
import { RecordRows } from './rows_editor.js';

const MOST_KEYS = 6;

export class KeyEditor extends RecordPart {
  constructor(container, template, tools, formats, choices) {
    super(container, template, tools, formats, { ...readExercise(tools.value, tools.form.fields.profile.read()), current: 0 });
    Object.assign(this, { choices, findings: [], settingsOpen: false });
    this.exerciseProfile = this.form.fields.profile.read();
    this.grading = new Grading({
      word: this.word, choices, usual: (tag) => this.usual(tag), grade: (...graded) => this.grade(...graded), key: () => this.key,
      fieldAt: (index) => this.fields[index],
    });
    this.find('panel').setAttribute('role', 'tabpanel');
    this.draw();
  }

  // -- the model

  get model() { return this.history.present; }

  get key() { return this.model.keys[this.model.current]; }

  get record() { return this.key.record; }

  get profile() { return this.history ? this.key.about.profile || this.key.about.format || 'marc21' : 'marc21'; }

  withFields(fields) { return this.withKey({ ...this.key, record: fields }); }

  withKey(key) {
    const { keys, current } = this.model;
    return { ...this.model, keys: keys.map((old, at) => (at === current ? key : old)) };
  }

  /* Of the current key: a setting, or a part of `settings`. */
  set(about, options) { this.keep(this.withKey({ ...this.key, about: { ...this.key.about, ...about } }), options); }

  usual(tag) {
    const usual = this.formats.of(this.profile).usual[tag] || { weight: null, kind: '', policies: {} };
    const weights = this.key.about.settings?.weights || {};
    return { ...usual, weight: weights[tag] ?? weights[usual.kind] ?? usual.weight };
  }

  // -- keys

  addKey(key) {
    const keys = [...this.model.keys, key];
    this.turnTo({ ...this.model, keys, current: keys.length - 1 }, 'key_added');
  }

  deleteKey() {
    const { keys, current } = this.model;
    const left = keys.filter((_, at) => at !== current);
    this.turnTo({ ...this.model, keys: left.length ? left : [emptyKey(this.profile)], current: Math.max(current - 1, 0) }, 'key_deleted');
  }

  turnTo(state, name) {
    this.rows.positions.closeAll();
    this.keep(state, { focus: [0, 'tag'], say: this.word(name) });
    this.learn();
  }

  /* Another key in the rows; no step to undo. */
  choose(current) {
    this.rows.positions.closeAll();
    this.history.record({ ...this.model, current }, 'current');
    this.draw();
    this.learn();
  }

  // -- drawing

  draw(focus = null) {
    if (!this.grading) return; // the rows come before all else
    redraw(this.find('top'), ...drawTabs(this, MOST_KEYS));
    redraw(this.find('bottom'), drawSettings(this));
    super.draw(focus);
  }

  drawExtra(index, field) { return this.grading?.draw(index, field) ?? null; }

  /* How a field is graded: {field} anew; with `redraw` its panel is drawn again, `focus` a part of it. */
  grade(index, field, { cell = null, redraw = false, focus = '' } = {}) {
    this.history.record(this.withFields(this.fields.map((old, at) => (at === index ? field : old))), cell);
    this.grading.update(this.find('rows').children[index], index, field, redraw, focus);
    this.changed();
  }

  drawn() {
    for (const { key, row, message, severity } of this.placed ?? []) {
      if (key !== this.model.current || row === null || severity === 'note') continue;
      const item = this.find('rows').children[row];
      item?.querySelector('.ls-body').append(make('p', { class: `ls-found ls-${severity}` }, `${this.word(severity)}: ${message}`));
    }
  }

  // -- as a field of the form

  plain() { return plainRecord(this.record); }

  read() { return writeExercise(this.model); }

  /* The exercise's format changed: the keys in it change as well. */
  heed() {
    const before = this.exerciseProfile;
    this.exerciseProfile = this.form.fields.profile.read();
    if (before === this.exerciseProfile) return;
    const keys = this.model.keys.map((key) => ((key.about.profile || 'marc21') === before
      ? { ...key, about: { ...key.about, profile: this.exerciseProfile } } : key));
    this.history.record({ ...this.model, keys });
    this.learn();
  }

  show(findings) {
    this.findings = findings;
    this.placed = findings.map((finding) => ({ ...finding, ...this.place(finding.where) }));
    redraw(this.find('top'), ...drawTabs(this, MOST_KEYS));
    this.find('rows').querySelectorAll('.ls-found').forEach((found) => found.remove());
    this.drawn();
  }

  place(where) {
    const place = locatePlace(this.model, where);
    return place.row === null ? { ...place, row: RecordRows.rowAt(this.model.keys[place.key].record, place.part) } : place;
  }

  focus(where) {
    const place = locatePlace(this.model, where);
    if (place.key !== this.model.current) this.choose(place.key);
    if (place.row !== null) this.focusPart(place);
    else if (/^\w{3}\b/.test(place.part)) this.rows.jump(place.part);
    else if (/^(settings|pools|forbidden|punct|material|free_extras|profile)/.test(place.part)) this.openSettings();
    else this.rows.focusOn(0, 'tag');
  }

  focusPart({ row, subfield, part, isGrading }) {
    if (isGrading) this.grading.open(this.find('rows').children[row]);
    else this.rows.focusOn(row, subfield === null ? { ind: 'ind1' }[part] || 'tag' : `value.${subfield}`);
  }

  openSettings() {
    this.settingsOpen = true;
    const settings = this.find('bottom').firstElementChild;
    settings.open = true;
    settings.querySelector('select, input').focus();
  }

  /* A place in the author's words: "Key 2, 245 $b". */
  name(where) {
    const { key, row, part } = locatePlace(this.model, where);
    const record = this.model.keys[key].record;
    const inRecord = row === null ? (/^\w{3}\b/.test(part) ? showPlace(part) : '') : record[row][0]; // eslint-disable-line no-nested-ternary
    return [this.model.keys.length > 1 ? this.word('key_number', { number: key + 1 }) : '', inRecord].filter(Boolean).join(', ');
  }
}

/* The field `exercise` of the form: its keys in rows, or as JSON what cannot be shown so. */
export class KeyField {
  constructor(container, template, tools, formats, choices) {
    Object.assign(this, { container, template, tools, formats, choices });
    this.write(tools.value);
  }

  write(value) {
    const { start, ...exercise } = typeof value === 'object' && value !== null ? value : { value };
    const tools = { ...this.tools, value: exercise };
    this.isMending = start !== undefined;
    this.tools.form.fields.starter?.mend(this.isMending);
    try {
      this.editor = new KeyEditor(this.container, this.template, tools, this.formats, this.choices);
    } catch (error) {
      if (!(error instanceof NoRecord)) throw error;
      const inner = make('div');
      this.editor = new JsonField(inner, tools);
      const notice = make('p', { class: 'ls-notice' }, this.tools.word('no_rows', { path: error.path || '{}' }));
      this.container.replaceChildren(notice, inner);
    }
  }

  /* Where mending is graded, the record that it is measured by is the one trainees begin with. */
  read() {
    const { starter } = this.tools.form.fields;
    const exercise = this.editor.read();
    return starter?.isMending && typeof exercise === 'object' ? { start: starter.read(), ...exercise } : exercise;
  }

  show(findings) { this.editor.show(findings); }

  focus(where) { this.editor.focus(where); }

  name(where) { return this.editor.name?.(where) ?? where; }

  heed() { this.editor.heed?.(); }

  plain() { return this.editor.plain?.() ?? []; }
}
