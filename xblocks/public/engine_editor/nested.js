/* The editor of a nested exercise, drawn from a description of its fields (shape.js, controls.js), so that nobody
   needs to write JSON. It plugs into editor/editor.js as the editor of the field `exercise`. */

import { startEditor } from '../editor/editor.js';
import { makeKey } from '../exercise/exercise.js';
import { makeHistory } from '../exercise/history.js';
import { make } from '../exercise/page.js';
import { fillWords, readWords } from '../exercise/words.js';
import { drawJson, titleOf } from './cards.js';
import { CONTROLS } from './controls.js';
import { drawField } from './field.js';
import { named, nameOfEntry } from './moves.js';
import { KEY, entriesOf, flatten, fold, locate, rename, restOf, trace, unfold, unfoldRow } from './shape.js';
import { getAt, readPath, setAt, writePath } from './tree.js';

const CAN_BE_FOCUSED = 'input, select, textarea, button';

export class NestedEditor {
  /* `describe(exercise)` gives the fields of an exercise, `controls` kinds of fields that the block adds; `choices` and
     `words` are the page's. */
  constructor(container, { value, call, changed, say, values }, { describe, controls, choices, words, state }) {
    Object.assign(this, { container, call, changed, say, values, describe, choices, words, state });
    this.controls = { ...CONTROLS, ...controls };
    this.uid = `ls-${makeKey()}`;
    this.opened = new Set(); // the keys of entries that are being edited
    this.sections = new Map(); // folded sections that somebody opened
    this.findings = [];
    this.history = makeHistory(this.unfold(value));
    this.container.addEventListener('keydown', (event) => this.press(event));
    for (const { kind, name } of this.fields) if (kind === 'cards' && this.exercise[name]?.length === 1) this.opened.add(this.exercise[name][0][KEY]);
    this.draw();
  }

  get exercise() { return this.history.present; }

  get fields() { return this.describe(this.exercise); }

  word(name, values = {}) { return fillWords(this.words[name] || name, values); }

  unfold(value) { return unfold(this.describe(value ?? {}), value); }

  // -- what the form asks

  read() { return fold(this.fields, this.exercise); }

  write(value) {
    this.history.record(this.unfold(value));
    this.draw();
  }

  show(findings) {
    this.findings = findings.map((finding) => ({ ...finding, path: this.locate(finding.where) }));
    this.mark();
  }

  focus(where) { this.focusOn(writePath(this.locate(where))); }

  /* "steps[2].kind" as an author reads it: "step 3, Kind of step". */
  name(where) {
    return trace(this.fields, this.exercise, this.locate(where)).map(({ field, at, name }) => {
      if (field) return at === undefined ? this.word(`f_${field.label || field.name}`) : nameOfEntry(field, at, this.view);
      return typeof name === 'number' ? this.word('row_number', { number: name + 1 }) : this.words[`f_${name}`] || name;
    }).join(', ');
  }

  locate(where) { return locate(this.fields, this.exercise, readPath(where || '')); }

  // -- changes

  set(path, value, { redraw = false, focus = null, say = '' } = {}) {
    this.change(setAt(this.exercise, path, value), { cell: redraw ? null : writePath(path), focus, say });
  }

  change(exercise, { cell = null, focus = null, say = '' } = {}) {
    this.history.record(exercise, cell);
    if (cell === null) this.draw();
    else this.followTyping();
    if (focus) this.focusOn(focus);
    this.changed();
    if (say) this.say(say);
  }

  rename(list, old, next, path) {
    this.change(rename(this.fields, setAt(this.exercise, path, next), list, old, next), { cell: writePath(path) });
  }

  /* A value on which the shape of others depends. */
  reshape(path, value) {
    this.change(this.unfold(setAt(this.read(), path, value)), { focus: writePath(path) });
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
    this.heeding = [];
    this.container.replaceChildren(
      make('div', { class: 'ls-toolbar' }, ...['undo', 'redo'].map((name) =>
        make('button', { type: 'button', class: 'ls-button ls-small', onclick: () => this.step(name) }, this.word(name)))),
      ...this.fields.map((field) => drawField(field, [], this.view)),
      this.drawRest());
    this.mark();
  }

  /* What of the exercise no field shows, as JSON; most exercises have nothing of the kind. */
  drawRest() {
    const rest = () => restOf(this.fields, this.exercise);
    if (!Object.keys(rest()).length) return '';
    return drawJson(this.view, rest, (next) => {
      const gone = rest();
      const kept = Object.entries(this.exercise).filter(([name]) => !(name in gone));
      this.change({ ...Object.fromEntries(kept), ...next }, { cell: 'rest' });
    });
  }

  /* What stands elsewhere of what is being typed. */
  followTyping() {
    for (const { field, path } of this.titled()) {
      const title = this.container.querySelector(`[data-title="${CSS.escape(writePath(path))}"]`);
      if (title) title.textContent = titleOf(field, getAt(this.exercise, path));
    }
    for (const heed of this.heeding) heed();
  }

