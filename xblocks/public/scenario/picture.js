/* What the editor of a case adds to the controls: which form it has, and its graph as a picture and a table. */

import { drawGraph } from '../engine/graph.js';
import { make } from '../exercise/page.js';
import { findUnreached, inForm, isWorkup } from './description.js';

const PAUSE = 300; // milliseconds without typing

export function drawForm(field, path, view) {
  const isTests = isWorkup(view.exercise);
  const id = view.id('form');
  const turn = ({ target }) => view.replace(inForm(view.folded(), target.value === 'tests'), { say: view.word('turned') });
  return make('div', { class: 'ls-edit-field' }, make('label', { class: 'ls-edit-label', for: id }, view.word('form')),
    make('select', { id, onchange: turn }, ...['graph', 'tests'].map((form) =>
      make('option', { value: form, selected: (form === 'tests') === isTests }, view.word(`form_${form}`)))));
}

export function drawPicture(field, path, view) {
  const box = make('div', { class: 'ls-picture' });
  let drawn = '';
  let timer = null;
  const redraw = () => {
    const { nodes = [], start } = view.exercise;
    const shown = JSON.stringify([start, nodes.map(({ id, text, choices }) => [id, text, choices?.map(({ to, text: way }) => [to, way])])]);
    if (shown === drawn) return;
    drawn = shown;
    box.replaceChildren(...(nodes.length ? drawParts(nodes, start, view) : []));
  };
  view.heed(() => {
    clearTimeout(timer);
    timer = setTimeout(redraw, PAUSE);
  });
  redraw();
  return box;
}

function drawParts(nodes, start, view) {
  const lost = new Set(findUnreached(nodes, start));
  const first = nodes.some(({ id }) => id === start) ? start : nodes[0].id;
  const kindOf = ({ id, choices }) => (lost.has(id) ? 'lost' : id === first ? 'start' : choices?.length ? 'plain' : 'end');
  const edges = nodes.flatMap(({ id, choices }) => (choices || []).filter(({ to }) => to).map(({ to, critical }) => [id, to, critical ? 'critical' : 'plain']));
  const name = (id) => nodes.find((node) => node.id === id)?.text || id;
  const rows = nodes.flatMap((node, at) => (node.choices?.length ? node.choices.map((choice) => [node, at, choice]) : [[node, at, null]]));
  return [
    make('p', { class: 'ls-edit-label' }, view.word('picture')),
    make('p', { class: 'ls-help' }, view.word('picture_help')),
    make('div', { class: 'ls-scroll', tabindex: '0', role: 'group', 'aria-label': view.word('picture') },
      drawGraph(nodes.map((node) => ({ id: node.id, text: node.text || node.id, kind: kindOf(node) })), edges, view.id('graph'))),
    make('details', {}, make('summary', {}, view.word('as_table')), make('div', { class: 'ls-scroll', tabindex: '0', role: 'group', 'aria-label': view.word('as_table') }, make('table', { class: 'ls-graph-table' },
      make('thead', {}, make('tr', {}, ...['col_place', 'col_choice', 'col_to'].map((head) => make('th', { scope: 'col' }, view.word(head))))),
      make('tbody', {}, ...rows.map(([node, at, choice]) => make('tr', {},
        make('th', { scope: 'row' }, make('button', { type: 'button', class: 'ls-link', onclick: () => view.focus(`nodes[${at}].text`) }, node.text || node.id),
          lost.has(node.id) ? ` (${view.word('lost')})` : ''),
        make('td', {}, choice?.text ?? view.word('an_end')), make('td', {}, choice ? name(choice.to) ?? '' : ''))))))),
  ];
}
