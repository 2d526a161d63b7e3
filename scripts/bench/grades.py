"""Measures working grades out: of everybody at once, and of one learner who has a new score.

    python -m scripts.bench.grades [--learners 10000] [--blocks 60] [--loop 500]

In a new school with SQLite, or in the database of DATABASE_URL, which must be empty. History is
kept, and compared are the grades of some learners with those of exact fractions. Beside it runs
what is usual: a loop that takes one learner after another through Django's models. Seconds are
those of the clock; of computing, those of this process and of the database's that serves it, if
it is on this machine: these hold on a busy one too. The status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXACT = 500  # learners compared with fractions
SCORES = 400  # new ones measured
PEOPLE_SEED = 7
PER_LEARNER_GOAL = 0.01  # queries
GROWTH_GOAL = 200.0  # MB
SPEEDUP_GOAL = {"postgresql": 15.0, "sqlite": 1.0}
SCORE_GOAL = 1.0  # ms in the database, 95 of 100
STATEMENTS_GOAL = 6
SECONDS_GOALS = {  # by the most learners they hold for
    "postgresql": {10_000: 3.0, 100_000: 20.0},
    "sqlite": {10_000: 3.0, 100_000: 30.0},
}
UNCHANGED_GOALS = {10_000: 1.5}


@dataclass(frozen=True, slots=True)
class Run:
    """What something cost: seconds by the clock, of computing here and there; statements."""

    seconds: float
    computing: float
    database: float
    queries: int


class Judge:
    """Prints what was measured, and remembers whether every goal was reached."""

    def __init__(self) -> None:
        self.is_content = True

    def say(self, what: str, figure: float, unit: str, most: float | None = None) -> None:
        """Print a figure and, if it must not be above ``most``, whether it is."""
        verdict = ""
        if most is not None:
            is_good = figure <= most
            self.is_content &= is_good
            verdict = f"   goal {most:g}: {'reached' if is_good else 'MISSED'}"
        print(f"{what:44} {figure:10.3f} {unit}{verdict}")


def start_school(folder: str) -> None:
    """Load the site with its data in ``folder`` and make the tables."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "delivery.settings",
        "LIBSCHOOL_DATA": folder,
        "LOG_LEVEL": "CRITICAL",
    }
    import django  # here: the data folder must be named before the settings are read
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def cost_of(act: Callable[[], Any]) -> Run:
    """What ``act`` costs."""
    from django.db import connection  # here: after the site was loaded

    asked = 0

    def count(execute: Any, *args: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*args)

    database = database_computing()
    start, computing = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        act()
    seconds, computing = time.perf_counter() - start, time.process_time() - computing
    return Run(seconds, computing, database_computing() - database, asked)


def database_computing() -> float:
    """Seconds that PostgreSQL's process for this connection has computed; 0 if unknown."""
    from django.db import connection  # here: after the site was loaded

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    path = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not path.exists():
        return 0.0
    user, system = path.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def goal_for(goals: dict[int, float], learners: int) -> float | None:
    """The goal for so many learners, if there is one."""
    return next((goal for most, goal in sorted(goals.items()) if learners <= most), None)


