/* Buttons over a text of HTML, for authors who do not write tags by hand. */

import { make } from '../exercise/page.js';

const wrapWith = (before, after) => (chosen) => ({ text: before + chosen + after, caret: before.length + chosen.length });

/* A list has an item for each line that is chosen. */
function listOf(chosen) {
  const items = chosen.split('\n').map((line) => line.trim()).filter(Boolean);
  const text = (items.length ? items : ['']).map((item) => `<li>${item}</li>`).join('\n');
  return { text: `<ul>\n${text}\n</ul>`, caret: items.length ? `<ul>\n${text}\n</ul>`.length : '<ul>\n<li>'.length };
}

/* What each button makes of the chosen text: the text in its place, and where in that to write on. Pure. */
export const TOOLS = {
  paragraph: wrapWith('<p>', '</p>'),
  heading: wrapWith('<h3>', '</h3>'),
  emphasis: wrapWith('<em>', '</em>'),
  strong: wrapWith('<strong>', '</strong>'),
  code: wrapWith('<code>', '</code>'),
  list: listOf,
  language: (chosen) => ({ text: `<span lang="">${chosen}</span>`, caret: '<span lang="'.length }),
  picture: (chosen) => ({ text: `<img src="/static/${chosen}" alt="">`, caret: `<img src="/static/${chosen}`.length }),
};

function use(area, tool) {
  const { selectionStart: from, selectionEnd: to } = area;
  const { text, caret } = tool(area.value.slice(from, to));
  area.focus();
  // As if it had been typed, so that the browser can undo it; where that is gone, put in place.
  if (!document.execCommand?.('insertText', false, text)) {
    area.setRangeText(text, from, to);
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  area.setSelectionRange(from + caret, from + caret);
}

export const drawTools = (area, label, word) => make('p', { class: 'ls-html-tools', role: 'group', 'aria-label': word('html_tools', { label }) },
  ...Object.entries(TOOLS).map(([name, tool]) => make('button', { type: 'button', class: 'ls-tool', onclick: () => use(area, tool) }, word(`html_${name}`))));
