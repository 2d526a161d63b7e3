/* A budget: projects to choose within a limit, or chapters that share a whole. */

import { Task } from './engine/task.js';
import { make } from './exercise/page.js';
import { byCategory, completeBudget, costOf, keepsRule, sumOfShares } from './sheets/budgeting.js';
import { readNumber } from './sheets/numbers.js';

class Budget extends Task {
  constructor(root, call) {
    super(root, call);
    this.open();
  }

  complete(answer) { return completeBudget(answer, this.state.task || {}); }

  answerToSubmit() {
    if (!this.task.chapters) return this.answer;
    return { shares: Object.fromEntries(Object.entries(this.answer.shares).filter(([, share]) => typeof share === 'number')) };
  }

  tell(number) { return new Intl.NumberFormat(this.language, { maximumFractionDigits: 2 }).format(number); }

  drawWork() {
    if (this.task.chapters) return [this.drawChapters(), make('p', { class: 'ls-sum', role: 'status', 'data-part': 'sum' }, this.sayShares())];
    if (!this.task.items) return [];
    this.follow = make('div', { class: 'ls-follow', 'data-part': 'follow' }, ...this.drawFollowing());
    return [this.drawProjects(), this.follow];
  }

  // -- projects

  drawProjects() {
    const hasCategories = this.task.items.some(({ category }) => category);
    const heads = [this.word('project'), ...(hasCategories ? [this.word('category')] : []), this.word('cost'), this.word('benefit')];
    return make('div', { class: 'ls-scroll', tabindex: '0', role: 'region', 'aria-label': this.word('projects') },
      make('table', { class: 'ls-projects' },
        make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))),
        make('tbody', {}, ...this.task.items.map((item) => make('tr', {},
          make('th', { scope: 'row' }, make('label', { class: 'ls-choice' },
            make('input', {
              type: 'checkbox', checked: this.answer.items.includes(item.id), disabled: !this.isOpen, 'data-spot': item.id,
              onchange: ({ target }) => this.choose(item.id, target.checked),
            }), make('span', {}, item.text))),
          hasCategories ? make('td', {}, item.category) : null,
          make('td', { class: 'ls-number' }, this.tell(item.cost)), make('td', { class: 'ls-number' }, this.tell(item.benefit)))))));
  }

  choose(id, isIn) {
    const chosen = new Set(this.answer.items);
    chosen[isIn ? 'add' : 'delete'](id);
    this.change({ items: this.task.items.map((item) => item.id).filter((item) => chosen.has(item)) }, { cell: `item.${id}` });
    this.follow.replaceChildren(...this.drawFollowing());
    this.say(this.sayLeft());
  }

  sayLeft() {
    const left = this.task.limit - costOf(this.task.items, this.answer.items);
    return this.word(left < 0 ? 'over' : 'left', { sum: this.tell(Math.abs(left)), limit: this.tell(this.task.limit) });
  }

  /* What is spent, and which rules are broken as things stand. */
  drawFollowing() {
    const { items, rules } = this.task;
    const chosen = this.answer.items;
    const parts = byCategory(items, chosen).filter(({ category }) => category);
    return [
      make('p', { class: costOf(items, chosen) > this.task.limit ? 'ls-sum ls-broken' : 'ls-sum' },
        this.word('spent', { sum: this.tell(costOf(items, chosen)), limit: this.tell(this.task.limit) }), ' ', this.sayLeft()),
      ...(parts.length ? [make('ul', { class: 'ls-totals' }, ...parts.map(({ category, cost, count }) => make('li', {}, this.word('of_category', { category, sum: this.tell(cost), count }))))] : []),
      ...(rules.length ? [make('h3', { class: 'ls-list-name' }, this.word('rules')), make('ul', { class: 'ls-rules' }, ...rules.map((rule) => {
        const isKept = keepsRule(rule, items, chosen);
        return make('li', { class: isKept ? 'ls-kept' : 'ls-broken' }, make('strong', {}, this.word(isKept ? 'kept' : 'broken')), ' ', rule.message);
      }))] : []),
    ];
  }

  // -- chapters

  drawChapters() {
    return make('ul', { class: 'ls-chapters' }, ...this.task.chapters.map((chapter) => this.drawChapter(chapter)));
  }

  drawChapter({ id, text, min, max }) {
    const share = this.answer.shares[id];
    const name = `${this.uid}-${id}`;
    const write = (value, other) => {
      this.change({ shares: { ...this.answer.shares, [id]: value } }, { cell: id });
      other.value = value ?? min;
      this.find('sum').textContent = this.sayShares();
    };
    const slider = make('input', {
      type: 'range', min, max: Math.min(max, this.task.total), step: this.task.total / 100, 'aria-labelledby': name, disabled: !this.isOpen,
      oninput: ({ target }) => write(Number(target.value), number),
    });
    const number = make('input', {
      type: 'text', inputmode: 'decimal', class: 'ls-number', value: share ?? '', 'aria-labelledby': name, disabled: !this.isOpen, 'data-spot': id,
      oninput: ({ target }) => {
        const read = readNumber(target.value, '.');
        number.toggleAttribute('aria-invalid', Boolean(read?.isNone));
        write(read && !read.isNone && !read.isTwoWays ? read.value : undefined, slider);
      },
    });
    slider.value = share ?? min;
    return make('li', { 'data-place': `shares.${id}` }, make('span', { id: name }, text), make('span', { class: 'ls-help' }, this.word('bounds', { min: this.tell(min), max: this.tell(max) })), slider, number);
  }

  sayShares() {
    const whole = sumOfShares(this.answer.shares);
    const isRight = Math.abs(whole - this.task.total) < 1e-6 * this.task.total;
    return this.word(isRight ? 'sum_right' : 'sum_wrong', { sum: this.tell(whole), total: this.tell(this.task.total) });
  }

  // -- the result

  partOf(where) { return this.find('work').querySelector(`[data-place="${CSS.escape(where || '')}"]`); }

  nameOf(where) { return (this.task.chapters || []).find(({ id }) => where === `shares.${id}`)?.text || ''; }

  drawAnswer({ items, shares }) {
    const rows = items ? this.task.items.filter(({ id }) => items.includes(id)).map(({ text, cost }) => `${text} (${this.tell(cost)})`)
      : this.task.chapters.map(({ id, text }) => `${text}: ${this.tell(shares[id] ?? 0)}`);
    return [make('ul', {}, ...rows.map((row) => make('li', {}, row)))];
  }
}

export const start = (root, call) => new Budget(root.querySelector('.ls-exercise') || root, call);
