"""Drills that several tests share: a cataloguer school's exercises, and one item of each type."""

from __future__ import annotations

import copy
from typing import Any

from grading.data import Mark, ScoreLine
from grading.graders import drill

Item = dict[str, Any]
Exercise = dict[str, Any]

JUDITA_008 = "191021s2019    ci a          000 p hrv d"


def item(kind: str, item_id: str = "", **data: Any) -> Item:
    return {"id": item_id or kind, "type": kind, "prompt": "<p>What is right?</p>", **data}


AREA_1 = item(
    "order",
    "m1e1",
    elements=[
        {"text": "Judita"},
        {"text": "ep u šest libara", "mark": " : "},
        {"text": "Marko Marulić", "mark": " / "},
        {"text": "priredila i komentar napisala Ana Horvat", "mark": " ; "},
    ],
)
PUBLICATION = item(
    "order",
    "m1e2",
    ask=["marks"],
    elements=[
        {"text": "София"},
        {"text": "Учебно издателство", "mark": " : "},
        {"text": "2021", "mark": ", "},
    ],
)
PLACES = {
    "ep u šest libara": ("245 $b", "200 $e", "200 $e"),
    "Marko Marulić": ("245 $c", "200 $f", "200 $f"),
    "214 stranica": ("300 $a", "215 $a", "215 $a"),
    "knjiga 3": ("490 $v", "225 $v", "225 $v"),
    "2019": ("264 _1 $c", "210 $d", "210 $d"),
}
MAPPINGS = [
    item(
        "mapping",
        f"m1e3-{profile}",
        profile=profile,
        rows=[{"text": text, "place": places[i]} for text, places in PLACES.items()],
    )
    for i, profile in enumerate(["marc21", "unimarc", "comarc"])
]
CODED = item("fixed_field", "m2e1", profile="marc21", tag="008", value=JUDITA_008)
NAMES = item(
    "access_points",
    "m3e1",
    profile="unimarc",
    names=[
        {"name": "Marko Marulić", "entry": "main", "heading": "Marulić, Marko", "relator": "070"},
        {
            "name": "Ana Horvat",
            "entry": "added",
            "heading": {"value": "Horvat, Ana", "alt": ["Horvat, Ana, 1970-"]},
            "relator": {"value": "340", "near": [["400", 0.4, "a wider term"]]},
        },
        {"name": "Naklada Vježba", "entry": "none"},
        {"name": "Biblioteka Hrvatska baština", "entry": "optional"},
    ],
)
CLASSES: list[dict[str, Any]] = [
    {"value": "821.163.6-31"},
    {"value": '821.163.42-13"15"'},
    {"value": "821.163.2-1"},
    {"value": "821.512.122-4"},
    {"value": '94(497.5)"1941/1945"'},
    {"value": "02(075)=163.6", "alt": ["02(075.8)=163.6"]},
    {"value": "37:004", "alt": ["004:37"]},
    {"value": "016:821.163.42"},
    {"value": "811.163.42'36"},
    {"value": "7(497.2)(031)"},
]
NUMBERS = [item("udc", f"m3e2-{i}", **data) for i, data in enumerate(CLASSES)]
AUTHORITY = item(
    "authority",
    "m3e3",
    heading="Marulus, Marcus",
    candidates=[
        {
            "heading": "Marulić, Marko, 1450-1524",
            "see_from": ["Marulus, Marcus", "Marul, Marko"],
            "right": True,
        },
        {"heading": "Marullus, Michael, 1453-1500", "right": 0.25},
        {"heading": "Marulić, Marko, 1978-"},
    ],
    reasons=[
        {"text": "The form is one referred from", "right": True},
        {"text": "The form sounds alike"},
        {"text": "The dates are in the source"},
    ],
)
ENTITIES = {
    "Epska pjesma koju je Marulić dovršio 1501.": "work",
    "Tekst Judite u suvremenoj transkripciji Ane Horvat": "expression",
    "Zagrebačko izdanje iz 2019., 214 stranica": "manifestation",
    "Primjerak s inventarnim brojem 12345": "item",
    "Marko Marulić": "person",
    "„Marulić, Marko, 1450-1524”": "nomen",
    "Split": "place",
    "16. stoljeće": "time_span",
}
LRM = item("lrm", "m3e4", rows=[{"text": t, "entity": e} for t, e in ENTITIES.items()])
PAIRS = [
    item(
        "duplicate",
        "m3e5-hyphens",
        records=[
            "Judita 2019, 2. izd., 214 str.",
            "JUDITA 2019, 2. izd., 214 str., ISBN",
        ],
        decision="same",
        differences=[{"text": "Hyphens of the ISBN"}, {"text": "Capitals"}],
    ),
    item(
        "duplicate",
        "m3e5-edition",
        records=["Judita 2019, 2. izd., 214 str.", "Judita 2016, 1. izd., 198 str."],
        decision="manifestation",
        near={"expression": 0.5},
        differences=[
            {"text": "Year", "right": True},
            {"text": "Edition", "right": True},
            {"text": "Pages", "right": True},
            {"text": "Length of the note"},
            {"text": "Abbreviations"},
            {"text": "Binding", "right": None},
        ],
    ),
    item(
        "duplicate",
        "m3e5-script",
        records=["Под игото, София 2021", "Pod igoto, Sofija 2021"],
        decision="same",
        decisions=["same", "manifestation"],
    ),
]
MODULES: Exercise = {
    "items": [
        AREA_1,
        PUBLICATION,
        *MAPPINGS,
        CODED,
        *(
            item("fixed_field", f"m2e2-{tag}", profile="unimarc", tag=tag, value=value)
            for tag, value in {
                "100": "20211005d2021    m  y0kazy50      ca",
                "105": "y       000ey",
            }.items()
        ),
        NAMES,
        *NUMBERS,
        AUTHORITY,
        LRM,
        *PAIRS,
    ]
}
"""The exercises of the three modules that are drills."""

