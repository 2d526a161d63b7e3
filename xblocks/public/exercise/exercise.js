/* What every exercise's page does: keeps the answer with its history and a draft that saves itself, hands
   it in, shows where the learner stands and the result. A subclass draws the work area. */

import { Draft } from './draft.js';
import { isBlank } from './blank.js';
import { makeHistory } from './history.js';
import { make } from './page.js';
import { drawNotice, drawResult } from './result.js';
import { fillWords, readWords, readersLocale } from './words.js';

export class Exercise {
  constructor(root, call) {
    this.root = root;
    this.call = call;
    this.state = JSON.parse(root.querySelector('.libschool-state').textContent);
    this.words = readWords(root);
    this.language = readersLocale(root.closest('[lang]')?.lang);
    this.history = makeHistory(this.complete(this.state.fields));
    this.draft = new Draft({
      call,
      revision: this.state.revision,
      read: () => this.answer,
      say: (name, values = {}) => { this.find('saved').textContent = values.message || this.word(name, { time: this.clock(values.time) }); },
      onConflict: (other) => this.offerOther(other),
    });
  }

  // -- what a subclass fills in

  /* An answer from the host as the work area needs it. */
  complete(answer) { return answer; }

  /* The work area anew; `focus` is the place somebody is to go on at. */
  draw(focus) {} // eslint-disable-line no-unused-vars

  /* The answer as it is handed in. */
  answerToSubmit() { return this.answer; }

  /* Before another answer takes the place of this one. */
  forget() {}

  /* Where work begins again once another answer stands here. */
  get firstPlace() { return null; }

  get placeOfFocus() { return null; }

  markPlaces() {}

  /* How the result speaks of places: {nameOf, canJump, jump, drawAnswer}, as drawResult needs them; or a
     subclass has a drawnResult of its own. */
  get resultView() { return {}; }

  // -- the page

  open() {
    for (const [part, act] of Object.entries(this.acts)) this.find(part)?.addEventListener('click', act);
    this.find('open-staff')?.addEventListener('click', ({ currentTarget }) => this.openMarks(currentTarget));
    this.draw();
    this.drawState();
    if (this.state.result || this.state.notice) this.drawResult();
  }

  /* What the buttons do, by part. */
  get acts() {
    return {
      undo: () => this.step('undo'),
      redo: () => this.step('redo'),
      reset: () => this.startAgain(),
      submit: () => this.submit(),
      pin: ({ currentTarget }) => this.pin(currentTarget),
    };
  }

  get answer() { return this.history.present; }

  find(name) { return this.root.querySelector(`[data-part="${name}"]`); }

  word(name, values = {}) { return fillWords(this.words[name] || name, values); }

  say(text) { this.find('said').textContent = text; }

  clock(time) {
    const date = new Date(time);
    return Number.isNaN(date.getTime()) ? '' : date.toLocaleTimeString(this.language, { hour: '2-digit', minute: '2-digit' });
  }

  // -- changes

  /* `cell` names what is being typed in: it stands there already, and one cell is one step to undo. */
  change(answer, { cell = null, focus = null, say = '' } = {}) {
    this.history.record(answer, cell);
    this.draft.saveSoon();
    if (cell === null) this.draw(focus);
    if (say) this.say(say);
  }

  replaceAnswer(answer) {
    this.forget();
    this.change(this.complete(answer), { focus: this.firstPlace });
  }

  step(direction) {
    if (this.history[direction]() === null) return;
    const place = this.placeOfFocus;
    this.forget();
    this.draw(place);
    this.say(this.word(direction === 'undo' ? 'undone' : 'redone'));
    this.draft.saveSoon();
  }

  async startAgain() {
    if (!(await this.confirm(this.word('start_again')))) return;
    try {
      await this.draft.sending;
      const { fields, revision } = await this.call('reset_draft', {});
      this.draft.revision = revision;
      this.replaceAnswer(fields);
    } catch (error) {
      this.refuse(error.message || this.word('failed'));
    }
  }

