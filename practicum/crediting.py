"""Practice that counts in a course: what of a programme is done, and the score that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from practicum import host
from practicum.data import Actor, Measure, Standing
from practicum.errors import InvalidValue
from practicum.models import CompetencyAssessment, CourseItem, LedgerLine, Person, Placement
from practicum.people import person_of, require_account
from practicum.rules.programme import load_rules

ITEM_KEYS = ("student_id", "course_id", "item_id", "item_type")
MAX_POINTS = 1000


def register_item(
    actor: Actor,
    item: Mapping[str, str],
    *,
    programme: str,
    points: int,
    measure: Measure = Measure.HOURS,
    level: int = 1,
) -> Standing:
    """Let a block of a course be scored by the actor's practice in a programme, from now on.

    ``item`` is the trainee's side of the block as edx-submissions names it (``ITEM_KEYS``),
    ``level`` the one from which a competency is reached. Called whenever the block is opened: it
    writes only what is new. What counts already is told to the host at once. Raises
    ``InvalidValue``, and ``NotAllowed`` for an actor without an account.
    """
    require_account(actor)
    if not 0 < points <= MAX_POINTS or set(item) != set(ITEM_KEYS):
        raise InvalidValue(what="item")
    person = person_of(actor)
    values = {
        "trainee_id": person.pk,
        "programme": programme,
        "measure": measure.value,
        "level": level,
        "points": points,
    }
    known = CourseItem.objects.filter(**item, **values).exists()
    standing = standing_of(person, programme, measure, level, points)
    if not known:
        with transaction.atomic():
            keys: dict[str, Any] = {name: item[name] for name in ITEM_KEYS[:3]}
            CourseItem.objects.update_or_create(
                **keys, defaults={"item_type": item["item_type"], **values}
            )
            _tell(CourseItem.objects.select_for_update().get(**keys), standing)
    return standing


def update_scores(trainee: UUID) -> None:
    """Tell the host what a trainee's practice is worth now, wherever it counts and has changed.

    Part of the caller's transaction; safe to repeat. Competencies are those that a mentor saw.
    """
    rows = CourseItem.objects.select_for_update().filter(trainee__id=trainee).order_by("pk")
    person = Person.objects.filter(id=trainee).first()
    for row in rows:
        if person is not None:
            measure = Measure(row.measure)
            _tell(row, standing_of(person, row.programme, measure, row.level, row.points))


def _tell(row: CourseItem, standing: Standing) -> None:
    """Nothing is told as long as there is nothing, so that a block is not attempted by opening."""
    told = (row.given_earned, row.given_possible)
    new = (standing.earned, standing.possible)
    if new == told or (row.given_earned is None and not standing.earned):
        return
    host.give_score(row, *new)
    row.given_earned, row.given_possible = new
    row.save(update_fields=["given_earned", "given_possible"])


def standing_of(
    person: Person, programme: str, measure: Measure, level: int, points: int
) -> Standing:
    """How much of a programme a person has done, over all their placements in it.

    What is required is what the latest of the placements asks. Points are whole and rounded down:
    all of them are for all that is required.
    """
    placements = Placement.objects.filter(
        trainee=person, programme_version__programme__code=programme
    )
    latest = placements.select_related("programme_version").order_by("-first", "pk").first()
    if latest is None:
        return Standing(measure, 0, 0, 0, points)
    rules = load_rules(latest.programme_version.rules)
    if measure is Measure.HOURS:
        lines = LedgerLine.objects.filter(placement__in=placements)
        done = lines.aggregate(sum=Sum("minutes"))["sum"] or 0
        required = rules.requirement.minutes
    else:
        seen = CompetencyAssessment.objects.filter(placement__in=placements, is_own=False)
        levels = dict(seen.order_by("at", "pk").values_list("competency", "level"))
        done = sum(levels.get(code, 0) >= level for code in rules.competencies)
        required = len(rules.competencies)
    earned = min(done, required) * points // required if required else 0
    return Standing(measure, done, required, earned, points)
