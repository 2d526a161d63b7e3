/* Fixed fields by position: a labelled input for each, beside the string itself. */

import { make } from '../exercise/page.js';
import { isFixed, setPositions, withSubfields, withText, withValue } from './record.js';

/* The fixed-length value of a field: its own, or that of its first subfield. */
export const fixedValue = (field) => (isFixed(field[0]) ? field[1] : field[2][0]?.[1] || '');

export function withFixedValue(field, value) {
  if (isFixed(field[0])) return withText(field, value);
  return field[2].length ? withValue(field, 0, value) : withSubfields(field, [['a', value]]);
}

const show = (code) => code.replace(/ /g, '␣');

export class Positions {
  /* `redraw()` is called once a layout has come that `draw` had to do without. */
  constructor({ call, word, redraw }) {
    Object.assign(this, { call, word, redraw });
    this.open = new Set(); // indexes of fields whose positions are shown
    this.layouts = new Map(); // by tag and kind of material
  }

  closeAll() { this.open.clear(); }

  key(tag, leader) { return `${tag} ${leader.slice(5, 9)}`; }

  async toggle(index, tag, leader) {
    if (this.open.delete(index)) return;
    await this.learn(tag, leader);
    this.open.add(index);
  }

  async learn(tag, leader) {
    const key = this.key(tag, leader);
    if (!this.layouts.has(key)) this.layouts.set(key, (await this.call('layout', { tag, leader })).positions);
  }

  /* The panel of a field, or null while it is closed. `change(field)` gets the field as edited. */
  draw(index, field, leader, readOnly, change) {
    if (!this.open.has(index)) return null;
    const positions = this.layouts.get(this.key(field[0], leader));
    if (!positions) { // the leader names another kind of material by now
      this.learn(field[0], leader).then(this.redraw, () => {});
      return null;
    }
    if (!positions.length) return make('p', { class: 'ls-help' }, this.word('no_positions'));
    const expected = Math.max(...positions.map(({ end }) => end)) + 1;
    let now = field;
    const set = ({ start, end }, text) => {
      now = withFixedValue(now, setPositions(fixedValue(now), start, end, text, expected));
      change(now);
    };
    return make('fieldset', { class: 'ls-positions' },
      make('legend', {}, this.word('positions', { tag: field[0], length: fixedValue(field).length, expected })),
      ...positions.map((position) => this.drawOne(position, fixedValue(field), readOnly, (text) => set(position, text))));
  }

  drawOne({ start, end, name, codes }, value, readOnly, change) {
    const width = end - start + 1;
    const now = value.slice(start, end + 1).padEnd(width, ' ');
    const entries = Object.entries(codes || {}).filter(([code]) => code.length === width);
    const input = entries.length
      ? make('select', { disabled: readOnly, onchange: (event) => change(event.target.value) },
        ...(entries.some(([code]) => code === now) ? [] : [make('option', { value: now, selected: true }, show(now))]),
        ...entries.map(([code, label]) => make('option', { value: code, selected: code === now }, `${show(code)} – ${label}`)))
      : make('input', {
        type: 'text', value: now.trimEnd(), maxlength: width, size: width + 1, readonly: readOnly, class: 'ls-mono',
        autocomplete: 'off', oninput: (event) => change(event.target.value),
      });
    return make('label', { class: 'ls-position', 'data-start': start },
      make('span', {}, make('b', { class: 'ls-mono' }, start === end ? String(start) : `${start}–${end}`), ` ${name}`), input);
  }
}
