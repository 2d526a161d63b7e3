/* The result of a drill: a summary by item, and under each item what was right and what was not. */

import { make } from '../exercise/page.js';
import { drawChanges, drawReferences, drawScore, formatPoints, groupLines } from '../exercise/result.js';
import { linesOf, readWhere, sumOf } from './answers.js';

/* `view` gives word(name, values), language, items ({id, name}) and go(id). */
export function drawSummary({ result }, view) {
  const lines = result.lines || [];
  const whole = lines.filter(({ where }) => !readWhere(where));
  return [
    ...drawScore(result, view),
    ...drawChanges(result, view),
    lines.length ? make('ol', { class: 'ls-summary' }, ...view.items.map((item) => drawSum(item, linesOf(lines, item.id), view))) : null,
    ...(whole.length ? [drawLines(whole, view)] : []),
  ];
}

function drawSum({ id, name }, lines, view) {
  const { kind } = sumOf(lines);
  return make('li', { class: `ls-sum ls-sum-${kind}` },
    make('button', { type: 'button', class: 'ls-link', onclick: () => view.go(id) }, name),
    make('span', { class: 'ls-points' }, pointsOf(lines, view)),
    make('span', { class: 'ls-kind' }, view.word(`kind_${kind}`)));
}

export function pointsOf(lines, view) {
  const { points, max } = sumOf(lines);
  return view.word('line_points', { points: formatPoints(points, view.language), max: formatPoints(max, view.language) });
}

/* Under an item: what can be mended first; `nameOf(line)` names the place of a line that gives no reason. */
export function drawFeedback(lines, view) {
  if (!lines.length) return [];
  const { kind } = sumOf(lines);
  return [
    make('p', { class: `ls-item-score ls-sum-${kind}` }, make('span', { class: 'ls-kind' }, view.word(`kind_${kind}`)), ' ',
      make('span', { class: 'ls-points' }, pointsOf(lines, view))),
    drawLines(lines, view),
  ];
}

const drawLines = (lines, view) => make('ul', { class: 'ls-remarks' },
  ...groupLines(lines).flatMap(([kind, group]) => group.map((line) => drawRemark(kind, line, view))));

function drawRemark(kind, line, view) {
  return make('li', { class: `ls-remark ls-remark-${kind}` },
    make('span', { class: 'ls-said' }, `${view.word(`kind_${kind}`)}: `),
    make('div', { class: 'ls-message' },
      line.message || view.nameOf(line) || view.word('this_item'),
      line.expected ? make('span', { class: 'ls-expected' }, ` ${view.word('expected')} `, make('code', {}, line.expected)) : null,
      drawReferences(line)),
    line.max || line.points ? make('span', { class: 'ls-points' }, view.word('line_points', {
      points: formatPoints(line.points, view.language), max: formatPoints(line.max, view.language),
    })) : null);
}
