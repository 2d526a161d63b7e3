from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jobs import registry
from jobs.registry import Beat, TaskFunction


def test_a_name_belongs_to_one_function() -> None:
    @registry.task("trial.taken")
    def first(args: Mapping[str, Any], beat: Beat) -> None:
        return None

    with pytest.raises(ValueError, match=r"'trial\.taken' is taken by .*first"):

        @registry.task("trial.taken")
        def second(args: Mapping[str, Any], beat: Beat) -> None:
            return None

    assert registry.find_task("trial.taken") is first


def test_a_reloaded_module_may_register_its_function_again() -> None:
    def make() -> TaskFunction:
        @registry.task("trial.reloaded")
        def job(args: Mapping[str, Any], beat: Beat) -> None:
            return None

        return job

    make()
    newest = make()
    assert registry.find_task("trial.reloaded") is newest


def test_listed_modules_are_imported_when_a_task_is_missing(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shelf_tasks.py").write_text(
        "from jobs.api import task\n\n@task('shelf.tidy')\ndef tidy(args, beat):\n    return None\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(registry.UnknownTask):
        registry.find_task("shelf.tidy")
    settings.JOBS_MODULES = ["shelf_tasks"]
    assert registry.find_task("shelf.tidy").__name__ == "tidy"
