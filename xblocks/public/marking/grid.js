/* The picture as a table of fields to tick, each with what is seen there. */

import { make } from '../exercise/page.js';
import { cellName, letterOf } from './shapes.js';

export const textOfCell = (cells, [column, row]) => cells.find(({ at: [c, r] }) => c === column && r === row)?.text || '';

/* `view` brings grid, cells, word(), readOnly and toggle(cell); `ticked` are the fields of the mark at hand. */
export function drawGrid(ticked, view) {
  const [columns, rows] = view.grid;
  const range = (count) => Array.from({ length: count }, (_, at) => at);
  const isTicked = ([column, row]) => ticked.some(([c, r]) => c === column && r === row);
  const cell = (column, row) => {
    const text = textOfCell(view.cells, [column, row]);
    const name = cellName([column, row]);
    return make('td', { class: text ? 'ls-told' : null }, make('label', { class: 'ls-cell', title: text ? `${name}: ${text}` : name }, make('input', {
      type: 'checkbox', checked: isTicked([column, row]), disabled: view.readOnly, 'data-cell': name,
      'aria-label': text ? `${name}: ${text}` : name, onchange: () => view.toggle([column, row]),
    })));
  };
  return [
    make('div', { class: 'ls-grid-scroll' }, make('table', { class: 'ls-cells' },
      make('caption', { class: 'ls-help' }, view.word('grid_help')),
      make('thead', {}, make('tr', {}, make('td', {}), ...range(columns).map((column) => make('th', { scope: 'col' }, letterOf(column))))),
      make('tbody', {}, ...range(rows).map((row) => make('tr', {}, make('th', { scope: 'row' }, String(row + 1)), ...range(columns).map((column) => cell(column, row))))))),
    view.cells.length ? drawTexts(view) : null,
  ].filter(Boolean);
}

/* What is seen, with the fields in which the same is seen. */
function drawTexts({ cells, word }) {
  const seen = new Map();
  for (const { at, text } of cells) seen.set(text, [...(seen.get(text) || []), cellName(at)]);
  return make('details', { class: 'ls-cell-texts' }, make('summary', {}, word('what_cells_show')),
    make('dl', {}, ...[...seen].map(([text, names]) => make('div', {}, make('dt', {}, names.join(', ')), make('dd', {}, text)))));
}
