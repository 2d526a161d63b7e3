"""The rows of entries: checked, written as versions, signed, counted. Under the trainee's lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from practicum.canonical import digest
from practicum.data import (
    Actor,
    DecisionKind,
    EntryState,
    EntryValues,
    OverrideKind,
    Problem,
    Rules,
)
from practicum.errors import InvalidEntry, InvalidValue, NotFound, PeriodClosed, WrongState
from practicum.models import (
    Entry,
    EntryVersion,
    EvidenceFile,
    LedgerLine,
    Person,
    Placement,
    Signature,
)
from practicum.people import lock_people, mandates_on, signer_snapshot
from practicum.rules import machine
from practicum.rules.calendar import local_day
from practicum.rules.checks import (
    OVERRIDABLE,
    Override,
    Setting,
    Stretch,
    as_utc,
    check_entry,
    has_hard,
    is_within,
)
from practicum.rules.programme import load_rules
from practicum.running import Run
from practicum.trail import Step

CURRENT = "brought_versions"
AROUND = timedelta(days=9)  # a week and the ends of its entries, on both sides

# --- Reading --------------------------------------------------------------------------------------


def rules_of(placement: Placement) -> Rules:
    """The rules of a placement's version of its programme."""
    return load_rules(placement.programme_version.rules)


def lock_entries(entries: Iterable[UUID]) -> dict[UUID, Entry]:
    """The entries that there are of these ids, under the locks of their trainees."""
    wanted = set(entries)
    trainees = Entry.objects.filter(pk__in=wanted).values_list("trainee_id", flat=True)
    lock_people(trainees)
    rows = Entry.objects.filter(pk__in=wanted).select_related(
        "trainee", "placement", "placement__host", "placement__programme_version"
    )
    current = EntryVersion.objects.filter(number=F("entry__version")).select_related("author")
    rows = rows.prefetch_related(
        "placement__mandates",
        "placement__periods",
        Prefetch("versions", current, to_attr=CURRENT),
    )
    return {row.pk: row for row in rows}


def lock_entry(entry: UUID) -> Entry:
    """An entry under the lock of its trainee; raises ``NotFound``."""
    found = lock_entries([entry]).get(entry)
    if found is None:
        raise NotFound(what="entry")
    return found


def current_version(entry: Entry) -> EntryVersion:
    """The version that an entry has now, in no query if ``lock_entries`` brought it."""
    for known in getattr(entry, CURRENT, ()):
        if known.number == entry.version:
            brought: EntryVersion = known
            return brought
    version: EntryVersion = entry.versions.select_related("author").get(number=entry.version)
    return version


def closed_spans(placement: Placement) -> tuple[tuple[date, date], ...]:
    """First and last day of each closed period."""
    periods = placement.periods.all()
    return tuple((period.first, period.last) for period in periods if period.is_closed)


def require_open(placement: Placement, day: date) -> None:
    """Raise ``PeriodClosed`` for a day in a closed period."""
    if is_within(day, closed_spans(placement)):
        raise PeriodClosed(day=day.isoformat())


def require_step(command: str, entry: Entry) -> EntryState:
    """The state after ``command``; raises ``WrongState`` where the machine has no such step."""
    state = EntryState(entry.state)
    if not machine.can(command, state):
        raise WrongState(state=state.value)
    return machine.follow(command, state)


def signatures_of(entry: Entry, content_hash: str, *kinds: DecisionKind) -> QuerySet[Signature]:
    """The signatures over a version that were not withdrawn."""
    wanted = [kind.value for kind in kinds]
    found = entry.signatures.filter(content_hash=content_hash, kind__in=wanted, withdrawal=None)
    return found.select_related("signer").order_by("at", "pk")


def is_mandated(person: Person, entry: Entry) -> bool:
    """Whether a person answers for the entry's placement on the entry's day."""
    mandates = mandates_on(entry.placement, entry.day)
    return any(mandate.mentor_id == person.pk for mandate in mandates)


# --- Checking -------------------------------------------------------------------------------------


def checked(
    run: Run,
    placement: Placement,
    values: EntryValues,
    *,
    entry: Entry | None = None,
    is_amendment: bool = False,
) -> tuple[EntryValues, tuple[Problem, ...]]:
    """The values in UTC and their soft problems; raises ``InvalidEntry`` for hard ones."""
    problems = find_problems(run.at, placement, values, entry=entry, is_amendment=is_amendment)
    if has_hard(problems):
        raise InvalidEntry(problems)
    return as_utc(values), problems


def find_problems(
    now: datetime,
    placement: Placement,
    values: EntryValues,
    *,
    entry: Entry | None = None,
    is_amendment: bool = False,
) -> tuple[Problem, ...]:
    """Every problem of values for an entry of a placement, ``entry`` itself not in its way."""
    values = _in_utc(values)
    setting = _setting(now, placement, values, entry, is_amendment)
    problems = check_entry(values, setting)
    if not any(problem.code in OVERRIDABLE for problem in problems):
        return problems
    given = placement.overrides.values_list("kind", "day", "minutes")
    overrides = tuple(Override(OverrideKind(kind), day, minutes) for kind, day, minutes in given)
    return check_entry(values, replace(setting, overrides=overrides)) if overrides else problems


