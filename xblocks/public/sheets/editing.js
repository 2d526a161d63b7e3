/* What the editor of a sheet adds to the common controls: amounts of data, and what the formulas come to. */

import { PLAIN } from '../engine_editor/controls.js';
import { make } from '../exercise/page.js';
import { readAmount, writeAmount } from './amounts.js';

const drawAmount = (field, path, view) => make('input', {
  type: 'text', ...PLAIN, value: writeAmount(view.get(path)), oninput: ({ target }) => view.set(path, readAmount(target.value)),
});

/* The value of every cell, asked of the host; what is typed meanwhile asks again. */
function drawValues(field, path, view) {
  const list = make('ul', { class: 'ls-help' }, make('li', {}, view.word('not_computed')));
  const tell = (number) => (number === null ? view.word('no_result') : Number(number.toPrecision(10)));
  let asked = 0;
  const compute = async () => {
    asked += 1;
    const turn = asked;
    const { cells, error } = await view.call('inspect_cells', { values: view.values() });
    if (turn !== asked) return;
    list.replaceChildren(...(error ? [make('li', {}, error)] : cells.map(({ id, value, slips }) => make('li', {},
      view.word('value_of', { id, value: tell(value) }), slips.length ? ` (${view.word('slips_of', { values: slips.map(tell).join(', ') })})` : ''))));
  };
  let timer = null;
  view.heed(() => {
    clearTimeout(timer);
    timer = setTimeout(() => compute().catch(() => {}), 600);
  });
  return make('section', { class: 'ls-edit-section', 'aria-label': view.word('values') }, make('h4', { class: 'ls-edit-label' }, view.word('values')),
    make('button', { type: 'button', class: 'ls-button', onclick: () => compute().catch((fault) => list.replaceChildren(make('li', {}, fault.message))) }, view.word('compute')),
    make('div', { role: 'status' }, list));
}

export const SHEET_CONTROLS = { amount: drawAmount, values: drawValues };
