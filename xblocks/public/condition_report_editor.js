/* The editor of a condition report: its author draws the damages on the picture as trainees will. */

import { startEditor } from './editor/editor.js';
import { CONTROLS } from './engine_editor/controls.js';
import { drawField } from './engine_editor/field.js';
import { getAt, readPath, setAt, writePath } from './engine_editor/tree.js';
import { makeKey } from './exercise/exercise.js';
import { makeHistory } from './exercise/history.js';
import { make, redraw } from './exercise/page.js';
import { fillWords, readWords, readersLocale } from './exercise/words.js';
import { Canvas } from './marking/canvas.js';
import { asPercent, boxOf, button, drawList, drawNumbers, sidesOf } from './marking/controls.js';
import { Experts } from './marking/experts.js';
import { textOfCell } from './marking/grid.js';
import { describeMark } from './marking/marks.js';
import { LAYERS, gridOf, hasRoom, newPart, pack, readCellLine, unpack } from './marking/reference.js';
import { ellipse, fitted, letterOf, line, rectangle, shapeOf, withShape } from './marking/shapes.js';

const TOOLS = ['select', 'box', 'ellipse', 'poly', 'line'];
const NEW_BOX = { x: 0.4, y: 0.4, w: 0.2, h: 0.1 };
const CAN_BE_FOCUSED = 'input, select, textarea, button';
const REGION_FIELDS = [
  { name: 'cls', kind: 'select', choices: 'classes' }, { name: 'sev', kind: 'select', choices: 'levels' },
  { name: 'active', kind: 'select', choices: 'activities' }, { name: 'value', kind: 'number' }, { name: 'text', kind: 'text' }, { name: 'id', kind: 'text' },
];
const FIELDS = { regions: REGION_FIELDS, ignore: [], decoys: [{ name: 'message', kind: 'text' }] };
const CLASS_FIELD = {
  name: 'classes', kind: 'rows', blank: { id: '', text: '', family: '', definition: '' },
  columns: [{ name: 'id', kind: 'text', label: 'class_id' }, { name: 'text', kind: 'text', label: 'class_text' }, { name: 'family', kind: 'text' }, { name: 'definition', kind: 'text' }],
};
const CONFUSION_FIELD = {
  name: 'confusions', kind: 'rows', blank: { of: '', as: '', message: '' },
  columns: [{ name: 'of', kind: 'select', choices: 'classes' }, { name: 'as', kind: 'select', choices: 'classes' }, { name: 'message', kind: 'text' }],
};
const SETTING_FIELDS = [
  { name: 'modes', kind: 'many', choices: 'modes' },
  ...['levels', 'w_loc', 'w_cls', 'w_sev', 'w_act', 't0', 't1', 't1_grid', 'family', 'fp', 'fp_free', 'radius', 'buffer', 'cap']
    .map((name) => ({ name, kind: 'number', label: `set_${name}`, help: `set_${name}` })),
  { name: 'critical', kind: 'list', label: 'set_critical', help: 'set_critical' }, { name: 'thin', kind: 'list', label: 'set_thin', help: 'set_thin' },
  { name: 'merge', kind: 'tick', label: 'set_merge' }, { name: 'split', kind: 'tick', label: 'set_split' },
];

class DamageEditor {
  /* `brought` is what the block's page brings: picture, usual classes, words. */
  constructor(container, tools, brought) {
    const { value, call, changed, say, values } = tools;
    Object.assign(this, { container, call, changed, say, values, ...brought });
    this.language = readersLocale(container.closest('[lang]')?.lang);
    this.uid = `ls-${makeKey()}`;
    Object.assign(this, { layer: 'regions', tool: 'box', chosen: null, box: NEW_BOX, findings: [], opened: new Set() });
    this.history = makeHistory(unpack(value));
    this.experts = new Experts(this);
    this.frame();
    this.container.addEventListener('keydown', (event) => this.undoByKey(event));
    this.draw();
  }

  /* What stays while all else is drawn anew. */
  frame() {
    const part = (name, attributes = {}) => make('div', { 'data-damage': name, ...attributes });
    this.container.classList.add('ls-damages');
    this.container.replaceChildren(part('top'), make('div', { class: 'ls-marking' }, part('canvas', { class: 'ls-picture' }), part('panel', { class: 'ls-panel' })),
      part('list'), part('rows'), make('details', { class: 'ls-edit-settings' }, make('summary', {}, this.word('experts')), this.experts.box));
    this.canvas = new Canvas(this.part('canvas'), this.canvasView);
  }

