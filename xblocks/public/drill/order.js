/* Elements to be put in order, with the marks between them. */

import { moved } from '../exercise/order.js';
import { make } from '../exercise/page.js';
import { button, keepBlanksSeen, line, readBlanks, showBlanks } from './inputs.js';

const asks = (item, what) => item.ask.includes(what);
const textOf = (item, id) => item.elements.find((element) => element.id === id)?.text;

/* The ids of the elements that stand in the statement, in order. */
export const placedOf = (item, value) => (asks(item, 'order')
  ? (value?.order || []).filter((id) => textOf(item, id) !== undefined)
  : item.elements.map(({ id }) => id));

/* The statement as it reads: each element after its mark, or after a gap where there is none yet. */
export function statement(item, value) {
  const mark = (id) => (asks(item, 'marks') ? value?.marks?.[id] || ' … ' : ' | ');
  return placedOf(item, value).map((id, at) => (at ? mark(id) : '') + textOf(item, id)).join('');
}

export function draw(item, value, view) {
  const placed = placedOf(item, value);
  const acts = view.readOnly || !asks(item, 'order') ? null : new Acts(item, placed, view);
  return [
    make('ol', { class: 'ls-order', 'data-place': 'order', 'aria-label': view.word('your_statement') },
      ...placed.map((id, at) => drawElement(item, id, at, value, view, acts))),
    placed.length ? null : make('p', { class: 'ls-help' }, view.word('nothing_placed')),
    acts && drawWaiting(item, placed, view, acts),
    placed.length > 1 ? drawStatement(item, value, view) : null,
  ];
}

/* What can be done with the elements of a statement. */
class Acts {
  constructor(item, placed, view) { Object.assign(this, { item, placed, view }); }

  change(order, options) { this.view.set({ ...this.view.value, order }, options); }

  add(id, focus) {
    this.change([...this.placed, id], { focus, say: this.view.word('placed', { number: this.placed.length + 1 }) });
  }

  takeOut(id) {
    const say = this.view.word('taken_out', { text: textOf(this.item, id) });
    this.change(this.placed.filter((other) => other !== id), { focus: `add.${id}`, say });
  }

  move(id, by, from) {
    const order = moved(this.placed, id, by);
    if (order === this.placed) return;
    const number = order.indexOf(id) + 1;
    const focus = number === 1 && from.startsWith('marks.') ? `up.${id}` : from; // the first has no mark
    this.change(order, { focus, say: this.view.word('moved', { number, count: order.length }) });
  }

  press(id, event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !(by || event.key === 'Delete')) return;
    event.preventDefault();
    if (by) this.move(id, by, event.target.dataset.spot || event.target.dataset.place);
    else this.takeOut(id);
  }
}

function drawElement(item, id, at, value, view, acts) {
  const text = textOf(item, id);
  return make('li', { class: 'ls-element', 'data-place': `order.${id}`, onkeydown: (event) => acts?.press(id, event) },
    asks(item, 'marks') && at ? drawMark(item, id, text, value, view) : null,
    make('span', { class: 'ls-element-text', lang: item.lang }, text),
    acts && make('span', { class: 'ls-buttons' },
      button(view, `up.${id}`, view.word('up', { text }), () => acts.move(id, -1, `up.${id}`), '↑'),
      button(view, `down.${id}`, view.word('down', { text }), () => acts.move(id, 1, `down.${id}`), '↓'),
      button(view, `out.${id}`, view.word('take_out', { text }), () => acts.takeOut(id), '✕')));
}

const drawMark = (item, id, text, value, view) => line(view, `marks.${id}`, {
  value: showBlanks(value?.marks?.[id] || ''), maxlength: 8, size: 5, class: 'ls-mono ls-mark-input', list: view.id('palette'),
  'aria-label': view.word('mark_before', { text }),
}, (typed, input) => {
  keepBlanksSeen(input);
  view.set({ ...view.value, marks: { ...view.value?.marks, [id]: readBlanks(typed) } }, { cell: `marks.${id}` });
  view.find('statement').textContent = statement(item, view.value);
});

function drawWaiting(item, placed, view, acts) {
  const waiting = item.elements.filter(({ id }) => !placed.includes(id));
  if (!waiting.length) return null;
  const focusAfter = (at) => {
    const next = waiting[at + 1] || waiting[at - 1];
    return next ? `add.${next.id}` : `up.${waiting[at].id}`;
  };
  return make('div', { class: 'ls-waiting', role: 'group', 'aria-label': view.word('elements') },
    ...waiting.map(({ id, text }, at) =>
      button(view, `add.${id}`, view.word('place', { text }), () => acts.add(id, focusAfter(at)), text)));
}

const drawStatement = (item, value, view) => make('p', { class: 'ls-reads' },
  make('span', { class: 'ls-label' }, view.word('reads')), ' ',
  make('output', { class: 'ls-mono', 'data-part': 'statement', lang: item.lang }, statement(item, value)),
  make('datalist', { id: view.id('palette') }, ...(item.palette || []).map((mark) => make('option', { value: showBlanks(mark) }))));
