/* Check digits: a number to mend, complete or convert, and where it was wrong. */

import { make } from '../exercise/page.js';
import { choices, labelled, line } from './inputs.js';

export const digitsOf = (text) => Array.from((text || '').toUpperCase()).filter((char) => /[0-9X]/.test(char));

export const lengthOf = ({ task, given }) => {
  if (task === 'to_13') return 13;
  if (task === 'to_10') return 10;
  return digitsOf(given).length + (task === 'check_digit' ? 1 : 0);
};

export const draw = (item, value, view) => [
  make('p', { class: 'ls-given' }, make('span', { class: 'ls-label' }, view.word('number_given')), ' ', make('code', {}, item.given)),
  item.ask_position ? drawDigits(item, value, view) : null,
  labelled(view.word(`isbn_${item.task}`), line(view, 'number', {
    value: value?.number || '', maxlength: 20, size: 20, class: 'ls-mono', inputmode: 'text', 'aria-describedby': view.id('count'),
  }, (number) => {
    view.set({ ...view.value, number }, { cell: 'number' });
    view.find('count').textContent = countOf(item, number, view);
  })),
  make('p', { class: 'ls-help', id: view.id('count'), 'data-part': 'count' }, countOf(item, value?.number, view)),
];

const countOf = (item, number, view) => view.word('digits', { count: digitsOf(number).length, expected: lengthOf(item) });

const drawDigits = (item, value, view) => choices(view, {
  legend: view.word('which_digit'), type: 'radio', place: 'position', className: 'ls-digits',
  options: digitsOf(item.given).map((digit, at) => ({
    id: String(at + 1),
    label: make('span', {}, make('span', { class: 'ls-mono' }, digit), make('span', { class: 'ls-said' }, view.word('digit_place', { number: at + 1 }))),
  })),
  isIn: (id) => String(value?.position ?? '') === id,
  pick: (id) => view.set({ ...view.value, position: Number(id) }, { cell: 'position' }),
});
