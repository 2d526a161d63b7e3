/* What several experts marked on one page, how far they agree, and what follows for the exercise. */

import { make } from '../exercise/page.js';
import { button } from './controls.js';
import { asRegions, readExpert } from './reference.js';

const MOST_EXPERTS = 6;
const MOST_BYTES = 2 ** 20;

export class Experts {
  /* `editor` brings word(), say(), call(), values(), model, set(model) and language. */
  constructor(editor) {
    Object.assign(this, { editor, experts: [], found: null, error: '' });
    this.box = make('div', { class: 'ls-experts' });
    this.word = (name, values) => editor.word(name, values);
    this.draw();
  }

  draw() {
    const text = make('textarea', { rows: 3, spellcheck: 'false', class: 'ls-mono' });
    const file = make('input', { type: 'file', accept: '.json,application/json', multiple: true, onchange: ({ target }) => this.readFiles([...target.files]) });
    this.box.replaceChildren(
      make('p', { class: 'ls-help' }, this.word('experts_help')),
      make('ol', { class: 'ls-mark-list' }, ...this.experts.map(({ marks }, at) => this.drawExpert(marks, at))),
      make('label', { class: 'ls-field' }, make('span', { class: 'ls-label' }, this.word('expert_file')), file),
      make('label', { class: 'ls-field' }, make('span', { class: 'ls-label' }, this.word('expert_text')), text),
      make('div', { class: 'ls-toolbar' },
        button(this.word('add_expert'), () => this.addText(text.value), { 'data-expert': 'add' }),
        button(this.word('compare'), () => this.compare(), { disabled: this.experts.length < 2, 'data-expert': 'compare' })),
      make('p', { class: 'ls-error', role: 'alert', hidden: !this.error }, this.error),
      ...(this.found ? this.drawFound() : []));
  }

  drawExpert(marks, at) {
    const name = this.word('expert', { number: at + 1, count: marks.length });
    const act = (word, run) => button(this.word(word), run, { 'aria-label': `${this.word(word)}: ${name}` });
    return make('li', { class: 'ls-mark-row' }, make('span', { class: 'ls-mark-name' }, name), make('span', { class: 'ls-buttons' },
      act('take_marks', () => this.takeMarks(at)),
      act('remove_expert', () => this.change(this.experts.filter((_, other) => other !== at)))));
  }

  change(experts, error = '') {
    Object.assign(this, { experts, error, found: null });
    this.draw();
    this.box.querySelector(`[data-expert="${experts.length < 2 ? 'add' : 'compare'}"]`).focus();
  }

  addText(text) {
    const expert = readExpert(text);
    if (!expert) this.refuse(this.word('no_expert'));
    else if (this.experts.length >= MOST_EXPERTS) this.refuse(this.word('too_many_experts', { most: MOST_EXPERTS }));
    else this.change([...this.experts, expert]);
  }

  refuse(error) {
    const written = this.box.querySelector('textarea').value;
    this.error = error;
    this.draw();
    this.box.querySelector('textarea').value = written;
  }

  async readFiles(files) {
    for (const file of files) this.addText(file.size > MOST_BYTES ? '' : await file.text());
  }

  async compare() {
    try {
      this.found = await this.editor.call('compare_experts', { values: this.editor.values(), experts: this.experts });
      this.error = '';
    } catch (error) {
      Object.assign(this, { found: null, error: error.message || this.word('no_connection') });
    }
    this.draw();
    (this.box.querySelector('.ls-agreement') || this.box.querySelector('[data-expert="compare"]')).focus();
  }

  drawFound() {
    const { iou, kappa, t1, unsure } = this.found;
    const number = (value) => new Intl.NumberFormat(this.editor.language, { maximumFractionDigits: 2 }).format(value);
    return [make('section', { class: 'ls-agreement ls-notice', tabindex: '-1' },
      make('p', {}, this.word('agreement', { kappa: number(kappa), iou: number(iou), t1: number(t1), count: unsure.length })),
      make('div', { class: 'ls-toolbar' },
        button(this.word('take_t1', { t1: number(t1) }), () => this.takeStep(t1)),
        button(this.word('take_unsure', { count: unsure.length }), () => this.takeUnsure(unsure), { disabled: !unsure.length })))];
  }

  takeStep(t1) {
    const { model } = this.editor;
    this.editor.set({ ...model, settings: { ...model.settings, t1 } }, this.word('taken'));
  }

  takeUnsure(unsure) {
    const { model } = this.editor;
    const known = new Set(model.ignore.map((row) => JSON.stringify(row)));
    const ignore = [...model.ignore, ...unsure.filter((row) => !known.has(JSON.stringify(row)))];
    this.editor.set({ ...model, ignore: ignore.slice(0, 30) }, this.word('taken'));
  }

  takeMarks(at) {
    const { model } = this.editor;
    this.editor.set({ ...model, regions: asRegions(this.experts[at], model) }, this.word('taken'));
  }
}
