/* A picture to draw on: by mouse, by touch and by keyboard, every drag with a way that needs none.

   `view` brings uid, picture, alt, grid, isOpen(), tool(), shapes(), selected(), word(), say() and is told
   add(shape), change(at, shape), select(at), remove(at), toggle(cell), setTool(name). `shapes()` are
   {shape, code, index, label, role, isMine}, the last on top; `index` counts those that can be changed. */

import { make } from '../exercise/page.js';
import { draw, drawPatterns, patternId } from './patterns.js';
import {
  MOST_POINTS, between, boundsOf, cellAt, clamp, ellipse, fitted, isIn, isTooSmall, letterOf, line, movedBy, point,
  polygon, rectangle, stepOf,
} from './shapes.js';

const WIDE = 1000; // units of the drawing across the picture
const ZOOMS = [1, 1.5, 2, 3, 4];
const CLICK = 5; // pixels that a pointer may move in a click
const HANDLE = 12; // half a handle, in pixels
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];
const BOXES = { box: rectangle, ellipse };

export class Canvas {
  constructor(container, view) {
    Object.assign(this, { container, view, zoomed: 0, cross: [0.5, 0.5], started: null, drag: null, ratio: 1 });
    this.image = make('img', { src: view.picture || null, alt: view.alt, draggable: 'false', onload: () => this.measure() });
    this.svg = draw('svg', { class: 'ls-drawing', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    this.sheet = make('div', { class: 'ls-canvas-sheet' }, this.image, this.svg);
    this.board = make('div', {
      class: 'ls-canvas', tabindex: '0', role: 'group', 'aria-label': view.word('canvas'), 'aria-describedby': view.keysId || null,
    }, this.sheet);
    container.replaceChildren(this.board);
    this.layers = Object.fromEntries(['defs', 'grid', 'shapes', 'ghost', 'handles', 'cross'].map((name) => [name, draw('g', { class: `ls-layer-${name}` })]));
    this.svg.append(...Object.values(this.layers));
    this.listen();
    this.measure();
    new ResizeObserver(() => this.measure()).observe(this.sheet);
  }

  listen() {
    this.board.addEventListener('keydown', (event) => this.press(event));
    this.sheet.addEventListener('pointerdown', (event) => this.down(event));
    this.sheet.addEventListener('pointermove', (event) => this.move(event));
    this.sheet.addEventListener('pointerup', (event) => this.up(event));
    this.sheet.addEventListener('pointercancel', () => this.cancel());
  }

  show(picture, alt) {
    if (this.image.getAttribute('src') !== picture) {
      if (picture) this.image.setAttribute('src', picture);
      else this.image.removeAttribute('src');
    }
    this.image.alt = alt;
  }

  // -- measures

  measure() {
    const { naturalWidth: loaded, clientWidth: width, clientHeight: height } = this.image;
    this.sheet.style.setProperty('aspect-ratio', loaded ? 'auto' : String(this.view.aspect()));
    this.ratio = loaded && width && height ? width / height : this.view.aspect();
    this.unit = WIDE / (this.sheet.clientWidth || WIDE);
    this.svg.setAttribute('viewBox', `0 0 ${WIDE} ${this.high}`);
    this.layers.defs.replaceChildren(drawPatterns(this.view.uid, this.unit));
    this.draw();
  }

  get high() { return WIDE / this.ratio; }

  at([x, y]) { return [x * WIDE, y * this.high]; }

  path(points) { return points.map((each) => this.at(each).map((part) => part.toFixed(1)).join(',')).join(' '); }

  placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.svg.getBoundingClientRect();
    return [clamp((clientX - left) / (width || 1)), clamp((clientY - top) / (height || 1))];
  }

  zoom(by) {
    this.zoomed = Math.min(Math.max(this.zoomed + by, 0), ZOOMS.length - 1);
    this.sheet.style.setProperty('width', `${ZOOMS[this.zoomed] * 100}%`);
    this.measure();
    this.follow();
    this.view.say(this.view.word('zoomed', { percent: ZOOMS[this.zoomed] * 100 }));
  }

  /* Keeps the crosshair in sight where only a part of the picture is. */
  follow() {
    if (!this.zoomed) return;
    const [x, y] = [this.cross[0] * this.sheet.clientWidth, this.cross[1] * this.sheet.clientHeight];
    this.board.scrollTo({ left: x - this.board.clientWidth / 2, top: y - this.board.clientHeight / 2 });
  }

  // -- drawing

  draw() {
    this.board.dataset.tool = this.view.isOpen() ? this.view.tool() : 'none';
    this.layers.grid.replaceChildren(...(this.view.tool() === 'cells' ? this.drawGrid() : []));
    this.layers.shapes.replaceChildren(...this.view.shapes().map((each) => this.drawShape(each)));
    this.layers.handles.replaceChildren(...this.drawHandles());
    this.drawGhost();
    this.drawCross();
  }

  drawShape({ shape, code, index, label, role, isMine }) {
    const outline = (attributes) => this.drawOutline(shape, attributes);
    const isChosen = isMine && index === this.view.selected();
    const fill = code === null ? 'none' : `url(#${patternId(this.view.uid, code)})`;
    return draw('g', { class: `ls-shape ls-shape-${role}${isChosen ? ' ls-chosen' : ''}`, 'data-shape': isMine ? index : null },
      ...outline({ class: 'ls-under', fill: 'none' }), ...outline({ class: 'ls-over', fill }), this.drawLabel(shape, label, isMine));
  }

  drawOutline(shape, attributes) {
    const { grid } = this.view;
    if (shape.point) {
      const [cx, cy] = this.at(shape.point);
      return [draw('circle', { cx, cy, r: 9 * this.unit, ...attributes })];
    }
    if (shape.cells) {
      return shape.cells.map(([column, row]) => draw('rect', {
        x: (column / grid[0]) * WIDE, y: (row / grid[1]) * this.high, width: WIDE / grid[0], height: this.high / grid[1], ...attributes,
      }));
    }
    if (shape.line) return [draw('polyline', { points: this.path(shape.line), ...attributes, fill: 'none' })];
    return shape.poly ? [draw('polygon', { points: this.path(shape.poly), ...attributes })] : [];
  }

  /*
   * A small flag at a left corner of a shape, of the same size however large the picture is: above what is drawn,
   * below the reference, so that both can be read where one lies on the other.
   */
  drawLabel(shape, label, isMine) {
    const bounds = boundsOf(shape, this.view.grid);
    if (!label || !bounds) return null;
    const size = 13 * this.unit;
    const width = (label.length * 0.62 + 0.6) * size;
    const height = size * 1.35;
    const [x, y] = this.at([bounds.x, isMine ? bounds.y : bounds.y + bounds.h]);
    const left = Math.min(x, WIDE - width);
    const top = isMine ? Math.max(y - height, 0) : Math.min(y, this.high - height);
    return draw('g', { class: 'ls-flag' }, draw('rect', { x: left, y: top, width, height, rx: size / 5 }),
      draw('text', { x: left + size * 0.3, y: top + size, 'font-size': size }, label));
  }

  drawGrid() {
    const [columns, rows] = this.view.grid;
    const size = 11 * this.unit;
    const stroke = (x1, y1, x2, y2) => ['ls-under', 'ls-over'].map((name) => draw('line', { x1, y1, x2, y2, class: name }));
    return [
      ...Array.from({ length: columns - 1 }, (_, at) => stroke(((at + 1) / columns) * WIDE, 0, ((at + 1) / columns) * WIDE, this.high)).flat(),
      ...Array.from({ length: rows - 1 }, (_, at) => stroke(0, ((at + 1) / rows) * this.high, WIDE, ((at + 1) / rows) * this.high)).flat(),
      ...Array.from({ length: columns }, (_, at) => draw('text', { x: ((at + 0.5) / columns) * WIDE, y: size, 'font-size': size, class: 'ls-grid-name' }, letterOf(at))),
      ...Array.from({ length: rows }, (_, at) => draw('text', { x: size * 0.7, y: ((at + 0.5) / rows) * this.high + size / 3, 'font-size': size, class: 'ls-grid-name' }, String(at + 1))),
    ];
  }

  get chosen() { return this.view.shapes().find(({ index, isMine }) => isMine && index === this.view.selected()); }

  drawHandles() {
    const shape = this.chosen?.shape;
    if (!this.view.isOpen() || this.view.tool() !== 'select' || !shape || !(shape.poly || shape.line)) return [];
    const { x, y, w, h } = boundsOf(shape, this.view.grid);
    const half = HANDLE * this.unit;
    return CORNERS.map(([right, low], at) => {
      const [cx, cy] = this.at([x + right * w, y + low * h]);
      return draw('rect', { x: cx - half, y: cy - half, width: 2 * half, height: 2 * half, class: 'ls-handle', 'data-handle': at });
    });
  }

  /* What is being drawn or moved; the rest of the picture stays as it is meanwhile. */
  drawGhost() {
    const shape = this.ghost();
    this.layers.ghost.replaceChildren(...(shape ? [...this.drawOutline(shape, { class: 'ls-under', fill: 'none' }), ...this.drawOutline(shape, { class: 'ls-over', fill: 'none' })] : []));
  }

  drawCross() {
    const [x, y] = this.at(this.cross);
    const arm = 14 * this.unit;
    const strokes = (name) => [[x - arm, y, x + arm, y], [x, y - arm, x, y + arm]].map(([x1, y1, x2, y2]) => draw('line', { x1, y1, x2, y2, class: name }));
    this.layers.cross.replaceChildren(...strokes('ls-under'), ...strokes('ls-over'));
  }

  drawSoon() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.drawGhost();
      this.drawCross();
    });
  }

  ghost() {
    if (this.drag?.index !== undefined) return this.draggedShape();
    const { started } = this;
    if (!started) return null;
    if (BOXES[started.tool]) return BOXES[started.tool](between(started.points[0], this.cross));
    return { line: [...started.points, this.cross] };
  }

  draggedShape() {
    const { shape, from, handle } = this.drag;
    const [dx, dy] = [this.cross[0] - from[0], this.cross[1] - from[1]];
    if (handle === undefined) return movedBy(shape, this.view.grid, dx, dy);
    const bounds = boundsOf(shape, this.view.grid);
    const [right, low] = CORNERS[handle];
    const fixed = [bounds.x + (1 - right) * bounds.w, bounds.y + (1 - low) * bounds.h];
    const moving = [clamp(bounds.x + right * bounds.w + dx), clamp(bounds.y + low * bounds.h + dy)];
    return fitted(shape, this.view.grid, between(fixed, moving));
  }

  // -- with a pointer

  down(event) {
    if (event.button !== 0 || !this.view.isOpen()) return;
    this.board.focus({ preventScroll: true });
    this.cross = this.placeOf(event);
    this.downAt = [event.clientX, event.clientY];
    const tool = this.view.tool();
    if (tool === 'select') this.grasp(event);
    else if (BOXES[tool] && !this.started) this.started = { tool, points: [this.cross], isDragged: true };
    if (tool !== 'select' || this.drag) {
      event.preventDefault(); // no picture is to be dragged away
      this.sheet.setPointerCapture(event.pointerId);
    }
    this.drawSoon();
  }

  grasp(event) {
    const handle = event.target.dataset?.handle;
    const taken = handle === undefined ? this.shapeAt(this.cross) : this.chosen;
    if (!taken) return;
    if (taken.shape.cells || taken.shape.place) this.drag = { at: taken.index };
    else this.drag = { at: taken.index, index: taken.index, shape: taken.shape, from: this.cross, handle: handle === undefined ? undefined : Number(handle) };
  }

  move(event) {
    if (!this.view.isOpen() || (!this.started && !this.drag && event.buttons)) return;
    this.cross = this.placeOf(event);
    this.isWalking = false;
    this.drawSoon();
  }

  up(event) {
    if (!this.downAt) return;
    this.cross = this.placeOf(event);
    const isClick = Math.hypot(event.clientX - this.downAt[0], event.clientY - this.downAt[1]) < CLICK;
    this.downAt = null;
    const tool = this.view.tool();
    if (tool === 'select') this.drop(isClick);
    else if (BOXES[tool]) this.upBox(isClick);
    else if (tool === 'poly' || tool === 'line') this.upPath(tool);
    else this.act('act');
  }

  /* Clicks set the points; one on the first point closes a polygon. */
  upPath(tool) {
    const first = tool === 'poly' && this.started?.points.length >= 3 ? this.started.points[0] : null;
    const [width, height] = [this.sheet.clientWidth, this.sheet.clientHeight];
    if (first && Math.hypot((first[0] - this.cross[0]) * width, (first[1] - this.cross[1]) * height) < HANDLE) this.finish();
    else this.act('point');
  }

  /* A click marks a corner and the next one the other; a drag is both at once. */
  upBox(isClick) {
    if (this.started?.isDragged && isClick) {
      this.started.isDragged = false;
      this.view.say(this.view.word('corner_set'));
    } else this.finish();
  }

  drop(isClick) {
    const { drag } = this;
    const shape = drag?.index === undefined ? null : this.draggedShape();
    this.drag = null;
    if (shape && !isClick) this.view.change(drag.at, shape);
    else this.view.select(drag ? drag.at : null);
  }

  shapeAt(where) {
    return this.view.shapes().filter(({ isMine, shape }) => isMine && isIn(shape, where, this.view.grid)).at(-1) || null;
  }

  // -- by keyboard

  press(event) {
    if (event.target !== this.board || event.altKey || event.metaKey) return;
    const [dx, dy] = ARROWS[event.key] || [];
    const act = dx === undefined ? (event.ctrlKey ? null : this.keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]) : () => this.walk(dx, dy, event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  get keys() {
    return {
      Enter: () => this.act('act'), ' ': () => this.act('act'), p: () => this.act('point'), Escape: () => this.escape(), Delete: () => this.erase(), Backspace: () => this.erase(),
      '+': () => this.zoom(1), '=': () => this.zoom(1), '-': () => this.zoom(-1), w: () => this.sayWhere(),
    };
  }

  walk(dx, dy, event) {
    const step = stepOf(event);
    this.isWalking = true; // where the crosshair stands was meant; a pointer may merely pass over
    this.cross = [clamp(this.cross[0] + dx * step), clamp(this.cross[1] + dy * step)];
    this.follow();
    this.drawGhost();
    this.drawCross();
  }

  /* Enter starts and closes; P sets a point of a polygon or a line, and begins a polygon where nothing is begun. */
  act(what) {
    if (!this.view.isOpen()) return;
    const tool = this.started?.tool || this.view.tool();
    if (tool === 'select' && what === 'act') this.view.select(this.shapeAt(this.cross)?.index ?? null);
    else if (tool === 'point' && what === 'act') this.view.add(point(this.cross));
    else if (tool === 'cells' && what === 'act') this.view.toggle(cellAt(this.cross, this.view.grid));
    else if (this.started && what === 'act') this.finish();
    else if (this.started && !BOXES[tool]) this.addPoint();
    else if (!this.started) this.begin(what === 'point' && !['poly', 'line'].includes(tool) ? 'poly' : tool);
  }

  begin(tool) {
    if (tool !== this.view.tool() && !this.view.setTool(tool)) return;
    this.started = { tool, points: [this.cross] };
    this.view.say(this.view.word(BOXES[tool] ? 'corner_set' : 'point_set', { number: 1 }));
    this.drawGhost();
  }

  addPoint() {
    const { points } = this.started;
    if (points.length >= MOST_POINTS || isSame(points.at(-1), this.cross)) return;
    points.push(this.cross);
    this.view.say(this.view.word('point_set', { number: points.length }));
    this.drawGhost();
  }

  /* Closes what was begun. What covers nothing stays begun, and why is said. */
  finish() {
    const { started } = this;
    if (!started) return;
    const shape = BOXES[started.tool] ? this.closedBox(started) : this.closedPath(started);
    if (!shape) {
      this.view.say(this.view.word(BOXES[started.tool] ? 'too_small' : 'too_few'));
      if (started.isDragged) this.cancel();
      return;
    }
    this.started = null;
    this.view.add(shape);
    this.drawGhost();
  }

  closedBox({ tool, points }) {
    const bounds = between(points[0], this.cross);
    return isTooSmall(bounds) ? null : BOXES[tool](bounds);
  }

  closedPath({ tool, points }) {
    const all = !this.isWalking || isSame(points.at(-1), this.cross) ? points : [...points, this.cross];
    if (tool === 'line') return all.length >= 2 ? line(all) : null;
    return all.length >= 3 ? polygon(all) : null;
  }

  escape() {
    if (this.started || this.drag) this.cancel();
    else this.view.select(null);
  }

  cancel() {
    if (this.started) this.view.say(this.view.word('cancelled'));
    Object.assign(this, { started: null, drag: null, downAt: null });
    this.draw();
  }

  erase() {
    if (this.started?.points.length > 1) this.started.points.pop();
    else if (this.started) this.cancel();
    else if (this.view.isOpen() && this.view.selected() !== null) this.view.remove(this.view.selected());
    this.drawGhost();
  }

  sayWhere() {
    const [x, y] = this.cross.map((part) => Math.round(part * 1000) / 10);
    const within = this.view.shapes().filter(({ isMine, shape }) => isMine && isIn(shape, this.cross, this.view.grid)).map(({ index }) => this.view.nameOf(index));
    const [column, row] = cellAt(this.cross, this.view.grid);
    const words = [this.view.word('where', { column: letterOf(column), row: row + 1, x, y }), this.view.cellText([column, row]), ...within];
    this.view.say(words.filter(Boolean).join('; '));
  }
}

const isSame = ([x0, y0], [x1, y1]) => Math.abs(x0 - x1) < 1e-6 && Math.abs(y0 - y1) < 1e-6;

