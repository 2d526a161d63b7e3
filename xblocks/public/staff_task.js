/* A task that people grade: a text and files, handed in; what became of them; for staff, the desk. */

import { Exercise } from './exercise/exercise.js';
import { make } from './exercise/page.js';
import { drawScore } from './exercise/result.js';
import { countWords } from './task/answers.js';
import { drawFiles, drawGrading, drawText } from './task/drawing.js';

class StaffTask extends Exercise {
  constructor(root, call) {
    super(root, call);
    this.draft.read = () => this.answerToSubmit();
    this.find('text')?.addEventListener('input', ({ target }) => this.change({ ...this.answer, text: target.value }, { cell: 'text' }));
    this.find('text')?.addEventListener('input', () => this.drawWords());
    this.find('choose')?.addEventListener('change', ({ target }) => this.addFiles(target));
    const typed = this.find('text')?.value; // before this script was there
    this.open();
    if (typed && !this.answer.text) this.change({ ...this.answer, text: typed });
    this.drawTask();
    this.openDesk();
  }

  complete(answer) { return { text: answer?.text ?? '', files: answer?.files ?? [] }; }

  answerToSubmit() { return { text: this.answer.text, files: this.answer.files.map(({ id }) => id) }; }

  get rubric() { return this.state.rubric ?? { criteria: [] }; }

  get view() { return { word: (name, values) => this.word(name, values), language: this.language }; }

  time(moment) {
    const date = new Date(moment);
    return Number.isNaN(date.getTime()) ? '' : date.toLocaleString(this.language, { dateStyle: 'medium', timeStyle: 'short' });
  }

  // -- writing

  draw() {
    const text = this.find('text');
    if (text && text.value !== this.answer.text) text.value = this.answer.text;
    this.drawWords();
    this.find('files')?.replaceChildren(...this.answer.files.map((file) => make('li', {},
      make('a', { href: this.call.url?.('file', file.id) ?? '#', download: file.name }, file.name), ' ',
      make('button', {
        type: 'button', class: 'ls-link', 'aria-label': this.word('remove_named', { name: file.name }), onclick: () => this.remove(file),
      }, this.word('remove')))));
    if (this.find('kinds')) {
      const { most_files: most, megabytes, kinds } = this.rubric;
      this.find('kinds').textContent = this.word('kinds', { most, megabytes, kinds: kinds?.join(' ') ?? '' });
    }
  }

  drawWords() {
    const place = this.find('words');
    if (!place) return;
    const { least_words: least, most_words: most } = this.rubric;
    place.textContent = [
      this.word('word_count', { count: countWords(this.answer.text) }),
      least ? this.word('words_from', { least }) : '',
      most ? this.word('words_to', { most }) : '',
    ].filter(Boolean).join(' · ');
  }

  async addFiles(input) {
    const chosen = [...input.files];
    input.value = '';
    this.refuse('');
    for (const file of chosen) {
      if (this.answer.files.length >= this.rubric.most_files) {
        this.refuse(this.word('too_many_files', { most: this.rubric.most_files }));
        return;
      }
      if (!(await this.upload(file))) return;
    }
  }

  async upload(file) {
    if (!this.call.upload) {
      this.refuse(this.word('no_upload'));
      return false;
    }
    const line = this.find('uploading');
    line.textContent = this.word('uploading', { name: file.name });
    try {
      const kept = await this.call.upload('upload', file);
      this.change({ ...this.answer, files: [...this.answer.files, kept] });
      line.textContent = this.word('uploaded', { name: kept.name });
      return true;
    } catch (error) {
      line.textContent = '';
      this.refuse(`${file.name}: ${error.message || this.word(error.status ? 'failed' : 'not_sent')}`);
      return false;
    }
  }

  /* It stays on the server until nobody can want it back by undo. */
  remove(file) {
    this.change({ ...this.answer, files: this.answer.files.filter(({ id }) => id !== file.id) }, { say: this.word('removed', { name: file.name }) });
    this.find('choose').focus();
  }

  accept(state) {
    super.accept(state);
    this.drawTask();
    this.say(this.word('handed_in'));
    this.find('status').setAttribute('tabindex', '-1');
    this.find('status').focus();
  }

  // -- where it stands

  drawState() {
    super.drawState();
    const { task, may_submit: open, attempts } = this.state;
    const name = task.state === 'returned' ? 'hand_in_revised' : attempts ? 'hand_in_again' : 'hand_in';
    this.find('submit').textContent = this.word(name);
    this.find('submit').hidden = !open;
    if (this.state.closed_reason === task.status) this.find('closed').hidden = true; // it stands above
    this.find('attempts').hidden = !open && !attempts;
  }

