"""What blocks and commands see of the checker: ``grading.marc.check_record``."""

from __future__ import annotations

import json
import subprocess
import sys

from grading.checking.label_texts import LABELS
from grading.checking.layouts import slot_names
from grading.checking.messages import RULES
from grading.graders.marc.labels import all_labels
from grading.marc import check_record
from tests.grading.checking.records import MARC21, with_field


def test_a_diagnostic_is_ready_for_json() -> None:
    (row,) = check_record("marc21", with_field(MARC21, "245", "70", MARC21[5][2]))

    assert json.loads(json.dumps(row)) == row
    assert row["code"] == "indicator.first.value"
    assert row["severity"] == "error"
    assert row["where"] == "245[0]/ind1"
    assert row["message"] == "245: the first indicator must be one of 0, 1, not «7»."
    assert row["refs"][0]["scheme"] == "MARC 21"


def test_the_sentence_and_the_names_in_it_are_translated() -> None:
    words = {
        "Literary form": "Literarna oblika",
        RULES["position.code"][1]: "%(place)s (%(name)s): «%(given)s» ni koda.",
    }
    wrong = with_field(MARC21, "008", "191021s2019    ci a          000 x hrv d")

    (row,) = check_record("marc21", wrong, lambda text: words.get(text, text))

    assert row["message"] == "008/33 (Literarna oblika): «x» ni koda."


def test_a_draft_may_lack_fields() -> None:
    assert check_record("marc21", [], strictness="draft") == []


def test_translators_find_every_name() -> None:
    assert set(LABELS) == slot_names() - all_labels()


def test_the_checker_brings_neither_drills_nor_the_library_of_numbers_along() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import grading.checking, sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert "grading.checking" in loaded
    assert not {"grading.graders.drill", "jsonschema", "ssl", "stdnum"} & set(loaded)
