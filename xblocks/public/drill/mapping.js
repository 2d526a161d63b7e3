/* Which field, indicators and subfield a statement belongs in. */

import { make } from '../exercise/page.js';
import { line } from './inputs.js';

/* "264 _1 $c" -> {tag, indicators, code}, as much of it as is there. */
export function readTarget(text) {
  const match = /^([0-9A-Za-z]{0,3})(?: ([\d_#\\ ]{2}))?(?: ?\$(\w?))?$/.exec(typeof text === 'string' ? text.trimEnd() : '');
  const [, tag = '', indicators = '', code = ''] = match || [];
  return { tag, indicators: indicators.replace(/[#\\ ]/g, '_'), code };
}

/* {tag: "264", indicators: "_1", code: "c"} -> "264 _1 $c"; empty while nothing is written. */
export function writeTarget({ tag, indicators = '', code }, asksIndicators) {
  if (!tag && !code && !/\d/.test(indicators)) return '';
  return [tag, asksIndicators ? ` ${indicators.padEnd(2, '_')}` : '', code ? ` $${code}` : ''].join('');
}

export const draw = (item, value, view) => [
  make('ul', { class: 'ls-lines' }, ...item.rows.map(({ id, text }) => make('li', { class: 'ls-statement' },
    make('span', { class: 'ls-statement-text', lang: item.lang }, text),
    drawTarget(item, id, text, readTarget(value?.rows?.[id]), view)))),
];

function drawTarget(item, id, text, target, view) {
  const [first, second] = target.indicators.padEnd(2, '_').replace(/_/g, ' ');
  const cells = { tag: target.tag, ind1: first.trim(), ind2: second.trim(), code: target.code };
  const names = ['tag', ...(item.asks_indicators ? ['ind1', 'ind2'] : []), 'code'];
  const write = (name) => (typed, input) => {
    cells[name] = typed;
    view.set({ ...view.value, rows: { ...view.value?.rows, [id]: targetOf(cells, item.asks_indicators) } }, { cell: `${id}.${name}` });
    const next = names[names.indexOf(name) + 1];
    if (next && typed.length === input.maxLength) view.focus(`${next}.${id}`);
  };
  const drawn = names.map((name) => line(view, null, {
    value: cells[name], maxlength: WIDTHS[name], size: WIDTHS[name], placeholder: name.startsWith('ind') ? '#' : null,
    class: 'ls-mono', 'data-spot': `${name}.${id}`, 'aria-label': view.word(name, { text }),
  }, write(name)));
  return make('span', { class: 'ls-target', 'data-place': `rows.${id}`, role: 'group', 'aria-label': text },
    ...drawn.slice(0, -1), make('span', { class: 'ls-dollar', 'aria-hidden': 'true' }, '$'), drawn.at(-1));
}

const WIDTHS = { tag: 3, ind1: 1, ind2: 1, code: 1 };
const indicator = (typed) => (/^\d$/.test(typed) ? typed : '_');

/* What is written in the cells of a target, as one. */
export const targetOf = ({ tag, ind1, ind2, code }, asksIndicators) => writeTarget({
  tag: tag.trim().toUpperCase(), indicators: indicator(ind1) + indicator(ind2), code: code.replace(/\$/g, '').trim().toLowerCase(),
}, asksIndicators);
