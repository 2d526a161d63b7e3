/* A drill: short items, each with a work area of its own, answered together and graded together. */

import { completeAnswer, linesOf, readWhere, sumOf, valueAt, withItem, withoutEmpty } from './drill/answers.js';
import { drawFeedback, drawSummary } from './drill/feedback.js';
import { DRAWINGS } from './drill/types.js';
import { isBlank } from './exercise/blank.js';
import { Exercise, makeKey } from './exercise/exercise.js';
import { make } from './exercise/page.js';
import { FAULTS } from './exercise/result.js';

const CAN_BE_FOCUSED = 'input:not([disabled]), select:not([disabled]), textarea, button:not([disabled])';

class Drill extends Exercise {
  constructor(root, call) {
    super(root, call);
    this.items = this.state.items;
    this.uid = `ls-${makeKey()}`;
    this.current = this.items[0]?.id;
    this.isOneByOne = this.state.items_shown === 'one';
    this.root.addEventListener('keydown', (event) => this.undoByKey(event));
    this.root.addEventListener('input', ({ target }) => unmark(target));
    this.root.addEventListener('change', ({ target }) => unmark(target));
    this.open();
  }

  // -- what every exercise asks

  complete(answer) { return completeAnswer(answer, this.state.items); }

  answerToSubmit() { return withoutEmpty(this.answer); }

  get acts() { return { ...super.acts, previous: () => this.walk(-1), next: () => this.walk(1) }; }

  draw(focus = null) {
    for (const item of this.items) this.drawItem(item);
    this.drawSegments();
    this.markPlaces();
    if (focus) this.focusOn(...focus);
  }

  get placeOfFocus() {
    const cell = document.activeElement;
    const sheet = cell && this.root.contains(cell) ? cell.closest('[data-item]') : null;
    return sheet && [sheet.dataset.item, spotOf(cell), cell.selectionStart, cell.selectionEnd];
  }

  drawnResult() {
    const items = this.items.map(({ id }) => ({ id, name: this.nameOf(id) }));
    return drawSummary(this.state, { ...this.feedbackView, items, go: (id) => this.go(id) }).filter(Boolean);
  }

  // -- items

  sheet(id) { return this.root.querySelector(`[data-item="${id}"]`); }

  work(id) { return this.sheet(id).querySelector('[data-part="work"]'); }

  nameOf(id) { return this.sheet(id).querySelector('.ls-item-name').textContent.trim().replace(/\s+/g, ' '); }

  drawItem(item) {
    const sheet = this.sheet(item.id);
    const area = this.work(item.id);
    const readOnly = !this.state.may_submit;
    area.replaceChildren(...DRAWINGS[item.type](item, this.answer.items[item.id], this.viewOf(item, area, readOnly)).filter(Boolean));
    sheet.querySelector('[data-part="feedback"]').replaceChildren(...drawFeedback(this.linesOf(item.id), this.feedbackView));
    sheet.querySelector('[data-part="model"]').replaceChildren(...this.drawModel(item));
  }

  linesOf(id) { return linesOf(this.state.result?.lines || [], id); }

  /* The model answer of an item, drawn as it would have been given; kept open where it was. */
  drawModel(item) {
    const model = this.state.answer?.items?.[item.id];
    if (model === undefined) return [];
    const wasOpen = this.sheet(item.id).querySelector('.ls-answer')?.open;
    const area = make('div', { class: 'ls-model' });
    area.append(...DRAWINGS[item.type](item, model, this.viewOf(item, area, true, 'model')).filter(Boolean));
    return [make('details', { class: 'ls-answer', open: wasOpen === true }, make('summary', {}, this.word('model')), area)];
  }

  /* What a drawing needs to know and to tell (drill/types.js). */
  viewOf(item, area, readOnly, role = 'work') {
    const drill = this;
    return {
      readOnly,
      get value() { return drill.answer.items[item.id]; },
      set: (value, options) => this.changeItem(item, value, options),
      word: (name, values) => this.word(name, values),
      say: (text) => this.say(text),
      focus: (spot) => this.focusOn(item.id, spot),
      find: (part) => area.querySelector(`[data-part="${part}"]`),
      id: (suffix) => `${this.uid}-${role}-${item.id}-${suffix}`,
    };
  }

  changeItem(item, value, { cell = null, focus = null, say = '' } = {}) {
    this.change(withItem(this.answer, item.id, value), {
      cell: cell === null ? null : `${item.id}.${cell}`, focus: focus && [item.id, focus], say,
    });
    if (cell !== null) this.drawSegments();
  }

  undoByKey(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !['z', 'y'].includes(key) || !this.state.may_submit) return;
    event.preventDefault();
    this.step(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  }

  // -- the way through the items

