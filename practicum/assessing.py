"""Competencies over time, evaluation forms and checklists."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from practicum.canonical import digest
from practicum.data import Actor, Receipt
from practicum.entry_rows import rules_of
from practicum.errors import InvalidValue, NotAllowed, NotFound
from practicum.models import (
    Checklist,
    ChecklistTick,
    Competency,
    CompetencyAssessment,
    Evaluation,
    EvaluationForm,
    Person,
    Placement,
    Signature,
)
from practicum.people import (
    clean_line,
    lock_placement,
    person_of,
    require_account,
    require_coordinator,
    signer_snapshot,
)
from practicum.reading import find_placement, visible_placements
from practicum.rules.calendar import local_day
from practicum.running import Run, perform
from practicum.sealing import Vault

MAX_NOTE = 5_000

# --- Competencies ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """The level that somebody saw: the trainee of themselves (``is_own``), or a mentor."""

    level: int
    is_own: bool
    note: str
    entries: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class CompetencyRecord:
    """A row of the matrix: all assessments, oldest first, and how high the levels go."""

    code: str
    name: str
    levels: int
    assessments: tuple[AssessmentRecord, ...]

    @property
    def own(self) -> int | None:
        """The trainee's latest level of themselves."""
        return _latest(self.assessments, True)

    @property
    def confirmed(self) -> int | None:
        """A mentor's latest level."""
        return _latest(self.assessments, False)


def _latest(assessments: Sequence[AssessmentRecord], is_own: bool) -> int | None:
    levels = [one.level for one in assessments if one.is_own is is_own]
    return levels[-1] if levels else None


def assess_competency(
    actor: Actor,
    placement: UUID,
    competency: str,
    level: int,
    *,
    note: str = "",
    entries: Sequence[UUID] = (),
    key: str = "",
) -> Receipt:
    """Say how far a trainee has come, with entries that show it. The trainee, or a mentor today.

    Nothing is overwritten: the matrix keeps every level with its date.
    """
    if len(note) > MAX_NOTE:
        raise InvalidValue(what="note")

    def effect(run: Run) -> Receipt:
        place, person, is_own = _party(run, placement)
        known = Competency.objects.filter(code=competency).first()
        if known is None or competency not in rules_of(place).competencies:
            raise NotFound(what="competency")
        if not 0 <= level <= known.levels:
            raise InvalidValue(what="level")
        if place.entries.filter(pk__in=entries).count() != len(set(entries)):
            raise NotFound(what="entry")
        row = CompetencyAssessment(
            placement=place,
            competency=competency,
            level=level,
            assessor=person,
            is_own=is_own,
            sealed_note=run.vault.seal(place.trainee_id, note),
            entries=[str(entry) for entry in entries],
            at=run.at,
        )
        run.add(run.step("assess", place.id, competency=competency, level=level), row)
        if not is_own:
            run.credited.add(place.trainee.id)
        return Receipt(row.id)

    request = [placement, competency, level, note, entries]
    return perform(actor, "assess_competency", key, request, effect)


def competency_matrix(actor: Actor, placement: UUID) -> list[CompetencyRecord]:
    """Every competency of the placement's programme with its assessments, in the rules' order."""
    return _matrix([find_placement(actor, placement)])


def person_competencies(actor: Actor, person: UUID) -> list[CompetencyRecord]:
    """The matrix over all placements of a person that the actor sees; raises ``NotFound``."""
    rows = visible_placements(actor).filter(trainee__id=person)
    places = list(rows.select_related("programme_version").order_by("first", "pk"))
    if not places:
        raise NotFound(what="placement")
    return _matrix(places)


def _matrix(places: Sequence[Placement]) -> list[CompetencyRecord]:
    """Of placements of one trainee."""
    trainee = places[0].trainee_id
    vault = Vault([trainee])
    found: dict[str, list[AssessmentRecord]] = {}
    rows = CompetencyAssessment.objects.filter(placement__in=places).order_by("at", "pk")
    for row in rows:
        record = AssessmentRecord(
            row.level,
            row.is_own,
            vault.open(trainee, row.sealed_note),
            tuple(UUID(entry) for entry in row.entries),
            row.at,
        )
        found.setdefault(row.competency, []).append(record)
    known = {row.code: row for row in Competency.objects.all()}
    wanted = dict.fromkeys(code for place in places for code in rules_of(place).competencies)
    codes = [code for code in wanted if code in known]
    return [
        CompetencyRecord(code, known[code].name, known[code].levels, tuple(found.get(code, ())))
        for code in codes
    ]


