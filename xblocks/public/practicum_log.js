/* A trainee's hours inside a unit: a quick entry, and figures that the server draws anew. */

const CLOCK = /^(\d{1,2}):(\d{2})$/;

/* The minutes from one clock time to another, into the next day if need be; null for what is no time. */
export const minutesBetween = (start, end) => {
  const [from, to] = [start, end].map((text) => CLOCK.exec(text)).map((found) => found && 60 * found[1] + Number(found[2]));
  if (from === null || to === null) return null;
  return to > from ? to - from : to - from + 24 * 60;
};

/* A break as typed: an empty one is none; null for what is no number of minutes. */
export const readBreak = (text) => {
  const trimmed = text.trim();
  return /^\d{0,4}$/.test(trimmed) ? Number(trimmed) : null;
};

export const fillWord = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

const makeId = () => crypto.randomUUID?.() ?? '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
  (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

class PracticeLog {
  constructor(root, call) {
    Object.assign(this, { root, call });
    this.form = this.find('form');
    this.entry = makeId(); // of the entry to come: the same until it is kept, so that a second try doubles nothing
    this.find('standing').addEventListener('click', ({ target }) => {
      const button = target.closest('[data-part="submit-drafts"]');
      if (button) this.submitDrafts(button);
    });
    if (this.form) this.listen();
    this.act('refresh', {}, '', true);
  }

  find(name) { return this.root.querySelector(`[data-part="${name}"]`); }

  word(name, values = {}) { return fillWord(this.root.querySelector(`[data-word="${name}"]`).textContent, values); }

  say(text) { this.find('said').textContent = text; }

  listen() {
    this.form.addEventListener('input', () => this.showNet());
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.log(event.submitter?.value !== 'no');
    });
    this.showNet();
  }

  showNet() {
    const { start, end, break_minutes: pause } = this.form.elements;
    const length = minutesBetween(start.value, end.value);
    const rest = readBreak(pause.value);
    const net = length === null || rest === null ? null : length - rest;
    this.find('net').textContent = net === null ? '' : net > 0
      ? this.word('net', { hours: Math.floor(net / 60), minutes: net % 60 }) : this.word('no_net');
  }

  refuse(message) {
    const place = this.find('error');
    if (!place) { this.say(message); return; }
    place.textContent = message;
    place.hidden = !message;
    if (message) place.focus();
  }

  async log(submit) {
    const { placement, day, start, end, category, text, break_minutes: pause } = this.form.elements;
    const rest = readBreak(pause.value);
    if (rest === null) { this.refuse(this.word('break')); return; }
    const sent = {
      entry: this.entry, placement: placement.value, day: day.value, start: start.value, end: end.value,
      break_minutes: rest, category: category.value, text: text.value, submit,
    };
    if (!(await this.act('log', sent, this.word(submit ? 'submitted' : 'logged')))) return;
    this.entry = makeId();
    text.value = '';
  }

  submitDrafts(button) {
    return this.act('submit_drafts', { entries: button.dataset.entries.split(' ') }, this.word('submitted'));
  }

  /* Ask the block, show what it answers; whether it was done. */
  async act(handler, data, done, isQuiet = false) {
    if (this.isBusy) return false;
    this.isBusy = true;
    if (!isQuiet) { this.refuse(''); this.say(this.word('sending')); }
    try {
      const { html, said = [] } = await this.call(handler, data);
      this.find('standing').innerHTML = html; // of the block's own template, escaped
      if (!isQuiet) this.say([done, ...said].join(' '));
      return true;
    } catch (error) {
      if (!isQuiet) {
        this.say('');
        this.refuse(error.status ? error.message : this.word('offline'));
      }
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}

export const start = (root, call) => {
  const log = root.matches('.ls-practice') ? root : root.querySelector('.ls-practice');
  if (log.querySelector('[data-part="standing"]')) new PracticeLog(log, call);
};
