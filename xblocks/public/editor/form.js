/* The fields of the form: what is typed in them, and what is wrong with it. */

import { make } from '../exercise/page.js';
import { drawTools } from './html_tools.js';

/* A field with an input of its own: a line, a text, a number, a choice, a tick. */
class PlainField {
  constructor(element, { kind, choices, value, label }, word) {
    Object.assign(this, { element, kind, choices });
    this.given = typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : value; // as a text area has it
    this.input = element.querySelector('[data-input]');
    if (kind === 'html') this.input.before(drawTools(this.input, label, word));
    this.input.addEventListener('input', () => element.dispatchEvent(new CustomEvent('edited', { bubbles: true })));
  }

  read() {
    if (this.kind === 'boolean') return this.input.checked;
    if (this.kind === 'choice') return this.choices[this.input.selectedIndex] ?? null;
    return this.kind === 'number' ? readNumber(this.input.value) : this.input.value;
  }

  write(value) {
    if (this.kind === 'boolean') this.input.checked = value;
    else if (this.kind === 'choice') this.input.selectedIndex = this.choices.findIndex((choice) => choice === value);
    else this.input.value = value ?? '';
  }

  show(findings) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const error = this.element.querySelector('[data-error]');
    error.textContent = errors.map(({ message }) => message).join(' ');
    error.hidden = !errors.length;
    if (errors.length) this.input.setAttribute('aria-invalid', 'true');
    else this.input.removeAttribute('aria-invalid');
  }

  focus() { this.input.focus(); }
}

/* A number as people write it, with a decimal comma or point; what is none stays the text it is, for the
   check to name; nothing is null. */
export function readNumber(text) {
  const trimmed = text.trim();
  if (!trimmed) return null;
  return /^-?\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : text;
}

/* A value shown as JSON, for fields that have no other editor. */
export class JsonField {
  constructor(container, { value, label, changed, word }) {
    this.word = word;
    this.value = value;
    this.area = make('textarea', {
      class: 'ls-mono ls-json', rows: 12, spellcheck: 'false', 'aria-label': word('json_label', { label }), oninput: changed,
    });
    this.error = make('p', { class: 'ls-error', hidden: true });
    container.replaceChildren(this.area, this.error);
    this.write(value);
  }

  /* What cannot be read is sent as the text it is, and refused with its place. */
  read() {
    try {
      return JSON.parse(this.area.value);
    } catch {
      return this.area.value;
    }
  }

  write(value) { this.area.value = JSON.stringify(value, null, 2); }

  show(findings) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    this.error.textContent = errors.map(({ where, message }) => (where ? `${where}: ${message}` : message)).join(' ');
    this.error.hidden = !errors.length;
    if (errors.length) this.area.setAttribute('aria-invalid', 'true');
    else this.area.removeAttribute('aria-invalid');
  }

  focus() { this.area.focus(); }
}

export class Form {
  /* `state` is the page's: `state.fields` describes each field ({kind, label, value, choices}). `own` makes the
     editors of fields that the block edits in its own way, by name. `changed()` is called with every change. */
  constructor({ root, state, own, call, word, say, changed }) {
    const { fields } = state;
    this.fields = {};
    root.addEventListener('edited', () => {
      for (const field of Object.values(this.fields)) field.heed?.();
      changed();
    });
    for (const element of root.querySelectorAll('[data-field-name]')) {
      const name = element.dataset.fieldName;
      const container = element.querySelector('[data-own]');
      const tools = { ...fields[name], call, word, say, changed, values: () => this.read(), form: this };
      if (!container) this.fields[name] = new PlainField(element, fields[name], word);
      else this.fields[name] = own[name] ? own[name](container, tools, state) : new JsonField(container, tools);
    }
  }

  read() {
    return Object.fromEntries(Object.entries(this.fields).map(([name, field]) => [name, field.read()]));
  }

  /* What was saved when the page was made: somebody may have typed before the script was there. */
  get given() {
    return Object.fromEntries(Object.entries(this.fields).map(([name, field]) => [name, 'given' in field ? field.given : field.read()]));
  }

  write(values) {
    for (const [name, value] of Object.entries(values)) this.fields[name]?.write(value);
  }

  /* Marks the places of findings, each field its own. */
  show(findings) {
    for (const [name, field] of Object.entries(this.fields)) {
      field.show(findings.filter((finding) => finding.field === name));
    }
  }

  focus(name, where = '') { this.fields[name]?.focus(where); }
}
