"""Shifts and people, read from JSON; a rota that keeps every rule and most wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, islice
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.keeping import kept
from grading.graders.reading import HEAVIEST, Node, exercise_node
from grading.graders.times import is_weekend, read_time

MOST_SHIFTS = 42
MOST_PEOPLE = 12
MOST_NEEDED = 4
LONGEST_ID = 80
BEAM = 8
"""Unfinished rotas that the search follows at each shift."""
MOST_TEAMS = 15
"""Teams that it tries for one shift."""

Rota = Mapping[str, Sequence[str]]
"""By shift, who works."""

SAME_ID = _("Another entry has this id.")
NO_SHIFT = _("No shift is called «%(name)s».")
NO_PERSON = _("Nobody is called «%(name)s».")
BACKWARDS = _("A shift must end after it begins.")
TOO_FEW_CAN = _("Fewer people have this skill than are needed.")
NO_ROTA = _("No rota was found that keeps every rule; loosen one, or give a rota as the model.")
BAD_MODEL = _("The model does not keep every rule.")


class Settings(NamedTuple):
    """What an author may set; the defaults are those of ``README.md``."""

    rest: float
    w_wishes: float
    w_fair: float


class Shift(NamedTuple):
    """A shift: when, how many are needed, with which skills."""

    id: str
    text: str
    start: float
    end: float
    need: int
    most: int
    skills: Mapping[str, int]

    @property
    def hours(self) -> float:
        """How long it lasts."""
        return self.end - self.start


class Person(NamedTuple):
    """Somebody who can work: skills, hours at most, shifts of leave, wishes."""

    id: str
    text: str
    skills: frozenset[str]
    max_hours: float
    off: frozenset[str]
    wants: frozenset[str]
    avoids: frozenset[str]


class Exercise(NamedTuple):
    """An exercise as it was read; shifts are in order of time."""

    shifts: Mapping[str, Shift]
    people: Mapping[str, Person]
    settings: Settings
    model: Rota
    best: float


class Breach(NamedTuple):
    """Why a shift does not count: who, if somebody in particular, and what."""

    shift: str
    kind: str
    person: str = ""


@kept
def read_exercise(raw: Any) -> Exercise:
    """Return the exercise that ``raw`` is; raises InvalidExercise."""
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with shifts and people."))
    settings = _read_settings(node.get("settings"))
    rows = node.get("shifts").list(1, MOST_SHIFTS)
    found = [_read_shift(row) for row in rows]
    _check_distinct([shift.id for shift in found], rows)
    shifts = {shift.id: shift for shift in sorted(found, key=lambda shift: shift.start)}
    rows = node.get("people").list(1, MOST_PEOPLE)
    persons = [_read_person(row, shifts) for row in rows]
    _check_distinct([person.id for person in persons], rows)
    people = {person.id: person for person in persons}
    for shift in shifts.values():
        for skill, count in shift.skills.items():
            if sum(skill in person.skills for person in persons) < count:
                raise node.get("people").fail(TOO_FEW_CAN)
    read = Exercise(shifts, people, settings, {}, 1.0)
    rotas = [rota for rota in (search(read),) if rota is not None]
    if node.has("model"):
        rotas.append(_read_model(read, node.get("model")))
    if not rotas:
        raise node.get("shifts").fail(NO_ROTA)
    model = max(rotas, key=lambda rota: softness(read, rota))
    return read._replace(model=model, best=softness(read, model))


def _read_settings(node: Node) -> Settings:
    for name in node.object():
        if name not in Settings._fields:
            raise node.fail(faults.NO_SETTING, name=str(name)[:40])
    return Settings(
        rest=node.get("rest").number(11.0, 0.0, 48.0),
        w_wishes=node.get("w_wishes").number(1.0, 0.0, HEAVIEST),
        w_fair=node.get("w_fair").number(1.0, 0.0, HEAVIEST),
    )


def _check_distinct(names: Sequence[str], rows: Sequence[Node]) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise rows[place].get("id").fail(SAME_ID)


def _read_shift(node: Node) -> Shift:
    shift_id = node.get("id").text(longest=LONGEST_ID)
    start, end = read_time(node.get("start")), read_time(node.get("end"))
    if end <= start:
        raise node.get("end").fail(BACKWARDS)
    need = node.get("need").whole(1, 1, MOST_NEEDED)
    skills = node.get("skills")
    return Shift(
        id=shift_id,
        text=node.get("text").text(shift_id).strip(),
        start=start,
        end=end,
        need=need,
        most=node.get("most").whole(need, need, MOST_PEOPLE),
        skills={name: skills.get(name).whole(1, 1, need) for name in skills.object()},
    )


def _read_person(node: Node, shifts: Mapping[str, Shift]) -> Person:
    person_id = node.get("id").text(longest=LONGEST_ID)
    off, wants, avoids = (_read_names(node.get(n), shifts) for n in ("off", "wants", "avoids"))
    return Person(
        id=person_id,
        text=node.get("text").text(person_id).strip(),
        skills=frozenset(row.text(longest=LONGEST_ID) for row in node.get("skills").list()),
        max_hours=node.get("max_hours").number(40.0, 0.0, 1e4),
        off=off,
        wants=wants,
        avoids=avoids,
    )


def _read_names(node: Node, shifts: Mapping[str, Shift]) -> frozenset[str]:
    names = frozenset(row.text(longest=LONGEST_ID) for row in node.list())
    for name in sorted(names - set(shifts)):
        raise node.fail(NO_SHIFT, name=name)
    return names


def _read_model(read: Exercise, node: Node) -> Rota:
    rota: dict[str, tuple[str, ...]] = {}
    for shift in read.shifts:
        names = [row.text(longest=LONGEST_ID) for row in node.get(shift).list(most=MOST_PEOPLE)]
        for name in names:
            if name not in read.people:
                raise node.get(shift).fail(NO_PERSON, name=name)
        rota[shift] = tuple(dict.fromkeys(names))
    if find_breaches(read, rota):
        raise node.fail(BAD_MODEL)
    return rota


def find_breaches(read: Exercise, rota: Rota) -> list[Breach]:
    """Return what keeps shifts from counting, in order of time.

    Hours are counted and rest is measured forwards: the shift that is too much, or too soon, is
    the one that does not count.
    """
    hours = dict.fromkeys(read.people, 0.0)
    last: dict[str, float] = {}
    breaches = []
    for shift in read.shifts.values():
        team = rota.get(shift.id, ())
        if len(team) < shift.need:
            breaches.append(Breach(shift.id, "few"))
        if len(team) > shift.most:
            breaches.append(Breach(shift.id, "many"))
        for skill, count in shift.skills.items():
            if sum(skill in read.people[name].skills for name in team) < count:
                breaches.append(Breach(shift.id, "skill"))
        for name in team:
            reason = _find_reason(read, shift, name, hours[name], last.get(name))
            if reason:
                breaches.append(Breach(shift.id, reason, name))
            hours[name] += shift.hours
            last[name] = max(last.get(name, shift.end), shift.end)
    return breaches


def _find_reason(
    read: Exercise, shift: Shift, name: str, hours: float, last: float | None
) -> str | None:
    """Return why somebody must not work a shift, given hours worked and when they last ended."""
    person = read.people[name]
    if shift.id in person.off:
        return "leave"
    if last is not None and shift.start < last:
        return "clash"
    if last is not None and shift.start - last < read.settings.rest - 1e-9:
        return "rest"
    return "hours" if hours + shift.hours > person.max_hours + 1e-9 else None


def softness(read: Exercise, rota: Rota) -> float:
    """Return how well a rota meets wishes and spreads weekends, 0-1; 1 if nothing is asked."""
    wishes = [
        (name in rota.get(shift, ())) is is_wanted
        for name, person in read.people.items()
        for shifts, is_wanted in ((person.wants, True), (person.avoids, False))
        for shift in shifts
    ]
    parts = []
    if wishes:
        parts.append((read.settings.w_wishes, sum(wishes) / len(wishes)))
    weekends = [shift.id for shift in read.shifts.values() if is_weekend(shift.start)]
    if weekends:
        counts = [sum(name in rota.get(s, ()) for s in weekends) for name in read.people]
        spread = max(counts) - min(counts)
        parts.append((read.settings.w_fair, 1.0 - spread / max(1, len(weekends))))
    weight = sum(part for part, _share in parts)
    return sum(part * share for part, share in parts) / weight if weight else 1.0


class _Partial(NamedTuple):
    """A rota for the first shifts, what each has worked, and how it ranks."""

    rota: dict[str, tuple[str, ...]]
    hours: Mapping[str, float]
    last: Mapping[str, float]
    rank: float


def search(read: Exercise) -> Rota | None:
    """Return a rota that keeps every rule, among those found the softest; ``None`` if none is.

    A beam search, shift by shift: not exact, but it finds what a person would.
    """
    beam = [_Partial({}, {}, {}, 0.0)]
    for shift in read.shifts.values():
        following = [
            _extend(read, partial, shift, team)
            for partial in beam
            for team in islice(_teams(read, partial, shift), MOST_TEAMS)
        ]
        beam = sorted(following, key=lambda partial: -partial.rank)[:BEAM]
    rotas = [partial.rota for partial in beam if not find_breaches(read, partial.rota)]
    return max(rotas, key=lambda rota: softness(read, rota), default=None)


def _teams(read: Exercise, partial: _Partial, shift: Shift) -> Sequence[tuple[str, ...]]:
    """Return teams that may work a shift: those who want to and have worked least come first."""
    able = [
        name
        for name in read.people
        if not _find_reason(read, shift, name, partial.hours.get(name, 0.0), partial.last.get(name))
    ]
    able.sort(key=lambda name: _reluctance(read, partial, shift, name))
    return [
        team
        for team in combinations(able, shift.need)
        if all(
            sum(skill in read.people[name].skills for name in team) >= count
            for skill, count in shift.skills.items()
        )
    ]


def _reluctance(read: Exercise, partial: _Partial, shift: Shift, name: str) -> float:
    person = read.people[name]
    wish = (shift.id in person.avoids) - (shift.id in person.wants)
    return wish + partial.hours.get(name, 0.0) / max(person.max_hours, 1.0)


def _extend(read: Exercise, partial: _Partial, shift: Shift, team: tuple[str, ...]) -> _Partial:
    """Return the rota with one more shift; it ranks by wishes so far and by even loads."""
    rota = {**partial.rota, shift.id: team}
    hours = {**partial.hours, **{n: partial.hours.get(n, 0.0) + shift.hours for n in team}}
    loads = [hours.get(n, 0.0) / max(p.max_hours, 1.0) for n, p in read.people.items()]
    rank = softness(read, rota) - 0.3 * (max(loads) - min(loads))
    return _Partial(rota, hours, {**partial.last, **dict.fromkeys(team, shift.end)}, rank)
