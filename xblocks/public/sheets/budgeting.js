/* What follows from a choice of projects, and from shares of a whole. Pure. */

const NEAR = 1e-6;
const sum = (numbers) => numbers.reduce((all, number) => all + number, 0);

export const costOf = (items, chosen) => sum(items.filter(({ id }) => chosen.includes(id)).map(({ cost }) => cost));

/* [{category, cost, count}] in the order of the items. */
export function byCategory(items, chosen) {
  const names = [...new Set(items.map(({ category }) => category))];
  return names.map((category) => {
    const within = items.filter((item) => item.category === category && chosen.includes(item.id));
    return { category, cost: sum(within.map(({ cost }) => cost)), count: within.length };
  });
}

export function keepsRule({ kind, names, min, max, count }, items, chosen) {
  const has = names.map((name) => chosen.includes(name));
  if (kind === 'must') return has.every(Boolean);
  if (kind === 'requires') return !has[0] || has.every(Boolean);
  if (kind === 'excludes') return has.filter(Boolean).length <= 1;
  const [part] = byCategory(items.filter(({ category }) => category === names[0]), chosen);
  const { cost = 0, count: members = 0 } = part || {};
  return cost >= min - NEAR && (max === null || cost <= max + NEAR) && members >= count;
}

export function completeBudget(answer, task) {
  if (task.chapters) return { shares: { ...(answer?.shares || {}) } };
  return { items: Array.isArray(answer?.items) ? answer.items : [] };
}

export const sumOfShares = (shares) => sum(Object.values(shares).filter((share) => typeof share === 'number'));
