"""The public functions of stored grades; ``delivery.grades`` says what they promise."""

from delivery.grades.counting import NewScore, count_scores
from delivery.grades.data import (
    BookLine,
    BookPage,
    Cell,
    Column,
    Columns,
    Difference,
    HistoryEntry,
    PackedLine,
    Recomputed,
    Sort,
    Standing,
    Status,
)
from delivery.grades.deciding import (
    DecisionRefused,
    LineChanged,
    decide_all,
    excuse,
    extend,
    override,
    revoke_extension,
    undo,
)
from delivery.grades.history import keep_changes, read_history
from delivery.grades.plan import GradePlan
from delivery.grades.reading import (
    iterate_lines,
    iterate_packed,
    read_columns,
    read_line,
    read_page,
    read_standing,
)
from delivery.grades.recomputing import recompute
from delivery.grades.sheets import (
    ATTEMPTED,
    EXCUSED,
    NO_SCORE,
    OVERRIDDEN,
    Points,
    Totals,
    assignments_of,
)

__all__ = [
    "ATTEMPTED",
    "EXCUSED",
    "NO_SCORE",
    "OVERRIDDEN",
    "BookLine",
    "BookPage",
    "Cell",
    "Column",
    "Columns",
    "DecisionRefused",
    "Difference",
    "GradePlan",
    "HistoryEntry",
    "LineChanged",
    "NewScore",
    "PackedLine",
    "Points",
    "Recomputed",
    "Sort",
    "Standing",
    "Status",
    "Totals",
    "assignments_of",
    "count_scores",
    "decide_all",
    "excuse",
    "extend",
    "iterate_lines",
    "iterate_packed",
    "keep_changes",
    "override",
    "read_columns",
    "read_history",
    "read_line",
    "read_page",
    "read_standing",
    "recompute",
    "revoke_extension",
    "undo",
]
