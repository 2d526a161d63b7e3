/* Who gets an access point, in which form, with which relator. */

import { make } from '../exercise/page.js';
import { labelled, line, select } from './inputs.js';

/* Whether a name so entered has a heading. */
export const hasHeading = (entry) => Boolean(entry) && entry !== 'none';

export const draw = (item, value, view) => item.names.map(({ id, text }) => {
  const now = value?.names?.[id] || {};
  const write = (part) => (typed) => {
    const names = view.value?.names;
    view.set({ ...view.value, names: { ...names, [id]: { ...names?.[id], [part]: typed } } }, { cell: `${id}.${part}` });
  };
  const rest = [
    item.ask.includes('heading') ? labelled(view.word('heading'), line(view, `names.${id}.heading`,
      { value: now.heading, lang: item.lang, maxlength: 300 }, write('heading'))) : null,
    item.ask.includes('relator') ? labelled(view.word('relator'), drawRelator(item, id, now.relator, view, write('relator'))) : null,
  ].filter(Boolean);
  const show = (entry) => rest.forEach((part) => { part.hidden = !hasHeading(entry); });
  show(now.entry);
  return make('fieldset', { class: 'ls-name-entry' },
    make('legend', { lang: item.lang }, text),
    labelled(view.word('entry'), select(view, `names.${id}.entry`, { value: now.entry, options: item.entries }, (entry) => {
      write('entry')(entry);
      show(entry); // not drawn anew: whoever types into the list goes on typing
    })),
    ...rest);
});

function drawRelator({ relators }, id, value, view, keep) {
  const place = `names.${id}.relator`;
  if (!relators?.length) return line(view, place, { value, maxlength: 40, class: 'ls-mono' }, keep);
  return select(view, place, { value, options: relators.map(({ code, label }) => ({ id: code, label: `${code} – ${label}` })) }, keep);
}
