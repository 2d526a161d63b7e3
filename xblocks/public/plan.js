/* A plan: steps from a bank, chosen and put in order. */

import { make } from './exercise/page.js';
import { drawPrecedence } from './ordering/precedence.js';
import { Ordering } from './ordering/ordering.js';

class Plan extends Ordering {
  get entries() { return this.task.steps || []; }

  drawHead() {
    const { budget } = this.task;
    return typeof budget === 'number' ? [make('p', { class: 'ls-notice ls-budget' }, this.word('budget', { budget }))] : [];
  }

  drawAnswer(answer) {
    const { precedence } = this.state;
    return [...super.drawAnswer(answer), ...(precedence?.length ? drawPrecedence(precedence, answer.order, (id) => this.textOf(id), (name, values) => this.word(name, values)) : [])];
  }
}

export const start = (root, call) => new Plan(root.querySelector('.ls-task') || root, call);
