/* An answer and what was said of it, drawn alike for who wrote it and for who grades it. */

import { make } from '../exercise/page.js';
import { formatPoints } from '../exercise/result.js';
import { runsOf } from './answers.js';

/* The text with its pinned places marked and numbered. */
export function drawText(text, pins, word) {
  return make('div', { class: 'ls-answer-text' }, ...runsOf(text, pins).map((run) => {
    if (!run.pins.length) return document.createTextNode(run.text);
    const label = run.pins.map((number) => word('comment_number', { number })).join(', ');
    return make('mark', { class: 'ls-pin-mark', 'data-pins': run.pins.join(' '), title: label }, run.text,
      make('sup', { 'aria-label': label }, run.pins.join(' ')));
  }));
}

/* A list of files; pictures are shown, with their pins. `urlOf(file)` is where a file is; `onPlace(file, x, y)`
   is called for a place in a picture that somebody clicks. */
export function drawFiles(files, pins, { urlOf, word, language, onPlace = null }) {
  if (!files.length) return null;
  return make('ul', { class: 'ls-handed-files' }, ...files.map((file) => make('li', {},
    make('a', { href: urlOf(file), download: file.name }, file.name),
    make('span', { class: 'ls-label' }, ` ${word('size', { size: formatPoints(Math.ceil(file.size / 1024), language) })}`),
    file.is_picture ? drawPicture(file, pins, { urlOf, word, onPlace }) : null)));
}

function drawPicture(file, pins, { urlOf, word, onPlace }) {
  const picture = make('img', { src: urlOf(file), alt: file.name, loading: 'lazy' });
  if (onPlace) {
    picture.addEventListener('click', (event) => {
      const box = picture.getBoundingClientRect();
      onPlace(file, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
  }
  const marks = pins.map((pin, at) => [pin, at + 1]).filter(([pin]) => pin.kind === 'image' && pin.file === file.id);
  const dots = marks.map(([pin, number]) => {
    const dot = make('span', { class: 'ls-dot', 'aria-label': word('comment_number', { number }) }, String(number));
    dot.style.left = `${pin.x * 100}%`; // set by script: a style attribute would not pass the page's policy
    dot.style.top = `${pin.y * 100}%`;
    return dot;
  });
  return make('figure', { class: onPlace ? 'ls-picture ls-pinnable' : 'ls-picture' },
    make('span', { class: 'ls-picture-frame' }, picture, ...dots),
    onPlace ? make('button', { type: 'button', class: 'ls-link', onclick: () => onPlace(file, 0.5, 0.5) }, word('pin_place', { name: file.name })) : null);
}

/* The pinned comments by their numbers. */
export function drawPins(pins, word, files = []) {
  if (!pins.length) return null;
  const nameOf = ({ file }) => files.find(({ id }) => id === file)?.name ?? '';
  return make('section', { class: 'ls-pins' }, make('h3', {}, word('pinned')),
    make('ol', {}, ...pins.map((pin) => make('li', {},
      make('span', { class: 'ls-label' }, pin.kind === 'text' ? `“${pin.quote}”` : word('on_picture', { name: nameOf(pin) })),
      make('p', { class: 'ls-said-comment' }, pin.comment)))));
}

/* What was given by each criterion, with the comment on it. */
export function drawMarks(given, { word, language }) {
  if (given.score === null) return null;
  const points = (number) => formatPoints(number, language);
  return make('section', { class: 'ls-by-criterion' }, make('h3', {}, word('by_criterion')),
    make('ul', {}, ...given.criteria.map((criterion) => {
      const mark = given.marks[criterion.id] ?? {};
      const level = criterion.levels[mark.level];
      return make('li', { class: 'ls-line' },
        make('span', { class: 'ls-points' }, word('line_points', { points: points(mark.points ?? 0), max: points(criterion.points) })),
        make('div', { class: 'ls-message' }, make('strong', {}, criterion.name), level ? ` ${level}` : '',
          mark.comment ? make('p', { class: 'ls-said-comment' }, mark.comment) : null));
    })));
}

/* All that one person said: comment, marks, pinned comments. */
export function drawGrading(given, view) {
  return [
    given.comment ? make('section', {}, make('h3', {}, view.word('overall')), make('p', { class: 'ls-said-comment' }, given.comment)) : null,
    drawMarks(given, view),
    drawPins(given.pins, view.word, view.files),
  ].filter(Boolean);
}
