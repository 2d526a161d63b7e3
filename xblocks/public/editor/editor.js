/* The editor of an exercise: a form, what is wrong with it, and what a trainee will see, side by side.

   It works wherever `host.notify(event, data)` tells the surrounding page to close: in Studio, on the
   school's own pages, in the workbench. A block brings the editors of the fields it edits in its own way,
   by name, as functions

     mount(container, {value, label, call, word, say, changed, values, form}, state)
       -> {read(), write(value), show(findings), focus(where), name?(where), heed?()}

   `call` is a handler of the block, `values()` the whole form unsaved, `changed()` to be called after every
   change, `state` what the block's `editor_state` says; `name(where)` says a place in the author's words,
   `heed()` is told that another field was edited. Words stand in the template's `[data-word]`. */

import { make } from '../exercise/page.js';
import { fillWords, readWords, readersLocale } from '../exercise/words.js';
import { countFindings, drawFindings, nameOf, sortFindings } from './findings.js';
import { Form } from './form.js';
import { Preview } from './preview.js';
import { Regrading } from './regrading.js';
import { Transfer } from './transfer_dialog.js';

const PAUSE = 500; // milliseconds without a change
const PANES = ['form', 'checks', 'preview'];

export class ExerciseEditor {
  constructor(root, call, host, own) {
    Object.assign(this, { root, call, host });
    this.state = JSON.parse(root.querySelector(':scope > .libschool-state').textContent);
    this.words = readWords(root); // the preview, which has its own, comes later
    this.language = readersLocale(root.closest('[lang]')?.lang);
    this.findings = [];
    const word = (name, values) => this.word(name, values);
    this.form = new Form({
      root: this.root.querySelector('.ls-form'), state: this.state, own, call, word,
      say: (text) => this.say(text), changed: () => this.change(),
    });
    this.preview = new Preview({
      body: this.find('preview'), refuse: (message) => this.refuse('preview-error', message),
      call, values: () => this.form.read(), module: this.state.module, word,
    });
    this.transfer = new Transfer({
      find: (name) => this.find(name), word, blockType: this.state.block_type, fields: this.state.fields,
      read: () => this.form.read(), take: (values) => this.take(values), isChanged: () => this.isChanged, ask: (name) => this.ask(name),
    });
    this.regrading = new Regrading({
      find: (name) => this.find(name), word, call, values: () => this.form.read(), language: this.language, later: this.state.regrades_later,
    });
    this.kept = JSON.stringify(this.form.given);
    if (this.isChanged) this.say(this.word('unsaved'));
    this.listen();
    this.look();
  }

  find(name) { return this.root.querySelector(`[data-edit="${name}"]`); }

  word(name, values = {}) { return fillWords(this.words[name] || name, values); }

  say(text) { this.find('state').textContent = text; }

  refuse(name, message) {
    this.find(name).textContent = message;
    this.find(name).hidden = !message;
  }

  // -- what was changed

  get typed() { return JSON.stringify(this.form.read()); }

  get isChanged() { return this.typed !== this.kept; }

