/* The sheet on which one answer is graded: by the rubric, with comments on it and pinned to its places. Notes
   save themselves; nothing is shown to anybody before the grade is given. */

import { makeHistory } from '../exercise/history.js';
import { make } from '../exercise/page.js';
import { formatPoints } from '../exercise/result.js';
import { pickLevel, readPoints, toCodePoints, totalOf, typePoints } from './answers.js';
import { drawBank } from './bank.js';
import { drawFiles, drawGrading, drawText } from './drawing.js';

const SAVE_AFTER = 1000; // milliseconds
const DECIDED = { moderation: 'give_decision', published: 'give_revised', ready: 'give_revised', appealed: 'give_revised' };

export class Sheet {
  constructor({ desk, sheet, rubric }) {
    Object.assign(this, { desk, sheet, rubric, word: desk.word, language: desk.page.language, timer: null, sending: Promise.resolve() });
    this.current = sheet.answers.at(-1);
    this.revision = sheet.revision;
    this.isWriting = sheet.may_grade && sheet.is_mine;
    this.history = makeHistory(this.begin());
    this.element = make('article', { class: 'ls-sheet', 'aria-label': sheet.name, tabindex: '-1' }); // keys work wherever in it one stands
    this.element.addEventListener('keydown', (event) => this.press(event));
    this.draw();
  }

  /* The notes that were kept, or what to begin with: a grade that is changed begins with what it was. */
  begin() {
    const { notes, state } = this.sheet;
    const stands = ['published', 'ready', 'appealed'].includes(state) ? this.current.gradings.findLast(({ role }) => role !== 'return') : null;
    const { marks, comment, pins } = notes.marks ? notes : stands ?? {};
    return { marks: marks ?? {}, comment: comment ?? '', pins: pins ?? [] };
  }

  get content() { return this.history.present; }

  get view() { return { word: this.word, language: this.language, files: this.current.files }; }

  points(number) { return formatPoints(number, this.language); }

  // -- changes

  change(part, { cell = null, focus = null } = {}) {
    this.history.record({ ...this.content, ...part }, cell);
    this.saveSoon();
    if (cell === null) this.redraw(focus);
    else this.drawTotal();
  }

  setMark(id, mark, options) { this.change({ marks: { ...this.content.marks, [id]: mark } }, options); }

  step(direction) {
    if (this.history[direction]() === null) return;
    this.redraw();
    this.saveSoon();
  }

