/* A field of a nested exercise: its control with what belongs to it. */

import { make } from '../exercise/page.js';
import { writePath } from './tree.js';

const GROUPS = 'fieldset, .ls-rows-field, .ls-cards-field, .ls-edit-object';

export const labelOf = (field, view) => view.word(`f_${field.label || field.name}`);

/* A field with its label, its help and room for what is wrong with it; in a row, its help stands above the rows. */
export function drawField(field, path, view, { isInRow = false } = {}) {
  if (!field.name) return view.controls[field.kind](field, path, view);
  const own = [...path, field.name];
  const control = view.controls[field.kind](field, own, view);
  const place = writePath(own);
  const label = labelOf(field, view);
  const help = isInRow ? null : view.help(field.help || field.label || field.name);
  const fault = make('p', { class: 'ls-error', hidden: true, id: view.id(`${place}-error`) });
  if (field.isBare) return make('div', { class: 'ls-edit-field', 'data-path': place }, fault, control);
  const aid = help && make('p', { class: 'ls-help' }, help);
  if (control.matches(GROUPS)) {
    return make('fieldset', { class: 'ls-edit-field', 'data-path': place }, make('legend', { class: 'ls-edit-label' }, label), aid, control, fault);
  }
  if (field.kind === 'tick') {
    return make('div', { class: 'ls-edit-field', 'data-path': place }, make('label', { class: 'ls-tick' }, control, make('span', {}, label)), aid, fault);
  }
  control.id = view.id(place);
  control.setAttribute('aria-describedby', view.id(`${place}-error`));
  return make('div', { class: `ls-edit-field ls-kind-${field.kind}`, 'data-path': place },
    make('label', { class: 'ls-edit-label', for: view.id(place) }, label), aid, control, fault);
}
