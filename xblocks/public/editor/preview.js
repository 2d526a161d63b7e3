/* The exercise as a trainee sees it, drawn anew after every change, and tried without keeping anything. */

export class Preview {
  /* `values()` are the form's; `call` a handler of the block's author; `module` the URL of the script of
     the trainee's page. */
  constructor({ body, refuse, call, values, module, word }) {
    Object.assign(this, { body, refuse, call, values, module, word });
    this.begin();
  }

  begin() {
    this.draft = null; // what the would-be trainee wrote and has not handed in
    this.tries = 0;
    this.html = null;
  }

  async restart() {
    this.begin();
    await this.draw();
  }

  /* Only the latest of several drawings is shown, and only if the page is another than before: what was
     tried stays until then, and what was written stays in any case. */
  async draw() {
    const turn = this.turn = {};
    try {
      const { html } = await this.ask(null);
      if (turn !== this.turn || html === this.html) return;
      const written = this.draft === null ? html : (await this.ask(this.draft)).html;
      if (turn !== this.turn) return;
      this.html = html;
      this.refuse('');
      this.body.innerHTML = written;
      (await import(this.module)).start(this.body, (handler, data) => this.answer(handler, data));
    } catch (error) {
      if (turn === this.turn) this.refuse(error.message || this.word('preview_failed'));
    }
  }

  ask(draft) { return this.call('preview_edits', { values: this.values(), draft }); }

  /* What the trainee's page asks of the block. */
  answer(handler, data) {
    const acts = {
      save_draft: () => this.keep(data),
      reset_draft: () => this.reset(),
      submit: () => this.hand(data),
    };
    return acts[handler] ? acts[handler]() : this.callPreviewed(handler, data);
  }

  /* A handler that answers with an unsent answer would have kept it. */
  async callPreviewed(handler, data) {
    const answer = await this.call('call_previewed', { values: this.values(), handler, data });
    if (answer.fields) this.draft = answer.fields;
    return answer;
  }

  async keep({ fields, revision }) {
    this.draft = fields;
    return { fields, revision: revision + 1, saved_at: new Date().toISOString() };
  }

  async reset() {
    const { html } = await this.ask(null);
    this.draft = null;
    return { fields: readState(html).fields, revision: 0 };
  }

  async hand({ fields }) {
    const state = await this.call('try_answer', { values: this.values(), fields, tries: this.tries });
    this.tries += 1;
    this.draft = fields;
    return state;
  }
}

const readState = (html) =>
  JSON.parse(new DOMParser().parseFromString(html, 'text/html').querySelector('.libschool-state').textContent);
