/* A list of larger objects, each folded to a line until somebody works at it. */

import { JsonField } from '../editor/form.js';
import { make } from '../exercise/page.js';
import { drawField } from './field.js';
import { moveActs, nameOfEntry } from './moves.js';
import { allFieldsOf, fieldsOf, restOf } from './shape.js';
import { writePath, wordsOf } from './tree.js';

const SHOWN = 80; // characters of an entry in its line

export function drawCards(field, path, view) {
  const rows = view.get(path) || [];
  const name = field.label || field.name;
  return make('div', { class: 'ls-cards-field' },
    make('ol', { class: 'ls-edit-items' }, ...rows.map((row, at) => drawCard(field, row, path, at, view))),
    rows.length || !view.hasWord(`none_${name}`) ? null : make('p', { class: 'ls-help' }, view.word(`none_${name}`)),
    drawAdder(field, path, view));
}

function drawAdder(field, path, view) {
  const place = writePath(path);
  const name = field.label || field.name;
  const types = field.types && make('select', { 'aria-label': view.word('type_of_new') },
    ...Object.entries(view.choices[field.types]).map(([type, label]) => make('option', { value: type }, label)));
  const add = () => {
    const rows = view.get(path) || [];
    const at = rows.length;
    const row = view.newRow(field, structuredClone(types ? field.blank(types.value) : field.blank || {}), rows);
    const [first] = allFieldsOf(field, row, view.exercise);
    view.open(row);
    view.set(path, [...rows, row], { redraw: true, focus: `${place}[${at}].${first.name}`, say: view.word('added', { name: nameOfEntry(field, at, view) }) });
  };
  return make('p', { class: 'ls-adder' }, types || null,
    make('button', { type: 'button', class: 'ls-button', 'data-add': place, onclick: add }, view.word(`add_${name}`)));
}

function drawCard(field, row, path, at, view) {
  const place = `${writePath(path)}[${at}]`;
  const isOpen = view.isOpen(row);
  const kind = field.types ? view.word('entry_name', { number: at + 1, type: view.choices[field.types][row.type] || row.type || '?' }) : `${at + 1}.`;
  const title = make('span', { 'data-title': place }, titleOf(field, row));
  return make('li', { class: 'ls-edit-item', 'data-path': place },
    make('div', { class: 'ls-edit-item-head' },
      make('button', { type: 'button', class: 'ls-link ls-edit-item-name', 'aria-expanded': String(isOpen), onclick: () => view.toggle(row, place) },
        make('strong', {}, kind), ' ', title),
      moveActs(field, path, at, view, { canCopy: true })),
    make('p', { class: 'ls-error', hidden: true, id: view.id(`${place}-error`) }),
    make('div', { class: 'ls-edit-item-body', hidden: !isOpen }, ...(isOpen ? drawBody(field, row, [...path, at], view) : [])));
}

export const titleOf = (field, row) => wordsOf(row[field.titled || 'text'] || row.id).slice(0, SHOWN);

function drawBody(field, row, path, view) {
  const further = field.further || [];
  const rest = field.hasRest || Object.keys(restOf(allFieldsOf(field, row, view.exercise), row)).length ? drawRest(field, path, view) : null;
  const folded = further.length || rest ? make('details', { open: further.some(({ name }) => view.hasFaults([...path, name])) },
    make('summary', {}, view.word('further')), ...further.map((inner) => drawField(inner, path, view)), rest) : null;
  return [...fieldsOf(field, row, view.exercise).map((inner) => drawField(inner, path, view)), folded].filter(Boolean);
}

/* What no field shows, as JSON. */
function drawRest(field, path, view) {
  const rest = (row) => restOf(allFieldsOf(field, row, view.exercise), row);
  return drawJson(view, () => rest(view.get(path)), (next) => {
    const row = view.get(path);
    const gone = rest(row);
    view.set(path, { ...Object.fromEntries(Reflect.ownKeys(row).filter((name) => !(name in gone)).map((name) => [name, row[name]])), ...next });
  });
}

export function drawJson(view, read, write) {
  const box = make('div', { class: 'ls-edit-field' });
  const json = new JsonField(box, {
    value: read(), label: view.word('f_rest'), word: view.word,
    changed: () => {
      const next = json.read();
      if (typeof next === 'object' && next !== null && !Array.isArray(next)) write(next);
    },
  });
  return make('div', {}, make('p', { class: 'ls-edit-label' }, view.word('f_rest')), make('p', { class: 'ls-help' }, view.word('help_rest')), box);
}
