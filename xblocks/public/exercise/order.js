/* An order of ids. Pure: every function returns another, or the same where nothing changes. */

export const without = (order, id) => order.filter((other) => other !== id);

/* With one id at a place, counted from 0; one that is not there yet is put in. */
export function movedTo(order, id, to) {
  const others = without(order, id);
  const at = Math.min(Math.max(to, 0), others.length);
  return order[at] === id ? order : [...others.slice(0, at), id, ...others.slice(at)];
}

/* With one id moved by so many places; the same order where it cannot move. */
export function moved(order, id, by) {
  const to = order.indexOf(id) + by;
  return to < 0 || to >= order.length ? order : movedTo(order, id, to);
}

/* The entries whose words all begin one of these or stand in them, whatever the case and the accents. */
export function search(entries, typed, textOf) {
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain(typed).split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const text = plain(textOf(entry));
    return words.every((word) => text.includes(word));
  });
}
