"""The block as a page, as a reader of records, and as OLX."""

import base64
from typing import Any

import pytest
from lxml import etree
from xblock.core import XBlock
from xblock.field_data import DictFieldData
from xblock.fields import ScopeIds
from xblock.validation import Validation

from tests.xblocks.host import (
    STARTER,
    USAGE_KEY,
    Host,
    call,
    island,
    make_block,
    state_of,
)
from xblocks.marc_record import MarcRecordBlock

pytestmark = pytest.mark.django_db


# --- The page ---


def test_the_page_of_a_new_trainee_offers_the_starter_and_all_attempts() -> None:
    state = state_of(make_block())
    assert state["fields"] == STARTER
    assert state["profile"] == "marc21"
    assert (state["revision"], state["saved_at"], state["attempts"]) == (0, None, 0)
    assert (state["attempts_allowed"], state["points"]) == (3, 10)
    assert (state["may_submit"], state["closed_reason"]) == (True, "")
    assert (state["result"], state["submitted"], state["answer"]) == (None, None, None)


def test_the_page_loads_its_files_by_url_and_puts_no_text_into_script_arguments() -> None:
    fragment = make_block().student_view()
    urls = [resource.data for resource in fragment.resources if resource.kind == "url"]
    assert urls == [
        "/resources/marc_record/public/block.css",
        "/resources/marc_record/public/exercise.css",
        "/resources/marc_record/public/marc_record.css",
        "/resources/marc_record/public/xblock.js",
    ]
    assert fragment.js_init_fn == "SchoolBlock"
    assert fragment.json_init_args == {"module": "/resources/marc_record/public/marc_record.js"}


def test_author_html_is_sanitised_and_text_is_escaped() -> None:
    html = (
        make_block(
            display_name="<b>Judita</b>",
            prompt="<p>Read.</p><script>alert(1)</script><img src=x onerror=alert(1)>",
            source_text='<p onclick="x()">JUDITA</p>',
            source_image="/static/a.svg",
            source_image_alt='"><script>alert(2)</script>',
        )
        .render("student_view")
        .content
    )
    page = html[: html.index('<script type="application/json"')]
    assert "<script" not in page
    assert "onerror" not in page
    assert "onclick" not in page
    assert "&lt;b&gt;Judita&lt;/b&gt;" in page
    assert "<p>Read.</p>" in page


def test_nothing_typed_can_leave_the_data_island() -> None:
    block = make_block()
    evil = "</script><script>alert(1)</script><!--"
    call(block, "save_draft", {"fields": [["245", "10", [["a", evil]]]], "revision": 0})
    html = block.render("student_view").content
    assert evil not in html
    assert island(html)["fields"][0][2][0][1] == evil


def test_text_that_cannot_be_cleaned_does_not_take_the_page_down() -> None:
    html = make_block(prompt="<div>" * 5000).render("student_view").content
    assert "tell your instructor" in html


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/static/judita.svg", "/files/of/course/judita.svg"),
        ("https://elsewhere.example/spy.png", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_a_picture_is_a_file_of_the_course(url: str, shown: str) -> None:
    block = make_block(source_image=url)
    assert block.page_context()["source_image"] == shown


def test_a_host_that_rewrites_no_urls_leaves_the_picture_where_it_is() -> None:
    block = make_block(services={}, source_image="/static/judita.svg")
    assert block.page_context()["source_image"] == "/static/judita.svg"


def test_links_in_author_html_are_the_hosts() -> None:
    html = make_block(prompt='<p><img src="/static/a.svg" alt="A"></p>').student_view().content
    assert 'src="/files/of/course/a.svg"' in html


# --- Reading records, layouts ---


def test_a_pasted_record_is_read() -> None:
    status, read = call(make_block(), "read_record", {"text": "245 10 $a Judita : $b ep"})
    assert status == 200
    assert read["fields"][-1][0] == "245"
    assert read["warnings"] == []


def test_an_uploaded_record_is_read() -> None:
    xml = (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><datafield tag="245" ind1="1" ind2="0">'
        '<subfield code="a">Judita</subfield></datafield></record>'
    )
    data = {"base64": base64.b64encode(xml.encode()).decode(), "name": "judita.xml"}
    status, read = call(make_block(), "read_record", data)
    assert status == 200
    assert ["245", "10", [["a", "Judita"]]] in read["fields"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"text": ""}, 400),
        ({"base64": "%%%"}, 400),
        ({"base64": 5}, 400),
        ({"text": "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>"}, 400),
        ({"text": "x" * 1_100_000}, 413),
    ],
)
def test_what_is_no_record_is_refused_with_a_reason(data: Any, status: int) -> None:
    answered, answer = call(make_block(), "read_record", data)
    assert (answered, bool(answer["error"])) == (status, True)


