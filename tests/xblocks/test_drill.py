"""The drill as a page, its items by learner, and what never reaches the page."""

import json
import re
from typing import Any

import pytest
from lxml import etree
from xblock.core import XBlock
from xblock.field_data import DictFieldData
from xblock.fields import ScopeIds
from xblock.validation import Validation

from grading import api as grading
from tests.xblocks.host import FUTURE, PAST, Host, build_block, call, island, item_of, state_of
from xblocks.cataloguing_drill import TYPE_NAMES, CataloguingDrillBlock
from xblocks.drill_scenarios import ONE_OF_EACH

pytestmark = pytest.mark.django_db

USAGE_KEY = "block-v1:School+CAT+2026+type@cataloguing_drill+block@each"
VARIED: dict[str, Any] = {
    "items": [
        {
            "id": f"n{n}",
            "type": "udc",
            "pool": "udc",
            "prompt": f"<p>Class {n}</p>",
            "value": str(n),
        }
        for n in range(10, 18)
    ],
    "pools": {"udc": 3},
    "settings": {"shuffle": True},
}


def make_drill(
    student: str | None = "a" * 32,
    *,
    mixed_in: Any = None,
    usage_key: str = USAGE_KEY,
    **fields: Any,
) -> Any:
    authored = {"display_name": "Drill", "exercise": ONE_OF_EACH, **fields}
    return build_block(
        CataloguingDrillBlock, authored, student, usage_key=usage_key, mixed_in=mixed_in
    )


def submit(block: Any, items: Any) -> tuple[int, Any]:
    return call(block, "submit", {"fields": {"items": items}})


def model_of(block: Any) -> dict[str, Any]:
    """The model answer, as an author sees it."""
    state = island(block.render("author_view").content)
    return dict(state["answer"]["items"])


# --- The page ---


def test_the_page_asks_every_type_of_item_and_names_it() -> None:
    html = make_drill().render("student_view").content
    state = island(html)
    assert {item["type"] for item in state["items"]} == set(TYPE_NAMES)
    for item in state["items"]:
        name = TYPE_NAMES[item["type"]]
        assert re.search(rf'data-item="{item["id"]}".*?{name}', html, re.DOTALL)
    assert (state["fields"], state["submitted"], state["answer"]) == ({"items": {}}, None, None)


def test_the_page_loads_its_files_by_url_and_puts_no_text_into_script_arguments() -> None:
    fragment = make_drill().student_view()
    urls = [resource.data for resource in fragment.resources if resource.kind == "url"]
    folder = "/resources/cataloguing_drill/public"
    names = ["block.css", "exercise.css", "cataloguing_drill.css", "xblock.js"]
    assert urls == [f"{folder}/{name}" for name in names]
    assert fragment.json_init_args == {"module": f"{folder}/cataloguing_drill.js"}


def test_author_html_is_sanitised_and_text_is_escaped() -> None:
    item = {
        "id": "a",
        "type": "udc",
        "prompt": "<p>Read.</p><script>alert(1)</script><img src=x onerror=alert(1)>",
        "source": '<p onclick="x()">JUDITA</p><img src="/static/a.svg" alt="A">',
        "image": "/static/page.svg",
        "image_alt": '"><script>alert(2)</script>',
        "hint": "</script><script>alert(3)</script>",
        "value": "02",
    }
    html = make_drill(exercise={"items": [item]}).render("student_view").content
    page = html[: html.index('<script type="application/json"')]
    assert "<script" not in page
    assert "onerror" not in page
    assert "onclick" not in page
    assert "<p>Read.</p>" in page
    assert 'src="/files/of/course/page.svg"' in page
    assert 'src="/files/of/course/a.svg"' in page
    assert island(html)["items"][0]["hint"] == item["hint"]
    assert "prompt" not in island(html)["items"][0]


def test_a_picture_from_elsewhere_is_not_shown() -> None:
    item = {"id": "a", "type": "udc", "prompt": "<p>x</p>", "value": "02"}
    item |= {"image": "https://elsewhere.example/spy.png"}
    html = make_drill(exercise={"items": [item]}).render("student_view").content
    assert "elsewhere" not in html


def test_an_exercise_without_items_says_so_and_takes_no_page_down() -> None:
    faulty: list[dict[str, Any]] = [{}, {"items": []}, {"items": [{"id": "a", "type": "riddle"}]}]
    for exercise in faulty:
        html = make_drill(exercise=exercise).render("student_view").content
        assert "There are no items here yet." in html
        assert island(html)["items"] == []


