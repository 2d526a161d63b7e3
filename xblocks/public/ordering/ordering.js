/* Things chosen from a bank and put in order, by buttons, keys, place numbers or by dragging. */

import { drawDetail, Task } from '../engine/task.js';
import { moved, movedTo, search, without } from '../exercise/order.js';
import { make } from '../exercise/page.js';

const MANY = 8; // entries of a bank from which on it can be searched
const DRAGGED = 'text/plain';

export class Ordering extends Task {
  constructor(root, call) {
    super(root, call);
    this.typed = ''; // what the bank is searched for
    this.open();
  }

  // -- what a subclass fills in

  /* What can be put in order: {id, text, …}. */
  get entries() { return []; }

  /* What is told of an entry beside its text: elements. */
  drawFacts(entry) { return []; } // eslint-disable-line no-unused-vars

  /* What stands above the lists. */
  drawHead() { return []; }

  // -- the answer

  complete(answer) {
    const known = new Set((this.state?.task?.steps || this.state?.task?.items || []).map(({ id }) => id));
    const order = Array.isArray(answer?.order) ? answer.order.filter((id) => known.has(id)) : [];
    return { order: [...new Set(order)] };
  }

  get order() { return this.answer.order; }

  entry(id) { return this.entries.find((entry) => entry.id === id); }

  textOf(id) { return this.entry(id)?.text ?? id; }

  put(order, options) {
    if (order !== this.order) this.change({ order }, options);
  }

  add(id, at = this.order.length) {
    const order = movedTo(this.order, id, at);
    this.put(order, { focus: this.nextInBank(id), say: this.now(order, id) });
  }

  /* Who adds by keyboard goes on in the bank. */
  nextInBank(id) {
    const shown = this.found();
    const at = shown.findIndex((entry) => entry.id === id);
    const next = shown[at + 1] || shown[at - 1];
    return next ? `add.${next.id}` : `up.${id}`;
  }

  move(id, by, focus) {
    const order = moved(this.order, id, by);
    this.put(order, { focus, say: this.now(order, id) });
  }

  moveTo(id, place, focus) {
    const order = movedTo(this.order, id, place - 1);
    if (order === this.order) this.draw(focus); // whatever was typed
    else this.put(order, { focus, say: this.now(order, id) });
  }

  takeOut(id) {
    this.put(without(this.order, id), { focus: `add.${id}`, say: this.word('taken_out', { text: this.textOf(id) }) });
  }

  /* "Dry cleaning, now 3 of 9". */
  now(order, id) { return this.word('now', { text: this.textOf(id), number: order.indexOf(id) + 1, count: order.length }); }

  // -- drawing

  drawWork() {
    return [
      ...this.drawHead(),
      make('div', { class: 'ls-ordering' },
        this.isOpen ? this.drawBank() : null,
        make('section', { class: 'ls-plan', 'aria-label': this.word('plan') },
          make('h3', { class: 'ls-list-name' }, this.word('plan'), ' ', make('span', { class: 'ls-help' }, this.word('counted', { count: this.order.length }))),
          this.drawOrder(this.order, this.isOpen),
          this.order.length ? null : make('p', { class: 'ls-help ls-empty', ...this.dropAttributes(0) }, this.word('empty')))),
    ];
  }

  drawOrder(order, canMove) {
    return make('ol', { class: 'ls-placed' }, ...order.map((id, at) => this.drawPlaced(id, at, order.length, canMove)));
  }

  drawPlaced(id, at, count, canMove) {
    const entry = this.entry(id) || { id, text: id };
    const row = make('li', {
      class: 'ls-placed-entry', 'data-entry': canMove ? id : null,
      ...(canMove ? { onkeydown: (event) => this.press(id, event), ...this.dropAttributes(at) } : {}),
    },
    canMove ? this.drawHandle(id) : null,
    make('div', { class: 'ls-entry-text' }, make('span', {}, entry.text), ...this.drawFacts(entry), drawDetail(entry.detail, this.word('more_about', { text: entry.text }))),
    canMove ? this.drawButtons(entry, at, count) : null);
    return row;
  }

  drawButtons({ id, text }, at, count) {
    const button = (name, sign, act, disabled = false) => make('button', {
      type: 'button', class: 'ls-button ls-small', 'data-spot': `${name}.${id}`, 'aria-disabled': disabled ? 'true' : null,
      'aria-label': this.word(name, { text }), title: this.word(name, { text }), onclick: act,
    }, sign);
    const place = make('input', {
      type: 'text', inputmode: 'numeric', class: 'ls-place-number', autocomplete: 'off', value: String(at + 1), maxlength: 3, 'data-spot': `to.${id}`,
      'aria-label': this.word('place_of', { text, count }), onfocus: ({ target }) => target.select(),
      onchange: ({ target }) => this.moveTo(id, Number.parseInt(target.value, 10) || at + 1, `to.${id}`),
    });
    return make('span', { class: 'ls-buttons' }, place,
      button('up', '↑', () => this.move(id, -1, `up.${id}`), at === 0),
      button('down', '↓', () => this.move(id, 1, `down.${id}`), at === count - 1),
      button('take_out', '✕', () => this.takeOut(id)));
  }