def test_the_page_names_all_fields_but_only_the_subfields_it_shows() -> None:
    block = make_block()
    labels = state_of(block)["labels"]
    assert labels["245"]["subfields"]["a"]
    assert set(labels["300"]) == {"label"}
    _, every = call(block, "labels")
    assert every["labels"]["300"]["subfields"]["a"]
    assert set(every["labels"]) == set(labels)


def test_positions_of_a_fixed_field_depend_on_the_leader() -> None:
    block = make_block()
    _, book = call(block, "layout", {"tag": "008", "leader": "00000nam a2200000 i 4500"})
    _, map_ = call(block, "layout", {"tag": "008", "leader": "00000nem a2200000 i 4500"})
    assert book["positions"] != map_["positions"]
    first = book["positions"][0]
    assert {"start", "end", "name", "codes"} <= set(first)
    assert call(block, "layout", {"tag": "245", "leader": ""})[1] == {"positions": []}


@pytest.mark.parametrize("profile", ["marc21", "unimarc", "comarc", "rusmarc"])
def test_every_format_has_its_page_and_layouts(profile: str) -> None:
    block = make_block(profile=profile)
    assert state_of(block)["profile"] == profile
    status, answer = call(block, "layout", {"tag": "LDR", "leader": ""})
    assert status == 200
    assert all({"start", "end"} <= set(row) for row in answer["positions"])


# --- OLX ---


def olx_of(block: Any) -> str:
    node = etree.Element("unknown")
    block.add_xml_to_node(node)
    return etree.tostring(node, encoding="unicode")


def parse(olx: str) -> Any:
    runtime = Host(**{"field-data": DictFieldData({})})
    ids = ScopeIds(None, "marc_record", "def", USAGE_KEY)
    return MarcRecordBlock.parse_xml(etree.fromstring(olx), runtime, ids)


def test_olx_goes_out_and_in_unchanged_and_stays_readable() -> None:
    block = make_block(
        starter=[["008", "191021s2019    ci a          000 p hrv d"]],
        source_text="<p>Под игото\n“и”\t&amp; друго</p>",
        weight=2.5,
        points=15,
    )
    olx = olx_of(block)
    assert "Под игото" in olx
    assert "ep u šest libara" in olx
    assert "\n" not in etree.fromstring(olx).attrib["exercise"]
    again = parse(olx)
    for name in MarcRecordBlock.editable_fields:
        assert getattr(again, name) == getattr(block, name), name
    assert olx_of(again) == olx


def test_olx_of_a_new_block_is_empty_of_defaults() -> None:
    block = parse('<marc_record url_name="judita"/>')
    assert (block.points, block.attempts_allowed, block.show_answer) == (10, 3, "finished")
    assert etree.fromstring(olx_of(block)).items() == [("xblock-family", "xblock.v1")]


@pytest.mark.parametrize(
    "attribute", ["points='four'", "exercise='{]'", "exercise='[]'", "starter='{}'"]
)
def test_olx_with_a_wrong_value_is_refused(attribute: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        parse(f"<marc_record {attribute}/>")


def test_the_block_type_is_found_by_its_entry_point() -> None:
    assert XBlock.load_class("marc_record") is MarcRecordBlock


def test_the_workbench_gets_two_scenarios_that_grade() -> None:
    scenarios = MarcRecordBlock.workbench_scenarios()
    assert len(scenarios) == 2
    for _title, xml in scenarios:
        block = parse(xml.strip())
        validation = Validation(USAGE_KEY)
        block.validate_field_data(validation, block)
        assert not validation.messages
