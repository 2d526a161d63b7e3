/* A rota: a table of shifts with a list of people in each place. */

import { Task } from './engine/task.js';
import { make } from './exercise/page.js';
import { completeRota, conflictsOf, hoursBy, rotaToSubmit, teamOf, withPerson } from './sheets/staffing.js';
import { formatHour } from './sheets/times.js';

class Rota extends Task {
  constructor(root, call) {
    super(root, call);
    this.open();
  }

  complete(answer) { return completeRota(answer); }

  answerToSubmit() { return rotaToSubmit(this.answer); }

  tell(number) { return new Intl.NumberFormat(this.language, { maximumFractionDigits: 1 }).format(number); }

  person(id) { return this.task.people.find((person) => person.id === id)?.text || id; }

  shift(id) { return this.task.shifts.find((shift) => shift.id === id)?.text || id; }

  drawWork() {
    if (!this.task.shifts) return [];
    this.follow = make('div', { class: 'ls-follow' }, ...this.drawFollowing());
    return [this.drawPeople(), this.drawShifts(), this.follow];
  }

  drawShifts() {
    return make('div', { class: 'ls-scroll', tabindex: '0', role: 'region', 'aria-label': this.word('shifts') }, make('table', { class: 'ls-rota' },
      make('thead', {}, make('tr', {}, ...['shift', 'needed', 'team'].map((head) => make('th', { scope: 'col' }, this.word(head))))),
      make('tbody', {}, ...this.task.shifts.map((shift) => make('tr', { 'data-shift': shift.id, 'data-place': `shifts.${shift.id}` },
        make('th', { scope: 'row' }, make('span', {}, shift.text), make('span', { class: 'ls-help' }, this.sayTime(shift))),
        make('td', {}, this.sayNeed(shift)),
        make('td', {}, ...Array.from({ length: shift.most }, (_, at) => this.drawPlace(shift, at))))))));
  }

  drawPlace(shift, at) {
    const chosen = this.answer.shifts[shift.id]?.[at] || '';
    const choose = ({ target }) => {
      this.change(withPerson(this.answer, shift.id, at, target.value), { cell: `${shift.id}.${at}` });
      this.follow.replaceChildren(...this.drawFollowing());
      const about = conflictsOf(this.task, this.answer).filter((one) => one.shift === shift.id);
      this.say(about.length ? about.map((one) => this.sayConflict(one)).join(' ') : this.word('no_conflict_in', { shift: shift.text }));
    };
    return make('select', {
      disabled: !this.isOpen, 'data-spot': `${shift.id}.${at}`, onchange: choose,
      'aria-label': this.word('place', { shift: `${shift.text}, ${this.sayTime(shift)}`, number: at + 1 }),
    }, make('option', { value: '' }, this.word(at < shift.need ? 'nobody' : 'nobody_needed')),
    ...this.task.people.map(({ id, text }) => make('option', { value: id, selected: id === chosen }, text)));
  }

  sayTime({ start, end }) { return `${formatHour(start, this.language)} – ${formatHour(end, this.language, start)}`; }

  sayNeed({ need, most, skills }) {
    const skilled = Object.entries(skills).map(([skill, count]) => this.word('with_skill', { skill, count }));
    return [most > need ? this.word('from_to', { need, most }) : String(need), ...skilled].join('; ');
  }

  drawPeople() {
    const names = (ids) => ids.map((id) => this.shift(id)).join('; ');
    const columns = [
      ['person', ({ text }) => text], ['skills', ({ skills }) => skills.join(', ')], ['at_most', ({ max_hours: most }) => this.tell(most)],
      ['off', ({ off }) => names(off)], ['wants', ({ wants }) => names(wants)], ['avoids', ({ avoids }) => names(avoids)],
    ].filter(([name, read]) => name === 'person' || this.task.people.some((person) => read(person)));
    return make('details', { class: 'ls-data', open: true }, make('summary', {}, this.word('people')),
      make('div', { class: 'ls-scroll', tabindex: '0', role: 'region', 'aria-label': this.word('people') }, make('table', {},
        make('thead', {}, make('tr', {}, ...columns.map(([name]) => make('th', { scope: 'col' }, this.word(name))))),
        make('tbody', {}, ...this.task.people.map((person) => make('tr', {}, ...columns.map(([name, read]) => (
          name === 'person' ? make('th', { scope: 'row' }, read(person)) : make('td', {}, read(person))))))))));
  }

  /* Hours of each person and what cannot be, as things stand. */
  drawFollowing() {
    const hours = hoursBy(this.task, this.answer);
    const conflicts = conflictsOf(this.task, this.answer);
    const open = this.task.shifts.filter(({ id }) => !teamOf(this.answer, id).length).length;
    return [
      make('h3', { class: 'ls-list-name' }, this.word('hours')),
      make('ul', { class: 'ls-totals' }, ...this.task.people.map(({ id, text, max_hours: most }) => make('li', {},
        this.word('hours_of', { person: text, hours: this.tell(hours.get(id)), most: this.tell(most) })))),
      make('h3', { class: 'ls-list-name' }, this.word('conflicts')),
      conflicts.length ? make('ul', { class: 'ls-rules' }, ...conflicts.map((one) => make('li', { class: 'ls-broken' }, this.sayConflict(one))))
        : make('p', { class: 'ls-kept' }, this.word('no_conflict')),
      make('p', { class: 'ls-help' }, this.word('empty_shifts', { count: open })),
    ];
  }

  sayConflict({ shift, kind, person, number, skill }) {
    return this.word(`conflict_${kind}`, { shift: this.shift(shift), person: person && this.person(person), number, skill });
  }

  partOf(where) { return this.find('work').querySelector(`[data-place="${CSS.escape(where || '')}"]`); }

  nameOf(where) { return this.shift((where || '').replace('shifts.', '')); }

  drawAnswer({ shifts }) {
    return [make('ul', {}, ...this.task.shifts.map(({ id, text }) => make('li', {}, `${text}: ${(shifts[id] || []).map((one) => this.person(one)).join(', ')}`)))];
  }
}

export const start = (root, call) => new Rota(root.querySelector('.ls-exercise') || root, call);
