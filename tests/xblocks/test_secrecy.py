"""The key of an exercise never reaches a trainee before its author allows it."""

import json

import pytest

from tests.xblocks.host import (
    FUTURE,
    HALF,
    PAST,
    RIGHT,
    call,
    make_block,
    state_of,
    submit,
)

pytestmark = pytest.mark.django_db


CANARIES = {
    "value": "kanarinac žuti",
    "alternative": "kanarček rumeni",
    "near": "канарче",
    "second key": "канарейка",
}
SECRET = {
    "keys": [
        {
            "profile": "marc21",
            "fields": [
                {
                    "tag": "245",
                    "ind": "10",
                    "sub": [
                        [
                            "a",
                            CANARIES["value"],
                            {
                                "alt": [CANARIES["alternative"]],
                                "near": [[CANARIES["near"], 0.5, "nearly"]],
                            },
                        ]
                    ],
                },
                {"tag": "250", "ind": "  ", "sub": [["a", "Drugo izdanje."]]},
            ],
        },
        {
            "profile": "marc21",
            "fields": [{"tag": "245", "ind": "10", "sub": [["a", CANARIES["second key"]]]}],
        },
    ]
}
GUESSES = [
    [["245", "10", [["a", "kanarinac zuti"]]]],
    [["245", "00", [["a", "nešto sasvim drugo"]]], ["250", "  ", [["a", "Drugo izdanje."]]]],
    [["246", "10", [["a", "kanarinac žute boje"]]]],
]


def assert_secret(text: str) -> None:
    for canary in CANARIES.values():
        assert canary not in text
        assert json.dumps(canary)[1:-1] not in text


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("policy", ["never", "finished", "past_due"])
def test_the_key_never_reaches_the_page_before_it_may(level: int, policy: str) -> None:
    block = make_block(exercise=SECRET, feedback_level=level, show_answer=policy, mixed_in=FUTURE)
    assert_secret(block.render("student_view").content)
    assert_secret(block.render("public_view").content)
    for guess in GUESSES[:2]:
        for handler, data in (
            ("save_draft", {"fields": guess, "revision": 99}),
            ("reset_draft", {}),
            ("submit", {"fields": guess}),
            ("layout", {"tag": "008", "leader": ""}),
            ("labels", {}),
            ("check", {"fields": guess}),
            ("read_record", {"text": "245 10 $a x"}),
            ("submit", {"fields": "?"}),
        ):
            _, answer = call(block, handler, data)
            assert_secret(json.dumps(answer, ensure_ascii=False))
    assert_secret(block.render("student_view").content)
    assert_secret(json.dumps(block.student_view_data(), ensure_ascii=False))
    assert_secret(json.dumps(block.index_dictionary(), ensure_ascii=False))


def test_the_key_stays_secret_where_the_answer_is_never_shown() -> None:
    block = make_block(
        exercise=SECRET, feedback_level=3, show_answer="never", attempts_allowed=2, mixed_in=PAST
    )
    for guess in GUESSES:
        submit(make_block(exercise=SECRET, show_answer="never", attempts_allowed=2), guess)
    assert_secret(block.render("student_view").content)


@pytest.mark.parametrize(
    ("policy", "attempted", "finished", "solved"),
    [
        ("never", False, False, False),
        ("attempted", True, True, True),
        ("finished", False, True, True),
        ("past_due", False, False, False),
        ("always", True, True, True),
    ],
)
def test_the_answer_is_shown_when_its_author_says(
    policy: str, attempted: bool, finished: bool, solved: bool
) -> None:
    block = make_block(show_answer=policy, attempts_allowed=2)
    assert (state_of(block)["answer"] is not None) == (policy == "always")
    _, first = submit(block, HALF)
    _, last = submit(block, HALF)
    _, right = submit(make_block("b" * 32, show_answer=policy, attempts_allowed=2))
    shown = [state["answer"] is not None for state in (first, last, right)]
    assert shown == [attempted, finished, solved]
    late = make_block("c" * 32, show_answer=policy, mixed_in=PAST)
    assert (state_of(late)["answer"] is not None) == (policy in {"finished", "past_due", "always"})


def test_the_answer_is_the_model_record() -> None:
    assert state_of(make_block(show_answer="always"))["answer"] == RIGHT