  drawTask() {
    const { task } = this.state;
    this.find('status').textContent = task.status;
    this.find('status').classList.toggle('ls-yours', task.is_your_turn);
    this.find('due').textContent = task.due_at ? this.word('due', { time: this.time(task.due_at) }) : '';
    this.find('due').hidden = !task.due_at;
    this.drawReturned();
    this.drawReview();
    this.drawVersions();
    if (this.state.result || this.state.notice) this.drawResult();
    else this.find('result').hidden = true;
  }

  drawReturned() {
    const last = this.state.task.answers.at(-1);
    const given = this.state.task.state === 'returned' ? last?.gradings.at(-1) : null;
    this.find('returned').hidden = !given;
    if (!given) return;
    this.find('returned').replaceChildren(make('h3', {}, this.word('returned')), ...this.drawnGrading(last, given, true));
  }

  drawnGrading(answer, given, withText) {
    const view = { ...this.view, files: answer.files };
    const pins = given.pins;
    return [
      ...drawGrading(given, view),
      withText && pins.length ? this.drawnAnswer(answer, pins) : null,
    ].filter(Boolean);
  }

  drawnAnswer(answer, pins) {
    const files = { ...this.view, urlOf: (file) => this.call.url?.('file', file.id) ?? '#' };
    return make('div', { class: 'ls-handed-in' }, ...[answer.text ? drawText(answer.text, pins, this.view.word) : null, drawFiles(answer.files, pins, files)].filter(Boolean));
  }

  drawnResult() {
    const last = this.state.task.answers.at(-1);
    const given = last?.gradings.findLast(({ role }) => role !== 'return');
    return [
      ...drawScore(this.state.result, this.view),
      ...(given ? this.drawnGrading(last, given, true) : []),
    ];
  }

  drawVersions() {
    const { answers } = this.state.task;
    const place = this.find('versions');
    place.hidden = !answers.length;
    place.replaceChildren(make('details', {}, make('summary', {}, this.word('versions')), ...[...answers].reverse().map((answer) => {
      const said = answer.gradings.at(-1);
      return make('article', { class: 'ls-version' },
        make('h3', {}, this.word('version', { number: answer.number, time: this.time(answer.submitted_at) })),
        this.drawnAnswer(answer, said?.pins ?? []),
        ...(said ? drawGrading(said, { ...this.view, files: answer.files }) : []));
    })));
  }

  // -- a review

  drawReview() {
    const { may_appeal: may, appeal, appeal_answer: reply } = this.state.task;
    const place = this.find('review');
    place.hidden = !may && !appeal;
    if (appeal) {
      place.replaceChildren(make('h3', {}, this.word('review_asked')), make('p', { class: 'ls-said-comment' }, appeal),
        ...(reply ? [make('h3', {}, this.word('review_answer')), make('p', { class: 'ls-said-comment' }, reply)] : []));
    } else if (may) place.replaceChildren(this.drawnAppeal());
  }

  drawnAppeal() {
    const reason = make('textarea', { rows: 4 });
    const error = make('p', { class: 'ls-error', role: 'alert', hidden: true });
    const send = async () => {
      try {
        Object.assign(this.state, await this.call('appeal', { reason: reason.value }));
        this.drawState();
        this.drawTask();
        this.find('status').setAttribute('tabindex', '-1');
        this.find('status').focus();
      } catch (failure) {
        error.textContent = failure.message || this.word('failed');
        error.hidden = false;
      }
    };
    return make('details', {}, make('summary', {}, this.word('ask_review')),
      make('p', { class: 'ls-help' }, this.word('review_help')),
      make('label', { class: 'ls-field' }, this.word('review_reason'), reason), error,
      make('button', { type: 'button', class: 'ls-button', onclick: send }, this.word('send')));
  }

  // -- for staff

  openDesk() {
    const button = this.find('open-desk');
    if (!button) return;
    button.addEventListener('click', async () => {
      const body = this.find('desk-body');
      if (!this.desk) {
        const { Desk } = await import('./task/desk.js');
        this.desk = new Desk({ page: this, body, rubric: this.rubric });
      }
      const opens = body.hidden;
      body.hidden = !opens;
      button.setAttribute('aria-expanded', String(opens));
      if (opens) this.desk.showQueue();
    });
    if (this.root.closest('[data-grading-room]')) button.click();
  }
}

export const start = (root, call) => new StaffTask(root.matches('.ls-task') ? root : root.querySelector('.ls-task'), call);