def _party(run: Run, placement: UUID) -> tuple[Placement, Person, bool]:
    """The placement, who acts, and whether they are its trainee; others find nothing."""
    require_account(run.actor)
    place, person = lock_placement(placement), person_of(run.actor)
    if person.pk == place.trainee_id:
        return place, person, True
    day = min(max(local_day(run.at, place.tz), place.first), place.last)
    mandates = place.mandates.filter(mentor=person, revoked_at=None, first__lte=day)
    if not any(one.last is None or one.last >= day for one in mandates):
        raise NotFound(what="placement")
    return place, person, False


# --- Evaluation forms -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvaluationRecord:
    """A form that was filled in: level by criterion's code, and remarks.

    ``names`` are what the form calls its criteria, by code.
    """

    id: UUID
    form: UUID
    kind: str
    title: str
    author: UUID
    names: Mapping[str, str]
    levels: Mapping[str, int]
    remarks: str
    content_hash: str
    at: datetime


def save_form(
    actor: Actor,
    code: str,
    kind: str,
    title: str,
    criteria: Sequence[Mapping[str, Any]],
    *,
    key: str = "",
) -> Receipt:
    """Make an evaluation form, or its next version. Coordinators.

    ``kind`` is mid_term, final or host; each criterion has ``code``, ``name`` and ``levels`` (the
    highest). Evaluations keep the version that they answered.
    """
    title = clean_line(title, "title")
    if kind not in dict(EvaluationForm.KINDS) or not criteria:
        raise InvalidValue(what="form")
    kept = [_criterion(one) for one in criteria]
    if len({one["code"] for one in kept}) != len(kept):
        raise InvalidValue(what="criteria")

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        number = EvaluationForm.objects.filter(code=code).count() + 1
        row = EvaluationForm(
            code=code, number=number, kind=kind, title=title, criteria=kept, created_at=run.at
        )
        run.add(run.step("save_form", row.id, version=number), row)
        return Receipt(row.id, version=number)

    return perform(actor, "save_form", key, [code, kind, title, kept], effect)


def _criterion(one: Mapping[str, Any]) -> dict[str, Any]:
    levels = one.get("levels", 4)
    if not isinstance(levels, int) or not 1 <= levels <= 10:
        raise InvalidValue(what="levels")
    code, name = str(one.get("code", "")), str(one.get("name", ""))
    return {
        "code": clean_line(code, "code", 50),
        "name": clean_line(name, "name"),
        "levels": levels,
    }


def submit_evaluation(
    actor: Actor,
    placement: UUID,
    form: UUID,
    levels: Mapping[str, int],
    *,
    remarks: str = "",
    key: str = "",
) -> Receipt:
    """Fill in and sign a form: mentors of the trainee, the trainee of the host.

    Every criterion has a level. A later evaluation by the same form stands beside the earlier one.
    """
    if len(remarks) > MAX_NOTE:
        raise InvalidValue(what="remarks")

    def effect(run: Run) -> Receipt:
        place, person, is_own = _party(run, placement)
        row = EvaluationForm.objects.filter(pk=form).first()
        if row is None:
            raise NotFound(what="form")
        if is_own != (row.kind == "host"):
            raise NotAllowed
        _check_levels(row.criteria, levels)
        answers = json.dumps({"levels": dict(levels), "remarks": remarks}, ensure_ascii=False)
        sealed = run.vault.seal(place.trainee_id, answers)
        made = Evaluation(
            form=row,
            placement=place,
            author=person,
            sealed_answers=sealed,
            content_hash=digest([row.id, place.id, person.id, sealed]),
            at=run.at,
        )
        organisation = "" if is_own else place.host.name
        signature = Signature(
            subject=made.id,
            kind="evaluation",
            content_hash=made.content_hash,
            signer=person,
            role="trainee" if is_own else "mentor",
            sealed_signer=signer_snapshot(run.vault, person, organisation, place.trainee_id),
            means=actor.means.value,
            at=run.at,
        )
        run.add(run.step("submit_evaluation", made.id, form=form), made, signature)
        return Receipt(made.id, content_hash=made.content_hash)

    return perform(
        actor, "submit_evaluation", key, [placement, form, dict(levels), remarks], effect
    )


