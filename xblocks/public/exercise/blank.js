/* Whether nothing is written anywhere in an answer of lists, objects and text. */
export const isBlank = (value) => {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return !value.trim();
  return typeof value === 'object' && Object.values(value).every(isBlank);
};
