/* Answers of a case: {path: [choice]} or {tests, readings, decision}. Pure. */

export const isWorkup = (task) => Array.isArray(task?.tests);

const texts = (list) => (Array.isArray(list) ? list.filter((part) => typeof part === 'string') : []);

/* An answer as the page needs it, whatever the host kept. */
export function completeAnswer(answer, task) {
  if (!isWorkup(task)) return { path: texts(answer?.path) };
  const { readings, decision } = answer || {};
  return {
    tests: texts(answer?.tests),
    readings: typeof readings === 'object' && readings !== null && !Array.isArray(readings) ? readings : {},
    decision: typeof decision === 'string' ? decision : '',
  };
}

/* A number as people write it, with a comma or a point; what is none stays the text it is. */
export function readNumber(text) {
  if (typeof text !== 'string') return text;
  const trimmed = text.trim().replace(',', '.').replace('−', '-');
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : text.trim();
}

/* As it is handed in: of tests those readings that were written, numbers as numbers. */
export function toSubmit(answer, task) {
  if (!isWorkup(task)) return answer;
  const numeric = new Set(task.tests.filter(({ reads }) => reads && !reads.length).map(({ id }) => id));
  const readings = Object.entries(answer.readings).filter(([, text]) => String(text).trim())
    .map(([id, text]) => [id, numeric.has(id) ? readNumber(text) : text]);
  return { tests: answer.tests, readings: Object.fromEntries(readings), decision: answer.decision };
}

/* How a variable changed with the last step of a log; null before the first or if it stayed. */
export function changeOf({ id, value, start }, log) {
  if (!log.length) return null;
  const before = log.length > 1 ? log[log.length - 2].values[id] : start ?? 0;
  return value === before ? null : value - before;
}

export const costOf = (task, made) => task.tests.filter(({ id }) => made.includes(id)).reduce((sum, { cost }) => sum + cost, 0);
