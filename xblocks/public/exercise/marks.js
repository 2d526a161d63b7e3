/* For staff, under a machine-graded exercise: the marks of all trainees, and their lines to change one by one. */

import { make } from './page.js';
import { formatPoints } from './result.js';

const PAGE = 50;

/* Points as typed; what is no number stays as it is, for the server to refuse: as NaN it would be sent as null,
   which takes a change back. */
export const readTyped = (text) => {
  const trimmed = text.trim().replace(',', '.').replace('\u2212', '-');
  return trimmed && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
};

export class Marks {
  constructor({ page, body }) {
    Object.assign(this, { page, body, number: 1 });
    this.word = (name, values) => page.word(name, values);
    this.error = make('p', { class: 'ls-error', role: 'alert', hidden: true });
    this.place = make('div', { tabindex: '-1' });
    body.replaceChildren(this.error, this.place);
  }

  points(number) { return formatPoints(number, this.page.language); }

  time(moment) {
    return new Date(moment).toLocaleString(this.page.language, { dateStyle: 'medium', timeStyle: 'short' });
  }

  async ask(handler, data) {
    this.error.hidden = true;
    try {
      return await this.page.call(handler, data);
    } catch (error) {
      this.error.textContent = error.message || this.word('failed');
      this.error.hidden = false;
      return null;
    }
  }

  async showList() {
    const found = await this.ask('staff_answers', { page: this.number });
    if (!found) return;
    const pages = Math.ceil(found.total / PAGE);
    const go = (by, name) => make('button', { type: 'button', class: 'ls-button', disabled: this.number + by < 1 || this.number + by > pages, onclick: () => { this.number += by; this.showList(); } }, this.word(name));
    this.place.replaceChildren(
      found.rows.length ? make('ul', { class: 'ls-marks' }, ...found.rows.map((row) => this.drawRow(row))) : make('p', { class: 'ls-help' }, this.word('staff_none')),
      pages > 1 ? make('p', { class: 'ls-toolbar' }, go(-1, 'staff_previous'), make('span', {}, this.word('staff_page', { page: this.number, pages })), go(1, 'staff_next')) : '');
  }

  drawRow(row) {
    return make('li', {},
      make('button', { type: 'button', class: 'ls-link', onclick: () => this.showMark(row) }, row.name), ' ',
      this.word('staff_total', { points: this.points(row.points), possible: this.points(row.possible) }),
      make('span', { class: 'ls-label' }, ` · ${this.time(row.submitted_at)}${row.is_changed ? ` · ${this.word('staff_changed')}` : ''}`));
  }

  async showMark(row) {
    const mark = await this.ask('staff_answer', { student: row.student });
    if (mark) this.drawMark(row, mark);
  }

  drawMark(row, mark) {
    this.place.replaceChildren(
      make('p', {}, make('button', { type: 'button', class: 'ls-button', onclick: () => this.showList() }, this.word('staff_back'))),
      make('h4', {}, row.name, ' · ', this.word('staff_total', { points: this.points(mark.points), possible: this.points(mark.possible) })),
      mark.lost.length ? make('div', { class: 'ls-notice' }, make('p', {}, this.word('staff_lost')),
        make('ul', {}, ...mark.lost.map(({ comment, points }) => make('li', {}, `${this.points(points)}: ${comment}`)))) : '',
      make('ul', { class: 'ls-marks' }, ...mark.lines.map((line) => this.drawLine(row, { ...line, attempt: mark.attempt }))));
    this.place.focus();
  }

  drawLine(row, line) {
    const name = line.message || line.where || line.code;
    const now = line.change ? line.change.points : line.points;
    const place = make('div', { class: 'ls-mark-change' });
    const open = make('button', { type: 'button', class: 'ls-link', 'aria-label': this.word('staff_change_of', { name }), onclick: () => this.openForm(row, line, place, open) }, this.word('staff_change'));
    return make('li', { class: 'ls-line' },
      make('span', { class: 'ls-points' }, this.word('line_points', { points: this.points(now), max: this.points(line.max) })),
      make('div', { class: 'ls-message' }, line.where ? make('code', {}, line.where) : '', ' ', name,
        line.change ? make('p', { class: 'ls-label' }, this.describe(line.change)) : '',
        line.change?.is_stale ? make('p', { class: 'ls-error' }, this.word('staff_stale')) : '',
        place),
      open);
  }

  describe({ by, at, machine_points: before, points: after, comment }) {
    return this.word('staff_was', { by, time: this.time(at), before: this.points(before), after: this.points(after), comment });
  }

  openForm(row, line, place, open) {
    const points = make('input', { type: 'text', inputmode: 'decimal', class: 'ls-number', value: this.points(line.change?.points ?? line.points), autocomplete: 'off' });
    const comment = make('textarea', { rows: 2 });
    const send = async (value) => {
      const { attempt, code, where, occurrence } = line;
      const mark = await this.ask('staff_override', { student: row.student, attempt, code, where, occurrence, points: value, comment: comment.value });
      if (!mark) return;
      this.page.say(this.word('staff_saved'));
      this.drawMark(row, mark);
    };
    const button = (name, act, primary = false) => make('button', { type: 'button', class: primary ? 'ls-button ls-primary' : 'ls-button', onclick: act }, this.word(name));
    const close = () => { place.replaceChildren(); open.hidden = false; open.focus(); };
    place.replaceChildren(
      make('label', { class: 'ls-field' }, this.word('staff_new_points', { max: this.points(line.max) }), points),
      make('label', { class: 'ls-field' }, this.word('staff_why'), comment),
      make('div', { class: 'ls-toolbar' },
        button('staff_save', () => send(readTyped(points.value)), true),
        line.change ? button('staff_take_back', () => send(null)) : null,
        button('staff_cancel', close)));
    open.hidden = true;
    points.focus();
  }
}
