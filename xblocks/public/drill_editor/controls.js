/* The controls of the item editor, by kind of field. Each is drawn from a value and tells every change.

   `view` brings get(path), set(path, value, {redraw, focus}), word(name, values), choices[name] ({code: label}) and
   id(path). What is typed stands there already; rows that come, go or move are drawn anew. */

import { drawPositions } from '../drill/fixed_field.js';
import { readBlanks, keepBlanksSeen, showBlanks } from '../drill/inputs.js';
import { make } from '../exercise/page.js';
import { getAt, moveAt, removeAt, setAt, writePath } from './items.js';

const PLAIN = { autocomplete: 'off', spellcheck: 'false' };
const splitLines = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean);

/* A field with its label, its help and room for what is wrong with it. */
export function drawField(field, path, view) {
  const own = [...path, field.name];
  const control = CONTROLS[field.kind](field, own, view);
  const place = writePath(own);
  const label = view.word(`f_${field.label || field.name}`);
  const help = typeof path.at(-1) === 'number' && path.length > 2 ? null : view.help(field.help || field.name); // rows say it above them
  const fault = make('p', { class: 'ls-error', hidden: true, id: view.id(`${place}-error`) });
  const isGroup = control.matches('fieldset, .ls-rows-field');
  if (isGroup) {
    return make('fieldset', { class: 'ls-edit-field', 'data-path': place },
      make('legend', { class: 'ls-edit-label' }, label), help && make('p', { class: 'ls-help' }, help), control, fault);
  }
  if (field.kind === 'tick') return make('div', { class: 'ls-edit-field', 'data-path': place }, make('label', { class: 'ls-tick' }, control, make('span', {}, label)), fault);
  control.id = view.id(place);
  control.setAttribute('aria-describedby', view.id(`${place}-error`));
  return make('div', { class: `ls-edit-field ls-kind-${field.kind}`, 'data-path': place },
    make('label', { class: 'ls-edit-label', for: view.id(place) }, label), help && make('p', { class: 'ls-help' }, help), control, fault);
}

const asText = (value) => (value === undefined || value === null ? '' : String(value));

const drawText = ({ mono }, path, view) => make('input', {
  type: 'text', ...PLAIN, value: asText(view.get(path)), class: mono ? 'ls-mono' : null, oninput: ({ target }) => view.set(path, target.value),
});

const drawHtml = (field, path, view) => make('textarea', {
  rows: 2, value: asText(view.get(path)), oninput: ({ target }) => view.set(path, target.value),
});

const drawMark = (field, path, view) => make('input', {
  type: 'text', ...PLAIN, class: 'ls-mono ls-mark-input', size: 5, maxlength: 12, value: showBlanks(asText(view.get(path))),
  oninput: ({ target }) => {
    keepBlanksSeen(target);
    view.set(path, readBlanks(target.value));
  },
});

/* A fixed field as the string it is and by position; in COMARC/B its subfields. */
function drawFixed(field, path, view) {
  const { profile } = view.get(path.slice(0, -1));
  return profile === 'comarc' ? drawSubfields(path, view) : drawFixedString(path, view);
}

function drawFixedString(path, view) {
  const panel = make('div', { hidden: true });
  const input = make('input', {
    type: 'text', ...PLAIN, class: 'ls-mono ls-fixed', 'aria-label': view.word('f_value'), value: asText(view.get(path)),
    oninput: ({ target }) => {
      view.set(path, target.value);
      panel.hidden = true;
    },
  });
  const toggle = async () => {
    if (panel.hidden) panel.replaceChildren(await drawLabelled(path, view, (next) => { input.value = next; }));
    panel.hidden = !panel.hidden;
    if (!panel.hidden) panel.querySelector('input, select')?.focus();
  };
  return make('fieldset', { class: 'ls-value-field' }, input,
    make('button', { type: 'button', class: 'ls-link', onclick: toggle }, view.word('by_position')), panel);
}

async function drawLabelled(path, view, show) {
  const { profile, tag, material } = view.get(path.slice(0, -1));
  let positions;
  try {
    ({ positions } = await view.call('field_layout', { profile, tag, material }));
  } catch (error) {
    return make('p', { class: 'ls-error' }, error.message || view.word('no_connection'));
  }
  if (!positions.length) return make('p', { class: 'ls-help' }, view.word('no_positions'));
  const length = Math.max(...positions.map(({ end }) => end + 1));
  const now = () => asText(view.get(path));
  const shown = { ...view, readOnly: false, get value() { return now(); }, set: (next) => view.set(path, next), id: (part) => view.id(`${writePath(path)}-${part}`) };
  return drawPositions({ positions, length, given: now() }, now(), shown, show);
}

