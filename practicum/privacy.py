"""A person's own data: handed over whole, or erased so that only anonymous hours stay."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from practicum.agreeing import agreements, overrides
from practicum.appealing import appeals
from practicum.assessing import checklists, competency_matrix, evaluations
from practicum.attending import absences, weeks
from practicum.canonical import plain
from practicum.comforts import forget_comforts
from practicum.data import Actor, EntryState, Receipt
from practicum.errors import NotFound, WrongState
from practicum.history import access_log, note_look
from practicum.models import (
    AuditEvent,
    Coordinator,
    CourseItem,
    EvidenceContent,
    EvidenceFile,
    Mandate,
    Person,
    PersonKey,
    ReviewLink,
)
from practicum.people import (
    find_person,
    is_coordinator,
    lock_people,
    require_account,
    require_coordinator,
)
from practicum.placing import pauses
from practicum.reading import amendments, entries
from practicum.running import Run, perform
from practicum.sealing import Vault
from practicum.surveying import person_totals, placements
from practicum.trail import Step


def export_person(actor: Actor, person: UUID) -> dict[str, Any]:
    """Everything of a person's, as JSON types: the person themselves, or a coordinator.

    Names, placements with hours, versions' texts, signatures, weeks, absences, competencies,
    evaluations, agreements, files (by name and digest), what the person did, and who else took
    this out or opened a file. That a coordinator did is in the trail. Raises ``NotFound``.
    """
    require_account(actor)
    if actor.person != person and not is_coordinator(actor):
        raise NotFound(what="person")
    row = find_person(person)
    note_look(actor, "look_at_export", person)
    own = Actor(person)
    vault = Vault([row.pk])
    mine = [one for one in placements(own) if one.trainee == person]
    files = EvidenceFile.objects.filter(owner=row).order_by("added_at", "pk")
    exported: dict[str, Any] = plain(
        {
            "person": {
                "id": row.id,
                "name": vault.open(row.pk, row.sealed_name),
                "mail": vault.open(row.pk, row.sealed_mail),
            },
            "totals": person_totals(own, person) if mine else None,
            "placements": [
                {
                    "placement": one,
                    "entries": entries(own, placement=one.id, states=list(EntryState)),
                    "amendments": amendments(own, placement=one.id, only_pending=False),
                    "weeks": weeks(own, one.id),
                    "absences": absences(own, one.id),
                    "agreements": agreements(own, one.id),
                    "checklists": checklists(own, one.id),
                    "interruptions": pauses(own, one.id),
                    "exceptions": overrides(own, one.id),
                    "competencies": competency_matrix(own, one.id),
                    "evaluations": evaluations(own, one.id),
                }
                for one in mine
            ],
            "appeals": appeals(own, only_open=False),
            "files": [
                {
                    "id": file.pk,
                    "name": vault.open(row.pk, file.sealed_name),
                    "size": file.size,
                    "sha256": file.sha256,
                }
                for file in files
            ],
            "looks": access_log(own, person),
            "acts": [
                {"at": event.at, "command": event.command, "subject": event.subject}
                for event in AuditEvent.objects.filter(actor=person).order_by("sequence")
            ],
        }
    )
    return exported


def erase_person(actor: Actor, person: UUID, *, key: str = "") -> Receipt:
    """Make everything personal of somebody unreadable for good, by destroying their key.

    Hours stay, as those of nobody, and the trail verifies. What somebody signed for others stays
    in the others' records. Coordinators and the program; raises ``WrongState`` while a placement
    of the person's runs.
    """

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        row = find_person(person)
        lock_people([row.pk])
        if row.placements.filter(last__gte=timezone.now().date()).exists():
            raise WrongState(state="in a placement")
        step = run.step("erase_person", row.id)
        _end_roles(run, step, row)
        EvidenceContent.objects.filter(file__owner=row).delete()
        CourseItem.objects.filter(trainee=row).delete()
        forget_comforts(row)
        PersonKey.objects.filter(person=row).delete()
        run.change(
            step,
            row,
            user=None,
            sealed_name="",
            sealed_mail="",
            mail_hash=None,
            erased_at=run.at,
        )
        return Receipt(row.id, "erased")

    return perform(actor, "erase_person", key, [person], effect)


def _end_roles(run: Run, step: Step, row: Person) -> None:
    mandates = Mandate.objects.filter(mentor=row, revoked_at=None)
    lock_people(mandates.values_list("placement__trainee_id", flat=True))
    for mandate in mandates.all():
        run.change(step, mandate, revoked_at=run.at)
    for link in ReviewLink.objects.select_for_update().filter(mentor=row, revoked_at=None):
        run.change(step, link, revoked_at=run.at)
    for term in Coordinator.objects.select_for_update().filter(person=row):
        last = term.last
        today = run.at.date()
        if last is None or last > today:
            run.change(step, term, last=today)
