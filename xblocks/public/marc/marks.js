/* Marks in the record at the places that lost points. */

import { locate, partAt } from './record.js';
import { FAULTS } from '../exercise/result.js';

/* A place is marked as long as there stands what was handed in. */
export function markPlaces(root, { result, submitted }, fields) {
  for (const { where, kind } of result?.lines || []) {
    const part = FAULTS.includes(kind) ? partAt(fields, where) : null;
    if (part === null || JSON.stringify(part) !== JSON.stringify(partAt(submitted, where))) continue;
    const { field, subfield, indicator } = locate(fields, where);
    const row = root.querySelector(`[data-row="${field}"]`);
    const target = row.querySelector(indicator ? '.ls-head' : `[data-subfield="${subfield}"]`) || row;
    target.classList.add('ls-marked', `ls-marked-${kind}`);
    target.querySelector(`[data-cell^="${indicator || 'value'}"]`).setAttribute('aria-invalid', 'true');
  }
}

/* What is being changed is no longer what was handed in. */
export function unmark(cell) {
  cell.removeAttribute('aria-invalid');
  cell.closest('.ls-marked')?.classList.remove('ls-marked');
}
