/* The result of a submission: the score first, then its lines by kind. */

import { make } from './page.js';

export const FAULTS = ['missing', 'unwanted', 'nearly'];
const FEW = 4;
const KINDS = [...FAULTS, 'note', 'right'];

/* The lines of a mark by kind, in the order in which a learner needs them. */
export const groupLines = (lines) =>
  KINDS.map((kind) => [kind, lines.filter((line) => line.kind === kind)]).filter(([, group]) => group.length);

export const formatPoints = (points, language) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(points);

/* `view` gives word(name, values), language, nameOf(where), canJump(where), jump(where) and
   drawAnswer(answer), the elements of the model answer. */
export function drawResult({ result, answer }, view) {
  const points = (number) => formatPoints(number, view.language);
  return [
    ...drawScore(result, view),
    ...drawChanges(result, view),
    ...groupLines(result.lines || []).map(([kind, lines]) => drawGroup(kind, lines, points, view)),
    ...(answer ? [drawAnswer(answer, view)] : []),
  ];
}

/* The score in words and as a bar. */
export function drawScore(result, view) {
  const points = (number) => formatPoints(number, view.language);
  return [
    make('h3', { class: 'ls-score' }, view.word('score', {
      points: points(result.points), possible: points(result.possible), percent: Math.round(result.score * 100),
    })),
    make('meter', { min: 0, max: 1, value: result.score, 'aria-hidden': 'true' }),
  ];
}

/* What people changed of a machine's mark, each with its reason. */
export function drawChanges({ changes }, view) {
  if (!changes?.length) return [];
  const points = (number) => formatPoints(number, view.language);
  return [make('section', { class: 'ls-notice' }, make('h4', {}, view.word('changes')),
    make('ul', {}, ...changes.map(({ by, machine_points: before, comment }) =>
      make('li', {}, view.word('changed_line', { by, before: points(before), comment })))))];
}

/* In place of a result that the host holds back. */
export const drawNotice = ({ notice }) => [make('p', {}, notice)];

/* What is right is folded away when it is long: what can be mended comes first. */
function drawGroup(kind, lines, points, view) {
  const heading = make('h4', {}, `${view.word(`kind_${kind}`)} (${lines.length})`);
  const list = make('ul', {}, ...lines.map((line) => drawLine(line, points, view)));
  const folded = kind === 'right' && lines.length > FEW;
  return make('section', { class: `ls-group ls-${kind}` }, ...(folded ? [make('details', {}, make('summary', {}, heading), list)] : [heading, list]));
}

function drawLine(line, points, view) {
  const name = view.nameOf(line.where);
  return make('li', { class: 'ls-line' },
    make('span', { class: 'ls-points' }, line.max || line.points ? view.word('line_points', { points: points(line.points), max: points(line.max) }) : ''),
    make('div', { class: 'ls-message' },
      line.message || make('code', {}, name),
      line.expected ? make('span', { class: 'ls-expected' }, ` ${view.word('expected')} `, make('code', {}, line.expected)) : null,
      drawReferences(line)),
    view.canJump(line.where) ? make('button', {
      type: 'button', class: 'ls-link', 'aria-label': view.word('jump_to', { where: name }), onclick: () => view.jump(line.where),
    }, view.word('jump')) : null);
}

export const drawReferences = ({ refs }) => (refs?.length ? make('span', { class: 'ls-refs' }, ...refs.map(drawReference)) : null);

export function drawReference({ scheme, number, url }) {
  const name = `${scheme} ${number}`.trim();
  return make('span', { class: 'ls-ref' }, url ? make('a', { href: url, target: '_blank', rel: 'noopener' }, name) : name);
}

const drawAnswer = (answer, view) =>
  make('details', { class: 'ls-answer' }, make('summary', {}, view.word('model')), ...view.drawAnswer(answer));
