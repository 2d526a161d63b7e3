/* A UDC number, with its parts named as they are typed. */

import { make } from '../exercise/page.js';
import { line } from './inputs.js';

// As the grader takes a number apart: brackets and quotes first, since they may hold any other sign.
const TOKEN = new RegExp([
  String.raw`(?<language>\(=[^)]*\)|=[\d.'/]+)`,
  String.raw`(?<form>\(0[^)]*\))`,
  String.raw`(?<place>\([^)]*\))`,
  '(?<time>"[^"]*")',
  String.raw`(?<property>-0[\d.]*)`,
  String.raw`(?<special>-\d[\d.]*|'[\d.]+|(?<=\d)\.0\d*)`,
  '(?<connector>::|[:+/])',
  String.raw`(?<main>\d+(?:\.[1-9]\d*|\.(?=\d{3})\d{3,})*)`,
  String.raw`(?<alphabetical>[\p{L}]+(?:/[\p{L}]+)?)`,
  String.raw`(?<other>\S)`,
].join('|'), 'gu');

/* A number taken apart: [{kind, text}, …]. Only the first simple number of a part is its main number. */
export const tokens = (text) => Array.from(text.replace(/\s+/g, '').matchAll(TOKEN), ({ 0: found, groups }) => ({
  kind: Object.keys(groups).find((kind) => groups[kind] !== undefined), text: found,
}));

export const draw = (item, value, view) => [
  item.hint ? make('p', { class: 'ls-help' }, item.hint) : null,
  line(view, '', {
    value: value || '', maxlength: 120, class: 'ls-mono ls-wide', 'aria-label': view.word('udc_number'), 'aria-describedby': view.id('echo'),
    'data-spot': 'number',
  }, (typed) => {
    view.set(typed, { cell: 'number' });
    view.find('echo').replaceChildren(...drawTokens(typed, view));
  }),
  make('div', { class: 'ls-echo', 'data-part': 'echo', id: view.id('echo') }, ...drawTokens(value || '', view)),
];

function drawTokens(text, view) {
  if (!text.trim()) return view.readOnly ? [] : [view.word('udc_empty')];
  return tokens(text).map((token) => make('span', { class: `ls-token ls-token-${token.kind}` },
    make('code', {}, token.text), ' ', make('span', {}, view.word(`udc_${token.kind}`))));
}
