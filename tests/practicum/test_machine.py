"""Anybody does anything, in any order: after every step the invariants hold.

``HYPOTHESIS_PROFILE=long`` runs ten thousand steps in place of a thousand.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from practicum import api
from practicum.api import (
    SYSTEM,
    Actor,
    EntryState,
    EntryValues,
    InvalidEntry,
    PracticumError,
    Receipt,
    ReviewItem,
)
from practicum.models import Entry, EntryVersion, LedgerLine, Mandate, Signature
from practicum.rules.calendar import local_day, minutes_by_day
from practicum.trail import current_sequence
from tests.practicum.school import (
    RULES,
    coordinator,
    day_ago,
    id_of,
    person,
    place,
    programme,
)

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
EXAMPLES, STEPS = (250, 40) if IS_LONG else (25, 40)
ZONES = ("Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia")
CAP = 10 * 60
COUNTED = {"approved", "locked"}
WHEN = st.tuples(
    st.integers(1, 14), st.integers(0, 95), st.integers(1, 40), st.sampled_from((0, 15, 30))
)
PLACE, PICK = st.integers(0, 2), st.integers(0, 10**6)
RIGHT = -1  # whoever may; else one of the six, mostly in vain
WHO = st.sampled_from((RIGHT, RIGHT, RIGHT, 0, 1, 2, 3, 4, 5))


@dataclass
class Known:
    """What the oracle knows of an entry."""

    placement: UUID
    trainee: UUID
    values: EntryValues
    state: str = "draft"
    counted: EntryValues | None = None
    proposal: tuple[UUID, EntryValues | None, Actor] | None = None
    signers: list[UUID] = field(default_factory=list)


def has(*states: str) -> Any:
    """Only while there is an entry in one of the states."""
    return precondition(lambda self: any(known.state in states for known in self.entries.values()))


class Practicum(RuleBasedStateMachine):
    """Trainees, mentors and coordinators at random, beside an oracle in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.checked = -1
        self.entries: dict[UUID, Known] = {}
        self.closed: dict[UUID, tuple[UUID, date, date, int]] = {}
        self.done: list[tuple[Callable[[], Receipt], Receipt]] = []
        trainees = person("Tena"), person("Toma")
        mentors = person("Meri"), person("Marko")
        self.actors = (*trainees, *mentors, coordinator("Koraljka"), coordinator("Kiril"))
        rules = replace(RULES, undo_minutes=60, day_cap=CAP, week_cap=0)
        version = self.version = programme(rules)
        self.others: dict[UUID, str] = {}  # entries of people who are not among the actors
        self.host = api.save_host(SYSTEM, name="Sample Library", tz=ZONES[0]).id
        zones = ZONES[1:]
        whose = (trainees[0], trainees[0], trainees[1])
        # The two trainees of the third placement are each other's mentors, which is allowed.
        helpers = ((mentors[0], trainees[1]), (mentors[0], mentors[1]), (mentors[1], trainees[0]))
        self.placements = [
            place(trainee, self.host, version, *chosen, tz=tz, last=day_ago(-3))
            for trainee, chosen, tz in zip(whose, helpers, zones, strict=True)
        ]
        self.tz = dict(zip(self.placements, zones, strict=True))
        self.trainee = dict(zip(self.placements, whose, strict=True))

    def teardown(self) -> None:
        report = api.verify_audit_trail()
        states, minutes = api.rebuild()
        stored = {row.pk: (row.state, row.version) for row in Entry.objects.all()}
        counted = {
            (pk, category): figure
            for pk in set(Entry.objects.values_list("placement_id", flat=True))
            for category, figure in self.ledger(pk).items()
        }
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        assert report.is_whole, report.broken
        assert {key: value for key, value in states.items() if key in stored} == stored
        assert {key: value for key, value in minutes.items() if value} == counted

    # --- Doing --------------------------------------------------------------------------------

    def attempt(self, command: Callable[[], Receipt]) -> Receipt | PracticumError:
        """Do it in a savepoint, as a request would, and remember what was done for replays."""
        before = current_sequence()
        try:
            receipt = command()
        except PracticumError as error:
            assert current_sequence() == before, "a refusal changed something"
            return error
        self.done.append((command, receipt))
        return receipt

    def pick(self, number: int, *states: str) -> tuple[UUID, Known] | None:
        found = [(pk, one) for pk, one in self.entries.items() if one.state in states]
        return found[number % len(found)] if found else None

    def someone(self, who: int, placement: UUID, role: str) -> Actor:
        """The actor of that number, or one who has the role at the placement."""
        if who != RIGHT:
            return self.actors[who]
        if role == "trainee":
            return self.trainee[placement]
        if role == "coordinator":
            return self.actors[4]
        return next(actor for actor in self.actors if self.mandated(actor, placement))

    def values(self, placement: UUID, when: tuple[int, int, int, int]) -> EntryValues:
        days, quarter, length, pause = when
        start = api.moment(day_ago(days), time(0), self.tz[placement])
        start += timedelta(minutes=15 * quarter)
        end = start + timedelta(minutes=15 * length)
        net = max(15 * length - pause, 1)
        desk = net // 3
        split = {"cataloguing": net - desk, "desk": desk} if desk else {"cataloguing": net}
        return EntryValues(start, end, 15 * length - net, split, ("marc",), "Подреждане")

    def wrong(self, placement: UUID, values: EntryValues, but: UUID | None = None) -> set[str]:
        """The codes of what the oracle finds wrong, caps aside."""
        trainee = id_of(self.trainee[placement])
        wrong = set()
        for pk, other in self.entries.items():
            meets = other.values.start < values.end and values.start < other.values.end
            if pk != but and other.state != "void" and other.trainee == trainee and meets:
                wrong.add("overlap")
        if values.end > timezone.now() + timedelta(minutes=15):
            wrong.add("future")
        return wrong

    def in_closed(self, placement: UUID, at: datetime) -> bool:
        day = local_day(at, self.tz[placement])
        return any(
            of == placement and first <= day <= last for of, first, last, _ in self.closed.values()
        )

    @initialize(whens=st.lists(st.tuples(PLACE, WHEN), min_size=4, max_size=8))
    def begin(self, whens: list[tuple[int, tuple[int, int, int, int]]]) -> None:
        for number, when in whens:
            self.log(number, when)
        count = len(self.entries)
        for _ in range(count - count // 4):
            self.submit(0, RIGHT)
        for _ in range(count // 2):
            self.review(0, RIGHT, True, False)

    @rule(number=PLACE, when=WHEN)
    def log(self, number: int, when: tuple[int, int, int, int]) -> None:
        placement, entry, key = self.placements[number], uuid4(), uuid4().hex
        values, trainee = self.values(placement, when), self.trainee[placement]
        wrong = self.wrong(placement, values)
        if self.in_closed(placement, values.start):
            wrong.add("period.closed")
        result = self.attempt(
            lambda: api.log_hours(trainee, entry, values, placement=placement, key=key)
        )
        self.agree(result, wrong)
        if isinstance(result, Receipt):
            self.entries[entry] = Known(placement, id_of(trainee), values)

    @has("draft", "returned")
    @rule(pick=PICK, when=WHEN)
    def edit(self, pick: int, when: tuple[int, int, int, int]) -> None:
        found = self.pick(pick, "draft", "returned")
        if found is None:
            return
        entry, known = found
        values, key = self.values(known.placement, when), uuid4().hex
        wrong = self.wrong(known.placement, values, entry)
        if self.in_closed(known.placement, values.start):
            wrong.add("period.closed")
        version = Entry.objects.get(pk=entry).version
        trainee, of = self.trainee[known.placement], known.placement
        result = self.attempt(
            lambda: api.log_hours(
                trainee, entry, values, placement=of, expected_version=version, key=key
            )
        )
        if self.in_closed(known.placement, known.values.start):
            assert not isinstance(result, Receipt) or values == known.values
            return
        self.agree(result, wrong)
        if isinstance(result, Receipt):
            known.values = values

    def agree(self, result: Receipt | PracticumError, wrong: set[str]) -> None:
        if isinstance(result, Receipt):
            assert not wrong, f"kept in spite of {wrong}"
            return
        assert isinstance(result, InvalidEntry)
        codes = {problem.code for problem in result.problems if problem.is_hard}
        assert codes - {"cap.day"} == wrong

    @has("draft", "returned")
    @rule(pick=PICK, who=WHO)
    def submit(self, pick: int, who: int) -> None:
        found = self.pick(pick, "draft", "returned") or self.pick(pick, "submitted", "void")
        if found is None:
            return
        entry, known = found
        actor, key = self.someone(who, known.placement, "trainee"), uuid4().hex
        result = self.attempt(lambda: api.submit_entries(actor, [entry], key=key))
        assert isinstance(result, Receipt)
        is_right = (
            actor == self.trainee[known.placement]
            and known.state in ("draft", "returned")
            and not self.in_closed(known.placement, known.values.start)
        )
        assert result.items[0].is_done is is_right
        if is_right:
            known.state = "submitted"

    @has("submitted")
    @rule(pick=PICK, who=WHO)
    def withdraw(self, pick: int, who: int) -> None:
        found = self.pick(pick, "submitted")
        if found is None:
            return
        entry, known = found
        actor, key = self.someone(who, known.placement, "trainee"), uuid4().hex
        result = self.attempt(lambda: api.withdraw(actor, [entry], key=key))
        is_right = actor == self.trainee[known.placement] and known.state == "submitted"
        assert isinstance(result, Receipt)
        assert result.items[0].is_done is is_right
        if is_right:
            known.state = "draft"

    @has("draft", "returned")
    @rule(pick=PICK)
    def void(self, pick: int) -> None:
        found = self.pick(pick, "draft", "returned")
        if found is None:
            return
        entry, known = found
        trainee, key = self.trainee[known.placement], uuid4().hex
        result = self.attempt(lambda: api.void_entries(trainee, [entry], key=key))
        assert isinstance(result, Receipt)
        assert result.items[0].is_done
        known.state = "void"

    def mandated(self, actor: Actor, placement: UUID) -> bool:
        return Mandate.objects.filter(
            placement_id=placement, mentor__id=id_of(actor), revoked_at=None
        ).exists()

    @has("submitted")
    @rule(
        pick=PICK,
        who=WHO,
        approve=st.sampled_from((True, True, False)),
        is_stale=st.sampled_from((False, False, True)),
    )
    def review(self, pick: int, who: int, approve: bool, is_stale: bool) -> None:
        found = self.pick(pick, "submitted")
        if found is None:
            return
        entry, known = found
        actor, key = self.someone(who, known.placement, "mentor"), uuid4().hex
        shown = "0" * 64 if is_stale else api.entry(SYSTEM, entry).content_hash
        item = ReviewItem(entry, shown, approve, "Please say more.")
        result = self.attempt(lambda: api.review_entries(actor, [item], key=key))
        assert isinstance(result, Receipt)
        is_mentor = self.mandated(actor, known.placement)
        is_right = (
            known.state == "submitted"
            and not is_stale
            and actor != self.trainee[known.placement]
            and (is_mentor or (not approve and actor in self.actors[4:]))
            and not (approve and self.in_closed(known.placement, known.values.start))
        )
        assert result.items[0].is_done is is_right, result
        if is_right:
            known.state = "approved" if approve else "returned"
            known.counted = known.values if approve else None
            known.signers = [id_of(actor)]

    @has("approved")
    @rule(pick=PICK, who=WHO)
    def undo(self, pick: int, who: int) -> None:
        found = self.pick(pick, "approved")
        if found is None:
            return
        entry, known = found
        actor, key = self.someone(who, known.placement, "mentor"), uuid4().hex
        result = self.attempt(lambda: api.undo_approval(actor, entry, key=key))
        if isinstance(result, Receipt):
            assert known.signers == [id_of(actor)]
            assert known.proposal is None
            assert not self.in_closed(known.placement, known.values.start)
            known.state, known.counted = "submitted", None

    @has("approved", "locked")
    @rule(pick=PICK, who=WHO, when=WHEN, is_reversal=st.booleans())
    def propose(
        self, pick: int, who: int, when: tuple[int, int, int, int], is_reversal: bool
    ) -> None:
        found = self.pick(pick, "approved", "locked")
        if found is None:
            return
        entry, known = found
        actor, key = self.someone(who, known.placement, "trainee"), uuid4().hex
        values = None if is_reversal else self.values(known.placement, when)
        base = Entry.objects.get(pk=entry).version
        result = self.attempt(
            lambda: api.propose_amendment(actor, entry, values, base=base, reason="Typo", key=key)
        )
        if isinstance(result, Receipt):
            assert known.proposal is None
            assert values is None or not self.wrong(known.placement, values, entry)
            known.proposal = result.id, values, actor

    @precondition(lambda self: any(known.proposal for known in self.entries.values()))
    @rule(pick=PICK, who=WHO, is_refused=st.sampled_from((False, False, True)))
    def decide(self, pick: int, who: int, is_refused: bool) -> None:
        found = [(pk, one) for pk, one in self.entries.items() if one.proposal is not None]
        if not found:
            return
        entry, known = found[pick % len(found)]
        assert known.proposal is not None
        amendment, values, proposer = known.proposal
        actor, key = self.someone(who, known.placement, "mentor"), uuid4().hex
        pending = {one.id: one for one in api.amendments(SYSTEM)}
        shown = pending[amendment].content_hash
        if is_refused:
            result = self.attempt(
                lambda: api.reject_amendment(actor, amendment, reason="No", key=key)
            )
        else:
            result = self.attempt(
                lambda: api.approve_amendment(actor, amendment, content_hash=shown, key=key)
            )
        if not isinstance(result, Receipt):
            return
        assert actor not in (proposer, self.trainee[known.placement])
        if result.state == "signed":
            return
        known.proposal = None
        if result.state != "approved":
            return
        before = known.counted
        is_closed = known.state == "locked" or self.in_closed(known.placement, known.values.start)
        if is_closed:
            signers = Signature.objects.filter(entry_id=entry, content_hash=shown)
            assert len(set(signers.values_list("signer_id", flat=True))) == 2
            assert signers.filter(role="coordinator").exists()
        known.counted = values
        known.state = known.state if values is not None else "void"
        known.values = values or known.values
        known.signers = []
        self.shift_closed(known.placement, before, -1)
        self.shift_closed(known.placement, values, 1)

    def shift_closed(self, placement: UUID, values: EntryValues | None, sign: int) -> None:
        if values is None:
            return
        day = local_day(values.start, self.tz[placement])
        for period, (of, first, last, figure) in self.closed.items():
            if of == placement and first <= day <= last:
                figure += sign * values.net_minutes
                self.closed[period] = of, first, last, figure

    @rule(number=PLACE, back=st.integers(2, 10), who=WHO)
    def close(self, number: int, back: int, who: int) -> None:
        placement, key = self.placements[number], uuid4().hex
        actor = self.someone(who, placement, "coordinator")
        first, last = day_ago(back + 3), day_ago(back)
        result = self.attempt(lambda: api.close_period(actor, placement, first, last, key=key))
        if not isinstance(result, Receipt):
            return
        assert actor in self.actors[4:]
        figure = 0
        for known in self.entries.values():
            day = local_day(known.values.start, self.tz[placement])
            if known.placement == placement and first <= day <= last:
                known.state = "locked" if known.state == "approved" else known.state
                figure += known.counted.net_minutes if known.counted is not None else 0
        self.closed[result.id] = placement, first, last, figure

    @precondition(lambda self: bool(self.closed))
    @rule(pick=PICK, asks=st.integers(2, 5), confirms=st.integers(0, 5))
    def reopen(self, pick: int, asks: int, confirms: int) -> None:
        if not self.closed:
            return
        period = list(self.closed)[pick % len(self.closed)]
        asker, confirmer, key = self.actors[asks], self.actors[confirms], uuid4().hex
        asked = self.attempt(lambda: api.reopen_period(asker, period, reason="Late", key=key))
        if not isinstance(asked, Receipt):
            return
        assert asker in self.actors[4:]
        opened = self.attempt(lambda: api.confirm_reopening(confirmer, asked.id))
        if isinstance(opened, Receipt):
            self.done.pop()  # it had no key
            assert confirmer not in (asker, self.trainee[self.closed[period][0]])
            del self.closed[period]

    @rule(number=PLACE, ends=st.booleans())
    def change_mandates(self, number: int, ends: bool) -> None:
        """A mentor comes, or leaves from some day on; somebody always answers for the days."""
        placement, key = self.placements[number], uuid4().hex
        newcomer = person(f"Mentor{uuid4().hex}")
        before = self.ledger(placement)
        granted = self.attempt(
            lambda: api.grant_mandate(self.actors[4], placement, id_of(newcomer), key=key)
        )
        assert isinstance(granted, Receipt)
        if ends:
            self.attempt(lambda: api.end_mandate(self.actors[4], granted.id, key=f"{key}-end"))
        assert self.mandated(newcomer, placement) is not ends
        assert self.ledger(placement) == before

    @rule(who=WHO, hours=st.integers(1, 8))
    def erase(self, who: int, hours: int) -> None:
        """Somebody whose practice is over is forgotten: the hours stay, their words do not."""
        actor = self.someone(who, self.placements[0], "coordinator")
        leaver, words = person(f"Leaver{uuid4().hex}"), f"Reading room {uuid4().hex}"
        mentor, key = self.actors[2], uuid4().hex
        placement = place(leaver, self.host, self.version, mentor, last=day_ago(1))
        start = api.moment(day_ago(20), time(9), "UTC")
        end = start + timedelta(hours=hours)
        said = EntryValues(start, end, 0, {"desk": hours * 60}, (), words)
        entry = api.log_hours(leaver, uuid4(), said, placement=placement).id
        api.submit_entries(leaver, [entry])
        shown = api.entry(SYSTEM, entry).content_hash
        api.review_entries(mentor, [ReviewItem(entry, shown, True)])
        result = self.attempt(lambda: api.erase_person(actor, id_of(leaver), key=key))
        is_right = actor in self.actors[4:]
        assert isinstance(result, Receipt) is is_right
        assert api.entry(SYSTEM, entry).values.text == ("" if is_right else words)
        assert self.ledger(placement) == {"desk": hours * 60}
        self.others[entry] = "approved"

    @rule(pick=PICK)
    def replay(self, pick: int) -> None:
        if not self.done:
            return
        command, first = self.done[pick % len(self.done)]
        before = current_sequence()
        assert command() == first
        assert current_sequence() == before

    @rule(name=st.sampled_from(("Catalogues", "Каталози")))
    def rename_and_merge(self, name: str) -> None:
        before = [self.ledger(pk) for pk in self.placements]
        api.save_category(SYSTEM, "cataloguing", name)
        host = api.save_host(SYSTEM, name=name, tz="UTC").id
        api.merge_hosts(SYSTEM, self.host, host)
        self.host = host
        assert [self.ledger(pk) for pk in self.placements] == before

    # --- What always holds --------------------------------------------------------------------

    @invariant()
    def everything_holds_that_always_does(self) -> None:
        sequence = current_sequence()
        if sequence == self.checked:
            return
        self.checked = sequence
        self.no_two_entries_of_a_person_overlap()
        self.the_oracle_the_ledger_and_the_signed_versions_agree()
        self.states_are_as_the_oracle_has_them()
        self.whatever_counts_is_signed_by_somebody_who_may()
        self.closed_figures_change_by_two_signatures_only()
        self.caps_hold_on_every_local_day()
        self.somebody_sees_their_own_and_nothing_else(self.actors[sequence % 4])

    def ledger(self, placement: UUID) -> dict[str, int]:
        sums: dict[str, int] = {}
        lines = LedgerLine.objects.filter(placement_id=placement)
        for category, minutes in lines.values_list("category", "minutes"):
            sums[category] = sums.get(category, 0) + minutes
        return {category: minutes for category, minutes in sums.items() if minutes}

    def no_two_entries_of_a_person_overlap(self) -> None:
        rows = Entry.objects.exclude(state="void").order_by("trainee", "starts_at")
        ends: dict[int, datetime] = {}
        for trainee, start, end in rows.values_list("trainee", "starts_at", "ends_at"):
            assert start >= ends.get(trainee, start)
            ends[trainee] = end

    def the_oracle_the_ledger_and_the_signed_versions_agree(self) -> None:
        for placement in self.placements:
            told: dict[str, int] = {}
            for known in self.entries.values():
                if known.placement == placement and known.counted is not None:
                    for category, minutes in known.counted.allocations.items():
                        told[category] = told.get(category, 0) + minutes
            signed: dict[str, int] = {}
            for version in self.counted_versions(placement):
                for category, minutes in version.allocations.items():
                    signed[category] = signed.get(category, 0) + minutes
            totals = api.totals(SYSTEM, placement)
            shown = {one.code: one.confirmed for one in totals.categories if one.confirmed}
            assert told == signed == self.ledger(placement) == shown
            assert totals.all.confirmed == sum(told.values())

    def counted_versions(self, placement: UUID) -> list[EntryVersion]:
        rows = EntryVersion.objects.filter(
            entry__placement=placement, entry__state__in=COUNTED
        ).select_related("entry", "author", "entry__trainee")
        return [row for row in rows if row.number == row.entry.version]

    def states_are_as_the_oracle_has_them(self) -> None:
        stored = dict(Entry.objects.values_list("pk", "state"))
        known = {pk: one.state for pk, one in self.entries.items()}
        assert stored == known | self.others

    def whatever_counts_is_signed_by_somebody_who_may(self) -> None:
        for placement in self.placements:
            for version in self.counted_versions(placement):
                signatures = Signature.objects.filter(
                    entry=version.entry,
                    content_hash=version.content_hash,
                    kind__in=("approve", "amend"),
                    withdrawal=None,
                )
                signers = {signature.signer_id for signature in signatures}
                assert signers
                assert not signers & {version.author_id, version.entry.trainee_id}
                for signature in signatures:
                    actor = Actor(signature.signer.id)
                    assert self.mandated(actor, placement) or actor in self.actors[4:]

    def closed_figures_change_by_two_signatures_only(self) -> None:
        for placement, first, last, figure in self.closed.values():
            lines = LedgerLine.objects.filter(placement_id=placement, day__gte=first, day__lte=last)
            assert sum(lines.values_list("minutes", flat=True)) == figure

    def caps_hold_on_every_local_day(self) -> None:
        for placement in self.placements:
            days: dict[date, int] = {}
            for known in self.entries.values():
                if known.placement == placement and known.state != "void":
                    values = known.values
                    tz = self.tz[placement]
                    parts = minutes_by_day(values.start, values.end, values.break_minutes, tz)
                    assert sum(parts.values()) == values.net_minutes
                    for day, minutes in parts.items():
                        days[day] = days.get(day, 0) + minutes
            assert all(minutes <= CAP for minutes in days.values())

    def somebody_sees_their_own_and_nothing_else(self, actor: Actor) -> None:
        every = [EntryState(state) for state in EntryState]
        mine = {
            pk
            for pk, known in self.entries.items()
            if known.trainee == id_of(actor) or self.mandated(actor, known.placement)
        }
        mine |= {pk for pk in self.others if actor == self.actors[2]}
        assert {entry.id for entry in api.entries(actor, states=every)} == mine


@pytest.mark.django_db
def test_no_sequence_of_commands_breaks_an_invariant() -> None:
    machine: Any = Practicum
    run_state_machine_as_test(
        machine,
        settings=settings(
            # each run costs a server several times as much as SQLite
            max_examples=EXAMPLES if IS_LONG or connection.vendor == "sqlite" else EXAMPLES // 5,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=(Phase.generate,),  # to shrink takes minutes here; the steps are printed
        ),
    )
