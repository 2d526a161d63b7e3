/* A draft that saves itself: soon after the last change, again when the network is back, and asking
   when another tab has saved a different one. */

const SAVE_AFTER = 1200; // milliseconds without a change
const RETRY_AFTER = 5000;

export class Draft {
  /* `read` gives the record as it is now; `say(name, values)` shows how saving goes; `onConflict`
     gets the other record when a newer draft exists. */
  constructor({ call, revision, read, say, onConflict }) {
    Object.assign(this, { call, revision, read, say, onConflict });
    this.timer = null;
    this.sending = Promise.resolve();
    window.addEventListener('online', () => { if (this.timer) this.save(); });
    window.addEventListener('pagehide', () => { if (this.timer) this.save({ keepalive: true }); });
  }

  saveSoon(delay = SAVE_AFTER) {
    this.say('unsaved');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  save(options) {
    clearTimeout(this.timer);
    this.timer = null;
    this.sending = this.sending.then(() => this.send(options));
    return this.sending;
  }

  async send(options) {
    const sent = this.read();
    try {
      const answer = await this.call('save_draft', { fields: sent, revision: this.revision }, options);
      this.revision = answer.revision;
      this.say('saved', { time: answer.saved_at });
    } catch (error) {
      if (error.status === 409) {
        this.revision = error.data.revision;
        this.onConflict(error.data.fields);
      } else if (error.status === 0 || error.status >= 500) {
        this.saveSoon(RETRY_AFTER);
        this.say('offline');
      } else this.say('failed', { message: error.message });
    }
  }
}
