/* How the fields of a key are graded: a panel under each row, folded away until it is wanted. */

import { make } from '../exercise/page.js';
import {
  fieldLine, optionsOf, readFieldLines, readIndicators, readLines, readNumber, showIndicators, withOptions, withSubOptions,
} from './key.js';
import { isFixed } from './record.js';

export class Grading {
  /* `usual(tag)` is how a field is graded unless its key says otherwise, `key()` the key in hand, `fieldAt(index)`
     a field as it stands, `choices` what an author may choose from; `grade(index, field, {cell, redraw, focus})`
     gets a field changed. */
  constructor({ word, choices, usual, grade, key, fieldAt }) {
    Object.assign(this, { word, choices, usual, grade, key, fieldAt });
    this.unfolded = new Set(); // tags whose panel is open
  }

  draw(index, field) {
    const [tag] = field;
    if (!tag.trim()) return null;
    return make('details', {
      class: 'ls-grading', open: this.unfolded.has(tag), ontoggle: ({ target }) => this.note(target, tag),
    }, this.drawSummary(field), this.drawPanel(index, field));
  }

  note(panel, tag) {
    if (panel.open) this.unfolded.add(tag);
    else if (panel.isConnected) this.unfolded.delete(tag);
  }

  drawSummary(field) {
    return make('summary', {}, make('span', {}, this.word('grading', { tag: field[0] })), ` ${this.describe(field)}`);
  }

  /* In a few words. */
  describe(field) {
    const { w, optional, pool, alt, ind_alt: indicators } = optionsOf(field);
    const subfields = (field[2] || []).map(([, , options]) => options || {});
    const more = [alt, indicators, ...subfields.flatMap((options) => [options.alt, options.near])]
      .reduce((sum, list) => sum + (Array.isArray(list) ? list.length : Number(Boolean(list))), 0);
    const weight = w ?? this.usual(field[0]).weight ?? '?';
    return [
      this.word(w === undefined ? 'graded_usual' : 'graded_weight', { weight }),
      optional && this.word('graded_optional'), pool && this.word('graded_pool', { pool }), more && this.word('graded_more', { count: more }),
    ].filter(Boolean).join(' · ');
  }

  /* After a change: the summary anew and, where its parts are others now, the whole panel. */
  update(row, index, field, redraw, focus) {
    const panel = row.querySelector('.ls-grading');
    if (!redraw) panel.querySelector('summary').replaceWith(this.drawSummary(field));
    else {
      const drawn = this.draw(index, field);
      panel.replaceWith(drawn);
      (drawn.querySelector(`[data-grade="${focus}"]`) || drawn.querySelector('summary')).focus();
    }
  }

  open(row) {
    const panel = row.querySelector('.ls-grading');
    panel.open = true;
    panel.querySelector('[aria-invalid], input, select, textarea').focus();
  }

  // -- the field

  drawPanel(index, field) {
    const [tag, , subfields] = field;
    const set = (changed, name, options = {}) => this.grade(index, changed, { cell: `${index}.grading.${name}`, ...options });
    // Beginning from what stands there then: the row is typed in without the panel being drawn anew.
    const setField = (changes, name) => set(withOptions(this.fieldAt(index), changes), name);
    return make('div', { class: 'ls-grading-panel' },
      make('div', { class: 'ls-grading-row' },
        this.drawWeight(optionsOf(field).w, this.usual(tag).weight, this.word('weight_of', { place: tag }), (w) => setField({ w }, 'w')),
        this.drawRole(field, setField)),
      ...(isFixed(tag) ? [] : [this.drawIndicators(field, setField), this.drawAlternatives(field, setField)]),
      ...(subfields || []).map((_, at) => this.drawSubfield(index, field, at, set)));
  }

  drawWeight(weight, usual, label, change) {
    return make('label', { class: 'ls-small' }, make('span', {}, this.word('weight')), make('input', {
      type: 'text', inputmode: 'decimal', value: weight ?? '', placeholder: usual ?? '', size: 6, 'aria-label': label, autocomplete: 'off',
      oninput: ({ target }) => change(readNumber(target.value)),
    }));
  }

  drawRole(field, setField) {
    const { optional, pool } = optionsOf(field);
    const pools = Object.keys(this.key().about.pools || {});
    const chosen = pool || (optional ? 'optional' : '');
    const roles = [['', 'role_required'], ['optional', 'role_optional'], ...[...new Set([...pools, pool])].filter(Boolean).map((name) => [`pool ${name}`, name])];
    const select = make('select', {
      onchange: ({ target }) => {
        const [role] = roles[target.selectedIndex];
        setField({ optional: role === 'optional', pool: role.startsWith('pool ') ? role.slice(5) : '' }, 'role');
      },
    }, ...roles.map(([role, name]) => make('option', { selected: role === chosen || role === `pool ${chosen}` },
      role.startsWith('pool ') ? this.word('role_pool', { pool: name }) : this.word(name))));
    return make('label', { class: 'ls-small' }, make('span', {}, this.word('role')), select);
  }

