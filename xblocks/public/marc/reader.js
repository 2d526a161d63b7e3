/* The dialog that takes a record from text or a file. */

const MOST_BYTES = 2 ** 20; // as the block allows

export class Reader {
  /* `find` gives a part of the page; `take(fields, warnings)` gets the record that was read. */
  constructor({ find, call, word, take }) {
    Object.assign(this, { find, call, word, take });
    find('open-reader').addEventListener('click', () => this.open());
    find('close-reader').addEventListener('click', () => find('reader').close());
    find('read-text').addEventListener('click', () => this.read({ text: find('text').value }));
    find('file').addEventListener('change', ({ target }) => target.files[0] && this.readFile(target.files[0]));
  }

  open() {
    this.refuse('');
    this.find('file').value = '';
    this.find('reader').showModal();
    this.find('text').focus();
  }

  refuse(message) {
    this.find('read-error').textContent = message;
    this.find('read-error').hidden = !message;
  }

  async read(payload) {
    this.refuse('');
    try {
      const { fields, warnings } = await this.call('read_record', payload);
      this.find('reader').close();
      this.take(fields, warnings);
    } catch (error) {
      this.refuse(error.message || this.word('failed'));
    }
  }

  async readFile(file) {
    if (file.size > MOST_BYTES) {
      this.refuse(this.word('too_large'));
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    await this.read({ base64: btoa(binary), name: file.name });
  }
}
