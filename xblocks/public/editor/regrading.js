/* What a changed key means for answers that are graded already, and having them graded again. */

import { formatPoints } from '../exercise/result.js';

export class Regrading {
  /* `values()` are the form's; `later`: the host offers it at publishing. */
  constructor({ find, word, call, values, language, later }) {
    Object.assign(this, { find, word, call, values, language, later });
    find('graded-ask').addEventListener('click', () => this.tell('graded-changes'));
    find('regrade').addEventListener('cancel', (event) => event.preventDefault()); // it is one or the other
  }

  /* Before saving: how many answers the form's key does not speak for. */
  show(count) {
    if (!count || count !== this.count) this.find('graded-changes').textContent = '';
    this.count = count;
    this.find('graded').hidden = !count;
    this.find('graded-count').textContent = this.word(this.later ? 'graded_later' : 'graded', { count });
  }

  async tell(name) {
    try {
      this.find(name).textContent = this.describe(await this.call('preview_regrade', { values: this.values() }));
    } catch (error) {
      this.find(name).textContent = error.message || this.word('regrade_unknown');
    }
  }

  describe(found) {
    const largest = `${found.largest > 0 ? '+' : ''}${formatPoints(found.largest, this.language)}`.replace('-', '−');
    const changes = this.word('regrade_changes', { ...found, largest });
    return found.refused ? `${changes} ${this.word('regrade_refused', found)}` : changes;
  }

  /* After saving; resolves once the author has chosen. */
  async offer(count) {
    if (!count || this.later) return;
    this.find('regrade-count').textContent = this.word('graded_saved', { count });
    this.find('regrade-changes').textContent = '';
    this.refuse('');
    this.find('regrade').showModal();
    this.tell('regrade-changes');
    await new Promise((resolve) => {
      this.find('regrade-never').onclick = resolve;
      this.find('regrade-now').onclick = () => this.begin().then((begun) => begun && resolve());
    });
    this.find('regrade').close();
  }

  async begin() {
    try {
      await this.call('regrade_answers', {});
      return true;
    } catch (error) {
      this.refuse(error.message || this.word('regrade_failed'));
      return false;
    }
  }

  refuse(message) {
    this.find('regrade-error').textContent = message;
    this.find('regrade-error').hidden = !message;
  }
}
