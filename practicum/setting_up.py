"""Host libraries, categories, competencies, cohorts and programmes: what coordinators set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from practicum.canonical import plain
from practicum.data import Actor, Receipt, Rules
from practicum.errors import InvalidValue, NotFound
from practicum.models import (
    Category,
    Cohort,
    Competency,
    HostLibrary,
    Placement,
    Programme,
    ProgrammeVersion,
)
from practicum.people import clean_line, lock_people, require_coordinator
from practicum.rules.calendar import is_zone
from practicum.rules.programme import load_rules
from practicum.running import Run, perform

MAX_CAPACITY = 10_000
MAX_ADDRESS = 2_000
HOST_FIELDS = (
    "address",
    "municipality",
    "country",
    "tz",
    "capacity",
    "contact_name",
    "contact_mail",
    "contact_phone",
)


def save_host(
    actor: Actor, *, name: str, host: UUID | None = None, key: str = "", **details: Any
) -> Receipt:
    """Make a host library, or change one; ``details`` are ``HOST_FIELDS``. Coordinators."""
    name = clean_line(name, "name")
    unknown = set(details) - set(HOST_FIELDS)
    if unknown:
        raise InvalidValue(what=", ".join(sorted(unknown)))
    for field, value in details.items():
        _check_detail(field, value)

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        if host is None:
            row = HostLibrary(name=name, **details)
            run.add(run.step("create_host", row.id), row)
        else:
            row = _lock(HostLibrary, host, "host library")
            run.change(run.step("change_host", row.id), row, name=name, **details)
        return Receipt(row.id)

    return perform(actor, "save_host", key, [name, host, details], effect)


def merge_hosts(actor: Actor, host: UUID, into: UUID, *, key: str = "") -> Receipt:
    """Let placements at ``host`` count as ones at ``into``; no figure changes. Coordinators."""

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        placements = Placement.objects.filter(host_id=host)
        lock_people(placements.values_list("trainee_id", flat=True))
        rows = HostLibrary.objects.select_for_update().filter(pk__in=[host, into]).order_by("pk")
        hosts = {row.pk: row for row in rows}
        if len(hosts) < len({host, into}):
            raise NotFound(what="host library")
        row, target = hosts[host], hosts[into]
        if target is row or target.merged_into_id is not None:
            raise InvalidValue(what="host library")
        step = run.step("merge_hosts", row.id, into=into)
        run.change(step, row, merged_into=target)
        lock_people(placements.values_list("trainee_id", flat=True))  # and who came meanwhile
        for placement in placements.all():
            run.change(step, placement, host=target)
        return Receipt(row.id)

    return perform(actor, "merge_hosts", key, [host, into], effect)


def save_category(actor: Actor, code: str, name: str, *, key: str = "") -> Receipt:
    """Make an activity category, or rename the one of that code. Coordinators."""
    return _save_named(actor, Category, code, {"name": clean_line(name, "name")}, key)


def save_competency(
    actor: Actor, code: str, name: str, *, description: str = "", levels: int = 4, key: str = ""
) -> Receipt:
    """Make a competency, or describe the one of that code anew. Coordinators."""
    values = {"name": clean_line(name, "name"), "description": description, "levels": levels}
    return _save_named(actor, Competency, code, values, key)


def save_cohort(actor: Actor, code: str, name: str, *, key: str = "") -> Receipt:
    """Make a cohort, or rename the one of that code. Coordinators."""
    return _save_named(actor, Cohort, code, {"name": clean_line(name, "name")}, key)


def save_programme(actor: Actor, code: str, name: str, rules: Rules, *, key: str = "") -> Receipt:
    """Make a programme or give it another version; the receipt names the version. Coordinators.

    Placements keep the version they began with. Raises ``InvalidValue`` for codes that there are
    not, and for limits below nothing.
    """
    name = clean_line(name, "name")
    stored = plain(rules)

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        _check_rules(rules)
        programme = Programme.objects.select_for_update().filter(code=code).first()
        if programme is None:
            programme = Programme(code=_check_code(code), name=name)
            step = run.step("create_programme", programme.id)
            run.add(step, programme)
            number = 1
        else:
            step = run.step("change_programme", programme.id)
            run.change(step, programme, name=name)
            number = programme.versions.count() + 1
        version = ProgrammeVersion(
            programme=programme, number=number, rules=stored, created_at=run.at
        )
        run.add(step, version)
        return Receipt(version.id, version=number)

    return perform(actor, "save_programme", key, [code, name, stored], effect)


def _save_named(
    actor: Actor, model: Any, code: str, values: Mapping[str, Any], key: str
) -> Receipt:
    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        row = model.objects.select_for_update().filter(code=code).first()
        name = model._meta.model_name
        if row is None:
            row = model(code=_check_code(code), **values)
            run.add(run.step(f"create_{name}", row.id, code=code), row)
        else:
            run.change(run.step(f"change_{name}", row.id, code=code), row, **values)
        return Receipt(row.id)

    return perform(actor, f"save_{model._meta.model_name}", key, [code, values], effect)


def _check_code(code: str) -> str:
    if not 0 < len(code) <= 50 or not all(part.isalnum() for part in code.split("-")):
        raise InvalidValue(what="code")
    return code


def _check_detail(field: str, value: Any) -> None:
    if field == "capacity":
        is_right = isinstance(value, int) and 0 <= value <= MAX_CAPACITY
    else:
        limit = getattr(HostLibrary._meta.get_field(field), "max_length", None) or MAX_ADDRESS
        is_right = isinstance(value, str) and len(value) <= limit and "\0" not in value
    if field == "tz" and is_right:
        is_right = is_zone(value)
    if not is_right:
        raise InvalidValue(what=field)


def _check_rules(rules: Rules) -> None:
    load_rules(plain(rules))  # what cannot be read back is not kept
    for model, codes in (
        (Category, {*rules.categories, *rules.requirement.categories}),
        (Competency, {*rules.competencies, *rules.requirement.competencies}),
    ):
        known = set(model.objects.filter(code__in=codes).values_list("code", flat=True))
        if codes - known:
            raise InvalidValue(what=", ".join(sorted(codes - known)))
    numbers = (
        rules.requirement.minutes,
        *rules.requirement.categories.values(),
        *rules.requirement.competencies.values(),
        rules.day_cap,
        rules.week_cap,
        rules.undo_minutes,
        rules.grace_days,
        rules.close_after,
        rules.back_entry_days,
        rules.clock_slack,
    )
    if not rules.categories or any(number < 0 for number in numbers):
        raise InvalidValue(what="rules")


def _lock(model: Any, pk: UUID, what: str) -> Any:
    row = model.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(what=what)
    return row
