"""The Cataloguer School: its files, its grading policy, its lessons and its pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from stdnum import isbn

from delivery.importing import check_course
from delivery.importing.members import read_path
from quarantine.html import sanitize
from quarantine.xml import parse_fragment
from tests.course_content.reading import (
    COURSES,
    EXERCISES,
    POINTED,
    STATIC,
    Block,
    Course,
    named,
    read,
    text_of,
)

COURSE = Course(COURSES / "cataloguing")
PAGES = COURSE.pages()
PICTURES = sorted(COURSE.folder.glob("static/*.svg"))
# Nobody and nothing of these exists; wherever a trainee meets one, the same unit must say so.
INVENTED = (
    "Naklada Vježba",
    "Založba Vaja",
    "Учебно издателство",
    "Учебна печатница",
    "Оқу баспасы",
    "Ana Horvat",
    "Janez Novak",
    "Iva Ivić",
    "Мария Пример",
    "Петър Образец",
    "Анна Преводачова",
    "Tone Primer",
    "HR-VJ",
    "SI-VA",
    "BG-UI",
    "KZ-OB",
)
ISBN = re.compile(r"97[89](?:-?\d){10}(?!\d)")
VOID = re.compile(r"<(br|img|hr|col)\b([^>]*?)/?>")
DRAWN = {"svg", "title", "desc", "g", "path", "rect", "circle", "ellipse", "text", "tspan"}


def stem(path: Path) -> str:
    return path.stem


def text(name: str) -> str:
    return (COURSE.folder / name).read_text(encoding="utf-8")


def local(name: str | bytes) -> str:
    return etree.QName(name).localname


# ---- files ----


def test_every_xml_file_and_picture_is_well_formed() -> None:
    files = [*COURSE.folder.rglob("*.xml"), *PICTURES]
    assert len(files) > 100
    for path in files:
        read(path)


@pytest.mark.parametrize("path", PAGES, ids=stem)
def test_every_page_is_well_formed(path: Path) -> None:
    assert text_of(parse_fragment(path.read_bytes())).strip()


def test_every_file_is_reached_from_the_course_and_exists() -> None:
    reached = {block.path for block in COURSE.blocks}
    reached |= {COURSE.page_of(block) for block in COURSE.of_type("html")}
    assert {p for folder in POINTED for p in (COURSE.folder / folder).iterdir()} == reached


def test_the_course_has_the_key_under_which_it_is_known() -> None:
    pointer = {"org": "LibrarySchool", "course": "CAT101", "url_name": "2026"}
    assert dict(COURSE.pointer.items()) == pointer


def test_the_importer_has_nothing_to_say_about_the_course() -> None:
    assert [problem.message for problem in check_course(read_path(COURSE.folder))] == []


def test_url_names_are_unique_whatever_the_block_type() -> None:
    names = [block.name for block in COURSE.blocks]
    assert sorted(names) == sorted(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names[1:])


def test_every_static_file_is_used_and_every_one_used_exists() -> None:
    sources = [*COURSE.folder.rglob("*.html"), *(COURSE.folder / "vertical").iterdir()]
    used = {name for path in sources for name in STATIC.findall(path.read_text(encoding="utf-8"))}
    used.add(COURSE.policy("policy.json")["course/2026"]["course_image"])
    assert used == {path.name for path in (COURSE.folder / "static").iterdir()}


def test_the_course_starts_in_the_past_and_runs_at_ones_own_pace() -> None:
    settings = COURSE.policy("policy.json")["course/2026"]
    assert settings["start"] == "2026-01-05T00:00:00Z"
    assert settings["self_paced"] is True
    assert settings["language"] == "en"
    assert settings["display_name"] == "Cataloguer School"
    assert [block.name for block in COURSE.blocks if block.node.get("due")] == []


def test_the_course_element_says_what_the_policy_says() -> None:
    settings = COURSE.policy("policy.json")["course/2026"]
    course = COURSE.blocks[0].node
    for name in ("start", "language", "display_name", "course_image"):
        assert course.get(name) == settings[name]
    assert course.get("self_paced") == "true"


# ---- grading policy ----


def test_the_weights_of_the_policy_add_up_to_one() -> None:
    weights = {
        part["type"]: part["weight"] for part in COURSE.policy("grading_policy.json")["GRADER"]
    }
    assert sum(weights.values()) == pytest.approx(1, abs=1e-12)
    assert weights["Exercises"] == 0.6


def test_every_part_of_the_policy_counts_as_many_subsections_as_there_are() -> None:
    graded = [b.node.get("format") for b in COURSE.of_type("sequential") if b.node.get("graded")]
    parts = COURSE.policy("grading_policy.json")["GRADER"]
    assert {part["type"]: part["min_count"] for part in parts} == {
        name: graded.count(name) for name in graded
    }
    assert all(part["drop_count"] < part["min_count"] for part in parts)


def test_a_subsection_has_a_format_just_when_it_is_graded() -> None:
    for block in COURSE.of_type("sequential"):
        assert block.node.get("graded") in (None, "true")
        assert (block.node.get("format") is None) == (block.node.get("graded") is None)


def test_the_course_is_passed_at_sixty_per_cent() -> None:
    cutoffs = COURSE.policy("grading_policy.json")["GRADE_CUTOFFS"]
    assert cutoffs["Pass"] == min(cutoffs.values()) == 0.6


@pytest.mark.parametrize("page", ["html/welcome.html", "about/overview.html"])
def test_the_grade_that_a_page_promises_is_that_of_the_policy(page: str) -> None:
    policy = COURSE.policy("grading_policy.json")
    shares = [part["weight"] for part in policy["GRADER"]] + list(policy["GRADE_CUTOFFS"].values())
    promised = [int(number) for number in re.findall(r"(\d+) %", text(page))]
    assert sorted(promised) == sorted(round(share * 100) for share in shares)


# ---- lessons and pictures ----


@pytest.mark.parametrize("block", COURSE.of_type("html", *EXERCISES), ids=named)
def test_sanitising_takes_nothing_from_what_the_author_wrote(block: Block) -> None:
    for source in COURSE.markup_of(block):
        inner = (source.text or "") + "".join(etree.tostring(e, encoding="unicode") for e in source)
        clean = parse_fragment(VOID.sub(r"<\1\2/>", str(sanitize(inner))).encode())
        assert [e.tag for e in clean.iter()] == [e.tag for e in source.iter()]
        assert text_of(clean).split() == text_of(source).split()
        for kept, written in zip(clean.iter(), source.iter(), strict=True):
            assert set(written.attrib) <= set(kept.attrib)


@pytest.mark.parametrize("path", PAGES, ids=stem)
def test_every_picture_in_a_page_says_in_words_what_it_shows(path: Path) -> None:
    for image in parse_fragment(path.read_bytes()).iter("img"):
        assert len(image.get("alt", "").split()) >= 15
        assert (COURSE.folder / image.get("src", "").lstrip("/")).is_file()


@pytest.mark.parametrize("path", PICTURES, ids=stem)
def test_a_picture_is_drawn_with_text_and_carries_nothing_foreign(path: Path) -> None:
    elements = list(read(path).iter())
    assert {"title", "desc", "text"} <= {local(e.tag) for e in elements} <= DRAWN
    for element in elements:
        assert not {"href", "style", "class"} & {local(name) for name in element.attrib}
        generic = element.get("font-family", "serif").split(",")[-1].strip()
        assert generic in ("serif", "sans-serif", "monospace")


@pytest.mark.parametrize("block", COURSE.of_type("vertical"), ids=named)
def test_a_unit_that_names_what_is_invented_says_so(block: Block) -> None:
    words = " ".join(COURSE.words_of(child) for child in COURSE.within(block)[1:])
    for name in INVENTED:
        if name.casefold() in words.casefold():
            assert re.search(r"\binvented\b", words), f"{name} is presented as real"


def test_the_about_page_says_what_is_learnt_and_what_is_invented() -> None:
    about = text("about/overview.html")
    assert "do not exist" in about
    assert "twenty-four hours" in about
    for outcome in COURSE.policy("policy.json")["course/2026"]["learning_info"]:
        assert outcome in about


def test_every_isbn_in_the_course_passes_its_check() -> None:
    blocks = COURSE.of_type("html", "problem", *EXERCISES)
    found = [number for block in blocks for number in ISBN.findall(COURSE.words_of(block))]
    assert len(found) > 20
    # the wrong numbers that a trainee is asked to find
    wrong = {number for number in found if not isbn.is_valid(number)}
    assert wrong == {"9789539999907", "9789549999970", "9789549989907"}


def test_nobody_is_shouted_at() -> None:
    for block in COURSE.of_type("html", "problem", *EXERCISES):
        assert "!" not in COURSE.words_of(block), block.name
