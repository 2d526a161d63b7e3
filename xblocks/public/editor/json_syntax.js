/* Where a text stops being JSON: browsers tell it differently or not at all. Pure. */

const TOKEN = /\s*(?:([[\]{},:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b))/y;

/* The tokens of a text, each {kind: a mark, "string" or "value", at}, and last where it ends ("end") or can be
   read no further ("?"). */
function readTokens(text) {
  const tokens = [];
  let read = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [whole, mark, string] = match;
    tokens.push({ kind: mark || (string ? 'string' : 'value'), at: match.index + whole.search(/\S/) });
    read = TOKEN.lastIndex;
  }
  const rest = text.slice(read).search(/\S/);
  return [...tokens, rest === -1 ? { kind: 'end', at: text.length } : { kind: '?', at: read + rest }];
}

/* What may follow, by what is open: a value, a name, a colon, a comma or the closing mark. */
export function findFault(text) {
  const tokens = readTokens(text);
  const open = [];
  let wanted = 'value';
  for (const { kind, at } of tokens) {
    const next = follow(kind, wanted, open);
    if (next === null) return at;
    wanted = next;
  }
  return null;
}

function follow(kind, wanted, open) {
  const closes = { ']': '[', '}': '{' }[kind];
  if (closes && open[open.length - 1] === closes && /first|after/.test(wanted)) {
    open.pop();
    return open.length ? 'after' : 'end';
  }
  if (/value|first item/.test(wanted)) return begin(kind, open);
  if (/name/.test(wanted)) return kind === 'string' ? 'colon' : null;
  if (wanted === 'colon') return kind === ':' ? 'value' : null;
  if (wanted === 'after') return kind === ',' ? { '[': 'value', '{': 'name' }[open[open.length - 1]] : null;
  return kind === 'end' ? 'end' : null;
}

function begin(kind, open) {
  if (kind === '[' || kind === '{') {
    open.push(kind);
    return kind === '[' ? 'first item' : 'first name';
  }
  if (kind !== 'string' && kind !== 'value') return null;
  return open.length ? 'after' : 'end';
}

/* The line and column of a place, from 1. */
export function lineOf(text, at) {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: before[before.length - 1].length + 1 };
}
