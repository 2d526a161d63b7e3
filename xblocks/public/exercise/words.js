/* The words of a page, which its template brings translated, and how its reader writes. */

export const readWords = (root) => Object.fromEntries(
  [...root.querySelectorAll('[data-word]')].map((word) => [word.dataset.word, word.textContent.trim()]));

export const fillWords = (template, values) =>
  template.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));

/* The page's language as the reader's own country writes it; undefined: whatever the browser has. */
export const readersLocale = (language) =>
  navigator.languages.find((locale) => locale.split('-')[0] === language?.split('-')[0]) || language || undefined;
