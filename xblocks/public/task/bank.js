/* The comment bank beside a comment: insert what was kept, keep what was written. */

import { make } from '../exercise/page.js';

export function drawBank({ desk, insert, written }) {
  const { word } = desk;
  const list = make('ul', { class: 'ls-bank-list' });
  const shared = make('input', { type: 'checkbox' });
  const draw = () => list.replaceChildren(...(desk.bank.length ? desk.bank.map(drawRow) : [make('li', { class: 'ls-help' }, word('bank_empty'))]));

  function drawRow(row) {
    return make('li', {},
      make('span', { class: 'ls-bank-text' }, row.text, row.is_shared ? make('span', { class: 'ls-label' }, ` (${word('bank_shared')})`) : ''),
      make('button', { type: 'button', class: 'ls-link', 'aria-label': `${word('bank_use')}: ${row.text.slice(0, 60)}`, onclick: () => {
        desk.call('staff_bank', { use: row.id }).catch(() => {}); // only counts how often it is said
        insert(row.text);
      } }, word('bank_use')),
      row.is_own ? make('button', { type: 'button', class: 'ls-link', 'aria-label': `${word('bank_delete')}: ${row.text.slice(0, 60)}`, onclick: async () => {
        if ((await desk.page.confirm(word('bank_sure'))) && (await desk.setBank({ delete: row.id }))) draw();
      } }, word('bank_delete')) : '');
  }

  async function keep() {
    if (await desk.setBank({ add: written(), is_shared: shared.checked })) {
      draw();
      desk.page.say(word('bank_kept'));
    }
  }

  draw();
  return make('details', { class: 'ls-bank' }, make('summary', {}, word('bank')), list,
    make('p', { class: 'ls-toolbar' },
      make('button', { type: 'button', class: 'ls-button', onclick: keep }, word('bank_keep')),
      make('label', { class: 'ls-tick' }, shared, ' ', make('span', {}, word('bank_share')))));
}
