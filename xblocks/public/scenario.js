/* A case: step by step through its consequences, or test by test to a decision. Each step is asked of the host, which
   keeps it: the page knows no more of the case than its player has seen. */

import { Task } from './engine/task.js';
import { make } from './exercise/page.js';
import { formatPoints } from './exercise/result.js';
import { drawComparison, drawLog, drawMeters, drawPlace, sayChanges } from './scenario/branching.js';
import { completeAnswer, isWorkup, toSubmit } from './scenario/answers.js';
import { drawWorkup } from './scenario/workup.js';

class Case extends Task {
  constructor(root, call) {
    super(root, call);
    this.replayed = null; // {path, task, log} of a free play
    this.open();
  }

  get isWorkup() { return isWorkup(this.task); }

  complete(answer) { return completeAnswer(answer, this.state?.task); }

  answerToSubmit() { return toSubmit(this.answer, this.task); }

  get acts() {
    return { ...super.acts, back: () => this.takeBack(), replay: () => this.startReplay(), 'replay-end': () => this.endReplay() };
  }

  // -- steps

  /* Keeps an answer and goes where it leads. */
  async go(answer, focus, say = () => '') {
    if (this.isWalking) return;
    this.isWalking = true;
    this.refuse('');
    try {
      if (this.draft.timer) await this.draft.save();
      else await this.draft.sending;
      const { fields, revision, task, log, saved_at: saved } = await this.call('walk', { fields: answer, revision: this.draft.revision });
      this.draft.revision = revision;
      this.arrive(fields, task, log, saved);
      this.draw(focus);
      this.say(say());
    } catch (error) {
      if (error.status === 409) {
        this.draft.revision = error.data.revision;
        this.isWalking = false;
        this.offerOther(error.data.fields);
      } else this.refuse(error.message || this.word('no_step'));
    }
    this.isWalking = false;
  }

  arrive(fields, task, log, saved) {
    Object.assign(this.state, { task, log });
    this.history.record(this.complete(fields));
    if (saved) this.find('saved').textContent = this.word('saved', { time: this.clock(saved) });
  }

  choose(id) {
    const { path } = this.answer;
    this.go({ path: [...path, id] }, 'place', () => this.tellStep(this.task, this.state.log));
  }

  tellStep({ variables }, log) {
    const last = log[log.length - 1];
    return [last?.note, ...(last?.happened || []), ...sayChanges(variables, log, this.view)].filter(Boolean).join(' ');
  }

  takeBack() {
    if (this.answer.path.length) this.go({ path: this.answer.path.slice(0, -1) }, 'place', () => this.word('taken_back'));
  }

  test(id) {
    this.go({ ...this.answer, tests: [...this.answer.tests, id] }, `found.${id}`);
  }

  /* Another window went on: there the case stands. */
  offerOther(other) { this.go(this.complete(other), 'place', () => this.word('other_window')); }

  replaceAnswer(answer) { this.go(this.complete(answer), 'place'); }

  get mayBeginAgain() {
    const { path, tests } = this.answer;
    const { submitted } = this.state;
    const isHandedIn = submitted && JSON.stringify(submitted.tests || submitted.path) === JSON.stringify(tests || path);
    return this.isOpen && Boolean((path || tests).length) && (isHandedIn || (this.state.may_take_back && !this.isWorkup));
  }

  async submit() {
    if (!this.isWorkup && this.answer.path.length && !this.task.is_end && this.task.choices?.length) this.refuse(this.word('not_ended'));
    else await super.submit();
  }

  // -- free play

  async replay(path) {
    try {
      const { task, log } = await this.call('replay', { path });
      this.replayed = { path, task, log };
      this.draw('place');
      this.say(this.tellStep(task, log));
    } catch (error) {
      this.refuse(error.message || this.word('no_step'));
    }
  }

  startReplay() { return this.replay([]); }

  endReplay() {
    this.replayed = null;
    this.draw();
    this.find('replay').focus();
  }

  // -- drawing

  number(value) { return formatPoints(value, this.language); }

  get view() {
    const { replayed } = this;
    return {
      word: (name, values) => this.word(name, values),
      number: (value) => this.number(value),
      uid: this.uid,
      isOpen: this.isOpen,
      answer: this.answer,
      canChoose: this.isOpen || Boolean(replayed),
      choose: (id) => (replayed ? this.replay([...replayed.path, id]) : this.choose(id)),
      test: (id) => this.test(id),
      read: (id, text) => this.change({ ...this.answer, readings: { ...this.answer.readings, [id]: text } }, { cell: `reading.${id}` }),
      decide: (id) => this.change({ ...this.answer, decision: id }, { cell: 'decision' }),
    };
  }

  drawWork() {
    this.drawButtons();
    if (this.isWorkup) return drawWorkup(this.task, this.view);
    const { task, log } = this.replayed || this.state;
    return [
      this.replayed ? make('p', { class: 'ls-notice' }, this.word('free_play')) : null,
      drawMeters(task.variables, log, this.view),
      drawPlace(task, this.view),
      log.length ? make('details', { class: 'ls-past', open: true }, make('summary', {}, this.word('history')), drawLog(log, task.variables, this.view)) : null,
    ];
  }

  drawButtons() {
    const show = (part, isShown) => { this.find(part).hidden = !isShown; };
    show('back', this.isOpen && !this.isWorkup && !this.replayed && this.state.may_take_back && this.answer.path.length > 0);
    show('reset', this.mayBeginAgain && !this.replayed);
    show('replay', !this.isWorkup && Boolean(this.state.may_replay && this.state.result));
    show('replay-end', Boolean(this.replayed));
    this.find('replay').textContent = this.word(this.replayed ? 'replay_again' : 'replay');
  }

  drawState() {
    super.drawState();
    this.drawButtons();
  }

  // -- the result

  drawnResult() {
    const { best_log: best, own_log: own = [] } = this.state;
    return [...super.drawnResult(), ...(best?.length ? [drawComparison(own, best, this.task.variables, this.view)] : [])];
  }

  /* "tests[1]" is a test by its place, "readings.ID" one by its name. */
  partOf(where) {
    const at = /^tests\[(\d+)\]$/.exec(where || '');
    const place = at ? `tests.${this.state.submitted?.tests?.[Number(at[1])]}` : where;
    return this.find('work').querySelector(`[data-place="${CSS.escape(place || '')}"]`);
  }

  nameOf(where) {
    const step = /^path\[(\d+)\]$/.exec(where || '');
    if (step) return this.word('step_number', { number: Number(step[1]) + 1 });
    if (where === 'path') return this.word('here');
    return this.partOf(where)?.querySelector('strong, legend')?.textContent || this.word('found');
  }

  drawAnswer(answer) {
    if (!this.isWorkup) return [make('p', {}, this.word('best_below'))];
    const text = (list, id) => list.find((one) => one.id === id)?.text ?? id;
    const reading = (id) => (answer.readings?.[id] === undefined ? '' : `: ${typeof answer.readings[id] === 'number' ? this.number(answer.readings[id]) : answer.readings[id]}`);
    return [
      make('ol', {}, ...answer.tests.map((id) => make('li', {}, `${text(this.task.tests, id)}${reading(id)}`))),
      make('p', {}, make('strong', {}, this.word('decision')), ' ', text(this.task.decisions, answer.decision)),
    ];
  }
}

export const start = (root, call) => new Case(root.querySelector('.ls-task') || root, call);
