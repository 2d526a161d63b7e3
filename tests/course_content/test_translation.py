"""The Cataloguer School in Croatian: the same course, its texts translated, its keys the same."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from delivery.importing import check_course
from delivery.importing.members import read_path
from quarantine.html import sanitize
from quarantine.xml import parse_fragment
from scripts import translate_course
from scripts.translate_course import CONTENT, read
from scripts.translation.course import NOTE, Untranslated, collect, translate
from scripts.translation.po import Entry, format_po, parse_po
from scripts.translation.texts import replace_in_exercise, replace_in_fragment, replace_in_picture
from tests.course_content.reading import EXERCISES, Course, exercise_of, text_of
from tests.course_content.test_cataloguing import INVENTED

SOURCE = CONTENT / "cataloguing"
PO = CONTENT / "translations" / "cataloguing.hr.po"
ENTRIES = read(PO, "hr")[1]
ENGLISH, CROATIAN = Course(SOURCE), Course(CONTENT / "cataloguing_hr")
KEPT = (r"<code[^>]*>.*?</code>", r"lang=\"\w+\"", r"</?\w+", r"href=\"[^\"]*\"", r"\d{3,}")


def shout(text: str) -> str:
    return text.upper()


# ---- the course in Croatian ----


def test_the_course_is_what_its_translation_makes_of_the_english_one() -> None:
    written = {
        path.relative_to(CROATIAN.folder).as_posix(): path.read_bytes()
        for path in CROATIAN.folder.rglob("*")
        if path.is_file()
    }
    files = translate(SOURCE, ENTRIES, "hr")
    assert sorted(written) == sorted(files)
    stale = [place for place in files if written[place] != files[place]]
    assert stale == [], "run python -m scripts.translate_course hr"


def test_the_translation_has_the_texts_of_the_course_and_no_others() -> None:
    texts = [entry.text for entry in collect(SOURCE)]
    assert list(ENTRIES)[2:] == texts


def test_a_translation_keeps_codes_markup_links_and_numbers() -> None:
    for entry in ENTRIES.values():
        for kept in KEPT:
            found = Counter(re.findall(kept, entry.translation))
            assert found == Counter(re.findall(kept, entry.text)), entry.translation


def test_the_importer_has_nothing_to_say_about_the_course() -> None:
    assert [problem.message for problem in check_course(read_path(CROATIAN.folder))] == []


def test_it_is_an_offering_of_its_own_in_its_own_language() -> None:
    pointer = {"org": "LibrarySchool", "course": "CAT101", "url_name": "2026_hr"}
    assert dict(CROATIAN.pointer.items()) == pointer
    assert CROATIAN.blocks[0].node.get("language") == "hr"
    assert CROATIAN.policy("policy.json")["course/2026_hr"]["language"] == "hr"


def test_every_exercise_has_the_key_of_the_english_one() -> None:
    english, croatian = (course.of_type(*EXERCISES) for course in (ENGLISH, CROATIAN))
    assert [block.name for block in croatian] == [block.name for block in english]
    for one, other in zip(english, croatian, strict=True):
        for name in ("profile", "starter", "points", "attempts_allowed", "show_answer"):
            assert other.node.get(name) == one.node.get(name)
        assert without_texts(exercise_of(other)) == without_texts(exercise_of(one)), one.name


def without_texts(exercise: Any) -> Any:
    """Drop what a translator may change: texts, and the remark on a near miss."""
    if isinstance(exercise, dict):
        texts = {"prompt", "source", "text", "records", "label", "details", "feedback", "image_alt"}
        return {
            key: [near[:2] for near in value]
            if key == "near" and isinstance(value, list)
            else without_texts(value)
            for key, value in exercise.items()
            if key not in texts
        }
    return [without_texts(part) for part in exercise] if isinstance(exercise, list) else exercise


def test_assignments_are_graded_under_the_names_that_the_policy_has() -> None:
    names = [part["type"] for part in CROATIAN.policy("grading_policy.json")["GRADER"]]
    graded = [block.node.get("format") for block in CROATIAN.of_type("sequential")]
    assert set(names) == {name for name in graded if name}
    assert names == ["Vježbe", "Provjere", "Završni ispit"]


def test_every_page_says_that_it_awaits_review() -> None:
    said = ENTRIES[NOTE].translation
    for unit in CROATIAN.of_type("vertical"):
        first = CROATIAN.within(unit)[1]
        assert said in text_of(parse_fragment(CROATIAN.page_of(first).read_bytes())), unit.name
    assert said in (CROATIAN.folder / "about" / "overview.html").read_text(encoding="utf-8")


def test_a_unit_that_names_what_is_invented_says_so() -> None:
    for unit in CROATIAN.of_type("vertical"):
        words = " ".join(CROATIAN.words_of(child) for child in CROATIAN.within(unit)[1:])
        if any(name.casefold() in words.casefold() for name in INVENTED):
            assert re.search(r"izmišljen", words, re.IGNORECASE), unit.name


def test_sanitising_takes_nothing_from_what_the_translator_wrote() -> None:
    for block in CROATIAN.of_type("html", *EXERCISES):
        for source in CROATIAN.markup_of(block):
            inner = "".join(etree.tostring(part, encoding="unicode") for part in source)
            clean = str(sanitize((source.text or "") + inner))
            assert re.findall(r"<\w+", clean) == re.findall(r"<\w+", inner), block.name


# ---- how it is made ----


@pytest.fixture(scope="module")
def reviewed() -> dict[str, bytes]:
    """The course when all texts but one, in the unit on the leader, have been reviewed."""
    entries = {text: replace(entry, awaits_review=False) for text, entry in ENTRIES.items()}
    (text,) = (text for text in entries if text.startswith("The leader opens the record"))
    return translate(SOURCE, entries | {text: ENTRIES[text]}, "hr")


def test_a_reviewed_page_no_longer_says_that_it_awaits_review(reviewed: dict[str, bytes]) -> None:
    noted = [place for place in reviewed if place.startswith("html/review_")]
    assert noted == ["html/review_note.html", "html/review_coded_leader.xml"]
    assert b"review_coded_leader" in reviewed["vertical/coded_leader.xml"]
    assert b"review_" not in reviewed["vertical/coded_008.xml"]


def test_a_text_without_translation_is_named_and_nothing_is_written() -> None:
    entries = {**ENTRIES, "The leader": Entry("The leader")}
    with pytest.raises(Untranslated) as error:
        translate(SOURCE, entries, "hr")
    assert error.value.texts == ["The leader"]


def test_a_text_that_changed_is_asked_for_anew_and_the_course_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in ("cataloguing/about", "cataloguing/course.xml", "translations"):
        (tmp_path / part).parent.mkdir(exist_ok=True)
        copy = shutil.copytree if (CONTENT / part).is_dir() else shutil.copy
        copy(CONTENT / part, tmp_path / part)
    monkeypatch.setattr(translate_course, "CONTENT", tmp_path)
    monkeypatch.setattr("sys.argv", ["translate_course", "hr"])
    assert translate_course.main() == 0
    written = tmp_path / "cataloguing_hr" / "about" / "effort.html"
    assert written.read_text(encoding="utf-8") == "Ukupno oko dvadeset i četiri sata\n"

    (tmp_path / "cataloguing" / "about" / "effort.html").write_text("Two days\n")
    assert translate_course.main() == 1
    assert written.read_text(encoding="utf-8") == "Ukupno oko dvadeset i četiri sata\n"
    asked = read(tmp_path / "translations" / "cataloguing.hr.po", "hr")[1]
    assert asked["Two days"] == Entry("Two days", places=("about/effort.html",))


def test_what_is_in_another_language_or_code_is_no_text() -> None:
    markup = (
        '<p>Two <b>words</b></p><p lang="bg">Под игото</p><pre>245 $a Title</pre>'
        "<p><code>080 $a</code></p><ul><li>one<ul><li>two</li></ul></li></ul>"
    )
    assert replace_in_fragment(markup, shout) == (
        '<p>TWO <B>WORDS</B></p><p lang="bg">Под игото</p><pre>245 $a Title</pre>'
        "<p><code>080 $a</code></p><ul><li>ONE<ul><li>TWO</li></ul></li></ul>"
    )


def test_the_words_of_an_item_are_translated_and_its_data_are_not() -> None:
    exercise = (
        '{"items": [{"id": "area", "type": "order", "lang": "hr", "prompt": "<p>Put in order</p>",'
        ' "elements": [{"text": "Judita"}]}, {"id": "who", "type": "lrm",'
        ' "rows": [{"text": "a copy", "entity": "item"}],'
        ' "near": [["02", 0.5, "form left out"]]}]}'
    )
    assert replace_in_exercise(exercise, shout) == (
        '{"items": [{"id": "area", "type": "order", "lang": "hr", "prompt": "<p>PUT IN ORDER</p>",'
        ' "elements": [{"text": "Judita"}]}, {"id": "who", "type": "lrm",'
        ' "rows": [{"text": "A COPY", "entity": "item"}],'
        ' "near": [["02", 0.5, "FORM LEFT OUT"]]}]}'
    )


def test_the_words_in_a_picture_are_translated_line_by_line() -> None:
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg"><title>A page</title><text>Verso</text>'
        '<g xml:lang="hr"><text>Judita</text></g>'
        '<text font-family="Liberation Mono">kaz</text></svg>'
    )
    shown = [text_of(part) for part in replace_in_picture(picture.encode(), shout).iter()][1:]
    assert shown == ["A PAGE", "VERSO", "Judita", "Judita", "kaz"]


texts = st.text(st.sampled_from(["a", "Đ", "қ", '"', "\\", "\n", "\t", " ", "#"]), min_size=1)
entries = st.builds(
    Entry,
    text=texts,
    translation=texts,
    places=st.lists(st.from_regex(r"[a-z_]+/[a-z_]+\.xml", fullmatch=True)).map(tuple),
    awaits_review=st.booleans(),
)


@settings(max_examples=25)
@given(st.lists(entries, max_size=3))
def test_a_po_file_is_read_as_it_was_written(written: list[Entry]) -> None:
    assert parse_po(format_po("Language: hr\n", written)) == ("Language: hr\n", written)


def test_a_line_that_belongs_to_no_po_file_is_refused() -> None:
    with pytest.raises(ValueError, match="not a line of a PO file: msgfoo"):
        parse_po('msgfoo "a"')


def test_gettexts_own_way_of_breaking_lines_is_read() -> None:
    content = '#: html/a.html\n#, fuzzy\nmsgid ""\n"one "\n"two"\nmsgstr ""\n"jedan "\n"dva"\n'
    assert parse_po(content) == ("", [Entry("one two", "jedan dva", ("html/a.html",), True)])
