/* What the pages of the engines' exercises share: a work area drawn anew with every change, places in it that can be
   gone to, undo by keys, and a result that leads back. A subclass draws the work area from `this.state.task`. */

import { Exercise, makeKey } from '../exercise/exercise.js';
import { make } from '../exercise/page.js';
import { FAULTS } from '../exercise/result.js';

const CAN_BE_FOCUSED = 'input:not([disabled]), select:not([disabled]), textarea, button:not([disabled]), summary';

export class Task extends Exercise {
  constructor(root, call) {
    super(root, call);
    this.uid = `ls-${makeKey()}`;
    this.root.addEventListener('keydown', (event) => this.undoByKey(event));
  }

  // -- what a subclass fills in

  /* The elements of the work area. */
  drawWork() { return []; }

  /* The part of the work area that a place of a score line stands for, or null. */
  partOf(where) { return null; } // eslint-disable-line no-unused-vars

  /* What the page calls a place. */
  nameOf(where) { return where; }

  /* The elements of an answer that cannot be changed. */
  drawAnswer(answer) { return []; } // eslint-disable-line no-unused-vars

  // -- the page

  get task() { return this.state.task; }

  get isOpen() { return this.state.may_submit; }

  draw(focus = null) {
    this.find('work').replaceChildren(...this.drawWork().filter(Boolean));
    this.markPlaces();
    if (focus) this.focusOn(focus);
  }

  get placeOfFocus() {
    const at = document.activeElement;
    return at && this.find('work').contains(at) ? at.closest('[data-spot]')?.dataset.spot : null;
  }

  focusOn(spot) {
    const part = this.find('work').querySelector(`[data-spot="${CSS.escape(spot)}"]`);
    if (part) goTo(part);
  }

  undoByKey(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !['z', 'y'].includes(key) || !this.isOpen || !this.find('undo')) return;
    event.preventDefault();
    this.step(key === 'y' || event.shiftKey ? 'redo' : 'undo');
  }

  // -- the result

  get resultView() {
    return {
      nameOf: (where) => this.nameOf(where),
      canJump: (where) => Boolean(where && this.partOf(where)),
      jump: (where) => goTo(this.partOf(where)),
      drawAnswer: (answer) => this.drawAnswer(answer),
    };
  }

  /* Marks where points were lost, as long as there stands what was handed in. */
  markPlaces() {
    if (JSON.stringify(this.answer) !== JSON.stringify(this.complete(this.state.submitted))) return;
    for (const { where, kind } of this.state.result?.lines || []) {
      if (FAULTS.includes(kind)) this.partOf(where)?.classList.add('ls-marked', `ls-marked-${kind}`);
    }
  }
}

export function goTo(part) {
  const control = part.matches(CAN_BE_FOCUSED) ? part : part.querySelector(CAN_BE_FOCUSED);
  if (control) control.focus();
  else {
    part.setAttribute('tabindex', '-1');
    part.focus();
  }
  part.scrollIntoView({ block: 'nearest' });
}

/* More about a thing, as HTML that the host cleaned; folded. */
export function drawDetail(html, summary) {
  if (!html) return null;
  const body = make('div', { class: 'ls-detail-text' });
  body.innerHTML = html;
  return make('details', { class: 'ls-detail' }, make('summary', {}, summary), body);
}
