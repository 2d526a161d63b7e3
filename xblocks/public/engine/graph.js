/* A graph as a picture. What it shows stands beside it in words too: it is hidden from screen readers. */

import { BOX, layOut } from './layers.js';

const SVG = 'http://www.w3.org/2000/svg';
const SHOWN = 20; // characters on a line of a box
const LINES = 2;

function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/* Words on as many lines as a box has; what is too long is cut. Pure. */
export function linesOf(text, shown = SHOWN, lines = LINES) {
  const result = [''];
  for (const word of text.split(/\s+/)) {
    const line = result[result.length - 1];
    if (!line || line.length + word.length < shown) result[result.length - 1] = `${line} ${word}`.trim();
    else result.push(word);
  }
  const kept = result.slice(0, lines).map((line) => (line.length > shown ? `${line.slice(0, shown - 1)}…` : line));
  if (result.length > lines) kept[lines - 1] = `${kept[lines - 1].slice(0, shown - 1)}…`;
  return kept;
}

/* `nodes` are {id, text, kind}, `edges` [from, to, kind]; the kinds become classes. */
export function drawGraph(nodes, edges, uid) {
  const { width, height, boxes, arrows } = layOut(nodes.map(({ id }) => id), edges);
  const known = new Map(nodes.map((node) => [node.id, node]));
  const kinds = new Map(edges.map(([from, to, kind]) => [`${from}\n${to}`, kind]));
  const tip = draw('marker', { id: `${uid}-tip`, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' },
    draw('path', { d: 'M0 0L8 4L0 8z', class: 'ls-tip' }));
  const lines = arrows.map(({ from, to, path, isBack }) => draw('path', {
    d: path, class: `ls-arrow ls-arrow-${kinds.get(`${from}\n${to}`) || 'plain'}${isBack ? ' ls-arrow-back' : ''}`, 'marker-end': `url(#${uid}-tip)`,
  }));
  const drawn = boxes.map(({ id, x, y }) => {
    const { text, kind } = known.get(id);
    const words = linesOf(text);
    const middle = y + BOX.height / 2 + 4.5 - (words.length - 1) * 8;
    return draw('g', { class: `ls-box ls-box-${kind || 'plain'}` },
      draw('title', {}, text), draw('rect', { x, y, width: BOX.width, height: BOX.height, rx: 6 }),
      ...words.map((line, at) => draw('text', { x: x + BOX.width / 2, y: middle + at * 16, 'text-anchor': 'middle' }, line)));
  });
  return draw('svg', { viewBox: `0 0 ${width} ${height}`, width, height, class: 'ls-graph', 'aria-hidden': 'true' },
    draw('defs', {}, tip), ...lines, ...drawn);
}
