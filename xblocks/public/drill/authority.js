/* Which authority record a heading belongs to, and what tells. */

import { make } from '../exercise/page.js';
import { toggled } from './answers.js';
import { choices } from './inputs.js';

export const NONE = 'none';

export const draw = (item, value, view) => [
  make('p', { class: 'ls-given' }, make('span', { class: 'ls-label' }, view.word('heading_found')), ' ',
    make('strong', { class: 'ls-mono', lang: item.lang }, item.heading)),
  choices(view, {
    legend: view.word('which_record'), type: 'radio', place: 'choice', className: 'ls-cards',
    options: [...item.candidates.map((candidate) => cardOf(item, candidate, view)), { id: NONE, label: view.word('none_of_these') }],
    isIn: (id) => value?.choice === id,
    pick: (choice) => view.set({ ...view.value, choice }, { cell: 'choice' }),
  }),
  item.reasons?.length ? choices(view, {
    legend: view.word('what_tells'), type: 'checkbox', place: 'reasons', at: (id) => `reasons.${id}`,
    options: item.reasons.map(({ id, text }) => ({ id, label: text })),
    isIn: (id) => Boolean(value?.reasons?.includes(id)),
    pick: (id, isIn) => view.set({ ...view.value, reasons: toggled(view.value?.reasons || [], id, isIn) }, { cell: `reasons.${id}` }),
  }) : null,
];

const cardOf = (item, { id, heading, see_from: seeFrom, details }, view) => ({
  id,
  label: make('strong', { lang: item.lang }, heading),
  children: [
    ...(seeFrom || []).map((form) => make('span', { class: 'ls-see-from' }, view.word('see_from', { form }))),
    details ? make('span', { class: 'ls-details' }, details) : '',
  ],
});
