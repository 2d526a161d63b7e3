"""Summaries over many placements: of a cohort, of a host, and for whoever pays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from practicum.data import gettext_noop
from practicum.reports.lines import PersonLine, PlacementLine, add_up, by_person
from practicum.reports.record import host_signers
from practicum.reports.table import (
    ALL,
    SCHOOL,
    TRAINEE,
    Column,
    Fact,
    Kind,
    NameKey,
    Report,
    Section,
    Signer,
    total_of,
)

REQUIRED = Column("required", gettext_noop("Required"), Kind.HOURS)
CONFIRMED = Column("confirmed", gettext_noop("Confirmed"), Kind.HOURS)
WAITING = Column("waiting", gettext_noop("Waiting"), Kind.HOURS)
MISSING = Column("missing", gettext_noop("Missing"), Kind.HOURS)
REACHED = Column("reached", gettext_noop("Reached"), Kind.SHARE)
HOST_NAME = Column("host", gettext_noop("Host library"))
PLACEMENTS = Column("placements", gettext_noop("Placements"), Kind.COUNT)
TRAINEES = Column("trainees", gettext_noop("Trainees"), Kind.COUNT)
COMPLETE = Column("complete", gettext_noop("Finished"), Kind.COUNT)
ERASED = gettext_noop("(erased)")
NOT_SAID = gettext_noop("(not said)")

COHORT_COLUMNS = (
    *(Column("trainee", TRAINEE), HOST_NAME),
    *(REQUIRED, CONFIRMED, WAITING, MISSING, REACHED),
)
HOST_COLUMNS = (
    Column("trainee", TRAINEE),
    Column("first", gettext_noop("First day"), Kind.DAY),
    Column("last", gettext_noop("Last day"), Kind.DAY),
    CONFIRMED,
    WAITING,
)


def cohort_summary(
    name: str,
    lines: Sequence[PlacementLine],
    first: date,
    last: date,
    sequence: int,
    *,
    categories: Mapping[str, str],
    key: NameKey = str,
) -> Report:
    """Every trainee of a cohort with what is required, confirmed, waiting and missing.

    ``key`` orders names, ``categories`` are names by code.
    """
    people = sorted(by_person(lines), key=lambda one: (_sorted_last(one.total), key(_name(one))))
    rows = tuple(
        (
            one.total.trainee_name or ERASED,
            one.hosts,
            one.total.required,
            one.total.confirmed,
            one.total.pending,
            max(one.total.required - one.total.confirmed, 0),
            (min(one.total.confirmed, one.total.required), one.total.required),
        )
        for one in people
    )
    return _summary(
        kind="cohort",
        title=gettext_noop("Summary of a cohort"),
        facts=(Fact("cohort", gettext_noop("Cohort"), name),),
        lines=lines,
        days=(first, last),
        sequence=sequence,
        sections=(
            Section(
                gettext_noop("Trainees"),
                columns=COHORT_COLUMNS,
                rows=rows,
                totals=total_of(rows, COHORT_COLUMNS),
            ),
            _by_category(lines, categories),
        ),
        signers=(Signer(SCHOOL),),
    )


def host_summary(
    name: str,
    lines: Sequence[PlacementLine],
    first: date,
    last: date,
    sequence: int,
    *,
    categories: Mapping[str, str],
    key: NameKey = str,
) -> Report:
    """Every placement at a host library with its hours."""
    ordered = sorted(
        lines, key=lambda line: (_sorted_last(line), key(line.trainee_name), line.first)
    )
    rows = tuple(
        (line.trainee_name or ERASED, line.first, line.last, line.confirmed, line.pending)
        for line in ordered
    )
    return _summary(
        kind="host",
        title=gettext_noop("Summary of a host library"),
        facts=(Fact("host", gettext_noop("Host library"), name),),
        lines=lines,
        days=(first, last),
        sequence=sequence,
        sections=(
            Section(
                gettext_noop("Trainees"),
                columns=HOST_COLUMNS,
                rows=rows,
                totals=total_of(rows, HOST_COLUMNS),
            ),
            _by_category(lines, categories),
        ),
        signers=host_signers(),
    )


def funders_report(
    lines: Sequence[PlacementLine],
    first: date,
    last: date,
    sequence: int,
    *,
    categories: Mapping[str, str],
    key: NameKey = str,
) -> Report:
    """What was achieved in all, by programme, cohort, municipality and activity; no names."""
    people = by_person(lines)
    finished = sum(_is_complete(one) for one in people)
    return _summary(
        kind="funder",
        title=gettext_noop("Report for funders"),
        facts=(
            Fact("trainees", gettext_noop("Trainees"), _trainees(lines), Kind.COUNT),
            Fact("hosts", gettext_noop("Host libraries"), _hosts(lines), Kind.COUNT),
            Fact("complete", gettext_noop("Programmes finished"), finished, Kind.COUNT),
        ),
        lines=lines,
        days=(first, last),
        sequence=sequence,
        sections=(
            _grouped(gettext_noop("By programme"), lines, "programme_name", key),
            _grouped(gettext_noop("By cohort"), lines, "cohort_name", key),
            _grouped(gettext_noop("By municipality"), lines, "municipality", key),
            _by_category(lines, categories),
        ),
        signers=(Signer(SCHOOL),),
        is_personal=False,
    )


def _summary(
    *,
    kind: str,
    title: str,
    facts: tuple[Fact, ...],
    lines: Sequence[PlacementLine],
    days: tuple[date, date],
    sequence: int,
    sections: tuple[Section, ...],
    signers: tuple[Signer, ...],
    is_personal: bool = True,
) -> Report:
    minutes = sum(line.confirmed for line in lines)
    first, last = days
    return Report(
        kind=kind,
        title=title,
        first=first,
        last=last,
        sequence=sequence,
        minutes=minutes,
        placements=tuple(line.placement for line in lines),
        facts=(
            *facts,
            Fact("first", gettext_noop("First day"), first, Kind.DAY),
            Fact("last", gettext_noop("Last day"), last, Kind.DAY),
            Fact("confirmed", gettext_noop("Confirmed hours"), minutes, Kind.HOURS),
        ),
        sections=sections,
        signers=signers,
        is_personal=is_personal,
    )


def _by_category(lines: Iterable[PlacementLine], names: Mapping[str, str]) -> Section:
    minutes = add_up(line.categories for line in lines)
    columns = (Column("activity", gettext_noop("Activity")), CONFIRMED)
    rows = tuple((names.get(code, code), amount) for code, amount in minutes.items())
    return Section(
        gettext_noop("Hours by activity"),
        columns=columns,
        rows=rows,
        totals=total_of(rows, columns),
    )


def _grouped(title: str, lines: Sequence[PlacementLine], field: str, key: NameKey) -> Section:
    groups: dict[str, list[PlacementLine]] = {}
    for line in lines:
        groups.setdefault(getattr(line, field), []).append(line)
    columns = (Column("name", gettext_noop("Name")), TRAINEES, PLACEMENTS, COMPLETE, CONFIRMED)
    rows = tuple(
        (
            name or NOT_SAID,
            _trainees(group),
            len(group),
            sum(_is_complete(one) for one in by_person(group)),
            sum(line.confirmed for line in group),
        )
        for name, group in sorted(groups.items(), key=lambda one: (not one[0], key(one[0])))
    )
    # somebody may be in several groups: heads are counted once in all
    whole = (
        ALL,
        _trainees(lines),
        len(lines),
        sum(_is_complete(one) for one in by_person(lines)),
        sum(line.confirmed for line in lines),
    )
    return Section(title, columns=columns, rows=rows, totals=whole)


def _is_complete(one: PersonLine) -> bool:
    return 0 < one.total.required <= one.total.confirmed


def _trainees(lines: Iterable[PlacementLine]) -> int:
    return len({line.trainee for line in lines})


def _hosts(lines: Iterable[PlacementLine]) -> int:
    return len({line.host for line in lines})


def _name(one: PersonLine) -> str:
    return one.total.trainee_name


def _sorted_last(line: PlacementLine) -> bool:
    """Erased people come after those with names."""
    return not line.trainee_name