  saveSoon() {
    this.state.textContent = this.word('notes_unsaved');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  save() {
    clearTimeout(this.timer);
    this.timer = null;
    this.sending = this.sending.then(() => this.send());
    return this.sending;
  }

  async send() {
    try {
      const kept = await this.desk.call('staff_note', { work: this.sheet.id, content: this.content, revision: this.revision });
      this.revision = kept.revision;
      this.state.textContent = this.word('notes_saved', { time: this.desk.page.clock(kept.saved_at) });
    } catch (error) {
      if (error.data?.revision) {
        this.revision = error.data.revision;
        this.history.record({ marks: {}, comment: '', pins: [], ...error.data.content });
        this.redraw();
        this.state.textContent = this.word('notes_conflict');
      } else this.state.textContent = error.message || this.word('not_sent');
    }
  }

  /* What was noted last is kept before another sheet is shown. */
  async leave() {
    if (this.timer) await this.save();
    await this.sending;
  }

  // -- drawing

  draw() {
    const { sheet } = this;
    this.state = make('p', { class: 'ls-state', role: 'status' });
    this.answerPlace = make('div', { class: 'ls-sheet-answer' });
    this.marksPlace = make('div', { class: 'ls-sheet-marks' });
    this.total = make('p', { class: 'ls-total', role: 'status' });
    const tools = make('div', { class: 'ls-toolbar' },
      make('button', { type: 'button', class: 'ls-button', onclick: () => this.desk.back() }, this.word('back')),
      make('button', { type: 'button', class: 'ls-button', onclick: () => this.desk.next(sheet.id) }, this.word('next')));
    this.element.replaceChildren(
      tools,
      make('h3', { class: 'ls-sheet-name' }, sheet.name, make('span', { class: 'ls-label' }, ` ${sheet.status}`)),
      this.drawAppeal(),
      make('div', { class: 'ls-sheet-body' }, this.answerPlace, this.marksPlace),
      this.drawOlder(),
      this.drawSteps());
    this.redraw();
  }

  redraw(focus = null) {
    const at = document.activeElement?.dataset?.focus;
    this.answerPlace.replaceChildren(...this.drawnAnswer());
    this.marksPlace.replaceChildren(...(this.isWriting ? this.drawnForm() : this.drawnReading()));
    this.drawTotal();
    const wanted = focus ?? (this.element.contains(document.activeElement) ? null : at);
    if (wanted) this.element.querySelector(`[data-focus="${CSS.escape(wanted)}"]`)?.focus();
  }

  drawnAnswer() {
    const { current, content } = this;
    const pins = this.isWriting ? content.pins : current.gradings.at(-1)?.pins ?? [];
    const files = { word: this.word, language: this.language, urlOf: (file) => this.desk.page.call.url('staff_file', file.id),
      onPlace: this.isWriting ? (file, x, y) => this.pin({ kind: 'image', file: file.id, x, y, comment: '' }) : null };
    this.text = current.text ? drawText(current.text, pins, this.word) : null;
    this.text?.setAttribute('tabindex', '0');
    this.text?.setAttribute('role', 'group');
    this.text?.setAttribute('aria-label', this.word('version', { number: current.number, time: this.desk.time(current.submitted_at) }));
    return [
      make('p', { class: 'ls-help' }, this.word('version', { number: current.number, time: this.desk.time(current.submitted_at) })),
      this.text,
      drawFiles(current.files, pins, files),
      ...(this.isWriting ? this.drawnPins() : []),
    ].filter(Boolean);
  }

  // -- pins

  drawnPins() {
    const { pins } = this.content;
    return [
      make('div', { class: 'ls-toolbar' }, make('button', { type: 'button', class: 'ls-button', 'data-focus': 'pin', onmousedown: (event) => event.preventDefault(), onclick: () => this.pinSelection() }, this.word('pin_text'))),
      make('p', { class: 'ls-help' }, this.word('pin_help')),
      make('ol', { class: 'ls-pin-list' }, ...pins.map((pin, at) => this.drawPin(pin, at))),
    ];
  }

  drawPin(pin, at) {
    const label = pin.kind === 'text' ? this.word('pin_comment', { quote: pin.quote })
      : this.word('pin_picture_comment', { name: this.current.files.find(({ id }) => id === pin.file)?.name ?? '' });
    const area = make('textarea', { rows: 2, value: pin.comment, 'aria-label': label, 'data-focus': `pin-${at}`,
      oninput: ({ target }) => this.change({ pins: this.content.pins.map((other, number) => (number === at ? { ...other, comment: target.value } : other)) }, { cell: `pin-${at}` }) });
    return make('li', {}, make('span', { class: 'ls-label' }, label), area,
      make('button', { type: 'button', class: 'ls-link', onclick: () => {
        this.change({ pins: this.content.pins.filter((_, number) => number !== at) }, { focus: 'pin' });
        this.desk.page.say(this.word('pin_deleted'));
      } }, this.word('pin_delete')));
  }

  pin(pin) {
    this.change({ pins: [...this.content.pins, pin] }, { focus: `pin-${this.content.pins.length}` });
  }

  pinSelection() {
    const range = placeOf(window.getSelection(), this.text);
    if (!range) {
      this.state.textContent = this.word('pin_nothing');
      return;
    }
    const [start, end] = range.map((at) => toCodePoints(this.current.text, at));
    this.pin({ kind: 'text', start, end, quote: this.current.text.slice(...range).slice(0, 300), comment: '' });
  }

  // -- the rubric

  drawnForm() {
    return [
      this.drawDifferences(),
      ...this.rubric.criteria.map((criterion) => this.drawCriterion(criterion)),
      this.drawComment(),
      this.total,
      ...this.drawnActs(),
      this.state,
      make('details', { class: 'ls-keys' }, make('summary', {}, this.word('keys')), make('p', {}, this.word('keys_help'))),
    ].filter(Boolean);
  }

  drawCriterion(criterion) {
    const mark = this.content.marks[criterion.id] ?? {};
    const points = make('input', { type: 'text', inputmode: 'decimal', class: 'ls-number', autocomplete: 'off', value: mark.points === undefined ? '' : this.points(mark.points),
      'aria-label': this.word('points_of', { name: criterion.name }), 'data-focus': `points-${criterion.id}`,
      oninput: ({ target }) => this.typed(criterion, target) });
    const comment = make('textarea', { rows: 2, value: mark.comment ?? '', 'aria-label': this.word('comment_on', { name: criterion.name }), 'data-focus': `comment-${criterion.id}`,
      oninput: ({ target }) => this.setMark(criterion.id, { ...this.content.marks[criterion.id], comment: target.value }, { cell: `comment-${criterion.id}` }) });
    return make('fieldset', { class: 'ls-grade-criterion', 'data-criterion': criterion.id },
      make('legend', {}, criterion.name),
      criterion.description ? make('p', { class: 'ls-help' }, criterion.description) : '',
      make('div', { class: 'ls-level-choices' }, ...criterion.levels.map((level, at) => make('button', {
        type: 'button', class: 'ls-button ls-level', 'aria-pressed': String(mark.level === at), 'data-focus': `level-${criterion.id}-${at}`,
        onclick: () => this.pick(criterion, at),
      }, make('span', { class: 'ls-level-name' }, `${at + 1} · ${level.name}`), make('span', { class: 'ls-label' }, ` ${level.range}`),
      level.descriptor ? make('span', { class: 'ls-descriptor' }, level.descriptor) : ''))),
      make('p', { class: 'ls-points-line' }, points, ` ${this.word('of_most', { most: this.points(criterion.points) })}`),
      make('span', { class: 'ls-label', 'aria-hidden': 'true' }, this.word('overall')), comment);
  }

  pick(criterion, at, focus = `level-${criterion.id}-${at}`) {
    this.setMark(criterion.id, pickLevel(criterion, this.content.marks[criterion.id], at), { focus });
  }

  typed(criterion, input) {
    const points = readPoints(input.value);
    const isWrong = Boolean(input.value.trim()) && (points === null || points > criterion.points);
    if (isWrong) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    this.setMark(criterion.id, typePoints(criterion, this.content.marks[criterion.id], points), { cell: `points-${criterion.id}` });
    const chosen = this.content.marks[criterion.id].level;
    this.element.querySelectorAll(`[data-criterion="${criterion.id}"] .ls-level`).forEach((button, at) => button.setAttribute('aria-pressed', String(at === chosen)));
  }

  drawComment() {
    const area = make('textarea', { rows: 4, value: this.content.comment, 'data-focus': 'comment', oninput: ({ target }) => this.change({ comment: target.value }, { cell: 'comment' }) });
    const insert = (text) => this.change({ comment: [this.content.comment, text].filter(Boolean).join('\n') }, { focus: 'comment' });
    return make('div', {},
      make('label', { class: 'ls-field' }, this.word('overall_comment'), area),
      drawBank({ desk: this.desk, insert, written: () => this.content.comment }));
  }

  drawTotal() {
    if (!this.isWriting) return;
    const { points, missing } = totalOf(this.rubric.criteria, this.content.marks);
    this.total.textContent = [
      this.word('total', { points: this.points(points), possible: this.points(this.rubric.points) }),
      missing ? this.word('not_all', { count: missing }) : '',
    ].filter(Boolean).join(' ');
  }

  drawDifferences() {
    const { differences } = this.sheet;
    const given = this.current.gradings.filter(({ role }) => role === 'first' || role === 'second');
    if (this.sheet.state !== 'moderation') return null;
    const of = (role, id) => this.points(given.findLast((one) => one.role === role)?.marks[id]?.points ?? 0);
    return make('section', { class: 'ls-notice' },
      make('h3', {}, this.word('differences')),
      make('ul', {}, ...this.rubric.criteria.filter(({ id }) => id in differences).map(({ id, name }) =>
        make('li', {}, this.word('difference', { name, first: of('first', id), second: of('second', id) })))),
      ...given.map((one) => this.drawGiven(one)));
  }

  drawGiven(given) {
    const role = given.role === 'return' ? 'return_role' : given.role;
    const who = [given.by, this.desk.time(given.given_at)].filter(Boolean).join(', ');
    return make('details', { class: 'ls-given' }, make('summary', {}, `${this.word(role)}${who ? ` · ${who}` : ''}`),
      ...drawGrading(given, this.view));
  }

  // -- acts

  drawnActs() {
    const { state } = this.sheet;
    const reply = state === 'appealed' ? make('textarea', { rows: 3, 'data-focus': 'reply' }) : null;
    this.reply = reply;
    const due = make('input', { type: 'datetime-local' });
    const returning = make('div', { hidden: true, class: 'ls-returning' },
      make('label', { class: 'ls-field' }, this.word('return_due'), due),
      make('button', { type: 'button', class: 'ls-button', onclick: () => this.giveBack(due.value) }, this.word('return_now')));
    return [
      reply ? make('label', { class: 'ls-field' }, this.word('reply'), reply) : '',
      make('div', { class: 'ls-toolbar' },
        make('button', { type: 'button', class: 'ls-button ls-primary', 'data-focus': 'give', onclick: () => this.give() }, this.word(DECIDED[state] ?? 'give_grade')),
        reply ? make('button', { type: 'button', class: 'ls-button', onclick: () => this.answer() }, this.word('reply_keep')) : null,
        this.sheet.may_return ? make('button', { type: 'button', class: 'ls-button', 'aria-expanded': 'false', onclick: ({ currentTarget }) => {
          returning.hidden = !returning.hidden;
          currentTarget.setAttribute('aria-expanded', String(!returning.hidden));
          if (!returning.hidden) due.focus();
        } }, this.word('return')) : null),
      returning,
    ];
  }

  async give() {
    await this.act('staff_grade', { version: this.current.number, content: this.content, reply: this.reply?.value ?? '' }, 'given_next');
  }

  async giveBack(due) {
    const due_at = due ? new Date(due).toISOString() : null;
    await this.act('staff_return', { version: this.current.number, content: this.content, due_at }, 'given_next');
  }

  async answer() { await this.act('staff_reply', { reply: this.reply.value }, 'given_next'); }

  /* After an act the next sheet comes by itself: many are graded in a row. */
  async act(handler, data, said) {
    await this.leave();
    const done = await this.desk.attempt(() => this.desk.call(handler, { work: this.sheet.id, ...data }));
    if (!done) return;
    this.desk.page.say(this.word(said));
    this.desk.sheet = null;
    await this.desk.next(this.sheet.id);
  }

  // -- reading only

  drawnReading() {
    const { sheet } = this;
    const take = sheet.state === 'published' || sheet.state === 'ready' ? 'revise' : 'take';
    return [
      ...this.current.gradings.map((given) => this.drawGiven(given)),
      sheet.may_grade && !sheet.held_by ? make('button', { type: 'button', class: 'ls-button ls-primary', onclick: () => this.desk.open(sheet.id, true) }, this.word(take)) : '',
      sheet.held_by ? make('p', { class: 'ls-help' }, this.word('held', { name: sheet.held_by })) : '',
      sheet.is_own_first ? make('p', { class: 'ls-help' }, this.word('own_first')) : '',
    ].filter(Boolean);
  }

  drawAppeal() {
    const { appeal, appeal_answer: reply } = this.sheet;
    if (!appeal) return '';
    return make('section', { class: 'ls-notice' }, make('h3', {}, this.word('review_of')), make('p', { class: 'ls-said-comment' }, appeal),
      ...(reply ? [make('h3', {}, this.word('review_answer')), make('p', { class: 'ls-said-comment' }, reply)] : []));
  }

  drawOlder() {
    const older = this.sheet.answers.slice(0, -1).reverse();
    if (!older.length) return '';
    const files = { word: this.word, language: this.language, urlOf: (file) => this.desk.page.call.url('staff_file', file.id) };
    return make('details', {}, make('summary', {}, this.word('older')), ...older.map((answer) => {
      const pins = answer.gradings.at(-1)?.pins ?? [];
      return make('section', { class: 'ls-version' },
        make('h3', {}, this.word('version', { number: answer.number, time: this.desk.time(answer.submitted_at) })),
        answer.text ? drawText(answer.text, pins, this.word) : '',
        drawFiles(answer.files, pins, files) ?? '',
        ...answer.gradings.map((given) => this.drawGiven(given)));
    }));
  }

  drawSteps() {
    return make('details', {}, make('summary', {}, this.word('steps')), make('ol', { class: 'ls-steps' }, ...this.sheet.steps.map(({ what, by, at }) =>
      make('li', {}, this.word(by ? 'step_by' : 'step', { time: this.desk.time(at), what, by })))));
  }

  // -- keys

  press(event) {
    const isTyping = event.target.matches('textarea, input, select');
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === 'enter' && this.isWriting) return this.take(event, () => this.give());
    if ((event.ctrlKey || event.metaKey) && ['z', 'y'].includes(key) && this.isWriting) return this.take(event, () => this.step(key === 'y' || event.shiftKey ? 'redo' : 'undo'));
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return undefined;
    if (key === 'n') return this.take(event, () => this.desk.next(this.sheet.id));
    if (!this.isWriting) return undefined;
    if (key === 'c') return this.take(event, () => this.pinSelection());
    if (/^[1-9]$/.test(key)) return this.take(event, () => this.pickByKey(Number(key) - 1));
    if (key === 'arrowdown' || key === 'arrowup') return this.take(event, () => this.goTo(key === 'arrowdown' ? 1 : -1));
    return undefined;
  }

