/* The picture in words: what a colleague saw, to be judged sentence by sentence. */

import { make } from '../exercise/page.js';
import { activeChoices, classChoices, drawChoice, levelChoices } from './controls.js';
import { PLACES } from './shapes.js';

/* The mark on an observation, as its lists say; without a class there is none. */
export function judged(marks, number, part) {
  const at = marks.findIndex(({ observation }) => observation === number);
  const next = { ...(at < 0 ? { observation: number } : marks[at]), ...part };
  if (!next.cls) return marks.filter((_, other) => other !== at);
  return at < 0 ? [...marks, next] : marks.map((old, other) => (other === at ? next : old));
}

/* `view` brings observations, classes, levels, asksActive, codeOf(), word(), readOnly and judge(number, part). */
export function drawObservations(marks, view) {
  return [
    make('p', { class: 'ls-help' }, view.word('described_help')),
    make('ol', { class: 'ls-observations' }, ...view.observations.map((text, number) => drawObservation(text, number, marks, view))),
  ];
}

function drawObservation(text, number, marks, view) {
  const mark = marks.find(({ observation }) => observation === number) || {};
  const off = view.readOnly ? { disabled: true } : {};
  const choose = (name, choices, member, more = {}) => drawChoice(view.word(name), choices, mark[member], (value) => view.judge(number, { [member]: value }), { ...off, ...more });
  const [, ...classes] = classChoices(view.classes, view.codeOf, view.word);
  return make('li', { 'data-observation': number }, make('fieldset', { class: 'ls-observation' },
    make('legend', {}, text),
    choose('what_is_it', [[undefined, view.word('no_damage')], ...classes], 'cls'),
    ...(mark.cls ? [
      choose('severity', levelChoices(view.levels, view.word), 'sev'),
      choose('place', [[undefined, view.word('choose')], ...PLACES.map((place) => [place, view.word(`place_${place}`)])], 'place'),
      view.asksActive ? choose('activity', activeChoices(view.word), 'active') : null,
    ] : [])));
}
