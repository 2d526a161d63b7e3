/* What follows from a rota, of what everybody may know. Pure. */

export const hoursOf = ({ start, end }) => end - start;

export const completeRota = (answer) => ({
  shifts: Object.fromEntries(Object.entries(answer?.shifts || {}).map(([id, team]) => [id, Array.isArray(team) ? team : []])),
});

export const teamOf = ({ shifts }, id) => (shifts[id] || []).filter(Boolean);

export function withPerson(answer, shift, at, person) {
  const team = [...(answer.shifts[shift] || [])];
  while (team.length < at) team.push('');
  team[at] = person;
  return { shifts: { ...answer.shifts, [shift]: team } };
}

export const rotaToSubmit = (answer) => {
  const filled = Object.entries(answer.shifts).map(([id, team]) => [id, [...new Set(team.filter(Boolean))]]).filter(([, team]) => team.length);
  return filled.length ? { shifts: Object.fromEntries(filled) } : {};
};

export const hoursBy = (task, answer) => new Map(task.people.map(({ id }) => [
  id, task.shifts.filter((shift) => teamOf(answer, shift.id).includes(id)).reduce((all, shift) => all + hoursOf(shift), 0),
]));

/* [{shift, kind, person, number}] for shifts in which somebody works: too few, too many, skill, off, overlap, rest, hours. */
export function conflictsOf(task, answer) {
  const found = [];
  for (const shift of task.shifts) {
    const team = teamOf(answer, shift.id);
    if (!team.length) continue;
    if (team.length < shift.need) found.push({ shift: shift.id, kind: 'few', number: shift.need - team.length });
    if (team.length > shift.most) found.push({ shift: shift.id, kind: 'many', number: shift.most });
    for (const [skill, count] of Object.entries(shift.skills)) {
      const able = task.people.filter(({ id, skills }) => team.includes(id) && skills.includes(skill)).length;
      if (able < count) found.push({ shift: shift.id, kind: 'skill', skill });
    }
  }
  for (const person of task.people) found.push(...conflictsOfPerson(task, answer, person));
  return found;
}

function conflictsOfPerson(task, answer, person) {
  const found = [];
  const own = task.shifts.filter(({ id }) => teamOf(answer, id).includes(person.id)).sort((one, other) => one.start - other.start);
  let hours = 0;
  own.forEach((shift, at) => {
    const add = (kind, number) => found.push({ shift: shift.id, kind, person: person.id, number });
    if (person.off.includes(shift.id)) add('off');
    const before = own.slice(0, at);
    if (before.some(({ end }) => end > shift.start)) add('overlap');
    else if (before.some(({ end }) => shift.start - end < task.rest)) add('rest', task.rest);
    hours += hoursOf(shift);
    if (hours > person.max_hours + 1e-9) add('hours', person.max_hours);
  });
  return found;
}