ISBN = item("isbn", task="repair", given="9789539999907", value="978-953-99999-0-0")
RDA = item(
    "rda",
    rows=[
        {"text": "Drugo, dopunjeno izdanje", "element": "edition", "manner": "transcribed"},
        {"text": "Naklada Vježba", "element": "publisher", "manner": "transcribed"},
        {"text": "214 stranica", "element": "extent", "manner": "recorded"},
        {"text": "21 cm", "element": "dimensions", "manner": "recorded"},
        {
            "text": "ilustracije",
            "element": "illustration",
            "near": {"extent": 0.5},
            "manner": "recorded",
        },
    ],
)
HEADINGS = item(
    "headings",
    count=2,
    options=[
        *({"text": t, "right": True} for t in ("Hrvatsko pjesništvo", "Epovi", "Renesansa")),
        {"text": "Hrvatska književnost", "right": 0.5},
        {"text": "Humanizam", "right": None},
        *({"text": f"{n}. stoljeće"} for n in range(10, 20)),
    ],
)
TITLE_PAGE = item(
    "transcription",
    conventions="early_latin",
    free=["line_ends"],
    lang="hr",
    elements=[
        {"label": "Title proper", "value": "Libar Marka Marula Splićanina", "w": 4},
        {"label": "Date", "value": "MDXXI", "alt": ["1521"], "policy": "code"},
    ],
)
OLD_RUSSIAN = item(
    "transcription",
    "old-russian",
    conventions="old_russian",
    lang="ru-petr1708",
    elements=[{"label": "Заглавие", "value": "Исторія Россійскаго Государства въ вѣкахъ"}],
)
COMARC_100 = item(
    "fixed_field",
    "comarc-100",
    profile="comarc",
    tag="100",
    value={"b": "d", "c": "2019", "h": "slv", "l": "ba"},
)
ONE_OF_EACH: list[Item] = [
    AREA_1,
    MAPPINGS[0],
    CODED,
    NAMES,
    AUTHORITY,
    NUMBERS[5],
    ISBN,
    PAIRS[1],
    LRM,
    RDA,
    HEADINGS,
    TITLE_PAGE,
]
ALL_ITEMS: list[Item] = [
    *MODULES["items"],
    ISBN,
    RDA,
    HEADINGS,
    TITLE_PAGE,
    OLD_RUSSIAN,
    COMARC_100,
]


def drill_of(*items: Item, **data: Any) -> Exercise:
    return copy.deepcopy({"items": list(items), **data})


def grade_one(given: Item, value: Any, **data: Any) -> Mark:
    """The mark of a drill that has only this item."""
    return drill.grade(drill_of(given, **data), {"items": {given["id"]: value}})


def lines_of(given: Item, value: Any, **data: Any) -> dict[str, ScoreLine]:
    """The lines of that mark by what stands behind the item in their places."""
    mark = grade_one(given, value, **data)
    start = f"items.{given['id']}"
    assert all(line.where == start or line.where.startswith(f"{start}.") for line in mark.lines)
    return {line.where.removeprefix(start).removeprefix("."): line for line in mark.lines}


def model_of(given: Item) -> Any:
    """The value of a perfect answer to one item."""
    return drill.model_answer(drill_of(given))["items"][given["id"]]


def id_of(text: str, given: Item) -> str:
    """The id under which the page knows a part of an item."""
    [public] = drill.public_items(drill_of(given))
    parts = [p for value in public.values() if isinstance(value, list) for p in value]
    [found] = {
        p["id"] for p in parts if isinstance(p, dict) and text in (p.get("text"), p.get("heading"))
    }
    return str(found)
