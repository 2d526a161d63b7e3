/* A condition report: damages marked on a picture, in a table of its fields, or in words. */

import { Exercise, makeKey } from './exercise/exercise.js';
import { make, redraw } from './exercise/page.js';
import { Canvas } from './marking/canvas.js';
import {
  activeChoices, asPercent, boxOf, button, classChoices, drawChoice, drawLine, drawList, drawNumbers, levelChoices, sidesOf,
} from './marking/controls.js';
import { drawObservations, judged } from './marking/described.js';
import { drawGrid, textOfCell } from './marking/grid.js';
import { MOST_MARKS, completeAnswer, describeMark, firstMissing, readWhere, withMark } from './marking/marks.js';
import { drawSample } from './marking/patterns.js';
import { FAULTS } from './exercise/result.js';
import { ellipse, fitted, isTooSmall, letterOf, line, point, rectangle, shapeOf, toggledCell, withShape } from './marking/shapes.js';

const TOOLS = { areas: ['select', 'box', 'ellipse', 'poly', 'line'], points: ['select', 'point'], grid: ['select', 'cells'], described: [] };
const NEW_BOX = { x: 0.4, y: 0.4, w: 0.2, h: 0.1 };

class Report extends Exercise {
  constructor(root, call) {
    super(root, call);
    this.task = { classes: [], levels: 4, modes: ['areas'], grid: [8, 12], aspect: 1, observations: [], cells: [], ...this.state.task };
    this.uid = `ls-${makeKey()}`;
    this.fresh = {}; // what the next mark will be
    this.box = NEW_BOX; // where it will be, if it is given in numbers
    this.selected = null;
    this.showsReference = true;
    this.mode = this.modeOf(this.answer.marks[0]) || this.task.modes[0];
    this.tool = this.firstTool;
    if (this.find('canvas')) this.canvas = new Canvas(this.find('canvas'), this.canvasView);
    this.root.addEventListener('keydown', (event) => this.undoByKey(event));
    this.open();
  }

  // -- what every exercise asks

  complete(answer) { return completeAnswer(answer); }

  answerToSubmit() { return this.marks.length ? this.answer : {}; }

  async submit() {
    const [at, what] = firstMissing(this.marks) || [];
    if (what === undefined) return super.submit();
    this.refuse(this.word(`lacks_${what}`, { number: at + 1 }));
    this.select(at);
    return undefined;
  }

  get acts() { return { ...super.acts, 'export-marks': () => this.exportMarks() }; }

  forget() { this.selected = null; }

  get marks() { return this.answer.marks; }

  get readOnly() { return !this.state.may_submit; }

  get shown() { return { word: (name, values) => this.word(name, values), language: this.language, readOnly: this.readOnly }; }

  draw(focus = null) {
    redraw(this.find('modes'), ...this.drawModes());
    redraw(this.find('tools'), ...this.drawTools());
    redraw(this.find('panel'), ...this.drawPanel());
    redraw(this.find('fields'), ...this.drawFields());
    redraw(this.find('marks'), ...this.drawMarks());
    if (!this.find('glossary').childElementCount) this.find('glossary').append(...this.drawGlossary());
    this.drawPicture();
    if (focus) this.focusOn(focus);
  }

  drawPicture() {
    this.find('picture').hidden = this.mode === 'described' && this.task.modes.length === 1 && !this.state.reference;
    this.canvas?.measure();
  }

  focusOn(place) { this.root.querySelector(place)?.focus(); }

  /* A change of the marks; `cell` names a field that is being typed in, which stays as it is. */
  set(marks, { cell = null, focus = null, say = '' } = {}) {
    this.change({ ...this.answer, marks }, { cell, focus, say });
    if (cell === null) return;
    redraw(this.find('marks'), ...this.drawMarks());
    this.canvas?.draw();
  }

  undoByKey(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !['z', 'y'].includes(key) || this.readOnly) return;
    event.preventDefault();
    this.step(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  }

  // -- ways of marking

  modeOf(mark) {
    if (!mark) return null;
    const mode = mark.cells ? 'grid' : mark.point ? 'points' : mark.place || mark.observation !== undefined ? 'described' : 'areas';
    return this.task.modes.includes(mode) ? mode : null;
  }

  get firstTool() {
    const tools = TOOLS[this.mode];
    return (matchMedia('(pointer: coarse)').matches ? tools[0] : tools[1]) || 'select'; // a finger moves the page first
  }

