/* What typing into a subfield means. Pure.

   "$b" (or "‡b") begins subfield b at the caret; "$$" writes a dollar sign. */

const DELIMITERS = ['$', '‡'];

/* `typed` is the one character just written before `caret` in `value` ("" for anything else), and
   `delimiter` the place of a delimiter written just before that, or null. Returns {value, caret,
   delimiter} and, where a subfield begins, {before, code, after}. */
export function readTyping(value, caret, typed, delimiter) {
  const follows = delimiter !== null && delimiter === caret - 2;
  if (follows && /^[a-z0-9]$/i.test(typed)) {
    return { before: value.slice(0, caret - 2).trimEnd(), code: typed.toLowerCase(), after: value.slice(caret).trimStart() };
  }
  if (follows && DELIMITERS.includes(typed)) {
    return { value: value.slice(0, caret - 1) + value.slice(caret), caret: caret - 1, delimiter: null };
  }
  return { value, caret, delimiter: DELIMITERS.includes(typed) ? caret - 1 : null };
}
