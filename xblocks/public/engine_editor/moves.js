/* What can be done with an entry of a list: move it, copy it, take it out. */

import { make } from '../exercise/page.js';
import { freeId, insertAt, moveAt, removeAt, writePath } from './tree.js';

/* "step 3", in the words of the list. */
export const nameOfEntry = (field, at, view) => view.word(view.hasWord(`one_${field.label || field.name}`) ? `one_${field.label || field.name}` : 'row_number', { number: at + 1 });

export function moveActs(field, path, at, view, { canCopy = false } = {}) {
  const rows = () => view.get(path);
  const place = writePath(path);
  const name = nameOfEntry(field, at, view);
  const put = (list, focus, said) => view.set(path, list, { redraw: true, focus, say: said });
  const move = (by) => {
    const to = at + by;
    if (rows()[to]) put(moveAt(rows(), at, by), `${place}[${to}]`, view.word('moved', { number: to + 1, count: rows().length }));
  };
  const copy = () => {
    const twin = view.newRow(field, structuredClone(rows()[at]), rows());
    put(insertAt(rows(), at + 1, twin), `${place}[${at + 1}]`, view.word('added', { name: nameOfEntry(field, at + 1, view) }));
  };
  const remove = () => {
    const left = removeAt(rows(), at);
    put(left, left.length ? `${place}[${Math.min(at, left.length - 1)}]` : `${place}+`, view.word('deleted', { name }));
  };
  const button = (word, sign, act) => make('button', {
    type: 'button', class: 'ls-button ls-small', 'aria-label': view.word(word, { name }), title: view.word(word, { name }), onclick: act,
  }, sign);
  return make('span', { class: 'ls-buttons' },
    button('move_up', '↑', () => move(-1)), button('move_down', '↓', () => move(1)),
    canCopy ? button('duplicate', '⧉', copy) : null, button('delete', '✕', remove));
}

/* A row with a name of its own, where its list gives names. */
export const named = (field, row, rows) => (field.stem || row.id !== undefined
  ? { ...row, id: freeId(rows, String(row.id || (typeof field.stem === 'function' ? field.stem(row) : field.stem))) }
  : row);
