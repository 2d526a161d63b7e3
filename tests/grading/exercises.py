"""A small exercise of one field, and answers to it: half the title is right in ``HALF``."""

from typing import Any

from grading.api import StudentItemKey

EXERCISE: dict[str, Any] = {
    "keys": [
        {
            "profile": "marc21",
            "fields": [
                {"tag": "245", "ind": "10", "sub": [["a", "Judita :"], ["b", "ep u šest libara."]]},
                {"tag": "250", "ind": "  ", "sub": [["a", "Drugo izdanje."]]},
            ],
        }
    ]
}
TITLE = ["245", "10", [["a", "Judita :"], ["b", "ep u šest libara."]]]
EDITION = ["250", "  ", [["a", "Drugo izdanje."]]]
RIGHT = [TITLE, EDITION]
HALF = [TITLE]


def item(name: str = "judita", student: str = "s" * 32) -> StudentItemKey:
    return StudentItemKey(
        student_id=student,
        course_id="course-v1:School+CAT+2026",
        item_id=f"block-v1:School+CAT+2026+type@marc_record+block@{name}",
        item_type="marc_record",
    )