def test_two_drills_of_a_page_name_their_parts_apart() -> None:
    keys = (USAGE_KEY, f"{USAGE_KEY}2")
    pages = [make_drill(usage_key=key).render("student_view").content for key in keys]
    ids = [set(re.findall(r' id="([^"]+)"', page)) for page in pages]
    assert len(ids[0]) == len(ONE_OF_EACH["items"])
    assert not ids[0] & ids[1]


@pytest.mark.parametrize(("shown", "buttons"), [("all", False), ("one", True)])
def test_items_stand_on_one_page_or_come_one_at_a_time(shown: str, buttons: bool) -> None:
    html = make_drill(items_shown=shown).render("student_view").content
    assert island(html)["items_shown"] == shown
    assert ("Next item" in html) is buttons


# --- Drafts and submissions ---


def test_a_draft_is_kept_however_unfinished() -> None:
    block = make_drill()
    draft = {"items": {"class": "02(", "area": {"order": [], "marks": {}}, "gone": 1}}
    status, saved = call(block, "save_draft", {"fields": draft, "revision": 0})
    assert (status, saved["revision"]) == (200, 1)
    assert state_of(block)["fields"] == draft
    _, cleared = call(block, "reset_draft", {})
    assert cleared["fields"] == {"items": {}}


@pytest.mark.parametrize(
    "draft", [None, [], "x", {}, {"items": []}, {"items": {str(n): "x" for n in range(101)}}]
)
def test_what_is_no_draft_is_refused(draft: Any) -> None:
    status, answer = call(make_drill(), "save_draft", {"fields": draft, "revision": 0})
    assert (status, bool(answer["error"])) == (400, True)


def test_the_model_answer_earns_all_points_and_the_host_is_told() -> None:
    block = make_drill(points=20)
    status, state = submit(block, model_of(block))
    assert (status, state["result"]["score"]) == (200, 1.0)
    assert block.runtime.published == [("grade", {"value": 20.0, "max_value": 20.0})]


@pytest.mark.parametrize("item", [item["id"] for item in ONE_OF_EACH["items"]])
def test_each_type_of_item_earns_its_share(item: str) -> None:
    block = make_drill(show_answer="never")
    _, state = submit(block, {item: model_of(block)[item]})
    own = [line for line in state["result"]["lines"] if line["where"].split(".")[1] == item]
    assert sum(line["points"] for line in own) == pytest.approx(state["result"]["points"], abs=0.01)
    assert state["result"]["points"] == pytest.approx(sum(line["max"] for line in own), abs=0.01)
    assert 0 < state["result"]["score"] < 1


@pytest.mark.parametrize("answer", [[], "02", {"items": []}, {"items": {"area": {"order": 1}}}])
def test_what_is_no_answer_is_refused_and_uses_no_attempt(answer: Any) -> None:
    block = make_drill()
    status, refusal = call(block, "submit", {"fields": answer})
    assert (status, bool(refusal["error"])) == (400, True)
    assert state_of(block)["attempts"] == 0


# --- Items by learner ---


def ids_of(block: Any) -> list[str]:
    return [item["id"] for item in state_of(block)["items"]]


def test_a_learner_gets_the_same_items_every_time_and_another_learner_others() -> None:
    drills = {ids for n in range(8) if (ids := tuple(ids_of(make_drill(f"{n}", exercise=VARIED))))}
    assert len(drills) > 1
    assert ids_of(make_drill("0", exercise=VARIED)) == ids_of(make_drill("0", exercise=VARIED))
    assert {len(ids) for ids in drills} == {3}


def test_page_grade_and_re_score_are_about_the_same_items() -> None:
    for student in ("0", "1", "2"):
        block = make_drill(student, exercise=VARIED)
        model = model_of(block)
        assert set(model) == set(ids_of(block))
        _, state = submit(block, model)
        assert state["result"]["score"] == 1.0
        assert block.calculate_score().raw_earned == 10.0
        block.rescore(only_if_higher=False)
        assert [record.score for record in grading.submissions(item_of(block))] == [1.0, 1.0]