  part(name) { return this.container.querySelector(`[data-damage="${name}"]`); }

  word(name, values = {}) { return fillWords(this.words[name] || name, values); }

  get model() { return this.history.present; }

  // -- what the form asks

  read() { return pack(this.model); }

  write(value) {
    this.history.record(unpack(value));
    this.chosen = null;
    this.draw();
  }

  show(findings) {
    this.findings = findings;
    this.mark();
  }

  focus(where) {
    const [layer, at] = readPath(where);
    if (LAYERS.includes(layer) && this.model[layer][at]) Object.assign(this, { layer, chosen: at, tool: 'select' });
    this.draw();
    const part = this.partAt(where) || this.container;
    for (let box = part.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
    (part.matches(CAN_BE_FOCUSED) ? part : part.querySelector(CAN_BE_FOCUSED))?.focus();
  }

  /* "regions[2].cls" as an author reads it: "region r3, kind". */
  name(where) {
    const [layer, at, ...rest] = readPath(where);
    if (typeof at !== 'number') return [layer, at].filter((step) => step !== undefined).map((step) => this.words[`f_set_${step}`] || this.words[`f_${step}`] || step).join(', ');
    const name = LAYERS.includes(layer) ? this.nameOf(layer, at) : `${this.words[`f_${layer}`] || layer} ${at + 1}`;
    return [name, ...rest.filter((step) => typeof step !== 'number').map((step) => this.words[`f_${step}`] || step)].join(', ');
  }

  /* The picture may be another: the form's other fields were edited. */
  heed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.findPicture(), 600);
  }

  async findPicture() {
    try {
      this.picture = (await this.call('find_picture', { values: this.values() })).picture;
      this.canvas.show(this.picture, '');
    } catch { /* the picture stays; the check beside the form says what is wrong */ }
  }

  // -- changes

  set(model, say = '', { cell = null } = {}) {
    const hadPage = this.model.page;
    this.history.record(this.withAspect(model), cell);
    if (cell === null) this.draw();
    else this.drawMarks();
    if (model.page !== hadPage) this.findPicture();
    this.changed();
    if (say) this.say(say);
  }

  change(path, value, { redraw: isRows = false, focus = null, say = '' } = {}) {
    this.set(setAt(this.model, path, value), say, { cell: isRows ? null : writePath(path) });
    if (focus) this.focusOn(focus);
  }

  focusOn(place) {
    const part = place.endsWith('+') ? this.container.querySelector(`[data-add="${place.slice(0, -1)}"]`) : this.partAt(place);
    (part?.matches(CAN_BE_FOCUSED) ? part : part?.querySelector(CAN_BE_FOCUSED))?.focus();
  }

  step(direction) {
    const hadPage = this.model.page;
    if (this.history[direction]() === null) return;
    this.chosen = null;
    this.draw();
    if (this.model.page !== hadPage) this.findPicture();
    this.changed();
    this.say(this.word(direction === 'undo' ? 'undone' : 'redone'));
  }

  undoByKey(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !['z', 'y'].includes(key)) return;
    event.preventDefault();
    this.step(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  }

  setLayer(rows, say, { chosen = null } = {}) {
    this.chosen = chosen;
    this.set({ ...this.model, [this.layer]: rows }, say);
  }

  get rows() { return this.model[this.layer]; }

  add(shape) {
    if (!hasRoom(this.model, this.layer)) {
      this.say(this.word('full', { most: this.rows.length }));
      return;
    }
    const at = this.rows.length;
    this.setLayer([...this.rows, newPart(this.layer, shape, this.model)], '', { chosen: at });
    this.say(this.word('added', { name: this.nameOf(this.layer, at) }));
  }

  addByNumbers(name) {
    const { x, y, w, h } = this.box;
    const box = { x, y, w: Math.min(w, 1 - x), h: Math.min(h, 1 - y) };
    this.add(name === 'line' ? line([[x, y], [x + box.w, y + box.h]]) : name === 'box' ? rectangle(box) : ellipse(box));
  }

  reshape(at, shape, options) {
    const rows = this.rows.map((row, other) => (other === at ? withShape(row, shape) : row));
    this.set({ ...this.model, [this.layer]: rows }, '', options);
  }

  remove(at) {
    this.setLayer(this.rows.filter((_, other) => other !== at), this.word('region_deleted', { number: at + 1 }));
    this.container.querySelector(`[data-mark="${Math.min(at, this.rows.length - 1)}"] button, button[data-tool="box"]`)?.focus();
  }

  duplicate(at) {
    const row = this.rows[at];
    const { x, y, w, h } = boxOf(row, this.grid);
    const shape = fitted(row, this.grid, { x: Math.min(x + 0.02, 1 - w), y: Math.min(y + 0.02, 1 - h), w, h });
    const { id, ...copied } = withShape(row, {}); // eslint-disable-line no-unused-vars
    this.setLayer([...this.rows, { ...newPart(this.layer, {}, this.model), ...copied, ...shape }], this.word('duplicated'), { chosen: this.rows.length });
  }

  swap(at, by, act) {
    const rows = [...this.rows];
    if (!rows[at + by]) return;
    [rows[at], rows[at + by]] = [rows[at + by], rows[at]];
    this.setLayer(rows, this.word('mark_moved', { number: at + by + 1, count: rows.length }), { chosen: this.chosen === null ? null : at + by });
    this.container.querySelector(`[data-mark="${at + by}"] [data-act="${act}"]`)?.focus();
  }

  choose(at, { stays = false } = {}) {
    this.chosen = at !== null && this.rows[at] ? at : null;
    this.draw();
    if (!stays) this.part('panel').querySelector(CAN_BE_FOCUSED)?.focus();
  }

  openLayer(layer) {
    this.canvas.cancel();
    Object.assign(this, { layer, chosen: null });
    this.draw();
    this.container.querySelector(`input[type="radio"][value="${layer}"]`).focus();
  }

  setTool(tool) {
    if (!TOOLS.includes(tool)) return false;
    this.canvas.cancel();
    this.tool = tool;
    redraw(this.part('top'), ...this.drawTop());
    this.canvas.draw();
    return true;
  }

  async drawPage(damages) {
    try {
      const { exercise, picture } = await this.call('draw_page', { damages });
      const { modes } = this.model.settings || {};
      const drawn = modes ? { ...exercise, settings: { ...exercise.settings, modes } } : exercise;
      Object.assign(this, { picture, layer: 'regions', chosen: null });
      this.canvas.show(picture, '');
      this.set(unpack(drawn), this.word('page_drawn'));
    } catch (error) {
      this.say(error.message || this.word('no_connection'));
    }
  }

  takeUsual() {
    const known = new Set(this.model.classes.map(({ id }) => id));
    const more = unpack(this.usual).classes.filter(({ id }) => !known.has(id));
    this.set({ ...this.model, classes: [...this.model.classes, ...more] }, this.word('taken'));
  }

  // -- drawing

  get grid() { return gridOf(this.model); }

  draw() {
    redraw(this.part('top'), ...this.drawTop());
    this.drawMarks();
    redraw(this.part('panel'), ...this.drawPanel());
    redraw(this.part('rows'), ...this.drawRows());
    this.mark();
  }

  drawMarks() {
    redraw(this.part('list'), ...this.drawPartList());
    this.canvas.draw();
    this.mark();
  }

  drawTop() {
    const layers = LAYERS.map((layer) => make('label', { class: 'ls-mode' }, make('input', {
      type: 'radio', name: `${this.uid}-layer`, value: layer, checked: layer === this.layer, onchange: () => this.openLayer(layer),
    }), make('span', {}, this.word(`layer_${layer}`, { count: this.model[layer].length }))));
    const count = make('input', { type: 'number', min: 1, max: 6, value: 4, 'aria-label': this.word('damages_drawn') });
    const act = (name, run) => button(this.word(name), run, { 'data-tool': name });
    return [
      make('div', { class: 'ls-toolbar' }, act('undo', () => this.step('undo')), act('redo', () => this.step('redo'))),
      make('fieldset', { class: 'ls-drawn-page' }, make('legend', { class: 'ls-label' }, this.word('drawn_page')), count, act('draw_page', () => this.drawPage(count.valueAsNumber || 0)),
        make('p', { class: 'ls-help' }, this.word('drawn_page_help'))),
      make('fieldset', { class: 'ls-modes' }, make('legend', { class: 'ls-label' }, this.word('what_to_draw')), ...layers),
      make('div', { class: 'ls-tools', role: 'group', 'aria-label': this.word('tools') },
        ...TOOLS.map((name) => button(this.word(`tool_${name}`), () => this.setTool(name), { 'aria-pressed': String(name === this.tool), 'data-tool': name })),
        act('close_shape', () => this.canvas.finish()), act('zoom_in', () => this.canvas.zoom(1)), act('zoom_out', () => this.canvas.zoom(-1))),
    ];
  }

  get canvasView() {
    return {
      uid: this.uid, picture: this.picture, alt: '', grid: [8, 12],
      aspect: () => this.model.settings?.aspect || 1,
      isOpen: () => true,
      tool: () => this.tool,
      shapes: () => this.shapes,
      selected: () => this.chosen,
      nameOf: (at) => this.nameOf(this.layer, at),
      cellText: (cell) => textOfCell(this.model.cells.map((text) => readCellLine(text, this.grid)).filter(Boolean), cell),
      word: (name, values) => this.word(name, values),
      say: (text) => this.say(text),
      add: (shape) => this.add(shape),
      change: (at, shape) => this.reshape(at, shape),
      select: (at) => this.choose(at, { stays: true }),
      remove: (at) => this.remove(at),
      toggle: () => {},
      setTool: (name) => this.setTool(name),
    };
  }

  /* The form of the picture belongs to the exercise: lines grow, and points reach, by it. */
  withAspect(model) {
    const { aspect = 1 } = model.settings || {};
    const seen = Math.round(this.canvas.ratio * 10000) / 10000;
    const isRight = !this.picture || Math.abs(seen / aspect - 1) < 0.02 || seen < 0.1 || seen > 10;
    return isRight ? model : { ...model, settings: { ...model.settings, aspect: seen } };
  }

  get shapes() {
    const roles = { regions: 'mark', ignore: 'ignore', decoys: 'decoy' };
    return LAYERS.flatMap((layer) => this.model[layer].map((row, index) => ({
      shape: shapeOf(row), code: layer === 'regions' && row.cls ? Math.max(this.numberOf(row.cls), 0) : null, index, role: roles[layer], isMine: layer === this.layer,
      label: layer === 'regions' ? `${row.id || index + 1}${row.cls ? ` ${this.codeOf(row.cls)}` : ''}` : this.word(`flag_${layer}`),
    })));
  }

  numberOf(cls) { return this.model.classes.findIndex(({ id }) => id === cls); }

  codeOf(cls) { return this.numberOf(cls) < 0 ? '?' : letterOf(this.numberOf(cls)); }

  nameOf(layer, at) {
    const row = this.model[layer][at];
    const described = describeMark(row, {
      grid: this.grid, label: (cls) => this.model.classes[this.numberOf(cls)]?.text || cls,
      word: (name, values) => this.word(name, values), percent: (share) => asPercent(share, this.language),
    });
    if (layer === 'regions') return this.word('region', { number: row.id || at + 1, described });
    return this.word(`part_${layer}`, { number: at + 1, message: row.message || '' }).trim();
  }

  drawPartList() {
    const acts = [
      ['edit_mark', this.word('edit'), (at) => this.choose(at)],
      ['duplicate_mark', '⧉', (at) => this.duplicate(at)],
      ['mark_up', '↑', (at) => this.swap(at, -1, 'mark_up')],
      ['mark_down', '↓', (at) => this.swap(at, 1, 'mark_down')],
      ['delete_mark', '✕', (at) => this.remove(at)],
    ];
    const rows = this.rows.map((_, at) => ({ name: this.nameOf(this.layer, at), isChosen: at === this.chosen }));
    if (!rows.length) return [make('p', { class: 'ls-help' }, this.word(`no_${this.layer}`))];
    const list = drawList({ rows, acts, view: { word: (name, values) => this.word(name, values) }, readOnly: false });
    [...list.children].forEach((row, at) => {
      row.dataset.path = `${this.layer}[${at}]`;
      row.append(make('p', { class: 'ls-error', hidden: true, id: `${this.uid}-${this.layer}-${at}-error` }));
    });
    return [list];
  }

  drawPanel() {
    const at = this.chosen;
    const title = at === null ? this.word('new_part') : this.nameOf(this.layer, at);
    return [
      make('h5', { class: 'ls-panel-title' }, title),
      ...(at === null ? [] : FIELDS[this.layer].map((field) => drawField(field, [this.layer, at], this.regionView))),
      this.drawPlace(at),
      make('div', { class: 'ls-toolbar' }, ...(at === null
        ? ['box', 'ellipse', 'line'].map((name) => button(this.word(`add_${name}`), () => this.addByNumbers(name)))
        : [button(this.word('next_part'), () => this.choose(null))])),
    ];
  }

  drawPlace(at) {
    const view = { word: (name, values) => this.word(name, values), language: this.language };
    const row = this.rows[at];
    const write = (box, side) => {
      if (row) this.reshape(at, fitted(row, this.grid, box), { cell: `${this.layer}.${at}.${side}` });
      else this.box = box;
    };
    const sides = row ? sidesOf(row) : ['x', 'y', 'w', 'h'];
    return drawNumbers({ box: row ? boxOf(row, this.grid) || NEW_BOX : this.box, sides, write, view });
  }

  /* What the fields need (engine_editor/controls.js). */
  get view() {
    const { levels = 4 } = this.model.settings || {};
    const named = (names, word) => Object.fromEntries(names.map((name) => [name, this.word(`${word}_${name}`)]));
    const grades = Array.from({ length: Number.isInteger(levels) ? Math.min(Math.max(levels, 2), 11) : 4 }, (_, level) => [String(level), levels === 4 ? this.word(`level_${level}`) : String(level)]);
    return {
      choices: {
        classes: Object.fromEntries(this.model.classes.map(({ id, text }) => [id, `${this.codeOf(id)} · ${text || id}`])),
        levels: Object.fromEntries(grades), activities: named(['active', 'stable'], 'activity'),
        modes: named(['areas', 'grid', 'points', 'described'], 'mode'),
      },
      get: (path) => getAt(this.model, path),
      set: (path, value, options) => this.change(path, value, options),
      controls: CONTROLS,
      exercise: this.model,
      newRow: (field, row) => row,
      word: (name, values) => this.word(name, values),
      hasWord: (name) => name in this.words,
      help: (name) => this.words[`help_${name}`] || null,
      id: (place) => `${this.uid}-${place}`,
      call: (handler, data) => this.call(handler, data),
    };
  }

  /* Lists give text: a severity is a number, and active is yes or no. */
  get regionView() {
    const { view } = this;
    const read = { sev: (text) => (text === undefined ? undefined : Number(text)), active: (text) => (text === undefined ? undefined : text === 'active') };
    const show = { sev: (level) => (level === undefined ? undefined : String(level)), active: (is) => (is === undefined ? undefined : is ? 'active' : 'stable') };
    return {
      ...view,
      get: (path) => (show[path.at(-1)] || ((value) => value))(view.get(path)),
      set: (path, value, options) => view.set(path, (read[path.at(-1)] || ((given) => given))(value), options),
    };
  }

  drawRows() {
    const { view } = this;
    const section = (name, ...fields) => {
      const details = make('details', { class: 'ls-edit-settings', open: this.opened.has(name), ontoggle: ({ target }) => this.opened[target.open ? 'add' : 'delete'](name) },
        make('summary', {}, this.word(name)), ...fields);
      return details;
    };
    const field = (each, path = []) => drawField(each, path, view);
    return [
      section('section_classes', button(this.word('take_usual'), () => this.takeUsual()), field(CLASS_FIELD), field(CONFUSION_FIELD)),
      section('section_words', field({ name: 'observations', kind: 'lines' }), field({ name: 'cells', kind: 'lines' })),
      section('section_settings', ...SETTING_FIELDS.map((each) => field(each, ['settings']))),
    ];
  }

  partAt(where) {
    for (let path = readPath(where); path.length; path = path.slice(0, -1)) {
      const parts = [...this.container.querySelectorAll(`[data-path="${writePath(path)}"]`)];
      if (parts.length) return parts.find((part) => part.closest('[data-damage="panel"]')) || parts[0];
    }
    return null;
  }

  /* What is wrong, at its place. */
  mark() {
    for (const error of this.container.querySelectorAll('[data-path] > .ls-error')) error.hidden = true;
    for (const input of this.container.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
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
  const words = { ...readWords(editor.querySelector(':scope > [data-words]')), ...readWords(editor.querySelector('[data-own-words]')) };
  return startEditor(root, call, host, { exercise: (container, tools, { picture, usual }) => new DamageEditor(container, tools, { picture, usual, words }) });
}
