/* The editor of a drill: its items as forms, one under another, so that nobody needs to write JSON. */

import { drawField } from './drill_editor/controls.js';
import {
  addItem, completeExercise, duplicateItem, getAt, moveAt, readPath, removeAt, setAt, tidied, wordsOf, writePath,
} from './drill_editor/items.js';
import { ASKED, FURTHER, TYPES, blankItem, restOf } from './drill_editor/types.js';
import { startEditor } from './editor/editor.js';
import { JsonField } from './editor/form.js';
import { makeKey } from './exercise/exercise.js';
import { makeHistory } from './exercise/history.js';
import { make } from './exercise/page.js';
import { fillWords, readWords } from './exercise/words.js';

const CAN_BE_FOCUSED = 'input, select, textarea, button';

class ItemsEditor {
  /* `brought` is what the block's page brings: the choices of each list, and its words. */
  constructor(container, { value, call, changed, say }, brought) {
    Object.assign(this, { container, call, changed, say, ...brought });
    this.uid = `ls-${makeKey()}`;
    this.opened = new Set(); // ids of items that are being edited
    this.findings = [];
    this.history = makeHistory(completeExercise(value));
    this.container.addEventListener('keydown', (event) => this.press(event));
    if (this.exercise.items.length === 1) this.opened.add(this.exercise.items[0].id);
    this.draw();
  }

  get exercise() { return this.history.present; }

  word(name, values = {}) { return fillWords(this.words[name] || name, values); }

  // -- what the form asks

  read() { return tidied(this.exercise); }

  write(value) {
    this.history.record(completeExercise(value));
    this.draw();
  }

  show(findings) {
    this.findings = findings;
    this.mark();
  }

  focus(where) {
    const [list, at] = readPath(where);
    if (list === 'items' && this.exercise.items[at]) this.open(this.exercise.items[at].id);
    this.focusOn(where);
  }

  /* "items[2].rows[0].place" as an author reads it: "item 3, row 1, Field and subfield". */
  name(where) {
    const names = readPath(where).map((step, at, path) => {
      if (typeof step !== 'number') return typeof path[at + 1] === 'number' ? '' : this.words[`f_${step}`] || step;
      return this.word(path[at - 1] === 'items' && at === 1 ? 'item_number' : 'row_number', { number: step + 1 });
    });
    return names.filter(Boolean).join(', ');
  }

  // -- changes

  set(path, value, { redraw = false, focus = null } = {}) {
    if (path.at(-1) === 'id' && this.opened.has(getAt(this.exercise, path))) this.opened.add(value); // it stays open
    this.change(setAt(this.exercise, path, value), { cell: redraw ? null : writePath(path), focus });
  }

