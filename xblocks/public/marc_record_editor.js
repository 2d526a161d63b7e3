/* The editor of a catalogue record's exercise: keys and starter are edited as records. */

import { startEditor } from './editor/editor.js';
import { AnswerScore } from './marc/answer.js';
import { Formats } from './marc/formats.js';
import { KeyField } from './marc/key_editor.js';
import { Starter } from './marc/starter.js';

export function start(root, call, host) {
  const template = root.querySelector('[data-template="record"]');
  const formats = new Formats(call);
  const editor = startEditor(root, call, host, {
    exercise: (container, tools, state) => new KeyField(container, template, tools, formats, state),
    starter: (container, tools) => new Starter(container, template, tools, formats),
  });
  new AnswerScore({ // eslint-disable-line no-new
    root: root.querySelector('[data-part="answer"]'), call, language: editor.language,
    word: (name, values) => editor.word(name, values), values: () => editor.form.read(), model: () => editor.form.fields.exercise.plain(),
  });
  return editor;
}