  drawIndicators(field, setField) {
    return make('label', { class: 'ls-small' }, make('span', {}, this.word('ind_alt')), make('input', {
      type: 'text', class: 'ls-mono', value: showIndicators(optionsOf(field).ind_alt), autocomplete: 'off',
      oninput: ({ target }) => setField({ ind_alt: readIndicators(target.value) }, 'ind_alt'),
    }), make('span', { class: 'ls-help' }, this.word('ind_alt_help')));
  }

  drawAlternatives(field, setField) {
    const before = optionsOf(field).alt || [];
    return make('label', { class: 'ls-small ls-wide' }, make('span', {}, this.word('alt_fields')), make('textarea', {
      rows: Math.max(1, before.length), class: 'ls-mono', spellcheck: 'false', value: showFields(before),
      oninput: ({ target }) => setField({ alt: readFieldLines(target.value, before) }, 'alt'),
    }), make('span', { class: 'ls-help' }, this.word('alt_fields_help')));
  }

  // -- its subfields

  drawSubfield(index, [tag, , subfields], at, set) {
    const [code, , options = {}] = subfields[at];
    const place = `${tag} $${code}`;
    const change = (changes, name, more) => set(withSubOptions(this.fieldAt(index), at, changes), `${at}.${name}`, more);
    return make('fieldset', { class: 'ls-grading-part' },
      make('legend', {}, this.word('subfield_grading', { place: `$${code}` })),
      make('div', { class: 'ls-grading-row' },
        this.drawWeight(options.w, code === 'a' ? 4 : 2, this.word('weight_of', { place }), (w) => change({ w }, 'w')),
        this.drawPolicy(tag, code, options.policy, place, change)),
      make('label', { class: 'ls-small ls-wide' }, make('span', {}, this.word('alt_values')), make('textarea', {
        rows: Math.max(1, [options.alt || []].flat().length), class: 'ls-mono', spellcheck: 'false', value: [options.alt || []].flat().join('\n'),
        'aria-label': this.word('alt_values_of', { place }),
        oninput: ({ target }) => change({ alt: readLines(target.value) }, 'alt'),
      }), make('span', { class: 'ls-help' }, this.word('alt_values_help'))),
      this.drawNear(() => this.fieldAt(index)[2][at][2]?.near || [], at, place, change));
  }

  drawPolicy(tag, code, policy, place, change) {
    const usual = this.usual(tag).policies[code] || 'text';
    const policies = ['', ...this.choices.policies];
    const name = (one) => (one ? this.word(`policy_${one}`) : this.word('policy_usual', { policy: this.word(`policy_${usual}`) }));
    return make('label', { class: 'ls-small' }, make('span', {}, this.word('policy')), make('select', {
      'aria-label': this.word('policy_of', { place }), onchange: ({ target }) => change({ policy: policies[target.selectedIndex] }, 'policy'),
    }, ...policies.map((one) => make('option', { selected: one === (policy || '') }, name(one)))));
  }

  drawNear(current, at, place, change) {
    const rows = current().map(([value, credit, reason]) => [value ?? '', credit ?? '', reason ?? '']);
    const set = (number, part, value) => change(
      { near: current().map((row, n) => (n === number ? Object.assign(['', '', ''], row, { [part]: value }) : row)) }, `near.${number}.${part}`);
    const add = () => change({ near: [...current(), ['', 0.5, '']] }, 'near', { cell: null, redraw: true, focus: `near.${at}.${rows.length}` });
    const remove = (number) => change(
      { near: current().filter((_, n) => n !== number) }, 'near', { cell: null, redraw: true, focus: `add_near.${at}` });
    const cell = (number, part, label, read, attributes) => make('input', {
      type: 'text', value: rows[number][part], autocomplete: 'off', 'aria-label': this.word(label, { number: number + 1, place }),
      oninput: ({ target }) => set(number, part, read(target.value)), ...attributes,
    });
    return make('div', { class: 'ls-near' },
      ...(rows.length ? [make('p', { class: 'ls-near-head', 'aria-hidden': 'true' }, make('span', {}, this.word('value_head')), make('span', {}, this.word('credit_head')), make('span', {}, this.word('reason_head')), make('span'))] : []),
      ...rows.map((_, number) => make('div', { class: 'ls-near-row' },
        cell(number, 0, 'near_value', String, { class: 'ls-mono', 'data-grade': `near.${at}.${number}` }),
        cell(number, 1, 'near_credit', (text) => readNumber(text) ?? '', { inputmode: 'decimal', size: 4 }),
        cell(number, 2, 'near_reason', String, {}),
        make('button', { type: 'button', class: 'ls-link', 'aria-label': this.word('delete_near_of', { number: number + 1, place }), onclick: () => remove(number) }, this.word('delete_near')))),
      make('button', {
        type: 'button', class: 'ls-link', 'data-grade': `add_near.${at}`, 'aria-label': this.word('add_near_to', { place }), onclick: add,
      }, this.word('add_near')));
  }
}

/* Fields on lines; what cannot be written so is left to JSON. */
function showFields(fields) {
  try {
    return fields.map(fieldLine).join('\n');
  } catch {
    return JSON.stringify(fields);
  }
}
