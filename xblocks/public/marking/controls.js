/* The controls beside a picture: what a mark is, its place in numbers, the list of all marks. */

import { make } from '../exercise/page.js';
import { boundsOf, kindOf } from './shapes.js';

export const button = (name, act, attributes = {}) => make('button', { type: 'button', class: 'ls-button ls-small', onclick: act, ...attributes }, name);

/* The name is said again on the control: a list within its label would be called by all that it offers. */
function labelled(name, control) {
  control.setAttribute('aria-label', name);
  return make('label', { class: 'ls-field' }, make('span', { class: 'ls-label' }, name), control);
}

/* A list to choose from; `choices` are [value, name]. */
export function drawChoice(name, choices, value, choose, attributes = {}) {
  return labelled(name, make('select', { onchange: ({ target }) => choose(choices[target.selectedIndex][0]), ...attributes },
    ...choices.map(([each, text]) => make('option', { selected: each === value }, text))));
}

export const drawLine = (name, value, write, attributes = {}) =>
  labelled(name, make('input', { type: 'text', autocomplete: 'off', value: value ?? '', oninput: ({ target }) => write(target.value), ...attributes }));

/* A share as per cent with at most one decimal, and back from how people type it; null for what is no number. */
export const asPercent = (share, language) => new Intl.NumberFormat(language, { maximumFractionDigits: 1, useGrouping: false }).format(share * 100);

export function readPercent(text) {
  const trimmed = text.trim().replace(',', '.');
  const number = /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) / 100 : NaN;
  return number >= 0 && number <= 1 ? number : null;
}

const SIDES = { point: ['x', 'y'], poly: ['x', 'y', 'w', 'h'], line: ['x', 'y', 'w', 'h'] };

/* The number fields of a place. `box` is {x, y, w, h} as shares, `write(box, side)` gets each that can be read. */
export function drawNumbers({ box, sides, write, view }) {
  const now = { ...box };
  return make('fieldset', { class: 'ls-numbers' }, make('legend', { class: 'ls-label' }, view.word('place_in_percent')),
    ...sides.map((side) => drawLine(view.word(`side_${side}`), asPercent(now[side], view.language), (text) => {
      const share = readPercent(text);
      if (share === null) return;
      now[side] = share;
      write({ ...now }, side);
    }, { inputmode: 'decimal', size: 5, 'data-side': side })));
}

export const sidesOf = (mark) => SIDES[kindOf(mark)] || [];

export const boxOf = (mark, grid) => boundsOf(mark, grid);

/* The classes and levels to choose from, each with the letter it is marked by. */
export const classChoices = (classes, codeOf, word) => [['', word('choose')], ...classes.map(({ id, text }) => [id, `${codeOf(id)} · ${text}`])];

export const levelChoices = (levels, word) => [[undefined, word('choose')],
  ...Array.from({ length: levels }, (_, level) => [level, levels === 4 ? word(`level_${level}`) : String(level)])];

export const activeChoices = (word) => [[undefined, word('choose')], [true, word('active_long')], [false, word('stable_long')]];

/* Marks by their names, with what can be done with each. `acts` are [word, sign, run(at), isOff(at)]. */
export function drawList({ rows, acts, view, readOnly }) {
  return make('ol', { class: 'ls-mark-list', 'aria-label': view.word('your_marks') }, ...rows.map(({ name, isChosen, kind }, at) =>
    make('li', { class: `ls-mark-row${isChosen ? ' ls-mark-chosen' : ''}${kind ? ` ls-marked ls-marked-${kind}` : ''}`, 'data-mark': at },
      make('span', { class: 'ls-mark-name' }, name),
      make('span', { class: 'ls-buttons' }, ...acts.filter(([, , , isChange]) => !readOnly || !isChange).map(([word, sign, run]) =>
        button(sign, () => run(at), { 'aria-label': view.word(word, { name }), title: view.word(word, { name }), 'data-act': word }))))));
}