def test_a_re_grade_of_everybody_gives_each_their_own_items() -> None:
    for student in ("0", "1", "2", "3"):
        block = make_drill(student, exercise=VARIED)
        submit(block, model_of(block))
    item = item_of(block)
    preview = grading.preview_regrade(
        item["course_id"], item["item_id"], grader="drill", exercise=VARIED, points=10
    )
    assert (preview.compared, preview.same) == (4, 4)


def test_the_answer_of_one_learner_shows_nothing_of_anothers() -> None:
    submit(make_drill("0", exercise=VARIED), {"n10": "10"})
    state = state_of(make_drill("1", exercise=VARIED))
    assert (state["attempts"], state["fields"]) == (0, {"items": {}})


# --- Secrecy ---

CANARY = "kanarinac"
NEVER = ("right", "mark", "alt", "near", "value", "decision", "manner", "element", "entity")


def canary(word: str) -> str:
    return f"{CANARY} {word}"


SECRET: dict[str, Any] = {
    "items": [
        {
            "id": "order",
            "type": "order",
            "prompt": "<p>Arrange.</p>",
            "elements": [{"text": "A"}, {"text": "B", "mark": " ~~ "}],
            "feedback": canary("feedback"),
        },
        {
            "id": "map",
            "type": "mapping",
            "prompt": "<p>Where?</p>",
            "profile": "marc21",
            "rows": [{"text": "A", "place": "987 _1 $z", "alt": ["986 $y"]}],
        },
        {
            "id": "fixed",
            "type": "fixed_field",
            "prompt": "<p>Code.</p>",
            "profile": "marc21",
            "tag": "008",
            "material": "books",
            "value": "191021s1987    xx a          000 p zxx d",
            "positions": ["07-10", "35-37"],
        },
        {
            "id": "names",
            "type": "access_points",
            "prompt": "<p>Who?</p>",
            "profile": "marc21",
            "names": [
                {
                    "name": "A",
                    "entry": "main",
                    "heading": {"value": canary("heading"), "alt": [canary("other heading")]},
                    "relator": canary("relator"),
                }
            ],
        },
        {
            "id": "udc",
            "type": "udc",
            "prompt": "<p>Build.</p>",
            "value": "987.65",
            "alt": ["987.64"],
            "near": [["987.6", 0.7, canary("reason")]],
        },
        {
            "id": "isbn",
            "type": "isbn",
            "prompt": "<p>Mend.</p>",
            "task": "repair",
            "given": "9789539999907",
            "value": "9789539999900",
        },
        {
            "id": "page",
            "type": "transcription",
            "prompt": "<p>Transcribe.</p>",
            "elements": [
                {"label": "Title", "value": canary("title"), "alt": [canary("alt title")]}
            ],
        },
        {
            "id": "varied",
            "type": "udc",
            "variants": [
                {"prompt": "<p>One.</p>", "value": "987.61"},
                {"prompt": "<p>Two.</p>", "value": "987.62"},
            ],
        },
    ]
}
TRUTH = (CANARY, "~~", "987 _1", "986 $y", "s1987", "zxx", "987.6", "9789539999900", "99990-0")
GUESSES: list[dict[str, Any]] = [
    {"udc": "98", "page": {"elements": {"Title": "x"}}, "isbn": {"number": "1"}},
    {"order": {"order": ["B", "A"]}, "names": {"names": {"A": {"entry": "main"}}}, "map": {}},
]


def assert_secret(text: str) -> None:
    assert [word for word in TRUTH if word in text] == []


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("policy", ["never", "finished", "past_due"])
def test_the_truth_never_reaches_the_page_before_it_may(level: int, policy: str) -> None:
    block = make_drill(exercise=SECRET, feedback_level=level, show_answer=policy, mixed_in=FUTURE)
    assert_secret(block.render("student_view").content)
    assert_secret(block.render("public_view").content)
    for guess in GUESSES:
        for handler, data in (
            ("save_draft", {"fields": {"items": guess}, "revision": 99}),
            ("reset_draft", {}),
            ("submit", {"fields": {"items": guess}}),
            ("submit", {"fields": "?"}),
        ):
            _, answer = call(block, handler, data)
            text = json.dumps(answer, ensure_ascii=False)
            # The author's explanation is meant to be read after an attempt.
            assert_secret(text.replace(canary("feedback"), ""))
    assert_secret(block.render("student_view").content.replace(canary("feedback"), ""))
    assert_secret(json.dumps(block.student_view_data(), ensure_ascii=False))
    assert_secret(json.dumps(block.index_dictionary(), ensure_ascii=False))


