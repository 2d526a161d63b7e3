/* What the editor of a key knows of each format, asked for once. */

const NOTHING = { labels: {}, fixed_subfields: [], usual: {} };

export class Formats {
  constructor(call) {
    this.call = call;
    this.known = new Map();
    this.asked = new Map();
  }

  has(profile) { return this.known.has(profile); }

  /* What is known by now; `learn` brings the rest. */
  of(profile) { return this.known.get(profile) || NOTHING; }

  /* Resolves once a format is known, or can be done without. */
  learn(profile) {
    if (!this.asked.has(profile)) {
      this.asked.set(profile, this.call('describe_format', { profile }).then(
        (format) => { this.known.set(profile, format); }, () => { this.asked.delete(profile); }));
    }
    return this.asked.get(profile);
  }
}
