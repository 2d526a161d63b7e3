"""The grade of one assignment format over its subsections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grading.policy.values import (
    Assignment,
    AssignmentFormat,
    Breakdown,
    FormatGrade,
    FormatShare,
    percent_of,
)


def format_share(fmt: AssignmentFormat, assignments: Sequence[Assignment]) -> FormatShare:
    """The percentage of one format over its ``assignments``, in course order.

    Up to ``min_count`` missing assignments count 0. The lowest ``drop_count`` are left out: of
    equals the later one, so that padding goes before a real zero. A drop of all leaves 0.

    Open edX excuses nobody. Here an assignment that a learner is excused from stands for one of
    ``min_count``, and counts neither for nor against: the last one that is left is not dropped.
    """
    percents = [percent_of(entry.earned, entry.possible) for entry in assignments]
    percents += [0.0] * (fmt.min_count - len(assignments))
    excused = {index for index, entry in enumerate(assignments) if entry.is_excused}
    counted = [index for index in range(len(percents)) if index not in excused]
    if excused and not counted:
        return FormatShare(0.0, is_excused=True)
    drop = min(fmt.drop_count, len(counted) - 1) if excused else fmt.drop_count
    dropped = _lowest(percents, counted, drop)
    percent = 0.0
    for index in counted:  # one after the other: `sum` rounds differently from Python 3.12 on
        if index not in dropped:
            percent += percents[index]
    kept = len(counted) - drop
    return FormatShare(percent / kept if kept > 0 else percent, dropped)


def _lowest(percents: Sequence[float], counted: Sequence[int], drop: int) -> frozenset[int]:
    """The indices of those left out; the sort is stable, so of equals the later ones."""
    if drop <= 0:
        return frozenset()
    return frozenset(sorted(counted, key=lambda index: -percents[index])[-drop:])


def grade_format(fmt: AssignmentFormat, assignments: Sequence[Assignment]) -> FormatGrade:
    """The grade of one format in rows: see ``format_share`` for what counts."""
    share = format_share(fmt, assignments)
    slots = max(fmt.min_count, len(assignments))
    rows = [_assignment_row(fmt, index, assignments) for index in range(slots)]
    percent = share.percent
    if len(rows) == 1:
        detail = f"{fmt.section_type} = {percent:.2%}"
        row = Breakdown(
            fmt.type,
            fmt.category,
            fmt.short_label,
            percent,
            is_average=True,
            detail=detail,
            is_excused=share.is_excused,
        )
        return FormatGrade(percent, (row,), share.is_excused)
    shown = [
        replace(row, dropped=index in share.dropped)
        for index, row in enumerate(rows)
        if not fmt.show_only_average
    ]
    if not fmt.hide_average:
        shown.append(_average_row(fmt, percent, share.is_excused))
    return FormatGrade(percent, tuple(shown), share.is_excused)


def _assignment_row(
    fmt: AssignmentFormat, index: int, assignments: Sequence[Assignment]
) -> Breakdown:
    number = index + fmt.starting_index
    label = f"{fmt.short_label} {number:02d}"
    if index >= len(assignments):
        return Breakdown(
            fmt.type,
            fmt.category,
            label,
            0.0,
            detail=f"{fmt.section_type} {number} Unreleased - 0% (?/?)",
        )
    earned, possible, name, is_excused = assignments[index]
    percent = percent_of(earned, possible)
    points = f"{percent:.2%} ({float(earned):.3g}/{float(possible):.3g})"
    return Breakdown(
        fmt.type,
        fmt.category,
        label,
        percent,
        detail=f"{fmt.section_type} {number} - {name} - {'Excused' if is_excused else points}",
        is_excused=is_excused,
    )


def _average_row(fmt: AssignmentFormat, percent: float, is_excused: bool) -> Breakdown:
    return Breakdown(
        fmt.type,
        fmt.category,
        f"{fmt.short_label} Avg",
        percent,
        is_average=True,
        detail=f"{fmt.section_type} Average = {percent:.2%}",
        is_excused=is_excused,
    )
