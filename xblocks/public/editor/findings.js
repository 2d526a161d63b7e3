/* What is wrong with an exercise or worth knowing, as a list that leads to each place. */

import { make } from '../exercise/page.js';
import { drawReference } from '../exercise/result.js';

const SEVERITIES = ['error', 'warning', 'note'];

/* Findings with what keeps the exercise from being saved first; otherwise in the order of the form. */
export const sortFindings = (findings) =>
  SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));

export const countFindings = (findings) => Object.fromEntries(
  SEVERITIES.map((severity) => [`${severity}s`, findings.filter((finding) => finding.severity === severity).length]));

/* The name of a finding's place: its field's, and the place within as `namePlace` puts it. */
export const nameOf = ({ field, where }, labels, namePlace) => {
  const place = where ? namePlace(field, where) : '';
  return [labels[field] || field, place].filter(Boolean).join(', ');
};

/* `view` gives word(name, values), nameOf(finding) and jump(finding). */
export const drawFindings = (findings, view) => sortFindings(findings).map((finding) => make('li', { class: `ls-finding ls-${finding.severity}` },
  make('p', {}, make('strong', {}, `${view.word(finding.severity)}: `), make('span', { class: 'ls-place' }, view.nameOf(finding)), ' ', finding.message,
    ...finding.refs.flatMap((ref) => [' ', drawReference(ref)])),
  make('button', {
    type: 'button', class: 'ls-link', 'aria-label': view.word('go_to_place', { place: view.nameOf(finding) }), onclick: () => view.jump(finding),
  }, view.word('go_to'))));
