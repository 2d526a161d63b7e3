/* Two records beside each other: a duplicate, or what is new, and by which differences. */

import { make } from '../exercise/page.js';
import { toggled } from './answers.js';
import { choices } from './inputs.js';

export const draw = (item, value, view) => [
  make('div', { class: 'ls-pair' }, ...item.records.map((record, at) => make('section', { 'aria-label': view.word('record', { number: at + 1 }) },
    make('h4', {}, view.word('record', { number: at + 1 })),
    make('p', { class: 'ls-record', lang: item.lang }, record)))),
  choices(view, {
    legend: view.word('what_is_it'), type: 'radio', place: 'decision', options: item.decisions,
    isIn: (id) => value?.decision === id,
    pick: (decision) => view.set({ ...view.value, decision }, { cell: 'decision' }),
  }),
  item.differences?.length ? choices(view, {
    legend: view.word('which_differences'), type: 'checkbox', place: 'differences', at: (id) => `differences.${id}`,
    options: item.differences.map(({ id, text }) => ({ id, label: text })),
    isIn: (id) => Boolean(value?.differences?.includes(id)),
    pick: (id, isIn) => view.set({ ...view.value, differences: toggled(view.value?.differences || [], id, isIn) }, { cell: `differences.${id}` }),
  }) : null,
];
