/* A salvage order: wet lots, and what becomes of each. */

import { make } from './exercise/page.js';
import { formatPoints } from './exercise/result.js';
import { Ordering } from './ordering/ordering.js';

class Salvage extends Ordering {
  get entries() { return this.task.items || []; }

  number(value) { return formatPoints(value, this.language); }

  drawHead() {
    const { teams = 1, start_h: hour = 0 } = this.task;
    return [make('p', { class: 'ls-help' }, this.word(teams > 1 ? 'teams' : 'one_team', { teams, hour: this.number(hour) }))];
  }

  drawFacts({ value, work_hours: hours }) {
    return [make('span', { class: 'ls-facts' }, ...[['value', value], ['hours', hours]].map(([name, fact]) =>
      make('span', {}, this.word(`fact_${name}`, { number: this.number(fact) }))))];
  }

  drawnResult() {
    const { log, best_log: best } = this.state;
    return [
      ...super.drawnResult(),
      ...(log?.length ? [this.drawLog(log, 'log')] : []),
      ...(best?.length ? [this.drawLog(best, 'best_log')] : []),
    ];
  }

  /* What happened, hour by hour. */
  drawLog(events, name) {
    const rows = events.map(({ id, team, start, end, saved }) => {
      const share = saved / (this.entry(id)?.value || 1);
      return make('tr', {},
        make('td', {}, this.word('from_to', { start: this.number(start), end: this.number(end) })),
        this.task.teams > 1 ? make('td', {}, String(team + 1)) : null,
        make('th', { scope: 'row' }, this.textOf(id)),
        make('td', { class: share > 0.9999 ? 'ls-whole' : 'ls-lost' }, share > 0.9999 ? this.word('saved_whole') : this.word('lost', { percent: Math.round(100 * (1 - share)) })),
        make('td', { class: 'ls-points' }, this.number(saved)));
    });
    const heads = ['col_hours', ...(this.task.teams > 1 ? ['col_team'] : []), 'col_lot', 'col_fate', 'col_saved'];
    const total = events.reduce((sum, { saved }) => sum + saved, 0);
    return make('section', { class: 'ls-log' }, make('h4', {}, this.word(name, { total: this.number(total) })),
      make('div', { class: 'ls-scroll', tabindex: '0', role: 'group', 'aria-label': this.word(name, { total: this.number(total) }) },
        make('table', {}, make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, this.word(head))))), make('tbody', {}, ...rows))));
  }
}

export const start = (root, call) => new Salvage(root.querySelector('.ls-task') || root, call);
