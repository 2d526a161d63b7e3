/* Decisions: a table of items and choices, a card for each item where there is no room for a table. */

import { chosenOf, completeDecisions, decisionOf, isDecided, toggled, withDecision } from './decisions/answers.js';
import { drawDetail, Task } from './engine/task.js';
import { make } from './exercise/page.js';
import { formatPoints } from './exercise/result.js';

const MOST_COLUMNS = 6; // choices; with more they stand under one another

class DecisionTable extends Task {
  constructor(root, call) {
    super(root, call);
    this.open();
  }

  get items() { return this.task.items || []; }

  get choices() { return this.task.choices || []; }

  get isMany() { return this.task.choose === 'many'; }

  complete(answer) { return completeDecisions(answer, this.state.task?.items || []); }

  answerToSubmit() { return Object.keys(this.answer.items).length ? { items: this.answer.items } : {}; }

  decide(id, change, spot) {
    this.change(withDecision(this.answer, id, change), { cell: spot });
    this.drawCount();
    this.unmark(id);
  }

  // -- drawing

  drawWork() {
    if (!this.items.length) return [];
    const isWide = this.choices.length > MOST_COLUMNS;
    return [
      make('p', { class: 'ls-help', 'data-part': 'decided' }, this.countDecided()),
      make('table', { class: `ls-decisions${isWide ? ' ls-stacked' : ''}` },
        make('caption', { class: 'ls-said' }, this.word('table')),
        make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, this.word('item')),
          ...(isWide ? [make('th', { scope: 'col' }, this.word('choice'))] : this.choices.map((choice) => make('th', { scope: 'col' }, this.nameOfChoice(choice)))),
          this.isMany ? make('th', { scope: 'col' }, this.word('none_applies')) : null)),
        ...this.items.map((item) => this.drawItem(item, isWide))),
    ];
  }

  countDecided() {
    const count = this.items.filter(({ id }) => isDecided(this.answer, id)).length;
    return this.word('decided', { count, all: this.items.length });
  }

  drawCount() { this.find('decided').textContent = this.countDecided(); }

  nameOfChoice({ text, cost, attributes }) {
    const has = this.choices.some((choice) => choice.cost > 0);
    return make('span', {}, text, has ? make('span', { class: 'ls-facts' }, this.word('cost', { cost: formatPoints(cost, this.language) })) : null, this.drawAttributes(attributes));
  }

  drawAttributes(attributes) {
    const entries = Object.entries(attributes || {});
    if (!entries.length) return null;
    const say = (value) => (typeof value === 'boolean' ? this.word(value ? 'yes' : 'no') : typeof value === 'number' ? formatPoints(value, this.language) : value);
    return make('span', { class: 'ls-facts' }, ...entries.map(([name, value]) => make('span', {}, `${name}: ${say(value)}`)));
  }

  drawItem(item, isWide) {
    const decision = decisionOf(this.answer, item.id);
    const columns = (isWide ? 2 : this.choices.length + 1) + (this.isMany ? 1 : 0);
    const boxes = this.choices.map((choice) => this.drawChoice(item, choice, decision));
    const cells = isWide ? [make('td', { class: 'ls-all-choices' }, ...boxes)] : boxes.map((box) => make('td', {}, box));
    return make('tbody', { 'data-item': item.id },
      make('tr', {}, make('th', { scope: 'row' }, make('span', {}, item.text), this.drawAttributes(item.attributes), drawDetail(item.detail, this.word('more_about', { text: item.text }))),
        ...cells, this.isMany ? make('td', {}, this.drawNone(item, decision)) : null),
      this.drawFurther(item, decision, columns));
  }

  box(item, type, spot, label, isIn, pick, name = null) {
    return make('label', { class: 'ls-choice' },
      make('input', {
        type, name, checked: isIn, disabled: !this.isOpen, 'data-spot': spot, 'aria-label': this.word('of_item', { item: item.text, text: label }),
        onchange: ({ target }) => pick(target.checked),
      }), make('span', { class: 'ls-choice-text' }, label));
  }

  drawChoice(item, choice, decision) {
    const spot = `${item.id}=${choice.id}`;
    const isIn = chosenOf(decision).includes(choice.id);
    if (!this.isMany) return this.box(item, 'radio', spot, choice.text, isIn, () => this.decide(item.id, { choice: choice.id }, spot), `${this.uid}-${item.id}`);
    const order = this.choices.map(({ id }) => id);
    return this.box(item, 'checkbox', spot, choice.text, isIn, (on) => {
      const now = chosenOf(decisionOf(this.answer, item.id));
      this.decide(item.id, { choice: toggled(now, choice.id, on, order) }, spot);
      this.find('work').querySelector(`[data-spot="${CSS.escape(`${item.id}=`)}"]`).checked = false;
    });
  }

  /* That nothing applies is a decision too. */
  drawNone(item, { choice }) {
    const spot = `${item.id}=`;
    return this.box(item, 'checkbox', spot, this.word('none_applies'), Array.isArray(choice) && !choice.length, (on) => {
      this.change(withDecision(this.answer, item.id, { choice: on ? [] : undefined }), { focus: spot });
      this.unmark(item.id);
    });
  }

  /* Why, and whether something was looked up first. */
  drawFurther(item, decision, columns) {
    const { reasons = [], asks_check: asksCheck } = this.task;
    if (!reasons.length && !asksCheck) return null;
    const order = reasons.map(({ id }) => id);
    const why = reasons.map(({ id, text }) => this.box(item, 'checkbox', `${item.id}~${id}`, text, decision.reasons.includes(id), (on) => {
      const now = decisionOf(this.answer, item.id).reasons;
      this.decide(item.id, { reasons: toggled(now, id, on, order) || [] }, `${item.id}~${id}`);
    }));
    const check = asksCheck ? this.box(item, 'checkbox', `${item.id}?`, this.word('looked_up'), decision.check, (on) => this.decide(item.id, { check: on }, `${item.id}?`)) : null;
    return make('tr', { class: 'ls-why' }, make('td', { colspan: String(columns) },
      why.length ? make('fieldset', { class: 'ls-reasons' }, make('legend', {}, this.word('reasons')), ...why) : null, check));
  }

  // -- the result

  partOf(where) {
    const id = /^items\.(.+)$/.exec(where || '')?.[1];
    return id === undefined ? null : this.find('work').querySelector(`[data-item="${CSS.escape(id)}"]`);
  }

  nameOf(where) {
    const id = /^items\.(.+)$/.exec(where || '')?.[1];
    return this.items.find((item) => item.id === id)?.text ?? where;
  }

  unmark(id) { this.partOf(`items.${id}`)?.classList.remove('ls-marked'); }

  drawAnswer(answer) {
    const { reasons = [], asks_check: asksCheck } = this.task;
    const named = (list, ids) => list.filter(({ id }) => ids.includes(id)).map(({ text }) => text).join(', ');
    const rows = this.items.map((item) => {
      const decision = decisionOf(answer, item.id);
      return make('tr', {}, make('th', { scope: 'row' }, item.text), make('td', {}, named(this.choices, chosenOf(decision)) || this.word('none_applies')),
        reasons.length ? make('td', {}, named(reasons, decision.reasons)) : null, asksCheck ? make('td', {}, this.word(decision.check ? 'yes' : 'no')) : null);
    });
    const heads = ['item', 'choice', ...(reasons.length ? ['reasons'] : []), ...(asksCheck ? ['looked_up'] : [])];
    return [make('div', { class: 'ls-scroll', tabindex: '0', role: 'group', 'aria-label': this.word('model') },
      make('table', {}, make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, this.word(head))))), make('tbody', {}, ...rows)))];
  }
}

export const start = (root, call) => new DecisionTable(root.querySelector('.ls-task') || root, call);
