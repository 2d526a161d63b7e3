"""The blocks in the XBlock workbench, over HTTP."""

import json
import re
from typing import Any

import pytest

from tests.workbench.served import Visitor, Workbench

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("workbench")]

RIGHT = [
    ["245", "10", [["a", "Judita :"], ["b", "ep u šest libara /"], ["c", "Marko Marulić."]]],
    ["250", "  ", [["a", "Drugo izdanje."]]],
]
HALF = RIGHT[1:]


def test_the_scenario_renders_saves_grades_and_reads_the_grade_back(workbench: Workbench) -> None:
    ana = Visitor(workbench, "ana")
    state = ana.open(0)
    assert (state["attempts"], state["may_submit"], state["closed_reason"]) == (0, True, "")
    assert "Judita: the title" in ana.html
    # The workbench prints the whole scenario below the block; the block itself keeps its secret.
    assert "ep u šest libara /" not in json.dumps(state, ensure_ascii=False)

    status, saved = ana.call("save_draft", {"fields": HALF, "revision": 0})
    assert (status, saved["revision"]) == (200, 1)
    assert ana.open(0)["fields"] == HALF

    status, state = ana.call("submit", {"fields": HALF, "key": "first"})
    assert status == 200
    half = state["result"]["points"]
    assert 0 < half < 10
    status, state = ana.call("submit", {"fields": RIGHT, "key": "second"})
    assert (status, state["result"]["score"], state["attempts"]) == (200, 1.0, 2)

    page = ana.open(0)
    assert {name: page[name] for name in state} == state
    grades = workbench.grades()[-2:]
    assert [grade["max_value"] for grade in grades] == [10, 10]
    assert [grade["value"] for grade in grades] == [pytest.approx(half, abs=1e-3), 10.0]


def test_students_of_the_workbench_are_kept_apart(workbench: Workbench) -> None:
    boris, vera = Visitor(workbench, "boris"), Visitor(workbench, "vera")
    boris.open(1)
    boris.call("save_draft", {"fields": HALF, "revision": 0})
    assert boris.open(1)["fields"] == HALF
    assert vera.open(1)["fields"] != HALF


def test_refusals_come_as_json(workbench: Workbench) -> None:
    ana = Visitor(workbench, "ana")
    ana.open(1)
    status, answer = ana.call("submit", {"fields": "nothing"})
    assert (status, bool(answer["error"])) == (400, True)
    status, answer = ana.call("save_draft", {"fields": HALF, "revision": 7})
    assert (status, answer["revision"]) == (409, 0)


def test_the_page_s_files_are_served(workbench: Workbench) -> None:
    ana = Visitor(workbench, "ana")
    ana.open(0)
    urls = set(re.findall(r"(?:src|href)='(/resource/marc_record/[^']+)'", ana.html))
    module = re.search(r"/resource/marc_record/public/marc_record\.js", ana.html)
    assert module is not None
    names = {url.rsplit("/", 1)[1] for url in urls}
    assert names == {"block.css", "exercise.css", "marc_record.css", "xblock.js"}
    for url in {*urls, module[0]}:
        assert len(ana.get(url)) > 100


def test_the_studio_view_renders(workbench: Workbench) -> None:
    ana = Visitor(workbench, "ana")
    assert 'data-field-name="exercise"' in ana.get("/scenario/marc_record.0/studio_view/")


# A part of a drill may be named by its text.
ITEMS: dict[str, Any] = {
    "area": {
        "order": ["Judita", "ep u šest libara", "Marko Marulić"],
        "marks": {"ep u šest libara": " : ", "Marko Marulić": " / "},
    },
    "fields": {"rows": {"ep u šest libara": "245 $b", "2019": "264 _1 $c"}},
    "coded": "191021s2019    ci a          000 p hrv d",
    "names": {
        "names": {
            "Marko Marulić": {"entry": "main", "heading": "Marulić, Marko", "relator": "aut"},
            "Naklada Vježba": {"entry": "none"},
        }
    },
    "person": {
        "choice": "Marulić, Marko, 1450-1524",
        "reasons": ["The form is a see-from of the record"],
    },
    "class": "02(075)=163.6",
    "number": {"number": "978-953-99999-0-0", "position": 13},
    "pair": {"decision": "manifestation", "differences": ["Edition statement", "Extent"]},
    "entities": {
        "rows": {
            "Epska pjesma koju je Marulić dovršio 1501.": "work",
            "Primjerak s inventarnim brojem 12345": "item",
            "Zagrebačko izdanje iz 2019., 214 stranica": "manifestation",
        }
    },
    "elements": {
        "rows": {
            "Drugo, dopunjeno izdanje": {"element": "edition", "manner": "transcribed"},
            "214 stranica": {"element": "extent", "manner": "recorded"},
        }
    },
    "subjects": {
        "chosen": ["Hrvatsko pjesništvo -- 16. stoljeće", "Judita (biblijska osoba) -- Epovi"]
    },
    "page": {"elements": {"Title proper": "Libar Marka Marula Splichianina"}},
}


def test_a_drill_renders_saves_and_grades_one_item_of_each_type(workbench: Workbench) -> None:
    ana = Visitor(workbench, "ana")
    state = ana.open(0, "cataloguing_drill")
    assert {item["id"] for item in state["items"]} == set(ITEMS)
    assert "Splichianina" not in json.dumps(state, ensure_ascii=False)
    half = dict(list(ITEMS.items())[::2])
    status, saved = ana.call("save_draft", {"fields": {"items": half}, "revision": 0})
    assert (status, saved["revision"]) == (200, 1)
    assert ana.open(0, "cataloguing_drill")["fields"] == {"items": half}
    status, state = ana.call("submit", {"fields": {"items": half}, "key": "first"})
    assert (status, 0 < state["result"]["score"] < 1) == (200, True)
    status, state = ana.call("submit", {"fields": {"items": ITEMS}, "key": "second"})
    assert (status, state["result"]["score"], state["answer"] is not None) == (200, 1.0, True)
    assert workbench.grades()[-1] == {"value": 20.0, "max_value": 20.0}


def test_students_of_the_workbench_get_items_of_their_own(workbench: Workbench) -> None:
    def asked(student: str) -> list[str]:
        state = Visitor(workbench, student).open(1, "cataloguing_drill")
        return [item["id"] for item in state["items"]]

    picks = {student: asked(student) for student in ("ana", "boris", "vera", "zoran", "iva")}
    assert {len(ids) for ids in picks.values()} == {2}
    assert len({tuple(ids) for ids in picks.values()}) > 1
    assert asked("ana") == picks["ana"]
