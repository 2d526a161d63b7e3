/* The layout of a graph in layers, each arrow pointing on where it can. Pure. */

/* The arrows that lead back, of a depth-first walk from the first: without them nothing goes in a circle. */
function findBack(ids, following) {
  const back = new Set();
  const state = new Map();
  const walk = (id) => {
    state.set(id, 'open');
    for (const next of following(id)) {
      if (state.get(next) === 'open') back.add(`${id}\n${next}`);
      else if (!state.has(next)) walk(next);
    }
    state.set(id, 'done');
  };
  for (const id of ids) if (!state.has(id)) walk(id);
  return back;
}

/* `ids` in layers: [[id, …], …], by the longest way to each, crossing arrows as little as a few sweeps can. */
export function layersOf(ids, edges) {
  const known = new Set(ids);
  const arrows = edges.filter(([from, to]) => known.has(from) && known.has(to) && from !== to);
  const following = (id) => arrows.filter(([from]) => from === id).map(([, to]) => to);
  const back = findBack(ids, following);
  const ahead = arrows.filter(([from, to]) => !back.has(`${from}\n${to}`));
  const depth = new Map(ids.map((id) => [id, 0]));
  for (let changed = true; changed;) {
    changed = false;
    for (const [from, to] of ahead) {
      if (depth.get(to) <= depth.get(from)) {
        depth.set(to, depth.get(from) + 1);
        changed = true;
      }
    }
  }
  const layers = [];
  for (const id of ids) (layers[depth.get(id)] ??= []).push(id);
  return untangle(layers, ahead);
}

const SWEEPS = 4;

function untangle(layers, edges) {
  let sorted = layers;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const place = new Map(sorted.flatMap((layer) => layer.map((id, at) => [id, at / layer.length])));
    const pull = (id) => {
      const others = edges.flatMap(([from, to]) => (to === id ? [place.get(from)] : from === id ? [place.get(to)] : []));
      return others.length ? others.reduce((sum, at) => sum + at, 0) / others.length : place.get(id);
    };
    sorted = sorted.map((layer) => [...layer].sort((one, other) => pull(one) - pull(other)));
  }
  return sorted;
}

export const BOX = { width: 148, height: 48, across: 22, down: 44, margin: 8 };

/* Where each box and arrow of a drawing goes: {width, height, boxes: [{id, x, y}], arrows: [{from, to, path, isBack}]}. */
export function layOut(ids, edges, box = BOX) {
  const layers = layersOf(ids, edges);
  const widest = Math.max(...layers.map((layer) => layer.length), 1);
  const width = widest * (box.width + box.across) - box.across + 2 * box.margin + box.across;
  const boxes = layers.flatMap((layer, row) => {
    const used = layer.length * (box.width + box.across) - box.across;
    return layer.map((id, at) => ({ id, x: (width - used) / 2 + at * (box.width + box.across), y: box.margin + row * (box.height + box.down) }));
  });
  const at = new Map(boxes.map((one) => [one.id, one]));
  const arrows = edges.filter(([from, to]) => at.has(from) && at.has(to)).map(([from, to]) => drawArrow(at.get(from), at.get(to), box));
  return { width, height: layers.length * (box.height + box.down) - box.down + 2 * box.margin, boxes, arrows };
}

function drawArrow(from, to, box) {
  const isBack = to.y <= from.y;
  const [x1, y1, x2, y2] = isBack
    ? [from.x + box.width, from.y + box.height / 2, to.x + box.width, to.y + box.height / 2]
    : [from.x + box.width / 2, from.y + box.height, to.x + box.width / 2, to.y];
  const bend = isBack ? box.across : (y2 - y1) / 2;
  const path = isBack
    ? `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}`
    : `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
  return { from: from.id, to: to.id, path, isBack };
}