def test_a_public_item_has_no_name_of_the_keys() -> None:
    for item in state_of(make_drill(exercise=ONE_OF_EACH))["items"]:
        names = set(names_in(item))
        assert not names & {"right", "mark", "alt", "near", "place", "distractors", "feedback"}


def names_in(part: Any) -> list[str]:
    if isinstance(part, list):
        return [name for inner in part for name in names_in(inner)]
    if not isinstance(part, dict):
        return []
    return [*part, *(name for inner in part.values() for name in names_in(inner))]


@pytest.mark.parametrize(
    ("policy", "attempted", "finished", "solved"),
    [
        ("never", False, False, False),
        ("attempted", True, True, True),
        ("finished", False, True, True),
        ("past_due", False, False, False),
    ],
)
def test_the_model_answers_are_shown_when_their_author_says(
    policy: str, attempted: bool, finished: bool, solved: bool
) -> None:
    settings: dict[str, Any] = {"show_answer": policy, "attempts_allowed": 2}
    block = make_drill(**settings)
    right = model_of(block)
    states = [submit(block, {})[1] for _ in range(2)]
    states.append(submit(make_drill("b" * 32, **settings), right)[1])
    assert [bool(state["answer"]) for state in states] == [attempted, finished, solved]
    late = state_of(make_drill("c" * 32, **settings, mixed_in=PAST))
    assert bool(late["answer"]) == (policy in {"finished", "past_due"})


def test_no_result_is_shown_while_the_host_holds_it_back() -> None:
    block = make_drill(mixed_in={"show_correctness": "never"})
    _, state = submit(block, model_of(make_drill()))
    assert (state["result"], state["answer"]) == (None, None)
    assert state["notice"]


# --- Other clients, the index, OLX, authors ---


def test_other_clients_get_the_task_bound_to_no_learner() -> None:
    block = make_drill(None, prompt="<p>Twelve items.</p>", points=12)
    data = block.student_view_data()
    assert json.loads(json.dumps(data)) == data
    assert (data["prompt"], data["points"], data["items_shown"]) == (
        "<p>Twelve items.</p>",
        12,
        "all",
    )
    assert "items" not in data


def test_the_index_finds_a_drill_by_what_its_items_ask() -> None:
    entry = make_drill(prompt="<p>Twelve items.</p>").index_dictionary()
    assert "Twelve items." in entry["content"]["text"]
    assert "A textbook of librarianship in Slovenian." in entry["content"]["text"]


def parse(olx: str) -> Any:
    runtime = Host(**{"field-data": DictFieldData({})})
    ids = ScopeIds(None, "cataloguing_drill", "def", USAGE_KEY)
    return CataloguingDrillBlock.parse_xml(etree.fromstring(olx), runtime, ids)


def test_olx_goes_out_and_in_unchanged() -> None:
    node = etree.Element("unknown")
    make_drill(items_shown="one", prompt="<p>Под игото</p>").add_xml_to_node(node)
    olx = etree.tostring(node, encoding="unicode")
    again = parse(olx)
    assert (again.exercise, again.items_shown) == (ONE_OF_EACH, "one")
    assert "Под игото" in olx


def test_the_block_type_is_found_by_its_entry_point() -> None:
    assert XBlock.load_class("cataloguing_drill") is CataloguingDrillBlock


def faults_of(block: Any) -> list[str]:
    validation = Validation(USAGE_KEY)
    block.validate_field_data(validation, block)
    return [message.text for message in validation.messages]


def test_the_scenarios_of_the_workbench_have_no_fault_and_ask_every_type() -> None:
    blocks = [parse(xml) for _title, xml in CataloguingDrillBlock.workbench_scenarios()]
    assert [faults_of(block) for block in blocks] == [[], []]
    assert {item["type"] for item in blocks[0].exercise["items"]} == set(TYPE_NAMES)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"exercise": {}}, "items"),
        ({"exercise": {"items": [{"id": "a", "type": "riddle", "prompt": "?"}]}}, "items[0].type"),
        ({"items_shown": "some"}, "items_shown"),
        ({"source_image": "https://elsewhere.example/a.png"}, "source_image"),
        (
            {
                "exercise": {
                    "items": [
                        {
                            "id": "a",
                            "type": "udc",
                            "prompt": "<p>x</p>",
                            "value": "02",
                            "image": "https://elsewhere.example/a.png",
                        }
                    ]
                }
            },
            "items[0].image",
        ),
    ],
)
def test_a_fault_is_named_by_its_place(fields: dict[str, Any], place: str) -> None:
    (message,) = faults_of(make_drill(**fields))
    assert message.startswith(f"{place}: ")


