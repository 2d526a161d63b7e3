"""Tasks by name, and where they are found.

A task is a plain function in the ``tasks`` module of one of the suite's apps (label
``libschool_*``), or in a module that the setting ``JOBS_MODULES`` lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, TypeAlias

from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

from jobs.slots import Daily, Every

SUITE_LABEL = "libschool_"
OWN_LABEL = "libschool_jobs"


class JobError(Exception):
    """Something about a job is not as it should be."""


class UnknownTask(JobError, LookupError):
    """No task of that name is registered."""


class LeaseLost(JobError):
    """The job was cancelled or discarded, or another runner has it: what was done is dropped."""


class Beat(Protocol):
    """What a task calls while it works: it keeps the job's lease and tells the progress."""

    def __call__(self, done: int = 0, total: int = 0) -> None:
        """Extend the lease; ``done`` of ``total`` steps are behind. Raises ``LeaseLost``."""


Effect: TypeAlias = Callable[[], object]
TaskFunction: TypeAlias = Callable[[Mapping[str, Any], Beat], Effect | None]
Title: TypeAlias = str | Promise


@dataclass(frozen=True, slots=True)
class Task:
    """A function by its name. ``title`` is what people call it, ``schedule`` when it is due."""

    name: str
    function: TaskFunction
    title: Title
    schedule: Every | Daily | None


_tasks: dict[str, Task] = {}


def task(
    name: str, *, title: Title = "", schedule: Every | Daily | None = None
) -> Callable[[TaskFunction], TaskFunction]:
    """Register the decorated function ``f(args, beat)`` as the task ``name``.

    The function does the slow part, outside any transaction, and changes nothing itself: it may
    run more than once. What it returns is called in the transaction that marks the job done, and
    so takes effect once; if that returns an ``Outcome``, it is kept for who asked. The function
    must call ``beat`` more often than ``JOBS_LEASE_SECONDS``; ``beat(done, total)`` moves the
    progress bar, and raises ``LeaseLost`` once the job is cancelled.

    A task with a ``schedule`` (``Every(timedelta(hours=1))``, ``Daily(time(6))``) gets a job at
    each of its slots, with the argument ``slot``, an ISO time; see ``jobs.schedules``.

    Raises ``ValueError`` if another function has the name.
    """

    def register(function: TaskFunction) -> TaskFunction:
        known = _tasks[name].function if name in _tasks else function
        if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(
                f"The task name {name!r} is taken by {known.__module__}.{known.__qualname__}."
            )
        _tasks[name] = Task(name, function, title, schedule)
        return function

    return register


def find_task(name: str) -> TaskFunction:
    """The function registered as ``name``; raises ``UnknownTask``."""
    if name not in _tasks:
        import_task_modules()
    try:
        return _tasks[name].function
    except KeyError:
        raise UnknownTask(
            f"No task is called {name!r}. Known: {', '.join(sorted(_tasks)) or 'none'}."
        ) from None


def title_of(name: str) -> str:
    """What people call the task; its name, if it says nothing or has gone."""
    if name not in _tasks:
        import_task_modules()
    return str(_tasks[name].title or name) if name in _tasks else name


def scheduled_tasks() -> dict[str, Every | Daily]:
    """The tasks that are due by themselves."""
    import_task_modules()
    return {name: known.schedule for name, known in _tasks.items() if known.schedule}


def import_task_modules() -> None:
    """Import every module of the suite that registers tasks."""
    for config in apps.get_app_configs():
        is_ours = config.label.startswith(SUITE_LABEL) and config.label != OWN_LABEL
        if is_ours and config.module and module_has_submodule(config.module, "tasks"):
            import_module(f"{config.name}.tasks")
    for module in getattr(settings, "JOBS_MODULES", ()):
        import_module(module)
