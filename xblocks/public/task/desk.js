/* The desk of those who grade: the queue, and one sheet after another. */

import { make } from '../exercise/page.js';
import { Sheet } from './sheet.js';

const PAGE = 50;

export class Desk {
  /* `page` is the task's page: it calls handlers, knows words and asks; `body` is where the desk stands. */
  constructor({ page, body, rubric }) {
    Object.assign(this, { page, body, rubric, states: [], number: 1, bank: [] });
    this.word = (name, values) => page.word(name, values);
    this.call = (handler, data) => page.call(handler, data);
    this.error = make('p', { class: 'ls-error', role: 'alert', hidden: true });
    this.place = make('div', { class: 'ls-desk-place', tabindex: '-1' });
    body.replaceChildren(this.error, this.place);
  }

  time(moment) { return this.page.time(moment); }

  refuse(error) {
    this.error.textContent = error ? error.message || this.word('failed') : '';
    this.error.hidden = !error;
  }

  /* What `act` answers, or nothing once the refusal is shown. */
  async attempt(act) {
    this.refuse(null);
    try {
      return await act();
    } catch (error) {
      this.refuse(error);
      return null;
    }
  }

  // -- the queue

  async showQueue() {
    await this.sheet?.leave();
    this.sheet = null;
    const found = await this.attempt(() => this.call('staff_queue', { states: this.states, page: this.number }));
    if (!found) return;
    this.bank = found.bank;
    this.drawQueue(found);
  }

  drawQueue(found) {
    const counts = found.counts;
    const owed = ['waiting', 'second', 'moderation', 'appealed'].reduce((sum, state) => sum + (counts[state] || 0), 0);
    this.page.find('owed').textContent = owed;
    this.place.replaceChildren(
      make('div', { class: 'ls-toolbar' },
        make('button', { type: 'button', class: 'ls-button ls-primary', disabled: !owed, onclick: () => this.next() }, this.word('grade_next')),
        counts.ready ? make('button', { type: 'button', class: 'ls-button', onclick: () => this.publish(counts.ready) }, this.word('publish', { count: counts.ready })) : null,
        Object.keys(counts).length ? make('a', { class: 'ls-button', href: this.page.call.url('staff_bundle'), download: '' }, this.word('download_all')) : null),
      found.is_blind ? make('p', { class: 'ls-help' }, this.word('blind')) : '',
      this.drawFilter(found),
      found.rows.length ? this.drawTable(found.rows) : make('p', { class: 'ls-help' }, this.word(found.total || this.states.length ? 'nothing_waits' : 'nobody_yet')),
      this.drawPages(found.total));
  }

  drawFilter({ counts, states }) {
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const select = make('select', { onchange: () => { this.states = select.value ? [select.value] : []; this.number = 1; this.showQueue(); } },
      make('option', { value: '' }, `${this.word('all_states')} (${all})`),
      ...Object.entries(states).map(([state, name]) => make('option', { value: state }, `${name} (${counts[state] || 0})`)));
    select.value = this.states[0] ?? '';
    return make('label', { class: 'ls-filter' }, `${this.word('show_states')} `, select);
  }

  drawTable(rows) {
    const head = ['col_name', 'col_status', 'col_time', 'col_score'].map((name) => make('th', { scope: 'col' }, this.word(name)));
    return make('table', { class: 'ls-queue' },
      make('thead', {}, make('tr', {}, ...head)),
      make('tbody', {}, ...rows.map((row) => this.drawRow(row))));
  }

  drawRow(row) {
    const note = row.is_mine ? this.word('mine') : row.held_by ? this.word('held', { name: row.held_by }) : row.is_own_first ? this.word('own_first') : '';
    return make('tr', {},
      make('th', { scope: 'row' }, make('button', { type: 'button', class: 'ls-link', onclick: () => this.open(row.id) }, row.name)),
      make('td', { 'data-label': this.word('col_status') }, row.status, note ? make('span', { class: 'ls-label' }, ` · ${note}`) : ''),
      make('td', { 'data-label': this.word('col_time') }, this.time(row.submitted_at), row.version > 1 ? ` (${row.version})` : ''),
      make('td', { 'data-label': this.word('col_score') }, row.score === null ? '' : `${Math.round(row.score * 100)}%`));
  }

  drawPages(total) {
    const pages = Math.ceil(total / PAGE);
    if (pages < 2) return '';
    const go = (number) => make('button', { type: 'button', class: 'ls-button', disabled: number < 1 || number > pages, onclick: () => { this.number = number; this.showQueue(); } },
      this.word(number < this.number ? 'previous' : 'next_page'));
    return make('p', { class: 'ls-toolbar' }, go(this.number - 1), make('span', {}, this.word('page', { page: this.number, pages })), go(this.number + 1));
  }

  async publish(count) {
    if (!(await this.page.confirm(this.word('publish_sure', { count })))) return;
    const done = await this.attempt(() => this.call('staff_publish', {}));
    if (done) this.page.say(this.word('published', { count: done.published }));
    await this.showQueue();
  }

  // -- sheets

  async next(after = null) {
    await this.sheet?.leave();
    const found = await this.attempt(() => this.call('staff_next', { after }));
    if (!found) return;
    if (found.sheet) {
      this.show(found.sheet);
      return;
    }
    this.page.say(this.word('nothing_waits'));
    await this.showQueue();
    this.place.prepend(make('p', { class: 'ls-notice' }, this.word('nothing_waits')));
  }

  async open(work, take = false) {
    const found = await this.attempt(() => this.call('staff_open', { work, take }));
    if (found) this.show(found.sheet);
  }

  show(sheet) {
    this.sheet = new Sheet({ desk: this, sheet, rubric: this.rubric });
    this.place.replaceChildren(this.sheet.element);
    this.sheet.element.focus();
    this.body.scrollIntoView({ block: 'start' });
  }

  async back() {
    if (this.sheet?.sheet.is_mine) {
      await this.sheet.leave();
      await this.attempt(() => this.call('staff_release', { work: this.sheet.sheet.id }));
    }
    await this.showQueue();
    this.place.focus();
  }

  async setBank(change) {
    const found = await this.attempt(() => this.call('staff_bank', change));
    if (found) this.bank = found.bank;
    return Boolean(found);
  }
}