  drawModes() {
    const { modes } = this.task;
    if (modes.length < 2) return [];
    return [make('fieldset', { class: 'ls-modes' }, make('legend', { class: 'ls-label' }, this.word('how_to_mark')), ...modes.map((mode) =>
      make('label', { class: 'ls-mode' }, make('input', {
        type: 'radio', name: `${this.uid}-mode`, value: mode, checked: mode === this.mode, onchange: () => this.openMode(mode),
      }), make('span', {}, this.word(`mode_${mode}`)))))];
  }

  openMode(mode) {
    this.canvas?.cancel();
    Object.assign(this, { mode, selected: null });
    this.tool = this.firstTool;
    this.draw(`input[value="${mode}"][type="radio"]`);
  }

  drawTools() {
    const tools = this.readOnly ? [] : TOOLS[this.mode];
    const tool = (name) => button(this.word(`tool_${name}`), () => this.setTool(name), { 'aria-pressed': String(name === this.tool), 'data-tool': name });
    const act = (name, run) => button(this.word(name), run, { 'data-tool': name });
    return [
      ...tools.map(tool),
      tools.includes('poly') ? act('close_shape', () => this.canvas.finish()) : '',
      this.canvas ? act('zoom_in', () => this.canvas.zoom(1)) : '', this.canvas ? act('zoom_out', () => this.canvas.zoom(-1)) : '',
      this.state.reference ? make('label', { class: 'ls-tick' }, make('input', {
        type: 'checkbox', checked: this.showsReference, onchange: ({ target }) => { this.showsReference = target.checked; this.canvas?.draw(); },
      }), make('span', {}, this.word('show_reference'))) : '',
    ].filter(Boolean);
  }

  setTool(name) {
    if (!TOOLS[this.mode].includes(name)) return false;
    this.canvas?.cancel();
    this.tool = name;
    redraw(this.find('tools'), ...this.drawTools());
    this.canvas?.draw();
    return true;
  }

  // -- the picture

  codeOf(cls) {
    const at = this.task.classes.findIndex(({ id }) => id === cls);
    return at < 0 ? '?' : letterOf(at);
  }

  numberOf(cls) { return Math.max(this.task.classes.findIndex(({ id }) => id === cls), 0); }

  labelOf(cls) { return this.task.classes.find(({ id }) => id === cls)?.text || cls; }

  get canvasView() {
    const frame = this.find('canvas');
    return {
      uid: this.uid, picture: frame.dataset.picture, alt: frame.dataset.alt, keysId: this.nameKeys(), grid: this.task.grid,
      aspect: () => this.task.aspect,
      isOpen: () => !this.readOnly && TOOLS[this.mode].length > 0,
      tool: () => this.tool,
      shapes: () => this.shapes,
      selected: () => this.selected,
      nameOf: (at) => this.nameOf(at),
      cellText: (cell) => textOfCell(this.task.cells, cell),
      word: (name, values) => this.word(name, values),
      say: (text) => this.say(text),
      add: (shape) => this.add(shape),
      change: (at, shape) => this.set(withMark(this.marks, at, withShape(this.marks[at], shape)), { say: this.word('moved_region', { number: at + 1 }) }),
      select: (at) => this.select(at, { stays: true }),
      remove: (at) => this.remove(at, { stays: true }),
      toggle: (cell) => this.toggle(cell),
      setTool: (name) => this.setTool(name),
    };
  }

  nameKeys() {
    const keys = this.find('keys');
    keys.id = `${this.uid}-keys`;
    return keys.id;
  }

  get shapes() {
    const own = this.marks.map((mark, index) => ({
      shape: shapeOf(mark), code: mark.cls ? this.numberOf(mark.cls) : null, index, role: 'mark', isMine: true,
      label: `${index + 1}${mark.cls ? ` ${this.codeOf(mark.cls)}` : ''}`,
    }));
    return [...this.referenceShapes, ...own];
  }

  get referenceShapes() {
    const { reference } = this.state;
    if (!reference || !this.showsReference) return [];
    const shape = (row, role, label, code = null) => ({ shape: shapeOf(withShape({}, row.line ? { line: row.line } : { poly: row.poly })), role, label, code, isMine: false });
    return [
      ...reference.ignore.map((row) => shape(row, 'ignore', this.word('ignored'))),
      ...reference.decoys.map((row) => shape(row, 'decoy', this.word('no_damage'))),
      ...reference.regions.map((row) => shape(row, 'reference', `${this.codeOf(row.cls)} ${this.labelOf(row.cls)}`, this.numberOf(row.cls))),
    ];
  }

  // -- changes of marks

  add(shape, focus = null) {
    if (this.marks.length >= MOST_MARKS) {
      this.say(this.word('full', { most: MOST_MARKS }));
      return;
    }
    this.selected = this.marks.length;
    this.set([...this.marks, { ...this.fresh, ...shape }], { focus });
    this.say(this.word('added', { name: this.nameOf(this.selected) }));
  }

