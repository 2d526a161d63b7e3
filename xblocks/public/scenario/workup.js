/* Tests before a decision: what can be tested, what was found, what is read from it and decided. `view` brings
   word(name, values), number(value), isOpen, answer, test(id), read(id, text), decide(id) and uid. */

import { make } from '../exercise/page.js';
import { costOf } from './answers.js';

export function drawWorkup(task, view) {
  const { tests, decision } = view.answer;
  const open = task.tests.filter(({ id }) => !tests.includes(id));
  return [
    view.isOpen && open.length ? make('section', { class: 'ls-tests', 'aria-label': view.word('tests') },
      make('h3', { class: 'ls-list-name' }, view.word('tests')),
      make('ul', {}, ...open.map(({ id, text, cost }) => make('li', {}, make('button', {
        type: 'button', class: 'ls-button ls-way-button', 'data-spot': `test.${id}`, onclick: () => view.test(id),
      }, text, ' ', make('span', { class: 'ls-facts' }, view.word('cost', { cost: view.number(cost) }))))))) : null,
    make('section', { class: 'ls-found', 'aria-label': view.word('found') },
      make('h3', { class: 'ls-list-name' }, view.word('found'), ' ', make('span', { class: 'ls-help' }, view.word('total_cost', { cost: view.number(costOf(task, tests)) }))),
      tests.length ? make('ol', {}, ...tests.map((id) => drawFound(task, id, view))) : make('p', { class: 'ls-help' }, view.word('nothing_tested'))),
    make('fieldset', { class: 'ls-deciding', 'data-place': 'decision' }, make('legend', { class: 'ls-list-name' }, view.word('decision')),
      ...task.decisions.map(({ id, text }) => make('label', { class: 'ls-choice' },
        make('input', { type: 'radio', name: `${view.uid}-decision`, checked: decision === id, disabled: !view.isOpen, 'data-spot': `decision.${id}`, onchange: () => view.decide(id) }),
        make('span', {}, text)))),
  ];
}

function drawFound(task, id, view) {
  const test = task.tests.find((one) => one.id === id) || { id, text: id };
  const result = make('div', { class: 'ls-detail-text' });
  result.innerHTML = task.results[id] || ''; // cleaned by the host
  return make('li', { class: 'ls-found-test', tabindex: '-1', 'data-spot': `found.${id}`, 'data-place': `tests.${id}` },
    make('strong', {}, test.text), result, test.reads ? drawReading(test, view) : null);
}

function drawReading({ id, text, reads }, view) {
  const value = view.answer.readings[id] ?? '';
  const common = { disabled: !view.isOpen, 'data-spot': `reading.${id}`, 'aria-label': view.word('reading_of', { text }) };
  const control = reads.length
    ? make('select', { ...common, onchange: ({ target }) => view.read(id, target.value) },
      make('option', { value: '' }, view.word('choose')), ...reads.map((word) => make('option', { value: word, selected: word === value }, word)))
    : make('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', class: 'ls-number', ...common, value: String(value), oninput: ({ target }) => view.read(id, target.value) });
  return make('label', { class: 'ls-reading', 'data-place': `readings.${id}` }, make('span', { class: 'ls-label' }, view.word('reading')), control);
}
