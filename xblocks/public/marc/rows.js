/* One row of the editor: tag, indicators, subfields, and a menu of what can be done with the field.
   `view` (Editor.view) brings the words, the names of the format, and whom to tell what was typed. */

import { make } from '../exercise/page.js';
import { isFixed } from './record.js';

const PLAIN = { type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false' };

export function drawRow(field, index, view) {
  const [tag] = field;
  const name = view.labels[tag]?.label || '';
  return make('li', { class: 'ls-row', 'data-row': index },
    make('div', { class: 'ls-head' },
      drawCell(index, 'tag', view, { value: tag, maxlength: 3, class: 'ls-tag', list: view.tagList, 'aria-label': view.word('tag') }),
      ...(isFixed(tag) ? [] : drawIndicators(field, index, view)),
      make('span', { class: 'ls-name', title: name }, name)),
    make('div', { class: 'ls-body' },
      ...(isFixed(tag) ? [drawFixed(field, index, view)] : field[2].map((_, at) => drawSubfield(field, index, at, view))),
      view.hasPositions(tag) ? drawPositionsButton(index, view) : null,
      view.drawPositions(index, field)),
    view.readOnly ? null : drawMenu(field, index, view),
    view.drawExtra(index, field));
}

function drawCell(index, name, view, attributes) {
  return make('input', {
    ...PLAIN, 'data-cell': name, readonly: view.readOnly, ...attributes, oninput: (event) => view.typeCell(index, name, event),
  });
}

const drawIndicators = ([tag, indicators], index, view) => [0, 1].map((at) => drawCell(index, `ind${at + 1}`, view, {
  value: indicators[at] === ' ' ? '' : indicators[at], maxlength: 1, class: 'ls-ind', placeholder: '#',
  'aria-label': view.word('indicator', { number: at + 1, tag }),
}));

const drawFixed = ([tag, value], index, view) =>
  drawCell(index, 'value', view, { value, class: 'ls-fixed', size: 41, 'aria-label': view.word('value', { tag }) });

function drawSubfield([tag, , subfields], index, at, view) {
  const [code, value] = subfields[at];
  const label = view.labels[tag]?.subfields?.[code] || '';
  return make('div', { class: 'ls-subfield', 'data-subfield': at },
    make('span', { class: 'ls-dollar', 'aria-hidden': 'true' }, '$'),
    make('input', {
      ...PLAIN, value: code, maxlength: 1, class: 'ls-code', 'data-cell': `code.${at}`, readonly: view.readOnly,
      'aria-label': view.word('code', { tag, number: at + 1 }), oninput: (event) => view.typeCode(index, at, event),
    }),
    make('textarea', {
      rows: 1, value, class: 'ls-value', 'data-cell': `value.${at}`, readonly: view.readOnly, spellcheck: 'false',
      'aria-label': view.word('subfield', { tag, code, label }),
      oninput: (event) => view.typeValue(index, at, event), onkeydown: (event) => view.keyInValue(index, at, event),
    }),
    make('span', { class: 'ls-name', title: label }, label));
}

function drawPositionsButton(index, view) {
  const open = view.areOpen(index);
  return make('button', {
    type: 'button', class: 'ls-link', 'aria-expanded': String(open), onclick: () => view.act('positions', index),
  }, view.word(open ? 'hide_positions' : 'show_positions'));
}

const ACTIONS = [
  ['add_subfield', '$'], ['up', 'Alt ↑'], ['down', 'Alt ↓'], ['duplicate', 'Alt Shift ↓'], ['delete', 'Alt Delete'],
];

function drawMenu([tag], index, view) {
  const choices = ACTIONS.filter(([name]) => name !== 'add_subfield' || !isFixed(tag));
  return make('details', { class: 'ls-menu', onfocusout: closeWhenLeft, onkeydown: closeOnEscape },
    make('summary', { 'aria-label': view.word('menu', { tag }), title: view.word('menu', { tag }) }, '⋯'),
    make('div', { class: 'ls-menu-list' }, ...choices.map(([name, keys]) => make('button', {
      type: 'button', 'aria-label': view.word(name, { tag }), onclick: () => view.act(name, index),
    }, make('span', {}, view.word(`do_${name}`)), make('kbd', { 'aria-hidden': 'true' }, keys)))));
}

function closeWhenLeft({ currentTarget, relatedTarget }) {
  if (!currentTarget.contains(relatedTarget)) currentTarget.open = false;
}

function closeOnEscape({ currentTarget, key }) {
  if (key !== 'Escape' || !currentTarget.open) return;
  currentTarget.open = false;
  currentTarget.querySelector('summary').focus();
}

/* As high as what is in it; newer browsers do this by themselves (marc_record.css). */
export function fitHeight(area) {
  if (CSS.supports('field-sizing', 'content')) return;
  area.rows = 1;
  while (area.scrollHeight > area.clientHeight + 2 && area.rows < 12) area.rows += 1;
}