  offerOther(other) {
    const notice = this.find('conflict');
    const settle = (chosen) => {
      notice.hidden = true;
      this.replaceAnswer(chosen);
    };
    const choice = (name, chosen) => make('button', { type: 'button', class: 'ls-button', onclick: () => settle(chosen()) }, this.word(name));
    notice.replaceChildren(
      make('p', {}, this.word('conflict')),
      make('div', { class: 'ls-toolbar' }, choice('take_other', () => other), choice('keep_mine', () => this.answer)));
    notice.hidden = false; // it takes no focus: somebody may be in the middle of a word
  }

  // -- handing in

  async submit() {
    if (isBlank(this.answerToSubmit())) { // it would cost an attempt
      this.refuse(this.word('nothing'));
      return;
    }
    const left = this.state.attempts_allowed - this.state.attempts;
    if (left === 1 && !(await this.confirm(this.word('last_attempt')))) return;
    this.find('submit').disabled = true;
    this.refuse('');
    this.submitKey ??= makeKey();
    try {
      await this.draft.save();
      this.accept(await this.call('submit', { fields: this.answerToSubmit(), key: this.submitKey }));
    } catch (error) {
      if (error.status) this.submitKey = null; // the host answered: the next try is a new one
      this.refuse(error.message || this.word(error.status ? 'failed' : 'not_sent'));
    }
    this.find('submit').disabled = !this.state.may_submit;
  }

  refuse(message) {
    this.find('error').textContent = message;
    this.find('error').hidden = !message;
  }

  accept(state) {
    this.submitKey = null;
    Object.assign(this.state, state);
    this.draft.revision = state.revision ?? this.draft.revision;
    if (state.submitted) this.history.record(this.complete(state.submitted));
    this.forget();
    this.draw();
    this.drawState();
    this.drawResult();
    this.find('result').focus();
  }

  confirm(question) {
    const dialog = this.find('confirm');
    this.find('question').textContent = question;
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    });
  }

  drawState() {
    const { attempts, attempts_allowed: allowed, may_submit: open, closed_reason: reason, saved_at: saved } = this.state;
    this.refuse('');
    this.find('attempts').textContent = allowed
      ? this.word('attempts', { left: Math.max(allowed - attempts, 0), allowed })
      : this.word('attempts_unlimited', { count: attempts });
    this.find('saved').textContent = saved && open ? this.word('saved', { time: this.clock(saved) }) : '';
    this.find('closed').textContent = reason || '';
    this.find('closed').hidden = !reason;
    this.find('submit').disabled = !open;
    this.root.querySelectorAll('[data-needs="open"]').forEach((part) => { part.hidden = !open; });
  }

  drawnResult() {
    return drawResult(this.state, { word: (name, values) => this.word(name, values), language: this.language, ...this.resultView });
  }

  drawResult() {
    const panel = this.find('result');
    panel.replaceChildren(...(this.state.result ? this.drawnResult() : drawNotice(this.state)));
    panel.hidden = false;
    this.markPlaces();
  }

  /* For staff: the marks of all trainees. */
  async openMarks(button) {
    const body = this.find('staff-body');
    if (!this.marks) {
      const { Marks } = await import('./marks.js');
      this.marks = new Marks({ page: this, body });
    }
    body.hidden = !body.hidden;
    button.setAttribute('aria-expanded', String(!body.hidden));
    if (!body.hidden) await this.marks.showList();
  }

  /* Keeps what is described in view while the answer grows. */
  pin(button) {
    const pinned = this.root.classList.toggle('ls-pinned');
    button.setAttribute('aria-pressed', String(pinned));
  }
}

/* A key that no other has; randomUUID exists only on pages served safely. */
export function makeKey() {
  const random = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(random, (number) => number.toString(16).padStart(8, '0')).join('');
}
