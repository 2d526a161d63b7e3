/* The check of a record while it is made: what the format does not allow, at its place and in a list.

   Only what the trainee wrote is spoken of: not blank rows, and not what stands as the author gave it. */

import { drawReference } from '../exercise/result.js';
import { make } from '../exercise/page.js';
import { isFixed, locate } from './record.js';

const PAUSE = 800; // milliseconds without a change
const SEVERITIES = ['error', 'warning', 'note'];

/* The rows and subfields that are filled in, and where in the record each stands. */
export function filledIn(fields) {
  const rows = fields.map((field, row) => {
    const subfields = isFixed(field[0]) ? [] : field[2].map(([, value], at) => (value.trim() ? at : null)).filter((at) => at !== null);
    return { row, subfields, isFilled: isFixed(field[0]) ? Boolean(field[1].trim()) : subfields.length > 0 };
  }).filter(({ isFilled }) => isFilled);
  const sent = rows.map(({ row, subfields }) => {
    const field = fields[row];
    return isFixed(field[0]) ? field : [field[0], field[1], subfields.map((at) => field[2][at])];
  });
  return { sent, rows };
}

const asGiven = (given) => new Set(given.map((field) => JSON.stringify(field)));

/* Whether anything filled in is not as it was given. */
export function isTouched({ rows }, fields, given) {
  const untouched = asGiven(given);
  return rows.some(({ row }) => !untouched.has(JSON.stringify(fields[row])));
}

/* Diagnostics of what was sent, each with its {row, subfield, indicator} in the record (row null: of the whole),
   without those of fields that stand as they were given. */
export function placeDiagnostics(diagnostics, { sent, rows }, fields, given) {
  const untouched = asGiven(given);
  return diagnostics.map((diagnostic) => {
    const place = locate(sent, diagnostic.where);
    if (!place) return { ...diagnostic, row: null };
    const { row, subfields } = rows[place.field];
    return { ...diagnostic, row, subfield: place.subfield === null ? null : subfields[place.subfield], indicator: place.indicator };
  }).filter(({ row }) => row === null || !untouched.has(JSON.stringify(fields[row])));
}

export class Checking {
  /* `fields()` is the record as it stands, `given` what the trainee began with; `list` the element of the list,
     `rows` that of the rows; `focusOn(row, cell)` goes to a place. */
  constructor({ call, word, fields, given, list, rows, focusOn }) {
    Object.assign(this, { call, word, fields, given, list, rows, focusOn });
    this.found = [];
    list.querySelector('summary').id = `${rows.id || 'ls-rows'}-diagnostics`;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), PAUSE);
  }

  /* A check that fails says nothing: the record can be made without it. */
  async check() {
    const fields = this.fields();
    const filled = filledIn(fields);
    if (!isTouched(filled, fields, this.given)) {
      this.found = [];
      this.draw();
      return;
    }
    try {
      const { diagnostics } = await this.call('check', { fields: filled.sent });
      if (fields !== this.fields()) return; // the answer to what was typed since is on its way
      this.found = placeDiagnostics(diagnostics, filled, fields, this.given);
    } catch {
      return;
    }
    this.draw();
  }

  draw() {
    const groups = SEVERITIES.map((severity) => [severity, this.found.filter((one) => one.severity === severity)]);
    const counts = Object.fromEntries(groups.map(([severity, group]) => [`${severity}s`, group.length]));
    this.list.hidden = !this.found.length;
    this.list.querySelector('summary').textContent = this.word('checked', counts);
    this.list.querySelector('ul').replaceChildren(...groups.flatMap(([, group]) => group).map((one, at) => this.drawOne(one, at)));
    this.mark();
  }

  drawOne(one, at) {
    return make('li', { class: `ls-diagnostic ls-${one.severity}` },
      make('p', { id: this.idOf(at) }, make('strong', {}, `${this.word(one.severity)}: `), one.message),
      one.refs.length ? make('span', { class: 'ls-refs' }, ...one.refs.map(drawReference)) : null,
      one.row === null ? null : make('button', {
        type: 'button', class: 'ls-link', 'aria-describedby': this.idOf(at), onclick: () => this.focusOn(one.row, cellOf(one)),
      }, this.word('jump')));
  }

  idOf(at) { return `${this.list.querySelector('summary').id}-${at}`; }

  /* The places in the rows, which may have been drawn anew. */
  mark() {
    this.rows.querySelectorAll('.ls-flagged').forEach(clear);
    const sorted = SEVERITIES.flatMap((severity) => this.found.filter((one) => one.severity === severity));
    sorted.forEach((one, at) => {
      const cell = this.rows.querySelector(`[data-row="${one.row}"] [data-cell="${cellOf(one)}"]`) || this.rows.querySelector(`[data-row="${one.row}"] [data-cell^="value"]`);
      if (!cell) return;
      cell.classList.add('ls-flagged', `ls-flagged-${one.severity}`);
      cell.title = [cell.title, one.message].filter(Boolean).join(' ');
      cell.setAttribute('aria-describedby', [cell.getAttribute('aria-describedby'), this.idOf(at)].filter(Boolean).join(' '));
    });
  }
}

function clear(cell) {
  cell.classList.remove('ls-flagged', ...SEVERITIES.map((severity) => `ls-flagged-${severity}`));
  cell.removeAttribute('title');
  cell.removeAttribute('aria-describedby');
}

const cellOf = ({ subfield, indicator }) => indicator || (subfield === null || subfield === undefined ? 'tag' : `value.${subfield}`);