  addByNumbers(name) {
    const { x, y } = this.box;
    const w = Math.min(this.box.w, 1 - x);
    const h = Math.min(this.box.h, 1 - y);
    const box = { x, y, w, h };
    if (name === 'point') this.add(point([x, y]));
    else if (name === 'line') this.add(line([[x, y], [x + w, y + h]]));
    else if (isTooSmall(box)) this.say(this.word('too_small'));
    else this.add(name === 'box' ? rectangle(box) : ellipse(box));
  }

  toggle(cell) {
    const mark = this.marks[this.selected];
    const cells = toggledCell(mark?.cells || [], cell);
    if (!mark?.cells) this.add({ cells });
    else this.set(withMark(this.marks, this.selected, { ...mark, cells }));
  }

  select(at, { stays = false } = {}) {
    this.selected = at !== null && this.marks[at] ? at : null;
    const mode = this.modeOf(this.marks[this.selected]);
    if (mode && mode !== this.mode) {
      this.mode = mode;
      this.tool = this.firstTool;
    }
    const described = this.mode === 'described' ? `[data-observation="${this.marks[this.selected]?.observation}"] select` : null;
    this.draw(stays || this.selected === null ? null : described || '[data-part="panel"] select');
    if (this.selected !== null && stays) this.say(this.nameOf(this.selected));
  }

  remove(at, { stays = false } = {}) {
    const marks = this.marks.filter((_, other) => other !== at);
    this.selected = null;
    const focus = stays ? null : marks.length ? `[data-mark="${Math.min(at, marks.length - 1)}"] [data-act="delete_mark"]` : '[data-part="panel"] select';
    this.set(marks, { focus, say: this.word('region_deleted', { number: at + 1 }) });
  }

  swap(at, by, act) {
    const to = at + by;
    if (!this.marks[to]) return;
    const marks = withMark(withMark(this.marks, at, this.marks[to]), to, this.marks[at]);
    if (this.selected === at) this.selected = to;
    else if (this.selected === to) this.selected = at;
    this.set(marks, { focus: `[data-mark="${to}"] [data-act="${act}"]`, say: this.word('mark_moved', { number: to + 1, count: marks.length }) });
  }

  duplicate(at) {
    const mark = this.marks[at];
    const bounds = boxOf(mark, this.task.grid);
    const shape = bounds && !mark.cells ? fitted(mark, this.task.grid, { ...bounds, x: Math.min(bounds.x + 0.02, 1 - bounds.w), y: Math.min(bounds.y + 0.02, 1 - bounds.h) }) : {};
    const { observation, ...copied } = mark; // eslint-disable-line no-unused-vars
    this.selected = null;
    this.add({ ...copied, ...shape });
  }

  // -- what a mark is

  nameOf(at) {
    const described = describeMark(this.marks[at], {
      grid: this.task.grid, label: (cls) => this.labelOf(cls), word: (name, values) => this.word(name, values),
      percent: (share) => asPercent(share, this.language),
    });
    return this.word('region', { number: at + 1, described });
  }

  drawPanel() {
    const mark = this.selected === null ? this.fresh : this.marks[this.selected];
    if (this.readOnly || this.mode === 'described') return [];
    const write = (part) => {
      if (this.selected !== null) this.set(withMark(this.marks, this.selected, { ...this.marks[this.selected], ...part }));
      else Object.assign(this.fresh, part);
    };
    const { word } = this.shown;
    return [
      make('h3', { class: 'ls-panel-title' }, this.selected === null ? word('new_region') : word('this_region', { number: this.selected + 1 })),
      drawChoice(word('what_is_it'), classChoices(this.task.classes, (cls) => this.codeOf(cls), word), mark.cls ?? '', (cls) => write({ cls })),
      drawChoice(word('severity'), levelChoices(this.task.levels, word), mark.sev, (sev) => write({ sev })),
      this.task.asks_active ? drawChoice(word('activity'), activeChoices(word), mark.active, (active) => write({ active })) : '',
      drawLine(word('note'), mark.note, (note) => this.writeNote(note), { maxlength: 500 }),
      ...this.drawPlace(mark),
      ...this.drawPanelActs(),
    ].filter(Boolean);
  }

  writeNote(note) {
    if (this.selected === null) this.fresh.note = note;
    else this.set(withMark(this.marks, this.selected, { ...this.marks[this.selected], note }), { cell: `note.${this.selected}` });
  }

