/* Decisions on items: {items: {ID: {choice, reasons, check}}}. Pure: every function returns a new answer. */

const asObject = (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { choice: value });

/* One decision as the page needs it, whatever the host kept; `choice` is undefined as long as nothing is decided. */
export function decisionOf(answer, id) {
  const given = answer?.items?.[id];
  const { choice, reasons, check } = given === undefined || given === null ? {} : asObject(given);
  return { choice: choice ?? undefined, reasons: Array.isArray(reasons) ? reasons : [], check: check === true };
}

/* Without what says nothing, so that an untouched item is no answer. */
const packed = ({ choice, reasons, check }) => ({
  ...(choice === undefined ? {} : { choice }), ...(reasons.length ? { reasons } : {}), ...(check ? { check } : {}),
});

export function withDecision(answer, id, change) {
  const decision = packed({ ...decisionOf(answer, id), ...change });
  const { [id]: old, ...others } = answer.items; // eslint-disable-line no-unused-vars
  return { items: Object.keys(decision).length ? { ...others, [id]: decision } : others };
}

/* An answer with the decisions on these items alone, in their order. */
export function completeDecisions(answer, items) {
  const pairs = items.map(({ id }) => [id, packed(decisionOf(answer, id))]);
  return { items: Object.fromEntries(pairs.filter(([, decision]) => Object.keys(decision).length)) };
}

export const isDecided = (answer, id) => decisionOf(answer, id).choice !== undefined;

/* The choices of a decision: one, several, or none. */
export const chosenOf = ({ choice }) => (Array.isArray(choice) ? choice : choice === undefined ? [] : [choice]);

/* With one choice more or less, where many can be chosen; with none left nothing is decided. */
export function toggled(chosen, id, isIn, order) {
  const next = new Set(chosen);
  next[isIn ? 'add' : 'delete'](id);
  const list = order.filter((known) => next.has(known));
  return list.length ? list : undefined;
}
