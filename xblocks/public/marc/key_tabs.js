/* The keys of an exercise as tabs, with what can be done with them. */

import { make } from '../exercise/page.js';
import { emptyKey } from './key.js';

/* `editor` is the KeyEditor. */
export function drawTabs(editor, most) {
  const { keys, current } = editor.model;
  const { word } = editor;
  const act = (name, does, disabled = false) => make('button', { type: 'button', class: 'ls-button', disabled, onclick: does }, word(name));
  return [
    make('div', { class: 'ls-tabs', role: 'tablist', 'aria-label': word('keys'), hidden: keys.length < 2, onkeydown: (event) => press(event, editor) },
      ...keys.map((_, at) => make('button', {
        type: 'button', role: 'tab', class: 'ls-tab', 'aria-selected': String(at === current), tabindex: at === current ? 0 : -1,
        onclick: () => turn(editor, at),
      }, word('key_number', { number: at + 1 }), drawCount(editor, at)))),
    make('p', { class: 'ls-toolbar' },
      act('add_key', () => editor.addKey(emptyKey(editor.profile)), keys.length >= most),
      act('duplicate_key', () => editor.addKey(structuredClone(editor.key)), keys.length >= most),
      ...(keys.length > 1 ? [act('delete_key', () => editor.deleteKey())] : [])),
  ];
}

/* How many errors and warnings a key has, beside its name. */
function drawCount(editor, at) {
  const count = (editor.placed || []).filter(({ key, severity }) => key === at && severity !== 'note').length;
  return count ? make('span', { class: 'ls-count' }, ` (${editor.word('key_findings', { count })})`) : null;
}

function turn(editor, at) {
  editor.choose(at);
  editor.find('top').querySelector('[aria-selected="true"]').focus();
}

function press(event, editor) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const { keys, current } = editor.model;
  if (!step) return;
  event.preventDefault();
  turn(editor, (current + step + keys.length) % keys.length);
}
