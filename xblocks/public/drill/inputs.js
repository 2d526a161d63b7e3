/* The controls that the items of a drill are made of. `view` says whether they can be used, `place` where in
   the item's value they write; a mark of the result stands at the same place. */

import { make } from '../exercise/page.js';

export const PLAIN_TEXT = { autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false' };

/* A line to write on. `write(text)` gets what is typed. */
export function line(view, place, { value = '', ...attributes }, write) {
  return make('input', {
    type: 'text', ...PLAIN_TEXT, 'data-place': place, value, readonly: view.readOnly, ...attributes, oninput: ({ target }) => write(target.value, target),
  });
}

export const labelled = (text, control, help = null) => make('label', { class: 'ls-labelled' },
  make('span', { class: 'ls-label' }, text), control, help && make('span', { class: 'ls-help' }, help));

/* One of `options` ({id, label}) from a list; an empty one stands for no answer. */
export function select(view, place, { value = '', options, ...attributes }, pick) {
  const choices = [{ id: '', label: view.word('choose') }, ...options];
  return make('select', { 'data-place': place, disabled: view.readOnly, ...attributes, onchange: ({ target }) => pick(target.value) },
    ...choices.map(({ id, label }) => make('option', { value: id, selected: id === value }, label)));
}

/* Boxes or rounds to tick; `at(id)` is the place of one, `pick(id, isIn)` gets each change. */
export function choices(view, { legend, hideLegend = false, type, place, at = null, options, isIn, pick, className = '' }) {
  const group = view.id(place);
  const boxes = options.map(({ id, label, children = [] }) => make('label', { class: 'ls-choice', 'data-place': at && at(id) },
    make('input', {
      type, name: group, value: id, checked: isIn(id), disabled: view.readOnly, 'data-spot': `${place}=${id}`,
      onchange: ({ target }) => pick(id, target.checked),
    }),
    make('span', { class: 'ls-choice-text' }, label, ...children)));
  return make('fieldset', { class: `ls-choices ${className}`, 'data-place': place },
    make('legend', { class: hideLegend ? 'ls-said' : 'ls-label' }, legend), ...boxes);
}

export const button = (view, spot, name, act, text = name) => make('button', {
  type: 'button', class: 'ls-button ls-small', 'data-spot': spot, 'aria-label': name, title: name, onclick: act,
}, text);

/* Blanks that matter are seen. */
export const showBlanks = (text) => text.replace(/ /g, '␣');
export const readBlanks = (text) => text.replace(/␣/g, ' ');

/* Puts what is shown for the blanks just typed in their place, the caret where it was. */
export function keepBlanksSeen(input) {
  const caret = input.selectionStart;
  input.value = showBlanks(input.value);
  input.setSelectionRange(caret, caret);
}
