/* A rubric as its author edits it. Pure: every function returns another exercise. */

export const KINDS = ['pdf', 'docx', 'odt', 'txt', 'jpeg', 'png', 'webp', 'gif', 'csv', 'xlsx', 'xml', 'mrc', 'json'];

export const complete = (value) => ({ ...value, criteria: Array.isArray(value?.criteria) ? value.criteria : [] });

/* An id that no criterion has; ids stay the same for ever, since marks name them. */
export function freeId(criteria) {
  const taken = new Set(criteria.map(({ id }) => id));
  let number = criteria.length + 1;
  while (taken.has(`c${number}`)) number += 1;
  return `c${number}`;
}

export const addCriterion = (exercise) => ({
  ...exercise, criteria: [...exercise.criteria, { id: freeId(exercise.criteria), name: '', points: 4, levels: [] }],
});

export const setCriterion = (exercise, at, change) => ({
  ...exercise, criteria: exercise.criteria.map((criterion, number) => (number === at ? { ...criterion, ...change } : criterion)),
});

export const removeCriterion = (exercise, at) => ({ ...exercise, criteria: exercise.criteria.filter((_, number) => number !== at) });

export function moveCriterion(exercise, at, by) {
  const criteria = [...exercise.criteria];
  const [moved] = criteria.splice(at, 1);
  criteria.splice(at + by, 0, moved);
  return { ...exercise, criteria };
}

export const setLevels = (exercise, at, change) => setCriterion(exercise, at, { levels: change(exercise.criteria[at].levels ?? []) });

/* "1–3", "1-3" or "2" as points of a level; what is neither stays the text it is, for the check to name. */
export function readRange(text) {
  const parts = text.split(/\s*[–-]\s*/).map((part) => part.trim().replace(',', '.'));
  if (parts.length > 2 || !parts.every((part) => /^\d+(\.\d+)?$/.test(part))) return text;
  return parts.length === 2 ? parts.map(Number) : Number(parts[0]);
}

export const writeRange = (points) => (Array.isArray(points) ? points.join('–') : String(points ?? ''));

export const readWhole = (text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : text.trim() ? text : undefined);

/* What is asked for, as the form shows it, and back. */
export function formOf({ accepts = {} }) {
  const files = accepts.files ?? null;
  return {
    text: accepts.text !== false && (accepts.text !== undefined || !files),
    least_words: accepts.text?.least_words, most_words: accepts.text?.most_words,
    files: Boolean(files), least: files?.least, most: files?.most, megabytes: files?.megabytes, kinds: files?.kinds ?? ['pdf', 'docx', 'odt', 'txt'],
  };
}

export function acceptsOf(form) {
  const given = (names) => Object.fromEntries(names.filter((name) => form[name] !== undefined).map((name) => [name, form[name]]));
  const words = given(['least_words', 'most_words']);
  const text = form.text ? (Object.keys(words).length ? words : true) : false;
  return form.files ? { text, files: { ...given(['least', 'most', 'megabytes']), kinds: form.kinds } } : { text };
}
