/* The controls of a drill's items beside those of every exercise (engine_editor/controls.js). */

import { drawPositions } from '../drill/fixed_field.js';
import { readBlanks, keepBlanksSeen, showBlanks } from '../drill/inputs.js';
import { PLAIN, asText, drawRows, drawText } from '../engine_editor/controls.js';
import { drawField } from '../engine_editor/field.js';
import { getAt, setAt, writePath } from '../engine_editor/tree.js';
import { make } from '../exercise/page.js';

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

const CREDITS = [['right', true], ['half', 0.5], ['wrong', undefined], ['neutral', null]];

function drawCredit(field, path, view) {
  const value = view.get(path) === false ? undefined : view.get(path);
  const known = CREDITS.some(([, credit]) => credit === value);
  const credits = known ? CREDITS : [...CREDITS, [String(value), value]];
  return make('select', { onchange: ({ target }) => view.set(path, credits[target.selectedIndex][1]) },
    ...credits.map(([name, credit]) => make('option', { selected: credit === value }, view.word(`credit_${name}`))));
}

const drawRecords = (field, path, view) => make('fieldset', { class: 'ls-record-pair' }, ...[0, 1].map((at) => make('textarea', {
  rows: 4, 'aria-label': view.word('record', { number: at + 1 }), value: asText(view.get([...path, at])),
  oninput: ({ target }) => view.set(path, [0, 1].map((other) => (other === at ? target.value : asText(view.get([...path, other]))))),
})));

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

export const DRILL_CONTROLS = {
  credit: drawCredit, fixed: drawFixed, mark: drawMark, near: drawNear, records: drawRecords, value: drawValue,
};
