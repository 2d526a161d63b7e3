/* A fixed field coded by labelled positions, or as the string itself; in COMARC/B by subfields. */

import { make } from '../exercise/page.js';
import { setPositions } from '../marc/record.js';
import { labelled, line, select, showBlanks } from './inputs.js';

const RULER_STEP = 10;

/* The digits above a field of so many characters: "0         10        20". */
export const ruler = (length) => Array.from({ length: Math.ceil(length / RULER_STEP) }, (_, step) =>
  String(step * RULER_STEP).padEnd(RULER_STEP)).join('').slice(0, length);

export const draw = (item, value, view) => (item.subfields
  ? [make('div', { class: 'ls-grid' }, ...item.subfields.map((subfield) => drawSubfield(subfield, value, view)))]
  : [drawString(item, value || item.given, view), drawPositionsOf(item, value || item.given, view)]);

// -- subfields

function drawSubfield({ subfield, name, codes }, value, view) {
  const write = (text) => view.set({ ...view.value, [subfield]: text }, { cell: subfield });
  return labelled(`$${subfield} ${name}`, drawCode(view, subfield, value?.[subfield] || '', codes, null, write));
}

const optionsOf = (codes, width) => Object.entries(codes || {})
  .filter(([code]) => width === null || code.length === width)
  .map(([code, label]) => ({ id: code, label: `${showBlanks(code)} – ${label}` }));

function drawCode(view, place, value, codes, width, write, attributes = {}) {
  const options = optionsOf(codes, width);
  if (!options.length) return line(view, place, { value: value.trimEnd(), maxlength: width, size: width ? width + 1 : 12, class: 'ls-mono', ...attributes }, write);
  const known = options.some(({ id }) => id === value);
  const blank = !value.trim() && !known;
  return select(view, place, { ...attributes, value: blank ? '' : value, options: known || blank ? options : [{ id: value, label: showBlanks(value) }, ...options] }, write);
}

// -- positions

const drawString = (item, value, view) => make('div', { class: 'ls-string' },
  make('div', { class: 'ls-ruler', 'aria-hidden': 'true' }, ruler(item.length)),
  line(view, 'length', {
    value, size: item.length, class: 'ls-mono ls-whole', 'data-part': 'whole', 'aria-label': view.word('whole_field', { tag: item.tag, count: item.length }),
  }, (text) => {
    view.set(text, { cell: 'whole' });
    view.find('positions').replaceWith(drawPositionsOf(item, text, view));
  }));

const drawPositionsOf = (item, value, view) => drawPositions(item, value, view, (next) => { view.find('whole').value = next; });

/* The labelled positions of a field; `show(value)` gets the field as it is after each change. */
export function drawPositions(item, value, view, show) {
  const write = ({ start, end }, text) => {
    const next = setPositions(view.value || item.given, start, end, text, item.length);
    view.set(next, { cell: `${start}` });
    show(next);
  };
  return make('div', { class: 'ls-grid', 'data-part': 'positions' },
    ...item.positions.map((position) => drawPosition(position, value, view, (text) => write(position, text))));
}

function drawPosition({ span, start, end, name, kind, codes }, value, view, write) {
  const width = end - start + 1;
  const now = value.slice(start, end + 1).padEnd(width, ' ');
  const label = `${span.replace('-', '–')} ${name}`;
  if (kind !== 'flags' || width === 1) return labelled(label, drawCode(view, span, now, codes, width, write));
  return make('fieldset', { class: 'ls-slots', 'data-place': span }, make('legend', { class: 'ls-label' }, label),
    ...Array.from(now, (code, at) => drawCode(view, null, code, codes, 1, (text) => {
      const current = (view.value || '').slice(start, end + 1).padEnd(width, ' ');
      write(current.slice(0, at) + (text || ' ') + current.slice(at + 1));
    }, { 'aria-label': view.word('slot', { name, number: at + 1 }), 'data-spot': `${span}.${at}` })));
}