def _check_levels(criteria: Sequence[Mapping[str, Any]], levels: Mapping[str, int]) -> None:
    if set(levels) != {one["code"] for one in criteria}:
        raise InvalidValue(what="levels")
    for one in criteria:
        if not 0 <= levels[one["code"]] <= one["levels"]:
            raise InvalidValue(what=one["name"])


def evaluations(actor: Actor, placement: UUID) -> list[EvaluationRecord]:
    """The evaluations of a placement, oldest first; mentors do not see those of hosts."""
    place = find_placement(actor, placement)
    rows = place.evaluations.select_related("form", "author").order_by("at", "pk")
    is_mentor = place.mandates.filter(mentor__id=actor.person).exists() if actor.person else False
    if is_mentor:
        rows = rows.exclude(form__kind="host")
    vault = Vault([place.trainee_id])
    return [_evaluation(row, vault, place.trainee_id) for row in rows]


def _evaluation(row: Evaluation, vault: Vault, trainee: int) -> EvaluationRecord:
    answers = json.loads(vault.open(trainee, row.sealed_answers) or '{"levels":{},"remarks":""}')
    return EvaluationRecord(
        row.pk,
        row.form_id,
        row.form.kind,
        row.form.title,
        row.author.id,
        {one["code"]: one["name"] for one in row.form.criteria},
        answers["levels"],
        answers["remarks"],
        row.content_hash,
        row.at,
    )


# --- Checklists -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChecklistRecord:
    """A checklist with what was seen to: code, text, and when (``None``: not yet)."""

    id: UUID
    title: str
    items: tuple[tuple[str, str, datetime | None], ...]


def save_checklist(
    actor: Actor, code: str, title: str, items: Sequence[tuple[str, str]], *, key: str = ""
) -> Receipt:
    """Make a checklist, or its next version; ``items`` are codes and texts. Coordinators."""
    title = clean_line(title, "title")
    kept = [[clean_line(one, "code", 50), clean_line(text, "text", 500)] for one, text in items]
    if not kept or len({one for one, _text in kept}) != len(kept):
        raise InvalidValue(what="items")

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        number = Checklist.objects.filter(code=code).count() + 1
        row = Checklist(code=code, number=number, title=title, items=kept, created_at=run.at)
        run.add(run.step("save_checklist", row.id, version=number), row)
        return Receipt(row.id, version=number)

    return perform(actor, "save_checklist", key, [code, title, kept], effect)


def tick_item(
    actor: Actor,
    placement: UUID,
    checklist: UUID,
    item: str,
    *,
    is_done: bool = True,
    key: str = "",
) -> Receipt:
    """Say that an item was seen to, or that it was not so. The trainee, or a mentor."""

    def effect(run: Run) -> Receipt:
        place, person, _is_own = _party(run, placement)
        row = Checklist.objects.filter(pk=checklist).first()
        if row is None or item not in {code for code, _text in row.items}:
            raise NotFound(what="item")
        tick = ChecklistTick(
            checklist=row, placement=place, item=item, is_done=is_done, person=person, at=run.at
        )
        run.add(run.step("tick", place.id, checklist=checklist, item=item, done=is_done), tick)
        return Receipt(tick.id)

    return perform(actor, "tick_item", key, [placement, checklist, item, is_done], effect)


def checklists(actor: Actor, placement: UUID) -> list[ChecklistRecord]:
    """The latest version of every checklist with the placement's ticks.

    A version that the placement has ticks of is shown instead of a later one.
    """
    place = find_placement(actor, placement)
    ticks: dict[UUID, dict[str, datetime | None]] = {}
    for tick in place.ticks.order_by("at", "pk"):
        seen = ticks.setdefault(tick.checklist_id, {})
        seen[tick.item] = tick.at if tick.is_done else None
    chosen: dict[str, Checklist] = {}
    for row in Checklist.objects.order_by("code", "number"):
        known = chosen.get(row.code)
        if known is None or known.pk not in ticks:
            chosen[row.code] = row
    return [
        ChecklistRecord(
            row.pk,
            row.title,
            tuple((code, text, ticks.get(row.pk, {}).get(code)) for code, text in row.items),
        )
        for row in chosen.values()
    ]