  change(exercise, { cell = null, focus = null, say = '' } = {}) {
    this.history.record(exercise, cell);
    if (cell === null) this.draw();
    if (focus) this.focusOn(focus);
    this.changed();
    if (say) this.say(say);
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

  add(type) {
    const exercise = addItem(this.exercise, blankItem(type));
    const at = exercise.items.length - 1;
    this.opened.add(exercise.items[at].id);
    this.change(exercise, { focus: `items[${at}].prompt`, say: this.word('item_added', { number: at + 1 }) });
  }

  duplicate(at) {
    const exercise = duplicateItem(this.exercise, at);
    this.opened.add(exercise.items[at + 1].id);
    this.change(exercise, { focus: `items[${at + 1}].prompt`, say: this.word('item_added', { number: at + 2 }) });
  }

  move(at, by) {
    const items = moveAt(this.exercise.items, at, by);
    if (items === this.exercise.items) return;
    const say = this.word('item_moved', { number: at + by + 1, count: items.length });
    this.change({ ...this.exercise, items }, { focus: `items[${at + by}]`, say });
  }

  remove(at) {
    const items = removeAt(this.exercise.items, at);
    const focus = items.length ? `items[${Math.min(at, items.length - 1)}]` : 'items+';
    this.change({ ...this.exercise, items }, { focus, say: this.word('item_deleted', { number: at + 1 }) });
  }

  // -- drawing

  draw() {
    const { items } = this.exercise;
    this.container.replaceChildren(
      make('div', { class: 'ls-toolbar' }, ...['undo', 'redo'].map((name) =>
        make('button', { type: 'button', class: 'ls-button ls-small', onclick: () => this.step(name) }, this.word(name)))),
      make('ol', { class: 'ls-edit-items', 'data-path': 'items' }, ...items.map((item, at) => this.drawItem(item, at))),
      items.length ? '' : make('p', { class: 'ls-help' }, this.word('no_items')),
      this.drawAdder(),
      this.drawSettings());
    this.mark();
  }

  drawAdder() {
    const types = make('select', { 'aria-label': this.word('type_of_new') },
      ...Object.entries(this.types).map(([type, name]) => make('option', { value: type }, name)));
    return make('p', { class: 'ls-adder' }, types,
      make('button', { type: 'button', class: 'ls-button', 'data-add': 'items', onclick: () => this.add(types.value) }, this.word('add_item')));
  }

  drawItem(item, at) {
    const isOpen = this.opened.has(item.id);
    const name = this.word('item_name', { number: at + 1, type: this.types[item.type] || item.type || '?' });
    const body = make('div', { class: 'ls-edit-item-body', hidden: !isOpen }, ...(isOpen ? this.drawFields(item, at) : []));
    const act = (word, sign, run) => make('button', {
      type: 'button', class: 'ls-button ls-small', 'aria-label': this.word(word, { number: at + 1 }), title: this.word(word, { number: at + 1 }), onclick: run,
    }, sign);
    return make('li', { class: 'ls-edit-item', 'data-path': `items[${at}]` },
      make('div', { class: 'ls-edit-item-head' },
        make('button', { type: 'button', class: 'ls-link ls-edit-item-name', 'aria-expanded': String(isOpen), onclick: () => this.toggle(item.id, at) },
          make('strong', {}, name), ' ', wordsOf(item.prompt).slice(0, 80)),
        make('span', { class: 'ls-buttons' },
          act('item_up', '↑', () => this.move(at, -1)), act('item_down', '↓', () => this.move(at, 1)),
          act('item_duplicate', '⧉', () => this.duplicate(at)), act('item_delete', '✕', () => this.remove(at)))),
      make('p', { class: 'ls-error', hidden: true, id: `${this.uid}-items[${at}]-error` }),
      body);
  }

  drawFields(item, at) {
    const path = ['items', at];
    const view = this.view;
    const draw = (fields) => fields.map((field) => drawField(field, path, view));
    const further = make('details', {}, make('summary', {}, this.word('further')), ...draw(FURTHER), this.drawRest(item, at));
    further.open = this.findings.some(({ where }) => FURTHER.some(({ name }) => where.startsWith(`items[${at}].${name}`)));
    return [...draw(ASKED), ...draw(TYPES[item.type]?.fields || []), further];
  }

  /* What no field shows, such as variants, as JSON. */
  drawRest(item, at) {
    const box = make('div', { class: 'ls-edit-field' });
    const field = new JsonField(box, {
      value: restOf(item),
      label: this.word('f_rest'),
      word: (name, values) => this.word(name, values),
      changed: () => {
        const rest = field.read();
        if (typeof rest !== 'object' || rest === null) return;
        const now = this.exercise.items[at];
        const old = restOf(now);
        const kept = Object.fromEntries(Object.entries(now).filter(([name]) => !(name in old)));
        this.set(['items', at], { ...kept, ...rest });
      },
    });
    return make('div', {}, make('h4', { class: 'ls-edit-label' }, this.word('f_rest')), make('p', { class: 'ls-help' }, this.word('help_rest')), box);
  }

  drawSettings() {
    const { view } = this;
    const rows = () => Object.entries(this.exercise.pools || {}).map(([pool, count]) => ({ pool, count }));
    const poolView = {
      ...view,
      get: (path) => getAt(rows(), path.slice(1)),
      set: (path, value, options) => {
        const pools = setAt(rows(), path.slice(1), value).map(({ pool, count }) => [pool, count]);
        this.set(['pools'], pools.length ? Object.fromEntries(pools) : undefined, options);
      },
    };
    const columns = [{ name: 'pool', kind: 'text' }, { name: 'count', kind: 'number', label: 'pool_count' }];
    const blank = { pool: `pool-${rows().length + 1}`, count: 1 };
    return make('details', { class: 'ls-edit-settings', open: rows().length > 0 }, make('summary', {}, this.word('settings')),
      drawField({ name: 'shuffle', kind: 'tick' }, ['settings'], view),
      drawField({ name: 'unwanted', kind: 'number' }, ['settings'], view),
      drawField({ name: 'pools', kind: 'rows', columns, blank }, [], poolView));
  }

  /* What the controls need (drill_editor/controls.js). */
  get view() {
    return {
      choices: this.choices,
      get: (path) => getAt(this.exercise, path),
      set: (path, value, options) => this.set(path, value, options),
      word: (name, values) => this.word(name, values),
      help: (name) => this.words[`help_${name}`] || null,
      id: (place) => `${this.uid}-${place}`,
      call: (handler, data) => this.call(handler, data),
    };
  }

  toggle(id, at) {
    if (!this.opened.delete(id)) this.opened.add(id);
    this.draw();
    this.focusOn(`items[${at}]`);
  }

  open(id) {
    if (this.opened.has(id)) return;
    this.opened.add(id);
    this.draw();
  }

  /* To the control of a place, or to what it is a part of. */
  focusOn(where) {
    const part = where.endsWith('+')
      ? this.container.querySelector(`[data-add="${where.slice(0, -1)}"]`)
      : this.partAt(where) || this.container;
    for (let box = part.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
    (part.matches(CAN_BE_FOCUSED) ? part : part.querySelector(CAN_BE_FOCUSED))?.focus();
  }

  /* The part for a place, or the nearest that holds it. */
  partAt(where) {
    for (let path = readPath(where); path.length; path = path.slice(0, -1)) {
      const part = this.container.querySelector(`[data-path="${writePath(path)}"]`);
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
    for (const { where, message, severity } of this.findings) {
      const part = severity === 'error' && where ? this.partAt(where) : null;
      const error = part?.querySelector(':scope > .ls-error');
      if (!error) continue;
      error.textContent = message;
      error.hidden = false;
      part.querySelector(':scope > :is(input, select, textarea)')?.setAttribute('aria-invalid', 'true');
    }
  }
}

export function start(root, call, host) {
  const editor = root.matches('.ls-editor') ? root : root.querySelector('.ls-editor');
  const { choices, types } = JSON.parse(editor.querySelector(':scope > .libschool-state').textContent);
  const words = { ...readWords(editor.querySelector(':scope > [data-words]')), ...readWords(editor.querySelector('[data-own-words]')) };
  return startEditor(root, call, host, { exercise: (container, tools) => new ItemsEditor(container, tools, { choices, types, words }) });
}