  /* The entries around the control that has the focus. */
  titled() {
    const place = document.activeElement?.closest('[data-path]')?.dataset.path;
    if (!place || !this.container.contains(document.activeElement)) return [];
    const path = readPath(place);
    return path.flatMap((step, at) => {
      const [last] = typeof step === 'number' ? trace(this.fields, this.exercise, path.slice(0, at + 1)).slice(-1) : [];
      return last?.field?.kind === 'cards' ? [{ field: last.field, path: path.slice(0, at + 1) }] : [];
    });
  }

  /* What the controls need (controls.js). */
  get view() {
    this.shared ??= this.makeView();
    return this.shared;
  }

  makeView() {
    const editor = this;
    return {
      choices: this.choices,
      controls: this.controls,
      state: this.state,
      get exercise() { return editor.exercise; },
      folded: () => this.read(),
      get: (path) => getAt(this.exercise, path),
      set: (path, value, options) => this.set(path, value, options),
      replace: (exercise, options) => this.change(this.unfold(exercise), options),
      rename: (...args) => this.rename(...args),
      reshape: (path, value) => this.reshape(path, value),
      entries: (list, titled) => entriesOf(this.exercise, list, titled),
      word: (name, values) => this.word(name, values),
      hasWord: (name) => name in this.words,
      help: (name) => this.words[`help_${name}`] || null,
      id: (place) => `${this.uid}-${place}`,
      call: (handler, data) => this.call(handler, data),
      values: () => this.values(),
      focus: (where) => this.focusOn(where),
      heed: (act) => this.heeding.push(act),
      findings: () => this.findings,
      hasFaults: (path) => this.findings.some((finding) => writePath(finding.path).startsWith(writePath(path))),
      newRow: (field, row, rows) => unfoldRow(field, named(field, row, rows), this.exercise),
      isOpen: (row) => this.opened.has(row[KEY]),
      open: (row) => this.opened.add(row[KEY]),
      toggle: (row, place) => this.toggle(row, place),
      isUnfolded: (field) => this.sections.get(field.label) ?? false,
      unfoldSection: (field, isOpen) => this.sections.set(field.label, isOpen),
    };
  }

  toggle(row, place) {
    if (!this.opened.delete(row[KEY])) this.opened.add(row[KEY]);
    this.draw();
    this.focusOn(place);
  }

  /* To the control of a place, or to what it is a part of; what is folded around it is opened. */
  focusOn(where) {
    this.openAround(readPath(where));
    const part = where.endsWith('+')
      ? this.container.querySelector(`[data-add="${CSS.escape(where.slice(0, -1))}"]`)
      : this.partAt(where) || this.container;
    for (let box = part.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
    (part.matches(CAN_BE_FOCUSED) ? part : part.querySelector(CAN_BE_FOCUSED))?.focus();
  }

  /* Opens the entries that a place lies in; not the one that it is. */
  openAround(path) {
    const closed = path.map((_, at) => getAt(this.exercise, path.slice(0, at))).filter((part) => part?.[KEY] && !this.opened.has(part[KEY]));
    if (!closed.length) return;
    for (const part of closed) this.opened.add(part[KEY]);
    this.draw();
  }

  /* The part for a place, or the nearest that holds it. */
  partAt(where) {
    for (let path = readPath(where); path.length; path = path.slice(0, -1)) {
      const part = this.container.querySelector(`[data-path="${CSS.escape(writePath(path))}"]`);
      if (part) return part;
    }
    return null;
  }

  /* What is wrong, at its place. */
  mark() {
    this.container.querySelectorAll('[data-path]').forEach((part) => {
      part.querySelectorAll(':scope > .ls-error').forEach((error) => { error.hidden = true; });
      part.querySelectorAll(':scope > [aria-invalid]').forEach((input) => input.removeAttribute('aria-invalid'));
    });
    for (const { where, path, message, severity } of this.findings) {
      const part = severity === 'error' && where ? this.partAt(writePath(path)) : null;
      const error = part?.querySelector(':scope > .ls-error');
      if (!error) continue;
      error.textContent = message;
      error.hidden = false;
      part.querySelector(':scope > :is(input, select, textarea)')?.setAttribute('aria-invalid', 'true');
    }
  }
}

/* Starts the editor of a block whose exercise is described by `describe`. */
export function startNested(root, call, host, describe, controls = {}) {
  const editor = root.matches('.ls-editor') ? root : root.querySelector('.ls-editor');
  const state = JSON.parse(editor.querySelector(':scope > .libschool-state').textContent);
  const words = { ...readWords(editor.querySelector(':scope > [data-words]')), ...readWords(editor.querySelector('[data-own-words]')) };
  const brought = { describe, controls, choices: state.choices || {}, words, state };
  return startEditor(root, call, host, { exercise: (container, tools) => new NestedEditor(container, tools, brought) });
}
