/* Which keys do what in the rows of the editor. Pure. */

const MOVES = { arrowup: 'above', arrowdown: 'below' };

const withControl = (key, shift) => {
  if (key === 'z') return shift ? 'redo' : 'undo';
  return key === 'y' ? 'redo' : null;
};

const withAlt = (key, shift) => {
  if (key === 'arrowdown') return shift ? 'duplicate' : 'down';
  return { arrowup: 'up', delete: 'delete' }[key] || null;
};

/* The action that a key pressed in a cell stands for, or null if it is the browser's. */
export function actionOf({ key: pressed, target, ctrlKey, metaKey, altKey, shiftKey, isComposing }) {
  const cell = target.dataset.cell;
  if (!cell || isComposing) return null;
  const key = pressed.toLowerCase();
  if (ctrlKey || metaKey) return withControl(key, shiftKey);
  if (altKey) return withAlt(key, shiftKey);
  if (key === 'enter') return 'add';
  return /^(tag|ind[12])$/.test(cell) ? MOVES[key] || null : null;
}