def measure(learners: int, blocks: int, loop: int) -> bool:
    """Fill the school, measure, print; whether every goal was reached."""
    from django.db import connection  # here: after the site was loaded

    from delivery.grades.api import recompute
    from delivery.grades.recomputing import LEARNERS_AT_ONCE, add_missing_lines
    from scripts.bench.grades_school import change_policy, fill, forget_grades

    judge = Judge()
    course = fill(learners, blocks)
    add_missing_lines(course)
    forget_grades()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself after a while
    print(f"{connection.vendor}: {learners} learners, {blocks} blocks")
    before = megabytes()
    full = cost_of(lambda: recompute(course))
    goal = goal_for(SECONDS_GOALS[connection.vendor], learners)
    judge.say("all from the raw scores", full.seconds, "s", goal)
    judge.say("  computing here", full.computing, "s")
    judge.say("  computing in the database", full.database, "s")
    # One more for each portion, which goes past Django.
    statements = full.queries + -(-learners // LEARNERS_AT_ONCE)
    judge.say("  statements for each learner", statements / learners, "", PER_LEARNER_GOAL)
    judge.say("  memory grew by", megabytes() - before, "MB", GROWTH_GOAL)
    again = cost_of(lambda: recompute(course))
    judge.say("again, all compared", again.seconds, "s", goal_for(UNCHANGED_GOALS, learners))
    judge.say("  computing here and in the database", again.computing + again.database, "s")
    stale = cost_of(lambda: recompute(course, only_stale=True))
    judge.say("again, only what is out of date", stale.seconds, "s")
    _compare_exactly(judge, course)
    _measure_scores(judge, course)
    _measure_loop(judge, course, loop, full.seconds / learners)
    change_policy(course)
    _forget_trees()
    changed = cost_of(lambda: recompute(course, only_stale=True))
    judge.say("all after a change of policy", changed.seconds, "s", goal)
    return judge.is_content


def _forget_trees() -> None:
    """Let a version be read again, which otherwise never changes."""
    from delivery.tree import load_tree  # here: after the site was loaded

    load_tree.cache_clear()


def _compare_exactly(judge: Judge, course: Any) -> None:
    from delivery.models import LearnerGrade, LearnerState  # here: after the site was loaded
    from delivery.tree import load_tree
    from tests.delivery.exact_grades import exact_percent
    from tests.delivery.grading_courses import Learner, RawScore

    tree = load_tree(course.current_version_id)
    rows = list(LearnerGrade.objects.values_list("user_id", "percent_unrounded"))
    chosen = random.Random(PEOPLE_SEED).sample(rows, min(EXACT, len(rows)))  # noqa: S311  # no secret
    worst = 0.0
    for user_id, percent in chosen:
        states = LearnerState.objects.filter(user_id=user_id, earned__isnull=False)
        scores = states.values_list("usage_key", "earned", "possible")
        learner = Learner({key: RawScore(earned or 0, of or 0) for key, earned, of in scores})
        worst = max(worst, abs(percent - float(exact_percent(tree, learner))))
    judge.say(f"largest difference from fractions ({len(chosen)})", worst, "", 1e-9)


def _measure_scores(judge: Judge, course: Any) -> None:
    """What it costs to count a score that is written already, its history included."""
    from django.db import transaction  # here: after the site was loaded

    from delivery.grades.api import NewScore, count_scores
    from delivery.models import LearnerGrade
    from delivery.tree import load_tree

    tree = load_tree(course.current_version_id)
    keys = [key for key, node in tree.blocks.items() if node.has_score]
    chance = random.Random(PEOPLE_SEED)  # noqa: S311  # no secret
    users = list(LearnerGrade.objects.values_list("user_id", flat=True))
    in_database: list[float] = []
    in_all: list[float] = []
    most = 0
    database = database_computing()
    for _ in range(SCORES):
        spent: list[float] = []
        score = NewScore(chance.choice(keys), float(chance.randint(0, 10)), 10.0)
        start = time.perf_counter()
        with transaction.atomic(), _timed(spent):
            count_scores(tree, course.pk, chance.choice(users), [score])
        in_all.append((time.perf_counter() - start) * 1000)
        in_database.append(sum(spent) * 1000)
        most = max(most, len(spent))
    judge.say("a new score: statements", most, "", STATEMENTS_GOAL)
    judge.say("a new score: in the database, median", statistics.median(in_database), "ms")
    p95 = statistics.quantiles(in_database, n=20)[-1]
    judge.say("a new score: in the database, 95 of 100", p95, "ms", SCORE_GOAL)
    computed = (database_computing() - database) / SCORES * 1000
    judge.say("a new score: computing in the database, mean", computed, "ms")
    judge.say("a new score: with all, median", statistics.median(in_all), "ms")


def _timed(spent: list[float]) -> Any:
    from django.db import connection  # here: after the site was loaded

    def measure(execute: Any, *args: Any) -> Any:
        start = time.perf_counter()
        result = execute(*args)
        spent.append(time.perf_counter() - start)
        return result

    return connection.execute_wrapper(measure)


def _measure_loop(judge: Judge, course: Any, learners: int, ours: float) -> None:
    from django.db import connection  # here: after the site was loaded

    from delivery.models import LearnerGrade

    users = list(LearnerGrade.objects.order_by("user_id").values_list("user_id", flat=True))
    some = users[:learners]

    def take_each() -> None:
        for user_id in some:
            _grade_one(course, user_id)

    cost = cost_of(take_each)
    each = cost.seconds / len(some)
    computed = (cost.computing + cost.database) / len(some)
    judge.say(f"a loop over learners ({len(some)}), each", each * 1000, "ms")
    judge.say("  computing here and in the database, each", computed * 1000, "ms")
    print(f"{'  for all of them':44} {each * len(users):10.3f} s")
    ratio = each / ours
    goal = SPEEDUP_GOAL[connection.vendor]
    judge.is_content &= ratio >= goal
    verdict = "reached" if ratio >= goal else "MISSED"
    print(f"{'times as quick as the loop':44} {ratio:10.1f}   goal {goal:g}: {verdict}")


def _grade_one(course: Any, user_id: int) -> None:
    """One learner's grade, as it is done everywhere: models in, models out."""
    from django.db import transaction  # here: after the site was loaded
    from django.utils import timezone

    from delivery.models import LearnerGrade, LearnerState
    from delivery.outline import outline_of
    from delivery.progress import Eyes, RawScore, grade_course
    from delivery.tree import load_tree

    tree = load_tree(course.current_version_id)
    with transaction.atomic():
        states = LearnerState.objects.filter(user_id=user_id, course=course, earned__isnull=False)
        scores = {row.usage_key: RawScore(row.earned or 0, row.possible or 0) for row in states}
        eyes = Eyes(timezone.now())
        grades = grade_course(outline_of(tree), tree.grading_policy, scores, eyes)
        line = LearnerGrade.objects.select_for_update().get(user_id=user_id, course=course)
        if grades.grade is not None:
            line.percent = grades.grade.percent
            line.percent_unrounded = grades.grade.percent_unrounded
        line.save()


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=10_000)
    parser.add_argument("--blocks", type=int, default=60)
    parser.add_argument("--loop", type=int, default=500, help="learners that the loop takes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start_school(folder)
        return 0 if measure(options.learners, options.blocks, options.loop) else 1


if __name__ == "__main__":
    sys.exit(main())
