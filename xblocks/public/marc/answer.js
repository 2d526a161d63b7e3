/* How an answer would score: its whole mark, as its author may see it. */

import { drawResult } from '../exercise/result.js';
import { make } from '../exercise/page.js';
import { recordText, showPlace } from './record.js';

const MOST_BYTES = 2 ** 20;

export class AnswerScore {
  /* `values()` are the form's, `model()` the record of the key in hand. */
  constructor({ root, call, word, language, values, model }) {
    Object.assign(this, { root, call, word, language, values, model });
    this.find('answer-key').addEventListener('click', () => { this.find('answer-text').value = recordText(this.model()); });
    this.find('score-answer').addEventListener('click', () => this.score({ text: this.find('answer-text').value }));
    this.find('answer-file').addEventListener('change', ({ target }) => target.files[0] && this.readFile(target.files[0]));
  }

  find(name) { return this.root.querySelector(`[data-part="${name}"]`); }

  refuse(message) {
    this.find('answer-error').textContent = message;
    this.find('answer-error').hidden = !message;
  }

  async readFile(file) {
    if (file.size > MOST_BYTES) {
      this.refuse(this.word('too_large'));
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    await this.score({ base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')), name: file.name });
  }

  async score(source) {
    this.refuse('');
    if (source.text !== undefined && !source.text.trim()) {
      this.refuse(this.word('no_answer'));
      return;
    }
    try {
      const values = this.values();
      const { fields } = await this.call('call_previewed', { values: { profile: values.profile }, handler: 'read_record', data: source });
      if (source.base64) this.find('answer-text').value = recordText(fields);
      const { result } = await this.call('score_answer', { values, fields });
      this.show(result);
    } catch (error) {
      this.find('answer-result').hidden = true;
      this.refuse(error.message || this.word('failed'));
    }
  }

  show(result) {
    const panel = this.find('answer-result');
    panel.replaceChildren(...drawResult({ result, answer: this.model() }, {
      word: this.word, language: this.language, nameOf: showPlace, canJump: () => false, jump: () => {},
      drawAnswer: (answer) => [make('pre', { tabindex: 0 }, recordText(answer))],
    }));
    panel.hidden = false;
    panel.focus();
  }
}