  drawPlace(mark) {
    const at = this.selected;
    if (this.mode === 'grid') return [];
    const sides = at === null ? (this.mode === 'points' ? ['x', 'y'] : ['x', 'y', 'w', 'h']) : sidesOf(mark);
    const write = (box, side) => {
      if (at === null) this.box = box;
      else this.set(withMark(this.marks, at, withShape(this.marks[at], fitted(mark, this.task.grid, box))), { cell: `${side}.${at}` });
    };
    const box = at === null ? this.box : boxOf(mark, this.task.grid);
    return sides.length ? [drawNumbers({ box, sides, write, view: this.shown })] : [];
  }

  drawPanelActs() {
    const act = (name, run) => button(this.word(name), run, { 'data-panel': name });
    const adders = { areas: ['box', 'ellipse', 'line'], points: ['point'], grid: [] }[this.mode];
    const acts = this.selected === null
      ? adders.map((name) => act(`add_${name}`, () => this.addByNumbers(name)))
      : [act('next_region', () => this.select(null)), act('duplicate_region', () => this.duplicate(this.selected)), act('delete_region', () => this.remove(this.selected))];
    return acts.length ? [make('div', { class: 'ls-toolbar' }, ...acts)] : [];
  }

  /* The table of fields, or the observations. */
  drawFields() {
    const view = {
      ...this.shown, grid: this.task.grid, cells: this.task.cells, toggle: (cell) => this.toggle(cell), observations: this.task.observations,
      classes: this.task.classes, levels: this.task.levels, asksActive: this.task.asks_active, codeOf: (cls) => this.codeOf(cls),
      judge: (number, part) => this.set(judged(this.marks, number, part)),
    };
    if (this.mode === 'grid') return drawGrid(this.marks[this.selected]?.cells || [], view);
    return this.mode === 'described' ? drawObservations(this.marks, view) : [];
  }

  drawMarks() {
    const acts = [
      ['edit_mark', this.word('edit'), (at) => this.select(at)],
      ['mark_up', '↑', (at) => this.swap(at, -1, 'mark_up'), true],
      ['mark_down', '↓', (at) => this.swap(at, 1, 'mark_down'), true],
      ['delete_mark', '✕', (at) => this.remove(at), true],
    ];
    const rows = this.marks.map((mark, at) => ({ name: this.nameOf(at), isChosen: at === this.selected, kind: this.kindOf(at) }));
    return [
      make('h3', {}, this.word('your_marks_count', { count: rows.length })),
      rows.length ? drawList({ rows, acts, view: this.shown, readOnly: this.readOnly }) : make('p', { class: 'ls-help' }, this.word('no_marks')),
    ];
  }

  /* How the result judged a mark, as long as the mark is what was handed in. */
  kindOf(at) {
    const isSame = JSON.stringify(this.marks[at]) === JSON.stringify(this.state.submitted?.marks?.[at]);
    const found = isSame && (this.state.result?.lines || []).find(({ where, kind }) => FAULTS.includes(kind) && readWhere(where).includes(at));
    return found ? found.kind : null;
  }

  markPlaces() {
    redraw(this.find('marks'), ...this.drawMarks());
    redraw(this.find('tools'), ...this.drawTools());
    this.drawPicture();
  }

  drawGlossary() {
    return this.task.classes.map(({ id, text, definition }, at) => make('div', {},
      make('dt', {}, drawSample(this.uid, at), ' ', make('strong', {}, `${letterOf(at)} · ${text || id}`)), definition ? make('dd', {}, definition) : null));
  }

  // -- the result

  get resultView() {
    const first = (where) => readWhere(where)[0];
    const has = (where) => Boolean(this.marks[first(where)]);
    return {
      nameOf: (where) => (has(where) ? this.nameOf(first(where)) : this.word('whole_page')),
      canJump: has,
      jump: (where) => {
        this.select(first(where), { stays: true });
        this.focusOn(`[data-mark="${first(where)}"] [data-act="edit_mark"]`);
      },
      drawAnswer: () => this.drawReference(),
    };
  }

  drawReference() {
    const regions = this.state.reference?.regions || [];
    return [make('ul', { class: 'ls-reference' }, ...regions.map((region) => make('li', {}, [
      `${this.codeOf(region.cls)} · ${this.labelOf(region.cls)}`, this.word('severity_is', { severity: region.sev }),
      region.active === null ? null : this.word(region.active ? 'active' : 'stable'), this.word(`place_${region.place}`), region.text,
    ].filter(Boolean).join(', '))))];
  }

  /* For staff: what they marked themselves, for the editor to compare with what others did. */
  exportMarks() {
    const url = URL.createObjectURL(new Blob([JSON.stringify({ marks: this.marks }, null, 1)], { type: 'application/json' }));
    make('a', { href: url, download: 'marks.json' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}

export function start(root, call) {
  return new Report(root.querySelector('.ls-report') || root, call);
}