  change() {
    this.say(this.word(this.isChanged ? 'unsaved' : 'unchanged'));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  take(values) {
    this.form.write(values);
    this.change();
    this.say(this.word('imported'));
  }

  // -- checking

  look() {
    clearTimeout(this.timer);
    this.preview.draw();
    return this.review();
  }

  async review() {
    const turn = this.turn = {};
    this.find('checked').textContent = this.word('checking');
    try {
      const { findings, graded } = await this.call('review_edits', { values: this.form.read() });
      if (turn !== this.turn) return;
      this.show(findings);
      this.regrading.show(graded);
    } catch (error) {
      if (turn === this.turn) this.find('checked').textContent = error.message || this.word('not_checked');
    }
  }

  show(findings) {
    this.findings = findings;
    const counts = countFindings(findings);
    const view = {
      word: (name, values) => this.word(name, values), nameOf: (finding) => this.nameOf(finding), jump: (finding) => this.jump(finding),
    };
    this.find('checked').textContent = findings.length ? this.word('counted', counts) : this.word('faultless');
    this.find('count').textContent = counts.errors + counts.warnings ? `(${counts.errors + counts.warnings})` : '';
    this.find('findings').replaceChildren(...drawFindings(findings, view));
    this.form.show(findings);
    if (!this.find('summary').hidden) this.summarise();
  }

  nameOf(finding) {
    const labels = Object.fromEntries(Object.entries(this.state.fields).map(([name, { label }]) => [name, label]));
    return nameOf(finding, labels, (field, where) => this.form.fields[field]?.name?.(where) ?? where);
  }

  jump({ field, where }) {
    this.open('form');
    this.form.focus(field, where);
  }

  /* The faults above the form, from a refused saving until they are mended. */
  summarise() {
    const errors = sortFindings(this.findings).filter(({ severity }) => severity === 'error');
    this.find('summary').replaceChildren(
      make('p', {}, this.word('summary_head')),
      make('ul', {}, ...errors.map((finding) => make('li', {}, make('button', {
        type: 'button', class: 'ls-link', onclick: () => this.jump(finding),
      }, `${this.nameOf(finding)}: ${finding.message}`)))));
    this.find('summary').hidden = !errors.length;
  }

  // -- saving and leaving

  async save() {
    if (this.isSaving) return;
    this.isSaving = true;
    this.say(this.word('saving'));
    this.host.notify('save', { state: 'start' });
    const sent = this.typed;
    try {
      const answer = await this.call('submit_studio_edits', { values: JSON.parse(sent), defaults: [] });
      this.kept = sent;
      this.find('summary').hidden = true;
      this.say(this.word('saved'));
      await this.regrading.offer(answer.graded);
      this.host.notify('save', { state: 'end' });
    } catch (error) {
      this.refuseSaving(error);
    }
    this.isSaving = false;
  }

  refuseSaving(error) {
    const message = error.message || this.word('save_failed');
    this.say(error.data?.findings ? this.word('save_refused') : message);
    this.host.notify('error', { title: this.word('not_saved'), message });
    if (!error.data?.findings) return;
    this.show(error.data.findings);
    this.open('form');
    this.summarise();
    this.find('summary').focus();
    this.review(); // the whole list again, warnings included
  }

  async cancel() {
    if (this.isChanged && !(await this.ask('leave'))) return;
    this.kept = this.typed;
    this.host.notify('cancel', {});
  }

  ask(name) {
    const dialog = this.find('confirm');
    this.find('question').textContent = this.word(name);
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    });
  }

  // -- listening

  open(pane) {
    this.root.dataset.pane = pane;
    for (const name of PANES) this.find(`pane-${name}`).setAttribute('aria-pressed', String(name === pane));
  }

  listen() {
    for (const name of PANES) this.find(`pane-${name}`).addEventListener('click', () => this.open(name));
    for (const answer of ['yes', 'no']) this.find(answer).addEventListener('click', () => this.find('confirm').close(answer));
    this.find('save').addEventListener('click', () => this.save());
    this.find('cancel').addEventListener('click', () => this.cancel());
    this.find('new-trainee').addEventListener('click', () => this.preview.restart());
    this.root.addEventListener('keydown', (event) => this.press(event));
    window.addEventListener('beforeunload', (event) => {
      // While saving the host may lead elsewhere: what was sent is kept there, even beside another's change.
      if (this.root.isConnected && this.isChanged && !this.isSaving) event.preventDefault();
    });
    window.addEventListener('online', () => this.root.isConnected && this.look());
  }

  press(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    this.save();
  }
}

export const startEditor = (root, call, host, own = {}) =>
  new ExerciseEditor(root.matches('.ls-editor') ? root : root.querySelector('.ls-editor'), call, host, own);