def _setting(
    now: datetime,
    placement: Placement,
    values: EntryValues,
    entry: Entry | None,
    is_amendment: bool,
) -> Setting:
    """All that values are checked against, but for exceptions, which few ask for."""
    others = Entry.objects.filter(
        trainee_id=placement.trainee_id,
        starts_at__lt=values.end + AROUND,
        starts_at__gt=values.start - AROUND,
    ).exclude(state=EntryState.VOID.value)
    if entry is not None:
        others = others.exclude(pk=entry.pk)
    return Setting(
        rules=rules_of(placement),
        tz=placement.tz,
        first=placement.first,
        last=placement.last,
        now=now,
        others=tuple(
            Stretch(pk, start, end, int((end - start).total_seconds()) // 60 - net)
            for pk, start, end, net in others.values_list(
                "pk", "starts_at", "ends_at", "net_minutes"
            )
        ),
        pauses=tuple(placement.pauses.filter(cancelled_at=None).values_list("first", "last")),
        closed=closed_spans(placement),
        known_day=entry.day if entry is not None else None,
        is_amendment=is_amendment,
    )


def _in_utc(values: EntryValues) -> EntryValues:
    try:
        return as_utc(values)
    except ValueError as error:
        raise InvalidValue(what="time") from error


# --- Writing --------------------------------------------------------------------------------------


def new_version(
    run: Run, entry: Entry, number: int, values: EntryValues, author: Person
) -> EntryVersion:
    """A version of an entry, not inserted yet; its digest is over what is stored."""
    evidence = _evidence(entry.trainee_id, values.evidence)
    sealed = run.vault.seal(entry.trainee_id, values.text)
    version = EntryVersion(
        entry=entry,
        number=number,
        starts_at=values.start,
        ends_at=values.end,
        break_minutes=values.break_minutes,
        net_minutes=values.net_minutes,
        allocations=dict(values.allocations),
        competencies=sorted(set(values.competencies)),
        sealed_text=sealed,
        evidence=evidence,
        author=author,
        created_at=run.at,
    )
    version.content_hash = version_digest(version, author.id)
    return version


def version_digest(version: EntryVersion, author: UUID) -> str:
    """The content hash of a version: what signatures on it are over."""
    return digest(
        {
            "entry": version.entry_id,
            "placement": version.entry.placement_id,
            "number": version.number,
            "start": version.starts_at,
            "end": version.ends_at,
            "break": version.break_minutes,
            "net": version.net_minutes,
            "allocations": version.allocations,
            "competencies": version.competencies,
            "text": version.sealed_text,
            "evidence": version.evidence,
            "author": author,
        }
    )


def _evidence(owner: int, ids: Iterable[UUID]) -> list[list[str]]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    files = EvidenceFile.objects.filter(pk__in=wanted, owner_id=owner)
    digests = dict(files.values_list("pk", "sha256"))
    missing = [file for file in wanted if file not in digests]
    if missing:
        raise NotFound(what="file")
    return [[str(file), digests[file]] for file in wanted]


def next_number(entry: Entry) -> int:
    """The number of the next version; rejected proposals have used theirs."""
    last = entry.versions.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def head_values(version: EntryVersion, tz: str) -> dict[str, Any]:
    """What an entry repeats of its current version."""
    return {
        "version": version.number,
        "starts_at": version.starts_at,
        "ends_at": version.ends_at,
        "day": local_day(version.starts_at, tz),
        "net_minutes": version.net_minutes,
    }


def sign(
    run: Run,
    step: Step,
    entry: Entry,
    content_hash: str,
    kind: DecisionKind,
    signer: Person,
    role: str,
    reason: str = "",
) -> Signature:
    """Sign a version of an entry as the run's actor."""
    organisation = entry.placement.host.name if role == "mentor" else ""
    signature = Signature(
        subject=entry.id,
        entry=entry,
        kind=kind.value,
        content_hash=content_hash,
        signer=signer,
        role=role,
        sealed_signer=signer_snapshot(run.vault, signer, organisation, entry.trainee_id),
        sealed_reason=run.vault.seal(entry.trainee_id, reason),
        means=run.actor.means.value,
        link_id=run.actor.link,
        at=run.at,
    )
    run.add(step, signature)
    return signature


def count(
    run: Run,
    step: Step,
    version: EntryVersion,
    entry: Entry,
    signature: Signature,
    sign_of: int,
    tz: str,
) -> None:
    """Let a version's minutes count (``sign_of`` 1), or count no more (-1)."""
    run.credited.add(entry.trainee.id)
    counted = step.facts.setdefault("ledger", {})
    step.facts["placement"] = entry.placement_id
    for category, minutes in sorted(version.allocations.items()):
        counted[category] = counted.get(category, 0) + sign_of * minutes
        run.add(
            step,
            LedgerLine(
                entry=entry,
                placement_id=entry.placement_id,
                version=version.number,
                category=category,
                day=local_day(version.starts_at, tz),
                minutes=sign_of * minutes,
                signature=signature,
            ),
        )


def values_of(version: EntryVersion, text: str) -> EntryValues:
    """A version as values, with its opened text."""
    return EntryValues(
        start=version.starts_at,
        end=version.ends_at,
        break_minutes=version.break_minutes,
        allocations=dict(version.allocations),
        competencies=tuple(version.competencies),
        text=text,
        evidence=tuple(UUID(file) for file, _sha256 in version.evidence),
    )


def is_same(first: EntryValues, second: EntryValues) -> bool:
    """Whether two values say the same, whatever the order of what has none."""
    return _normal(first) == _normal(second)


def _normal(values: EntryValues) -> EntryValues:
    allocations: Mapping[str, int] = dict(values.allocations)
    competencies = tuple(sorted(set(values.competencies)))
    return replace(as_utc(values), allocations=allocations, competencies=competencies)


def owner_of(actor: Actor, entry: Entry) -> Person:
    """The trainee, if it is they who act; whoever else learns of no entry (``NotFound``)."""
    if actor.link is not None or actor.person != entry.trainee.id:
        raise NotFound(what="entry")
    return entry.trainee
