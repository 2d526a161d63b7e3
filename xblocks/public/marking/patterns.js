/* How classes are told apart on a picture: by a letter and a pattern, never by colour alone. */

const SVG = 'http://www.w3.org/2000/svg';

export function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const PATHS = [
  'M-2 12 L12 -2 M-2 2 L2 -2 M8 12 L12 8', // rising
  'M-2 -2 L12 12 M-2 8 L2 12 M8 -2 L12 2', // falling
  'M2.5 2.5 h.01 M7.5 7.5 h.01', // dots
  'M0 5 H10', // lying
  'M5 0 V10', // standing
  'M0 0 L10 10 M10 0 L0 10', // crossed
  'M0 5 H10 M5 0 V10', // squared
  'M0 5 Q2.5 0 5 5 T10 5', // waves
];

const WIDTHS = { 2: 2.6 };

export const patternId = (uid, at) => `${uid}-pattern-${at % PATHS.length}`;

/* The patterns as definitions of one picture; `unit` is a screen pixel in units of the drawing. */
export const drawPatterns = (uid, unit = 1) => draw('defs', {}, ...PATHS.map((path, at) => draw('pattern', {
  id: patternId(uid, at), width: 10, height: 10, patternUnits: 'userSpaceOnUse', patternTransform: `scale(${unit})`,
}, draw('path', { d: path, class: 'ls-hatch', 'stroke-width': WIDTHS[at] || 1.4 }))));

/* A small sample of a class, for the glossary. */
export const drawSample = (uid, at) => draw('svg', { viewBox: '0 0 36 24', width: 36, height: 24, class: 'ls-sample', 'aria-hidden': 'true' },
  drawPatterns(`${uid}-${at}`), draw('rect', { x: 1, y: 1, width: 34, height: 22, class: 'ls-sample-paper' }),
  draw('rect', { x: 1, y: 1, width: 34, height: 22, fill: `url(#${patternId(`${uid}-${at}`, at)})`, class: 'ls-sample-edge' }));
