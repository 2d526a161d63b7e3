/* The editor of a task that people grade: its rubric as a form, and what is to be handed in. */

import { startEditor } from './editor/editor.js';
import { readNumber } from './editor/form.js';
import { makeHistory } from './exercise/history.js';
import { make } from './exercise/page.js';
import { fillWords, readWords } from './exercise/words.js';
import {
  KINDS, acceptsOf, addCriterion, complete, formOf, moveCriterion, readRange, readWhole, removeCriterion, setCriterion, setLevels, writeRange,
} from './task/rubric.js';

class RubricEditor {
  constructor(container, { value, changed, say }, words) {
    Object.assign(this, { container, changed, say, words, findings: [] });
    this.history = makeHistory(complete(value));
    this.container.addEventListener('keydown', (event) => this.press(event));
    this.draw();
  }

  get exercise() { return this.history.present; }

  word(name, values = {}) { return fillWords(this.words[name] || name, values); }

  read() { return this.exercise; }

  write(value) {
    this.history.record(complete(value));
    this.draw();
  }

  focus(where) { (this.partAt(where) ?? this.container.querySelector('button'))?.focus(); }

  show(findings) {
    this.findings = findings;
    this.mark();
  }

  /* "criteria[0].levels[1].points" as an author reads it. */
  name(where) {
    return [...where.matchAll(/(criteria|levels)\[(\d+)\]/g)].map(([, list, at]) => this.word(`${list}_number`, { number: Number(at) + 1 })).join(', ');
  }

  change(exercise, cell = null, focus = '') {
    this.history.record(exercise, cell);
    if (cell === null) this.draw();
    if (focus) this.focus(focus);
    this.changed();
  }

  step(direction) {
    if (this.history[direction]() === null) return;
    this.draw();
    this.changed();
    this.say(this.word(direction === 'undo' ? 'undone' : 'redone'));
  }

  press(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !['z', 'y'].includes(key)) return;
    event.preventDefault();
    this.step(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  }

  // -- drawing

  draw() {
    const { criteria } = this.exercise;
    this.container.replaceChildren(
      make('div', { class: 'ls-toolbar' }, ...['undo', 'redo'].map((name) => this.button(name, () => this.step(name)))),
      make('ol', { class: 'ls-edit-items' }, ...criteria.map((criterion, at) => this.drawCriterion(criterion, at))),
      make('p', { class: 'ls-adder' }, this.button('add_criterion', () => this.change(addCriterion(this.exercise), null, `criteria[${criteria.length}].name`))),
      this.drawAccepts());
    this.mark();
  }

  button(name, act, values = {}, options = {}) {
    return make('button', { type: 'button', class: 'ls-button ls-small', onclick: act, ...options }, this.word(name, values));
  }

  field(place, label, value, set, { lines = 0, small = false } = {}) {
    const options = { value: value ?? '', 'data-place': place, 'aria-label': label, oninput: ({ target }) => set(target.value, place) };
    const input = lines ? make('textarea', { rows: lines, ...options }) : make('input', { type: 'text', autocomplete: 'off', class: small ? 'ls-number' : '', ...options });
    return make('div', { class: 'ls-edit-field' }, make('span', { class: 'ls-edit-label', 'aria-hidden': 'true' }, label), input, make('p', { class: 'ls-error', hidden: true }));
  }

  drawCriterion(criterion, at) {
    const number = at + 1;
    const place = `criteria[${at}]`;
    const last = this.exercise.criteria.length - 1;
    const set = (name, read = (text) => text) => (text, cell) => this.change(setCriterion(this.exercise, at, { [name]: read(text) }), cell);
    const levels = criterion.levels ?? [];
    return make('li', { class: 'ls-edit-item', 'data-item': place },
      make('div', { class: 'ls-edit-item-head' },
        make('strong', { class: 'ls-edit-label' }, this.word('criteria_number', { number })),
        make('span', { class: 'ls-buttons' },
          this.button('up', () => this.change(moveCriterion(this.exercise, at, -1), null, `criteria[${at - 1}].name`), {}, { disabled: !at, 'aria-label': this.word('criterion_up', { number }) }),
          this.button('down', () => this.change(moveCriterion(this.exercise, at, 1), null, `criteria[${at + 1}].name`), {}, { disabled: at === last, 'aria-label': this.word('criterion_down', { number }) }),
          this.button('delete', () => {
            this.change(removeCriterion(this.exercise, at), null, last ? `criteria[${Math.max(at - 1, 0)}].name` : '');
            this.say(this.word('criterion_deleted', { number }));
          }, {}, { 'aria-label': this.word('criterion_delete', { number }) }))),
      make('div', { class: 'ls-edit-item-body' },
        this.field(`${place}.name`, this.word('f_name'), criterion.name, set('name')),
        this.field(`${place}.points`, this.word('f_points'), criterion.points, set('points', readNumber), { small: true }),
        this.field(`${place}.description`, this.word('f_description'), criterion.description, set('description'), { lines: 2 }),
        make('ul', { class: 'ls-edit-rows' }, ...levels.map((level, row) => this.drawLevel(level, at, row))),
        levels.length < 9 ? this.button('add_level', () => this.change(
          setLevels(this.exercise, at, (rows) => [...rows, { name: '', points: criterion.points }]), null, `${place}.levels[${levels.length}].name`), {}, { 'aria-label': this.word('add_level_to', { number }) }) : '',
        make('p', { class: 'ls-error', 'data-place': `${place}.levels`, hidden: true })));
  }

