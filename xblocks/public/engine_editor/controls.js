/* The controls of nested exercises, by kind of field. Each is drawn from a value and tells every change. What is
   typed stands there already; what comes, goes or moves is drawn anew.

   kind      value                                  further members of the field
   text      a line                                 mono, long (a text of several lines)
   html      HTML
   number    a number; what is none stays text
   scalar    a number, true, false or text
   scalars   several of them, on a line, between semicolons
   tick      true or nothing                        isOnByDefault: false or nothing
   select    one of a list                          choices (a list that the page brings) or options (values, their
                                                    words `o_NAME_VALUE`); isNeeded; redraws; reshapes
   many      several of `choices` or `options`
   lines     texts, one on a line                   mono
   list      codes on one line
   pick      an entry of another list of the exercise, by its id   from, titled, isNeeded
   picks     several of them                        from, titled, keepsEmpty
   id        the name of an entry: what refers to it follows       of (the list)
   and cards, rows, object, section (shape.js)

   `view` brings get(path), set(path, value, {redraw, focus, say}), word(name, values), help(name), id(path),
   choices, controls, entries(from, titled), exercise, rename(list, old, next, path), reshape(path, value), isOpen(row),
   toggle(path), newRow(field, row), hasFaults(path) and heed(act). */

import { make } from '../exercise/page.js';
import { drawCards } from './cards.js';
import { drawField } from './field.js';
import { moveActs } from './moves.js';
import { fieldsOf } from './shape.js';
import { writePath } from './tree.js';

export const PLAIN = { autocomplete: 'off', spellcheck: 'false' };
export const asText = (value) => (value === undefined || value === null ? '' : String(value));
const asList = (value) => (Array.isArray(value) ? value : []);

export const drawText = ({ mono, long }, path, view) => (long ? drawHtml({}, path, view) : make('input', {
  type: 'text', ...PLAIN, value: asText(view.get(path)), class: mono ? 'ls-mono' : null, oninput: ({ target }) => view.set(path, target.value),
}));

const drawHtml = (field, path, view) => make('textarea', {
  rows: 2, value: asText(view.get(path)), oninput: ({ target }) => view.set(path, target.value),
});

const drawNumber = (field, path, view) => make('input', {
  type: 'text', ...PLAIN, inputmode: 'decimal', class: 'ls-number', value: asText(view.get(path)),
  oninput: ({ target }) => view.set(path, readNumber(target.value)),
});

const readNumber = (text) => {
  const trimmed = text.trim().replace(',', '.');
  if (!trimmed) return undefined;
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : text;
};

/* "12", "true" or "vellum" as what it says. */
export function readScalar(text) {
  const word = text.trim();
  if (word === 'true' || word === 'false') return word === 'true';
  return readNumber(word) ?? '';
}

const drawScalar = (field, path, view) => make('input', {
  type: 'text', ...PLAIN, value: asText(view.get(path)), oninput: ({ target }) => view.set(path, readScalar(target.value)),
});

const drawScalars = (field, path, view) => make('input', {
  type: 'text', ...PLAIN, value: asList(view.get(path)).map(asText).join('; '),
  oninput: ({ target }) => view.set(path, target.value.split(';').map(readScalar).filter((part) => part !== '')),
});

const drawTick = ({ isOnByDefault = false }, path, view) => make('input', {
  type: 'checkbox', checked: (view.get(path) ?? isOnByDefault) === true,
  onchange: ({ target }) => view.set(path, target.checked === isOnByDefault ? undefined : target.checked),
});

/* [value, label] of each thing that can be chosen. */
const optionsOf = ({ choices, options, label, name }, view) => (options
  ? options.map((value) => [value, view.word(`o_${label || name}_${value}`)])
  : Object.entries(view.choices[choices]));

function drawSelect(field, path, view) {
  const value = view.get(path);
  const known = optionsOf(field, view);
  const isKnown = known.some(([code]) => code === value);
  const options = [
    ...(field.isNeeded ? [] : [[undefined, view.word('not_said')]]),
    ...(isKnown || value === undefined || value === '' ? [] : [[value, String(value)]]),
    ...known,
  ];
  const then = field.redraws ? { redraw: true, focus: writePath(path) } : {};
  const choose = ({ target }) => {
    const [chosen] = options[target.selectedIndex];
    if (field.reshapes) view.reshape(path, chosen);
    else view.set(path, chosen, then);
  };
  return make('select', { onchange: choose }, ...options.map(([code, label]) => make('option', { selected: code === value }, label)));
}

const drawTicks = (options, path, view) => make('fieldset', { class: 'ls-ticks' },
  ...options.map(([code, label]) => make('label', { class: 'ls-tick' },
    make('input', {
      type: 'checkbox', checked: asList(view.get(path)).includes(code),
      onchange: ({ target }) => {
        const chosen = new Set(asList(view.get(path)));
        chosen[target.checked ? 'add' : 'delete'](code);
        view.set(path, options.map(([name]) => name).filter((name) => chosen.has(name)));
      },
    }), make('span', {}, label))));

