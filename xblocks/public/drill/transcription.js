/* A title page transcribed, element by element, with the letters that a keyboard lacks. */

import { make } from '../exercise/page.js';
import { PLAIN_TEXT, labelled } from './inputs.js';

const LETTERS = {
  bg: 'ѣѫъь', bs: 'čćđšž', cs: 'áčďéěíňóřšťúůýž', cu: 'ѣѫѧѩѭѯѱѳѵъьіѡ', de: 'äöüßſ', fr: 'àâæçéèêëîïôœùûÿſ', hr: 'čćđšžſ',
  kk: 'әғқңөұүһі', la: 'æœſęā&', mk: 'ѓќљњџѕ', ru: 'ѣіѳѵъё', sl: 'čšžſ', sr: 'ђјљњћџѣ',
};

/* The letters to offer for a language: "ru-petr1708" -> those of "ru". */
export const lettersFor = (lang) => Array.from(LETTERS[(lang || '').split('-')[0].toLowerCase()] || '');

export function draw(item, value, view) {
  const letters = view.readOnly ? [] : lettersFor(item.lang);
  let last = null; // the field that a letter goes to
  const write = (id, text) => view.set({ ...view.value, elements: { ...view.value?.elements, [id]: text } }, { cell: `elements.${id}` });
  const areas = item.elements.map(({ id, text: label }) => labelled(label, make('textarea', {
    ...PLAIN_TEXT, rows: 2, value: value?.elements?.[id] || '', lang: item.lang, readonly: view.readOnly, class: 'ls-wide', 'data-place': `elements.${id}`,
    maxlength: 1000, onfocus: ({ target }) => { last = target; }, oninput: ({ target }) => write(id, target.value),
  })));
  const insert = (letter) => {
    const area = last || areas[0].querySelector('textarea');
    area.setRangeText(letter, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
    area.focus();
  };
  return [
    letters.length ? make('div', { class: 'ls-letters', role: 'group', 'aria-label': view.word('letters') },
      ...letters.map((letter) => make('button', {
        type: 'button', class: 'ls-button ls-small', lang: item.lang, 'aria-label': view.word('letter', { letter }), onclick: () => insert(letter),
      }, letter))) : null,
    ...areas,
  ];
}