def test_every_faulty_item_is_named_and_not_only_the_first() -> None:
    item = {"type": "udc", "prompt": "<p>x</p>"}
    items = [{**item, "id": "a"}, {**item, "id": "b", "value": "02"}, {**item, "id": "c"}]
    status, answer = call(make_drill(), "review_edits", {"values": {"exercise": {"items": items}}})
    errors = [f for f in answer["findings"] if f["severity"] == "error"]
    assert (status, [(f["field"], f["where"]) for f in errors]) == (
        200,
        [("exercise", "items[0].value"), ("exercise", "items[2].value")],
    )


def test_an_author_saves_items_and_nothing_that_is_wrong() -> None:
    block = make_drill()
    good = {"items": [{"id": "a", "type": "udc", "prompt": "<p>x</p>", "value": "02"}]}
    status, _ = call(block, "submit_studio_edits", {"values": {"exercise": good}, "defaults": []})
    assert (status, block.exercise) == (200, good)
    bad = {"items": [{"id": "a", "type": "udc", "prompt": "<p>x</p>"}]}
    status, answer = call(
        block, "submit_studio_edits", {"values": {"exercise": bad}, "defaults": []}
    )
    assert (status, block.exercise) == (400, good)
    assert [finding["where"] for finding in answer["findings"]] == ["items[0].value"]


def test_the_editor_offers_every_type_and_the_choices_of_their_fields() -> None:
    html = make_drill().render("studio_view").content
    state = island(html)
    assert set(state["choices"]["types"]) == set(TYPE_NAMES)
    assert {"marc21", "comarc"} <= set(state["choices"]["profiles"])
    assert state["fields"]["exercise"]["value"] == ONE_OF_EACH
    assert 'data-word="f_prompt"' in html


def test_an_author_tries_the_items_of_one_trainee() -> None:
    block = make_drill(exercise=VARIED)
    model = model_of(block)
    values = {"exercise": VARIED}
    _, shown = call(block, "preview_edits", {"values": values, "draft": None})
    assert {item["id"] for item in island(shown["html"])["items"]} == set(model)
    _, tried = call(block, "try_answer", {"values": values, "fields": {"items": model}})
    assert tried["result"]["score"] == 1.0
    _, again = call(block, "preview_edits", {"values": values, "draft": None})
    assert again == shown


def test_an_author_is_told_of_pictures_without_description_and_of_pools() -> None:
    items = [{**item, "image": "/static/a.svg"} for item in VARIED["items"]]
    items[1]["image_alt"] = "The title page."
    values = {"exercise": {**VARIED, "items": items}, "source_image": "/static/b.svg"}
    _, answer = call(make_drill(), "review_edits", {"values": values})
    told = {(f["severity"], f["field"], f["where"]) for f in answer["findings"]}
    assert ("warning", "source_image_alt", "") in told
    assert ("warning", "exercise", "items[0].image_alt") in told
    assert ("warning", "exercise", "items[1].image_alt") not in told
    assert ("note", "exercise", "pools") in told


def test_the_points_of_the_items_add_up_to_those_of_the_exercise() -> None:
    html = make_drill(points=20).render("student_view").content
    shares = [float(points) for points in re.findall(r"Points: ([\d.]+)", html)]
    assert len(shares) == len(ONE_OF_EACH["items"])
    assert sum(shares) == pytest.approx(20, abs=0.1)


def test_the_author_codes_a_fixed_field_by_labelled_positions() -> None:
    data = {"profile": "marc21", "tag": "008", "material": "books"}
    status, answer = call(make_drill(), "field_layout", data)
    spans = {row["span"]: row["name"] for row in answer["positions"]}
    assert (status, spans["33"], spans["07-10"]) == (200, "Literary form", "Date 1")
    for nothing in ({}, {"tag": "245", "profile": "marc21"}, {"profile": "x", "tag": ["008"]}):
        assert call(make_drill(), "field_layout", nothing) == (200, {"positions": []})
