/* A list of states to go back and forth in; typing in one cell is one step. Pure. */
export function makeHistory(first, limit = 200) {
  let past = [];
  let future = [];
  let present = first;
  let lastCell = null;
  return {
    get present() { return present; },
    record(next, cell = null) {
      if (cell === null || cell !== lastCell) past = [...past, present].slice(-limit);
      lastCell = cell;
      present = next;
      future = [];
    },
    undo() {
      if (!past.length) return null;
      future = [present, ...future];
      present = past[past.length - 1];
      past = past.slice(0, -1);
      lastCell = null;
      return present;
    },
    redo() {
      if (!future.length) return null;
      past = [...past, present];
      [present, ...future] = future;
      lastCell = null;
      return present;
    },
  };
}