  drawSegments() {
    if (this.items.length < 2) return;
    const list = this.find('segments');
    const open = document.activeElement?.closest('[data-segment]')?.dataset.segment;
    list.replaceChildren(...this.items.map(({ id }, at) => this.drawSegment(id, at)));
    if (open && list.contains(list.querySelector(`[data-segment="${open}"]`))) list.querySelector(`[data-segment="${open}"]`).focus();
    if (!this.isOneByOne) return;
    for (const { id } of this.items) this.sheet(id).hidden = id !== this.current;
    const at = this.items.findIndex(({ id }) => id === this.current);
    this.find('position').textContent = this.word('position', { number: at + 1, count: this.items.length });
    this.find('previous').disabled = at === 0;
    this.find('next').disabled = at === this.items.length - 1;
  }

  drawSegment(id, at) {
    const lines = this.linesOf(id);
    const state = lines.length ? sumOf(lines).kind : isBlank(this.answer.items[id]) ? 'open' : 'answered';
    return make('li', {}, make('button', {
      type: 'button', class: `ls-segment ls-segment-${state}`, 'data-segment': id, onclick: () => this.go(id),
      'aria-current': this.isOneByOne && id === this.current ? 'step' : null,
      'aria-label': this.word('segment', { name: this.nameOf(id), state: this.word(lines.length ? `kind_${state}` : `segment_${state}`) }),
    }, String(at + 1)));
  }

  walk(by) {
    const at = this.items.findIndex(({ id }) => id === this.current) + by;
    if (this.items[at]) this.go(this.items[at].id);
  }

  /* To an item: its heading gets the focus, for what is asked stands there. */
  go(id) {
    this.current = id;
    this.drawSegments();
    const heading = this.sheet(id).querySelector('.ls-item-name');
    heading.focus();
    heading.scrollIntoView({ block: 'start' });
  }

  focusOn(id, spot, from = null, to = from) {
    if (id !== this.current) {
      this.current = id;
      this.drawSegments();
    }
    const area = this.work(id);
    const named = [...area.querySelectorAll('[data-spot], [data-place]')].find((part) => spotOf(part) === spot);
    const target = named?.matches(CAN_BE_FOCUSED) ? named : (named || area).querySelector(CAN_BE_FOCUSED);
    if (!target) return;
    target.focus();
    if (from !== null && target.setSelectionRange && /^(text|search|textarea)$/.test(target.type)) target.setSelectionRange(from, to);
  }

  // -- marks at the places that lost points

  /* A place is marked as long as there stands what was handed in. */
  markPlaces() {
    for (const { where, kind } of this.state.result?.lines || []) {
      const part = FAULTS.includes(kind) ? this.partAt(where) : null;
      const { item, place } = readWhere(where) || {};
      const standing = [this.state.submitted, this.answer].map((answer) => JSON.stringify(valueAt(answer?.items?.[item], place || '')));
      if (!part || standing[0] !== standing[1]) continue;
      part.classList.add('ls-marked', `ls-marked-${kind}`);
      inputsOf(part).forEach((input) => input.setAttribute('aria-invalid', 'true'));
    }
  }

  /* The part of a work area that stands for a place; where an item is a single line, that one. */
  partAt(where) {
    const { item, place } = readWhere(where) || {};
    if (!item || !this.sheet(item)) return null;
    const parts = [...this.work(item).querySelectorAll('[data-place]')];
    return parts.find((part) => part.dataset.place === place) || parts.find((part) => part.dataset.place === '') || null;
  }

  get feedbackView() {
    return {
      word: (name, values) => this.word(name, values),
      language: this.language,
      nameOf: (line) => this.nameOfPlace(line),
    };
  }

  /* What the page calls a place: what stands beside it, or its own text. */
  nameOfPlace({ where }) {
    const part = this.partAt(where);
    if (!part?.dataset.place) return '';
    const named = part.getAttribute('aria-label') || part.closest('.ls-labelled')?.querySelector('.ls-label')?.textContent
      || part.querySelector('legend, .ls-element-text, .ls-choice-text')?.textContent || '';
    return named.trim();
  }
}

const spotOf = (part) => part.dataset.spot || part.dataset.place || null;

const inputsOf = (part) => [part, ...part.querySelectorAll('*')].filter((inner) => inner.matches('input, select, textarea'));

/* What is being changed is no longer what was handed in. */
function unmark(input) {
  for (let part = input.closest('.ls-marked'); part; part = part.parentElement.closest('.ls-marked')) {
    part.classList.remove('ls-marked');
    inputsOf(part).forEach((inner) => inner.removeAttribute('aria-invalid'));
  }
}

export function start(root, call) {
  return new Drill(root.querySelector('.ls-drill') || root, call);
}