  take(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /* The criterion in focus, or the first without points. */
  criterionAt() {
    const id = document.activeElement?.closest('[data-criterion]')?.dataset.criterion;
    return this.rubric.criteria.find((criterion) => criterion.id === id)
      ?? this.rubric.criteria.find((criterion) => this.content.marks[criterion.id]?.points === undefined)
      ?? this.rubric.criteria[0];
  }

  pickByKey(at) {
    const criterion = this.criterionAt();
    if (criterion.levels[at]) this.pick(criterion, at);
  }

  goTo(by) {
    const { criteria } = this.rubric;
    const at = criteria.indexOf(this.criterionAt()) + (document.activeElement?.closest('[data-criterion]') ? by : 0);
    const next = criteria[Math.min(Math.max(at, 0), criteria.length - 1)];
    this.element.querySelector(`[data-criterion="${next.id}"] :is(button, input)`)?.focus();
  }
}

/* Where a selection begins and ends in the text, in UTF-16 units; null if it is elsewhere or empty. The numbers of
   pins that stand in the text are none of it. */
function placeOf(selection, text) {
  if (!text || !selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const until = (container, offset) => {
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(container, offset);
    const copy = before.cloneContents();
    copy.querySelectorAll('sup').forEach((number) => number.remove());
    return copy.textContent.length;
  };
  const [start, end] = [until(range.startContainer, range.startOffset), until(range.endContainer, range.endOffset)];
  return start < end ? [start, end] : null;
}