const drawMany = (field, path, view) => drawTicks(optionsOf(field, view), path, view);

const drawLines = ({ mono }, path, view) => make('textarea', {
  rows: 2, spellcheck: 'false', class: mono ? 'ls-mono' : null, value: asList(view.get(path)).join('\n'),
  oninput: ({ target }) => view.set(path, target.value.split('\n').map((line) => line.trim()).filter(Boolean)),
});

/* Short codes on one line. */
const drawList = (field, path, view) => make('input', {
  type: 'text', ...PLAIN, class: 'ls-mono', value: asList(view.get(path)).join(' '),
  oninput: ({ target }) => view.set(path, target.value.split(/[\s,;]+/).filter(Boolean)),
});

// -- entries of other lists

/* The list is read again whenever somebody comes to it: its entries may have been changed since. */
function drawPick({ from, titled, isNeeded }, path, view) {
  const fill = (select) => {
    const value = view.get(path) ?? '';
    const entries = view.entries(from, titled);
    select.replaceChildren(
      isNeeded && value !== '' ? '' : make('option', { value: '' }, view.word('choose')),
      value === '' || entries.some(({ id }) => id === value) ? '' : make('option', { value, selected: true }, String(value)),
      ...entries.map(({ id, name }) => make('option', { value: id, selected: id === value }, name)));
  };
  const select = make('select', { onchange: ({ target }) => view.set(path, target.value || undefined), onfocus: ({ target }) => fill(target) });
  fill(select);
  return select;
}

function drawPicks({ from, titled }, path, view) {
  const entries = view.entries(from, titled).map(({ id, name }) => [id, name]);
  const unknown = asList(view.get(path)).filter((id) => !entries.some(([known]) => known === id));
  const all = [...entries, ...unknown.map((id) => [id, asText(id)])];
  return all.length ? drawTicks(all, path, view) : make('fieldset', { class: 'ls-ticks' }, make('p', { class: 'ls-help' }, view.word('none_yet')));
}

/* What refers to the entry follows its name, as long as no other entry has that name. */
function drawId({ of }, path, view) {
  let held = asText(view.get(path));
  const write = ({ target }) => {
    const next = target.value;
    const isFree = next && !view.entries(of).some(({ id }) => id === next);
    if (isFree) {
      view.rename(of, held, next, path);
      held = next;
    } else view.set(path, next);
  };
  return make('input', { type: 'text', ...PLAIN, class: 'ls-mono', value: held, oninput: write });
}

// -- objects and lists

const drawObject = (field, path, view) => make('div', { class: 'ls-edit-object' },
  ...fieldsOf(field, view.get(path), view.exercise).map((inner) => drawField(inner, path, view)));

function drawSection(field, path, view) {
  const drawn = () => field.fields.map((inner) => drawField(inner, path, view));
  const title = view.word(`s_${field.label}`);
  if (!field.isFolded) return make('section', { class: 'ls-edit-section' }, make('p', { class: 'ls-edit-label' }, title), ...drawn());
  return make('details', { class: 'ls-edit-settings', open: view.isUnfolded(field), ontoggle: ({ target }) => view.unfoldSection(field, target.open) },
    make('summary', {}, title), ...drawn());
}

export function drawRows(field, path, view) {
  const rows = asList(view.get(path));
  const place = writePath(path);
  const blank = field.blank || Object.fromEntries(fieldsOf(field, {}, view.exercise).filter(({ isNeeded }) => isNeeded)
    .map((column) => [column.name, column.from ? undefined : optionsOf(column, view)[0][0]]));
  const add = () => view.set(path, [...asList(view.get(path)), view.newRow(field, structuredClone(blank), rows)], { redraw: true, focus: `${place}[${rows.length}]` });
  return make('div', { class: 'ls-rows-field' },
    make('ol', { class: 'ls-edit-rows' }, ...rows.map((row, at) => make('li', { class: 'ls-edit-row', 'data-path': `${place}[${at}]` },
      ...fieldsOf(field, row, view.exercise).map((column) => drawField(column, [...path, at], view, { isInRow: true })),
      moveActs(field, path, at, view)))),
    make('button', { type: 'button', class: 'ls-button', 'data-add': place, onclick: add }, view.word(`add_${field.label || field.name}`)));
}

export const CONTROLS = {
  cards: drawCards, html: drawHtml, id: drawId, lines: drawLines, list: drawList, many: drawMany, number: drawNumber, object: drawObject,
  pick: drawPick, picks: drawPicks, rows: drawRows, scalar: drawScalar, scalars: drawScalars, section: drawSection, select: drawSelect,
  text: drawText, tick: drawTick,
};