function drawSubfields(path, view) {
  const asRows = (value) => Object.entries(typeof value === 'object' && value !== null ? value : {}).map(([code, text]) => ({ code, value: text }));
  const pack = (rows) => Object.fromEntries(rows.map(({ code, value }) => [code ?? '', value ?? '']));
  const columns = [{ name: 'code', kind: 'text', mono: true }, { name: 'value', kind: 'text', mono: true }];
  return drawRows({ name: 'subfields', columns, blank: { code: '', value: '' } }, path, {
    ...view,
    get: (place) => getAt(asRows(view.get(path)), place.slice(path.length)),
    set: (place, value, options) => view.set(path, pack(setAt(asRows(view.get(path)), place.slice(path.length), value)), options),
  });
}

const drawNumber = (field, path, view) => make('input', {
  type: 'text', ...PLAIN, inputmode: 'decimal', class: 'ls-number', value: asText(view.get(path)),
  oninput: ({ target }) => view.set(path, readNumber(target.value)),
});

const readNumber = (text) => {
  const trimmed = text.trim().replace(',', '.');
  if (!trimmed) return undefined;
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : text;
};

const drawTick = (field, path, view) => make('input', {
  type: 'checkbox', checked: view.get(path) === true, onchange: ({ target }) => view.set(path, target.checked || undefined),
});

function drawSelect({ choices, isNeeded, redraws }, path, view) {
  const value = view.get(path);
  const options = Object.entries(view.choices[choices]);
  const known = options.some(([code]) => code === value);
  const then = redraws ? { redraw: true, focus: writePath(path) } : {};
  return make('select', { onchange: ({ target }) => view.set(path, target.value || undefined, then) },
    isNeeded ? null : make('option', { value: '' }, view.word('not_said')),
    known || !value ? null : make('option', { value, selected: true }, String(value)),
    ...options.map(([code, label]) => make('option', { value: code, selected: code === value }, label)));
}

const CREDITS = [['right', true], ['half', 0.5], ['wrong', undefined], ['neutral', null]];

function drawCredit(field, path, view) {
  const value = view.get(path) === false ? undefined : view.get(path);
  const known = CREDITS.some(([, credit]) => credit === value);
  const credits = known ? CREDITS : [...CREDITS, [String(value), value]];
  return make('select', { onchange: ({ target }) => view.set(path, credits[target.selectedIndex][1]) },
    ...credits.map(([name, credit]) => make('option', { selected: credit === value }, view.word(`credit_${name}`))));
}

const drawLines = ({ mono }, path, view) => make('textarea', {
  rows: 2, spellcheck: 'false', class: mono ? 'ls-mono' : null, value: (Array.isArray(view.get(path)) ? view.get(path) : []).join('\n'),
  oninput: ({ target }) => view.set(path, splitLines(target.value)),
});

/* Short codes on one line. */
const drawList = (field, path, view) => make('input', {
  type: 'text', ...PLAIN, class: 'ls-mono', value: (Array.isArray(view.get(path)) ? view.get(path) : []).join(' '),
  oninput: ({ target }) => view.set(path, target.value.split(/[\s,;]+/).filter(Boolean)),
});

const drawRecords = (field, path, view) => make('fieldset', { class: 'ls-record-pair' }, ...[0, 1].map((at) => make('textarea', {
  rows: 4, 'aria-label': view.word('record', { number: at + 1 }), value: asText(view.get([...path, at])),
  oninput: ({ target }) => view.set(path, [0, 1].map((other) => (other === at ? target.value : asText(view.get([...path, other]))))),
})));

const drawMany = ({ choices }, path, view) => make('fieldset', { class: 'ls-ticks' },
  ...Object.entries(view.choices[choices]).map(([code, label]) => make('label', { class: 'ls-tick' },
    make('input', {
      type: 'checkbox', checked: Boolean(view.get(path)?.includes?.(code)),
      onchange: ({ target }) => {
        const chosen = new Set(view.get(path) || []);
        chosen[target.checked ? 'add' : 'delete'](code);
        view.set(path, Object.keys(view.choices[choices]).filter((name) => chosen.has(name)));
      },
    }), make('span', {}, label))));

