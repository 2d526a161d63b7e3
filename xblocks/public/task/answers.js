/* What is handed in, and comments pinned on it. Pure. */

export const countWords = (text) => text.split(/\s+/).filter(Boolean).length;

/* Places in a text are counted in code points, as the server does; a browser counts UTF-16 units. */
export const toCodePoints = (text, at) => [...text.slice(0, at)].length;

/* The text in runs: {text, pins}, where `pins` are the numbers (from 1) of the pins that begin in the run or
   cover it. Pins may overlap. */
export function runsOf(text, pins) {
  const points = [...text];
  const marks = pins.map((pin, at) => ({ ...pin, number: at + 1 })).filter(({ kind }) => kind === 'text');
  const edges = [...new Set([0, points.length, ...marks.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return edges.slice(1).map((end, at) => {
    const start = edges[at];
    return {
      text: points.slice(start, end).join(''),
      pins: marks.filter((mark) => mark.start <= start && mark.end >= end).map(({ number }) => number),
    };
  }).filter((run) => run.text);
}

/* The points that marks come to, and how many criteria have none yet. */
export function totalOf(criteria, marks) {
  const given = criteria.map(({ id }) => marks[id]?.points).filter((points) => typeof points === 'number');
  return { points: given.reduce((sum, points) => sum + points, 0), missing: criteria.length - given.length };
}

/* The mark for a criterion when its level number `at` (from 0) is picked: the points it had, if they are in the
   level's range, or the most of it. */
export function pickLevel(criterion, mark, at) {
  const level = criterion.levels[at];
  const points = mark?.points;
  const fits = typeof points === 'number' && points >= level.least && points <= level.most && mark.level === at;
  return { ...mark, level: at, points: fits ? points : level.most };
}

/* The mark for points that were typed; the level is the one that holds them, if any. */
export function typePoints(criterion, mark, points) {
  const { level: _, ...rest } = mark ?? {};
  if (points === null) {
    const { points: __, ...without } = rest;
    return without;
  }
  const at = criterion.levels.findIndex(({ least, most }) => points >= least && points <= most);
  return at < 0 ? { ...rest, points } : { ...rest, points, level: at };
}

export const readPoints = (text) => {
  const trimmed = text.trim().replace(',', '.');
  return /^\d+(\.\d{1,2})?$/.test(trimmed) ? Number(trimmed) : null;
};
