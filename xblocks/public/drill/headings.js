/* Subject headings chosen from a pool, found by typing a part of them. */

import { make } from '../exercise/page.js';
import { toggled } from './answers.js';
import { choices } from './inputs.js';

const MANY = 8;

/* Text as it is searched: without case and diacritics. */
export const folded = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/đ/g, 'd').replace(/ł/g, 'l');

/* The options that have every word typed. */
export function found(options, typed) {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  return options.filter(({ text }) => words.every((word) => folded(text).includes(word)));
}

export function draw(item, value, view) {
  const chosen = value?.chosen || [];
  const list = choices(view, {
    legend: view.word('choose_headings', { count: item.count }), type: 'checkbox', place: 'chosen', at: (id) => `chosen.${id}`,
    options: item.options.map(({ id, text }) => ({ id, label: text })),
    isIn: (id) => chosen.includes(id),
    pick: (id, isIn) => {
      view.set({ ...view.value, chosen: toggled(view.value?.chosen || [], id, isIn) }, { cell: `chosen.${id}` });
      view.find('tally').textContent = tally(item, view.value, view);
    },
  });
  return [
    item.options.length > MANY && !view.readOnly ? drawFinder(item, list, view) : null,
    list,
    make('p', { class: 'ls-help', 'data-part': 'tally', role: 'status' }, tally(item, value, view)),
  ];
}

const tally = (item, value, view) => view.word('chosen', { count: value?.chosen?.length || 0, wanted: item.count });

/* What is ticked stays in view, whatever is looked for. */
function drawFinder(item, list, view) {
  const filter = ({ target }) => {
    const ids = new Set(found(item.options, target.value).map(({ id }) => id));
    list.querySelectorAll('.ls-choice').forEach((box) => {
      const input = box.querySelector('input');
      box.hidden = !ids.has(input.value) && !input.checked;
    });
    view.say(view.word('found', { count: ids.size, all: item.options.length }));
  };
  return make('label', { class: 'ls-labelled ls-finder' }, make('span', { class: 'ls-label' }, view.word('find_heading')),
    make('input', { type: 'search', autocomplete: 'off', spellcheck: 'false', 'data-spot': 'find', oninput: filter }));
}
