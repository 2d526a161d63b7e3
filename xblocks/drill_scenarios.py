"""Drills to try in the XBlock workbench: one item of each type, about an invented edition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

_TITLE_PAGE = "<p lang='hr'>MARKO MARULIĆ<br>JUDITA<br>ep u šest libara<br>Zagreb 2019</p>"
_OLD_TITLE_PAGE = "<p lang='hr'>LIBAR MARKA MARVLA<br>SPLICHIANINA</p>"

ONE_OF_EACH: dict[str, Any] = {
    "items": [
        {
            "id": "area",
            "type": "order",
            "prompt": "<p>Arrange the elements of area 1 and write the marks between them.</p>",
            "source": _TITLE_PAGE,
            "lang": "hr",
            "elements": [
                {"text": "Judita"},
                {"text": "ep u šest libara", "mark": " : "},
                {"text": "Marko Marulić", "mark": " / "},
            ],
            "distractors": ["Zagreb"],
            "feedback": "Other title information follows the title proper after a colon.",
        },
        {
            "id": "fields",
            "type": "mapping",
            "prompt": "<p>Where does each statement go in MARC 21?</p>",
            "lang": "hr",
            "profile": "marc21",
            "rows": [
                {"text": "ep u šest libara", "place": "245 $b"},
                {"text": "2019", "place": "264 _1 $c", "alt": ["260 $c"]},
            ],
        },
        {
            "id": "coded",
            "type": "fixed_field",
            "prompt": "<p>Code date, country and literary form of the book.</p>",
            "source": _TITLE_PAGE,
            "profile": "marc21",
            "tag": "008",
            "material": "books",
            "value": "191021s2019    ci a          000 p hrv d",
            "positions": ["07-10", "15-17", "18-21", "33"],
        },
        {
            "id": "names",
            "type": "access_points",
            "prompt": "<p>Who gets an access point, in which form, with which relator?</p>",
            "profile": "marc21",
            "names": [
                {
                    "name": "Marko Marulić",
                    "entry": "main",
                    "heading": "Marulić, Marko",
                    "relator": {"value": "aut", "alt": ["autor"]},
                },
                {"name": "Naklada Vježba", "entry": "none"},
            ],
        },
        {
            "id": "person",
            "type": "authority",
            "prompt": "<p>Which authority record belongs to this form of the name?</p>",
            "heading": "Marulus, Marcus",
            "candidates": [
                {
                    "heading": "Marulić, Marko, 1450-1524",
                    "see_from": ["Marulus, Marcus", "Marul, Marko"],
                    "right": True,
                },
                {"heading": "Marullus, Michael, 1453-1500"},
                {"heading": "Marulić, Marko, 1978-"},
            ],
            "reasons": [
                {"text": "The form is a see-from of the record", "right": True},
                {"text": "The record has no dates"},
            ],
        },
        {
            "id": "class",
            "type": "udc",
            "prompt": "<p>A textbook of librarianship in Slovenian.</p>",
            "hint": "02 is librarianship.",
            "value": "02(075)=163.6",
            "alt": ["02(075.8)=163.6"],
        },
        {
            "id": "number",
            "type": "isbn",
            "prompt": "<p>One digit is misprinted. Which, and what is the number?</p>",
            "task": "repair",
            "given": "9789539999907",
            "value": "9789539999900",
            "ask_position": True,
        },
        {
            "id": "pair",
            "type": "duplicate",
            "prompt": "<p>The catalogue has the first record. What is the second?</p>",
            "lang": "hr",
            "records": [
                "Judita : ep u šest libara / Marko Marulić. - 2. izd. - Zagreb, 2019. - 214 str.",
                "JUDITA : ep u šest libara / Marko Marulić. - 1. izd. - Zagreb, 2016. - 198 str.",
            ],
            "decision": "manifestation",
            "differences": [
                {"text": "Edition statement", "right": True},
                {"text": "Extent", "right": True},
                {"text": "Capital letters"},
            ],
        },
        {
            "id": "entities",
            "type": "lrm",
            "prompt": "<p>Which entity of the Library Reference Model is each?</p>",
            "lang": "hr",
            "choices": ["work", "expression", "manifestation", "item"],
            "rows": [
                {"text": "Epska pjesma koju je Marulić dovršio 1501.", "entity": "work"},
                {"text": "Primjerak s inventarnim brojem 12345", "entity": "item"},
                {"text": "Zagrebačko izdanje iz 2019., 214 stranica", "entity": "manifestation"},
            ],
        },
        {
            "id": "elements",
            "type": "rda",
            "prompt": "<p>Which RDA element is each, and is it transcribed or recorded?</p>",
            "lang": "hr",
            "rows": [
                {
                    "text": "Drugo, dopunjeno izdanje",
                    "element": "edition",
                    "manner": "transcribed",
                },
                {"text": "214 stranica", "element": "extent", "manner": "recorded"},
            ],
        },
        {
            "id": "subjects",
            "type": "headings",
            "prompt": "<p>Choose the two best subject headings.</p>",
            "lang": "hr",
            "count": 2,
            "options": [
                {"text": "Hrvatsko pjesništvo -- 16. stoljeće", "right": True},
                {"text": "Judita (biblijska osoba) -- Epovi", "right": True},
                {"text": "Hrvatska književnost", "right": 0.5},
                {"text": "Povijest", "right": False},
                {"text": "Biblija -- Tumačenje", "right": False},
                {"text": "Ratno pjesništvo", "right": False},
                {"text": "Split -- Povijest", "right": False},
                {"text": "Humanizam", "right": False},
                {"text": "Latinski jezik", "right": False},
            ],
        },
        {
            "id": "page",
            "type": "transcription",
            "prompt": "<p>Transcribe the title as the rules for early books ask.</p>",
            "source": _OLD_TITLE_PAGE,
            "lang": "hr",
            "conventions": "early_latin",
            "elements": [
                {"label": "Title proper", "value": "Libar Marka Marula Splichianina"},
            ],
        },
    ],
}

_BY_SEED: dict[str, Any] = {
    "items": [
        {
            "id": f"udc-{number}",
            "type": "udc",
            "pool": "udc",
            "prompt": f"<p>{topic}</p>",
            "value": value,
        }
        for number, (topic, value) in enumerate(
            [
                ("A Slovene novel", "821.163.6-31"),
                ("Bulgarian poetry", "821.163.2-1"),
                ("Kazakh essays", "821.512.122-4"),
                ("Bibliography of Croatian literature", "016:821.163.42"),
            ],
            start=1,
        )
    ],
    "pools": {"udc": 2},
    "settings": {"shuffle": True},
}


def _olx(exercise: Mapping[str, Any], **attributes: Any) -> str:
    written = {**attributes, "exercise": json.dumps(exercise, ensure_ascii=False)}
    quoted = " ".join(f'{name}="{escape(str(value))}"' for name, value in written.items())
    return f"<cataloguing_drill {quoted}/>"


CATALOGUING_DRILL_SCENARIOS = [
    (
        "Cataloguing drill: one item of each type",
        _olx(
            ONE_OF_EACH,
            display_name="Judita, item by item",
            prompt="<p>Twelve short items about one book.</p>",
            points=20,
        ),
    ),
    (
        "Cataloguing drill: two of four numbers, one at a time",
        _olx(_BY_SEED, display_name="Two class numbers", items_shown="one", attempts_allowed=0),
    ),
]
