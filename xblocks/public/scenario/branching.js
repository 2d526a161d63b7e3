/* A branching case: where its player is, what can be done, what happened. `view` brings word(name, values),
   number(value), choose(id), and canChoose. */

import { make } from '../exercise/page.js';
import { changeOf } from './answers.js';

export function drawPlace({ node, choices = [], is_end: isEnd }, view) {
  if (!node) return null;
  const detail = make('div', { class: 'ls-detail-text' });
  detail.innerHTML = node.detail || ''; // cleaned by the host
  return make('section', { class: 'ls-place', tabindex: '-1', 'data-spot': 'place', 'aria-label': view.word('here') },
    make('p', { class: 'ls-place-text' }, node.text),
    node.detail ? detail : null,
    isEnd ? make('p', { class: 'ls-notice' }, view.word('ended')) : null,
    !isEnd && !choices.length ? make('p', { class: 'ls-notice' }, view.word('stuck')) : null,
    choices.length ? make('ul', { class: 'ls-ways', 'aria-label': view.word('choices') }, ...choices.map(({ id, text }) => make('li', {}, make('button', {
      type: 'button', class: 'ls-button ls-way-button', 'data-spot': `way.${id}`, disabled: !view.canChoose, onclick: () => view.choose(id),
    }, text)))) : null);
}

export const signed = (change, view) => `${change > 0 ? '+' : '−'}${view.number(Math.abs(change))}`;

export function drawMeters(variables, log, view) {
  if (!variables?.length) return null;
  return make('dl', { class: 'ls-meters', 'aria-label': view.word('variables') }, ...variables.map((variable) => {
    const { text, value, min, max } = variable;
    const change = changeOf(variable, log);
    const hasBar = typeof min === 'number' && typeof max === 'number' && max > min;
    return make('div', { class: 'ls-meter' }, make('dt', {}, text),
      make('dd', {}, make('span', { class: 'ls-amount' }, view.number(value)),
        change === null ? null : make('span', { class: change > 0 ? 'ls-rise' : 'ls-fall' }, ` ${signed(change, view)}`),
        hasBar ? make('meter', { min, max, value, 'aria-hidden': 'true' }) : null));
  }));
}

/* What the last step changed, to be said aloud. */
export const sayChanges = (variables, log, view) => (variables || []).map((variable) => [variable, changeOf(variable, log)])
  .filter(([, change]) => change !== null).map(([{ text, value }, change]) => view.word('changed', { text, value: view.number(value), change: signed(change, view) }));

export function drawLog(log, variables, view) {
  const names = new Map((variables || []).map(({ id, text }) => [id, text]));
  return make('ol', { class: 'ls-history' }, ...log.map(({ choice, note, happened, values }) => make('li', {},
    make('strong', {}, choice),
    note ? make('p', {}, note) : null,
    ...happened.map((text) => make('p', { class: 'ls-happened' }, text)),
    Object.keys(values).length ? make('p', { class: 'ls-facts' }, ...Object.entries(values).map(([id, value]) => make('span', {}, `${names.get(id) ?? id}: ${view.number(value)}`))) : null)));
}

/* The way that was taken beside the best one. */
export function drawComparison(own, best, variables, view) {
  const end = (log, id) => (log.length ? view.number(log[log.length - 1].values[id]) : '');
  const shown = (variables || []).filter(({ id }) => best.length && id in best[best.length - 1].values);
  return make('section', { class: 'ls-log' }, make('h4', {}, view.word('compared')),
    shown.length ? make('div', { class: 'ls-scroll', tabindex: '0', role: 'group', 'aria-label': view.word('compared') }, make('table', {},
      make('thead', {}, make('tr', {}, ...['col_variable', 'col_yours', 'col_best'].map((name) => make('th', { scope: 'col' }, view.word(name))))),
      make('tbody', {}, ...shown.map(({ id, text }) => make('tr', {}, make('th', { scope: 'row' }, text), make('td', {}, end(own, id)), make('td', {}, end(best, id))))))) : null,
    make('h5', {}, view.word('best_path')), drawLog(best, variables, view));
}