// -- values with alternatives

const plainValue = (value) => (typeof value === 'object' && value !== null ? value : { value });

/* As text alone where there is nothing to add. */
export const packValue = ({ value, ...more }) => {
  const kept = Object.fromEntries(Object.entries(more).filter(([, part]) => part !== undefined && part !== '' && !(Array.isArray(part) && !part.length)));
  return Object.keys(kept).length ? { value: value ?? '', ...kept } : value || undefined;
};

function drawValue({ mono }, path, view) {
  const now = () => plainValue(view.get(path));
  const part = {
    ...view,
    get: (place) => getAt(now(), place.slice(path.length)),
    set: (place, value, options) => view.set(path, packValue(setAt(now(), place.slice(path.length), value)), options),
  };
  const input = drawText({ mono }, [...path, 'value'], part);
  input.setAttribute('aria-label', view.word(`f_${path.at(-1)}`));
  return make('fieldset', { class: 'ls-value-field' }, input,
    make('details', { open: Object.keys(now()).length > 1 }, make('summary', {}, view.word('also_accepted')),
      drawField({ name: 'alt', kind: 'lines', mono }, path, part), drawField({ name: 'near', kind: 'near' }, path, part)));
}

const NEAR = {
  name: 'near', blank: { value: '', credit: 0.5, reason: '' },
  columns: [{ name: 'value', kind: 'text' }, { name: 'credit', kind: 'number' }, { name: 'reason', kind: 'text' }],
};

/* Near misses, kept as [value, credit, reason]. */
function drawNear(field, path, view) {
  const rows = () => (Array.isArray(view.get(path)) ? view.get(path) : []).map((near) => ({ value: near?.[0], credit: near?.[1], reason: near?.[2] }));
  return drawRows(NEAR, path, {
    ...view,
    get: (place) => getAt(rows(), place.slice(path.length)),
    set: (place, value, options) => view.set(path, setAt(rows(), place.slice(path.length), value).map(packNear), options),
  });
}

export const packNear = ({ value, credit, reason }) => [value ?? '', credit ?? 0.5, reason ?? ''];

// -- rows

function drawRows(field, path, view) {
  const rows = () => (Array.isArray(view.get(path)) ? view.get(path) : []);
  const place = writePath(path);
  const blank = field.blank || Object.fromEntries(field.columns.filter(({ isNeeded }) => isNeeded).map(({ name, choices }) => [name, Object.keys(view.choices[choices])[0]]));
  const redraw = (list, focus) => view.set(path, list, { redraw: true, focus });
  const acts = (at) => [
    ['up', '↑', () => redraw(moveAt(rows(), at, -1), `${place}[${Math.max(at - 1, 0)}]`)],
    ['down', '↓', () => redraw(moveAt(rows(), at, 1), `${place}[${Math.min(at + 1, rows().length - 1)}]`)],
    ['delete', '✕', () => redraw(removeAt(rows(), at), at ? `${place}[${at - 1}]` : `${place}+`)],
  ];
  const drawRow = (row, at) => make('li', { class: 'ls-edit-row', 'data-path': `${place}[${at}]` },
    ...field.columns.map((column) => drawField(column, [...path, at], view)),
    make('span', { class: 'ls-buttons' }, ...acts(at).map(([name, sign, act]) => make('button', {
      type: 'button', class: 'ls-button ls-small', 'aria-label': view.word(`row_${name}`, { number: at + 1 }), title: view.word(`row_${name}`, { number: at + 1 }), onclick: act,
    }, sign))));
  return make('div', { class: 'ls-rows-field' },
    make('ol', { class: 'ls-edit-rows' }, ...rows().map(drawRow)),
    make('button', {
      type: 'button', class: 'ls-button', 'data-add': place, onclick: () => redraw([...rows(), structuredClone(blank)], `${place}[${rows().length}]`),
    }, view.word(`add_${field.name}`)));
}

const CONTROLS = {
  credit: drawCredit, fixed: drawFixed, html: drawHtml, lines: drawLines, list: drawList, many: drawMany, mark: drawMark, near: drawNear,
  number: drawNumber, records: drawRecords, rows: drawRows, select: drawSelect, text: drawText, tick: drawTick, value: drawValue,
};
