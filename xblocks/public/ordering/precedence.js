/* What had to come before what, as a picture and in words; shown with the model plan. */

import { drawGraph } from '../engine/graph.js';
import { makeKey } from '../exercise/exercise.js';
import { make } from '../exercise/page.js';

/* `precedence` is [[before, after, kind]], `order` the model plan; `textOf(id)` and `word(name, values)` bring words. */
export function drawPrecedence(precedence, order, textOf, word) {
  const ids = [...new Set([...order, ...precedence.flatMap(([before, after]) => [before, after])])]
    .filter((id) => precedence.some(([before, after]) => id === before || id === after));
  const nodes = ids.map((id) => ({ id, text: textOf(id) }));
  return [
    make('h4', {}, word('precedence')),
    make('div', { class: 'ls-scroll', tabindex: '0', role: 'group', 'aria-label': word('precedence_picture') }, drawGraph(nodes, precedence, `ls-${makeKey()}`)),
    make('details', {}, make('summary', {}, word('precedence_words')),
      make('ul', {}, ...precedence.map(([before, after, kind]) => make('li', {}, word(`before_${kind}`, { before: textOf(before), after: textOf(after) }))))),
  ];
}
