/* Statements sorted: into LRM entities, or into RDA elements with the manner of recording. */

import { make } from '../exercise/page.js';
import { select } from './inputs.js';

const rowOf = (item, { id, text }, ...controls) => make('li', { class: 'ls-statement' },
  make('span', { class: 'ls-statement-text', lang: item.lang }, text), make('span', { class: 'ls-sorted' }, ...controls));

const list = (item, drawControls) => [
  make('ul', { class: 'ls-lines' }, ...item.rows.map((row) => rowOf(item, row, ...drawControls(row)))),
];

const setRow = (view, id, row, cell) => view.set({ ...view.value, rows: { ...view.value?.rows, [id]: row } }, { cell });

export const drawEntities = (item, value, view) => list(item, ({ id, text }) => [
  select(view, `rows.${id}`, { value: value?.rows?.[id], options: item.choices, 'aria-label': view.word('entity_of', { text }) },
    (entity) => setRow(view, id, entity, `rows.${id}`)),
]);

export const drawElements = (item, value, view) => list(item, ({ id, text }) => {
  const now = value?.rows?.[id] || {};
  const keep = (part) => (picked) => setRow(view, id, { ...view.value?.rows?.[id], [part]: picked }, `rows.${id}.${part}`);
  return [
    select(view, `rows.${id}.element`, { value: now.element, options: item.choices, 'aria-label': view.word('element_of', { text }) }, keep('element')),
    item.manners?.length
      ? select(view, `rows.${id}.manner`, { value: now.manner, options: item.manners, 'aria-label': view.word('manner_of', { text }) }, keep('manner'))
      : null,
  ];
});
