/* The dialog that takes an exercise from text or a file, and the button that writes one. */

import { make } from '../exercise/page.js';
import { exportText, fileName, readImport } from './transfer.js';

const MOST_BYTES = 2 ** 20;

export class Transfer {
  /* `read()` gives the form's values, `take(values)` gets those that were imported; `ask(name)` resolves to
     whether the author agrees. */
  constructor({ find, word, blockType, fields, read, take, isChanged, ask }) {
    Object.assign(this, { find, word, blockType, fields, read, take, isChanged, ask });
    find('open-import').addEventListener('click', () => this.open());
    find('import-close').addEventListener('click', () => find('import').close());
    find('import-take').addEventListener('click', () => this.accept(find('import-text').value));
    find('import-file').addEventListener('change', ({ target }) => target.files[0] && this.readFile(target.files[0]));
    find('export').addEventListener('click', () => this.export());
  }

  open() {
    this.refuse([]);
    this.find('import-file').value = '';
    this.find('import').showModal();
    this.find('import-text').focus();
  }

  refuse(problems) {
    const error = this.find('import-error');
    error.replaceChildren(...problems.map((problem) => make('p', {}, this.describe(problem))));
    error.hidden = !problems.length;
  }

  describe({ name, type, choices, ...values }) {
    return this.word(name, { ...values, expected: type ? this.word(`type_${type}`, { choices }) : values.expected });
  }

  async readFile(file) {
    if (file.size > MOST_BYTES) this.refuse([{ name: 'file_too_large' }]);
    else {
      this.find('import-text').value = await file.text();
      await this.accept(this.find('import-text').value);
    }
  }

  async accept(text) {
    const { values, problems } = readImport(text, this.blockType, this.fields);
    this.refuse(problems || []);
    if (problems || (this.isChanged() && !(await this.ask('replace_typed')))) return;
    this.find('import').close();
    this.find('import-text').value = '';
    this.take(values);
  }

  export() {
    const values = this.read();
    const url = URL.createObjectURL(new Blob([exportText(this.blockType, values)], { type: 'application/json' }));
    make('a', { href: url, download: fileName(String(values.display_name ?? '')) }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}