  press(id, event) {
    if (!event.altKey) return;
    const spot = event.target.closest('[data-spot]')?.dataset.spot || `up.${id}`;
    const acts = {
      ArrowUp: () => this.move(id, -1, spot),
      ArrowDown: () => this.move(id, 1, spot),
      Home: () => this.moveTo(id, 1, spot),
      End: () => this.moveTo(id, this.order.length, spot),
      Delete: () => this.takeOut(id),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  // -- the bank

  get waiting() { return this.entries.filter(({ id }) => !this.order.includes(id)); }

  found() { return search(this.waiting, this.typed, ({ text }) => text); }

  drawBank() {
    return make('section', { class: 'ls-bank', 'aria-label': this.word('bank'), ...this.bankDrop() },
      make('h3', { class: 'ls-list-name' }, this.word('bank'), ' ', make('span', { class: 'ls-help', 'data-part': 'bank-count' }, this.countInBank())),
      this.entries.length >= MANY ? this.drawSearch() : null,
      make('ul', { class: 'ls-waiting-list', 'data-part': 'bank' }, ...this.drawWaiting()),
      this.waiting.length ? null : make('p', { class: 'ls-help' }, this.word('bank_empty')));
  }

  countInBank() { return this.word('in_bank', { count: this.found().length, all: this.entries.length }); }

  drawSearch() {
    return make('label', { class: 'ls-finder' }, make('span', { class: 'ls-label' }, this.word('search')),
      make('input', {
        type: 'search', value: this.typed, autocomplete: 'off', 'data-spot': 'search',
        oninput: ({ target }) => {
          this.typed = target.value;
          this.find('bank').replaceChildren(...this.drawWaiting());
          this.find('bank-count').textContent = this.countInBank();
        },
      }));
  }

  drawWaiting() {
    return this.found().map((entry) => make('li', { class: 'ls-waiting-entry', 'data-entry': entry.id },
      this.drawHandle(entry.id),
      make('div', { class: 'ls-entry-text' }, make('span', {}, entry.text), ...this.drawFacts(entry), drawDetail(entry.detail, this.word('more_about', { text: entry.text }))),
      make('button', {
        type: 'button', class: 'ls-button ls-small', 'data-spot': `add.${entry.id}`, onclick: () => this.add(entry.id),
        'aria-label': this.word('add', { text: entry.text }), title: this.word('add', { text: entry.text }),
      }, '+')));
  }

  // -- dragging: what it does, the buttons do as well

  drawHandle(id) {
    return make('span', {
      class: 'ls-handle', draggable: 'true', 'aria-hidden': 'true',
      ondragstart: (event) => {
        event.dataTransfer.setData(DRAGGED, id);
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setDragImage(event.currentTarget.parentElement, 12, 12);
        this.dragged = id;
      },
      ondragend: () => { this.dragged = null; },
    }, '⠿');
  }

  dropAttributes(at) {
    const after = ({ currentTarget, clientY }) => {
      const { top, height } = currentTarget.getBoundingClientRect();
      return clientY > top + height / 2;
    };
    return {
      ondragover: (event) => {
        if (!this.dragged) return;
        event.preventDefault();
        event.currentTarget.dataset.drop = after(event) ? 'after' : 'before';
      },
      ondragleave: ({ currentTarget }) => { delete currentTarget.dataset.drop; },
      ondrop: (event) => {
        if (!this.dragged) return;
        event.preventDefault();
        delete event.currentTarget.dataset.drop;
        this.drop(this.dragged, at + (after(event) ? 1 : 0));
      },
    };
  }

  /* Onto a gap between two entries, counted with the dragged one still in its place. */
  drop(id, gap) {
    const from = this.order.indexOf(id);
    const order = movedTo(this.order, id, from >= 0 && from < gap ? gap - 1 : gap);
    this.put(order, { focus: `up.${id}`, say: this.now(order, id) });
  }

  bankDrop() {
    const isPlaced = () => this.dragged && this.order.includes(this.dragged);
    return {
      ondragover: (event) => { if (isPlaced()) event.preventDefault(); },
      ondrop: (event) => {
        if (!isPlaced()) return;
        event.preventDefault();
        this.takeOut(this.dragged);
      },
    };
  }

  // -- the result

  idAt(where) {
    const [, at] = /^order\[(\d+)\]$/.exec(where || '') || [];
    return at === undefined ? null : this.state.submitted?.order?.filter((id) => this.entry(id))[Number(at)];
  }

  partOf(where) {
    const id = this.idAt(where);
    return id ? this.find('work').querySelector(`.ls-placed [data-entry="${CSS.escape(id)}"]`) : null;
  }

  nameOf(where) {
    const id = this.idAt(where);
    return id ? this.textOf(id) : this.word('plan');
  }

  drawAnswer({ order }) { return [this.drawOrder(order, false)]; }
}