  drawLevel(level, at, row) {
    const place = `criteria[${at}].levels[${row}]`;
    const set = (name, read = (text) => text) => (text, cell) => this.change(
      setLevels(this.exercise, at, (rows) => rows.map((other, number) => (number === row ? { ...other, [name]: read(text) } : other))), cell);
    return make('li', { class: 'ls-edit-row' },
      this.field(`${place}.name`, this.word('f_level', { number: row + 1 }), level.name, set('name')),
      this.field(`${place}.points`, this.word('f_range'), writeRange(level.points), set('points', readRange), { small: true }),
      this.field(`${place}.descriptor`, this.word('f_descriptor'), level.descriptor, set('descriptor'), { lines: 2 }),
      make('span', { class: 'ls-buttons' }, this.button('delete', () => this.change(
        setLevels(this.exercise, at, (rows) => rows.filter((_, number) => number !== row)), null, `criteria[${at}].name`), {}, { 'aria-label': this.word('level_delete', { number: row + 1 }) })));
  }

  drawAccepts() {
    const form = formOf(this.exercise);
    const set = (change, cell = null) => this.change({ ...this.exercise, accepts: acceptsOf({ ...formOf(this.exercise), ...change }) }, cell);
    const whole = (name, place) => this.field(place, this.word(`f_${name}`), form[name], (text) => set({ [name]: readWhole(text) }, place), { small: true });
    const tick = (name) => make('label', { class: 'ls-tick' },
      make('input', { type: 'checkbox', checked: form[name], onchange: ({ target }) => set({ [name]: target.checked }) }), ' ', make('span', {}, this.word(`f_${name}`)));
    const kind = (name) => make('label', { class: 'ls-tick' }, make('input', { type: 'checkbox', checked: form.kinds.includes(name),
      onchange: ({ target }) => set({ kinds: KINDS.filter((other) => (other === name ? target.checked : form.kinds.includes(other))) }) }), ' ', make('span', {}, `.${name}`));
    return make('fieldset', { class: 'ls-edit-field' },
      make('legend', { class: 'ls-edit-label' }, this.word('asked')),
      make('p', {}, tick('text')),
      ...(form.text ? [whole('least_words', 'accepts.text.least_words'), whole('most_words', 'accepts.text.most_words')] : []),
      make('p', {}, tick('files')),
      ...(form.files ? [
        whole('least', 'accepts.files.least'), whole('most', 'accepts.files.most'), whole('megabytes', 'accepts.files.megabytes'),
        make('fieldset', { class: 'ls-ticks' }, make('legend', { class: 'ls-edit-label' }, this.word('f_kinds')), ...KINDS.map(kind)),
      ] : []),
      make('p', { class: 'ls-error', 'data-place': 'accepts', hidden: true }));
  }

  // -- faults

  partAt(where) {
    for (let place = where; place; place = place.replace(/(\.[^.[]+|\[\d+\])$/, '')) {
      const part = this.container.querySelector(`[data-place="${place}"]`);
      if (part) return part;
      if (!/[.[]/.test(place)) return null;
    }
    return null;
  }

  mark() {
    this.container.querySelectorAll('.ls-error').forEach((error) => { error.hidden = true; });
    this.container.querySelectorAll('[aria-invalid]').forEach((input) => input.removeAttribute('aria-invalid'));
    for (const { where, message, severity } of this.findings) {
      const part = severity === 'error' ? this.partAt(where) : null;
      if (!part) continue;
      const error = part.matches('.ls-error') ? part : part.parentElement.querySelector('.ls-error');
      error.textContent = message;
      error.hidden = false;
      if (error !== part) part.setAttribute('aria-invalid', 'true');
    }
  }
}

export function start(root, call, host) {
  const editor = root.matches('.ls-editor') ? root : root.querySelector('.ls-editor');
  const words = readWords(editor.querySelector('[data-own-words]'));
  return startEditor(root, call, host, { exercise: (container, tools) => new RubricEditor(container, tools, words) });
}
