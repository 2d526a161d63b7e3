/* A small line of numbers, drawn; the table beside it says the same. */

export const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/* Where the numbers lie in a picture of that size. Pure. */
export function layOut(values, width, height, margin = 8) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const step = values.length > 1 ? (width - 2 * margin) / (values.length - 1) : 0;
  return values.map((value, at) => [margin + at * step, height - margin - ((value - low) / span) * (height - 2 * margin)]);
}

export function drawChart(values, label) {
  const points = layOut(values, 320, 96);
  return svg('svg', { viewBox: '0 0 320 96', role: 'img', 'aria-label': label, class: 'ls-chart' },
    svg('polyline', { points: points.map((point) => point.map((part) => part.toFixed(1)).join(',')).join(' ') }),
    ...(values.length > 60 ? [] : points.map(([x, y]) => svg('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: 2.5 }))));
}
