from typing import Any

import pytest
from lxml import etree

from delivery.runtime.parsing import BlockRefused, ParsedBlock, parse_olx, score_of, to_olx
from delivery.runtime.registry import BlockTypeMissing, is_installed, load_block_class
from delivery.tree import BlockNode

COURSE = "course-v1:Fern+LIB101+2026"
CHOICE = """
<problem display_name="Shelf marks" max_attempts="2" weight="3.5">
  <multiplechoiceresponse><choicegroup>
    <choice correct="true">Z 699</choice><choice correct="false">QA 76</choice>
  </choicegroup></multiplechoiceresponse>
</problem>"""


def key_of(block_type: str, name: str = "one") -> str:
    return f"block-v1:Fern+LIB101+2026+type@{block_type}+block@{name}"


def parse(xml: str, **options: Any) -> ParsedBlock:
    element = etree.fromstring(xml)
    return parse_olx(element, key_of(element.tag), **options)


def node_of(block_type: str, fields: dict[str, Any]) -> BlockNode:
    return BlockNode(key_of(block_type), block_type, "", (), fields, "", False, None)


@pytest.mark.parametrize(
    "tag", ["problem", "html", "video", "poll_question", "word_cloud", "annotatable", "vertical"]
)
def test_the_tag_of_a_platform_block_finds_the_class_that_left_the_platform(tag: str) -> None:
    assert is_installed(tag)
    assert load_block_class(tag).__mro__


def test_a_block_type_that_nobody_offers_is_named_in_the_error() -> None:
    assert not is_installed("teleporter")
    with pytest.raises(BlockTypeMissing, match="teleporter"):
        load_block_class("teleporter")


def test_set_fields_come_as_json_values_and_defaults_are_left_out() -> None:
    fields = parse(CHOICE).fields
    assert fields["display_name"] == "Shelf marks"
    assert fields["max_attempts"] == 2
    assert fields["weight"] == 3.5
    assert "multiplechoiceresponse" in fields["data"]
    assert "showanswer" not in fields


def test_children_of_a_container_are_left_to_the_caller_in_order() -> None:
    block = parse('<vertical display_name="A"><html url_name="h"/><!-- c --><problem/></vertical>')
    assert [child.tag for child in block.children] == ["html", "problem"]
    assert block.fields == {"display_name": "A"}


def test_dates_grace_and_booleans_of_a_container_are_read_as_the_platform_reads_them() -> None:
    fields = parse(
        '<sequential format="Homework" graded="true" due="2026-03-01T10:00:00+02:00"'
        ' start="&quot;2026-01-01T00:00:00Z&quot;" graceperiod="1 day 2 hours" odd="1"/>'
    ).fields
    assert fields["graded"] is True
    assert fields["format"] == "Homework"
    assert fields["due"] == "2026-03-01T10:00:00+02:00"
    assert fields["start"] == "2026-01-01T00:00:00Z"
    assert fields["graceperiod"] == "1 days 7200 seconds"
    assert fields["xml_attributes"] == {"odd": "1"}


def test_the_policy_of_a_platform_block_wins_over_its_attributes() -> None:
    fields = parse('<html display_name="A">x</html>', policy={"display_name": "B"}).fields
    assert fields["display_name"] == "B"
    assert fields["data"] == "x"


def test_html_takes_its_text_from_the_file_it_names() -> None:
    files = {"html/page.html": "<p>Café &amp; books<br></p>".encode()}
    block = parse_olx(etree.fromstring('<html filename="page"/>'), key_of("html"), read=files.get)
    assert block.fields["data"] == "<p>Café &amp; books<br></p>"


def test_a_missing_file_is_an_error_that_names_it() -> None:
    with pytest.raises(BlockRefused, match=r"html/page\.html"):
        parse('<html filename="page"/>', read=lambda path: None)


def test_an_attribute_that_does_not_fit_its_field_is_refused() -> None:
    with pytest.raises(BlockRefused, match="invalid literal"):
        parse('<drag-and-drop-v2 max_attempts="many"/>')


def test_attributes_that_a_third_party_block_would_drop_are_named() -> None:
    block = parse('<pdf url_name="p" display_name="A" nonsense="1"/>')
    assert block.ignored == ("nonsense",)
    assert block.fields == {"display_name": "A"}


def test_the_element_given_is_not_changed() -> None:
    element = etree.fromstring(CHOICE)
    before = etree.tostring(element)
    parse_olx(element, key_of("problem"))
    assert etree.tostring(element) == before


@pytest.mark.parametrize(
    "xml",
    [
        CHOICE,
        '<html display_name="H">&lt;p&gt;a&lt;br&gt;&amp;nbsp;&lt;/p&gt;</html>',
        '<video display_name="V" youtube="1.00:abc" start_time="00:00:10"'
        ' download_video="true"><source src="/static/a.mp4"/>'
        '<transcript language="sl" src="a-sl.srt"/></video>',
        '<poll_question display_name="P"><p>Which?</p><answer id="a">A</answer></poll_question>',
        '<word_cloud display_name="W" num_inputs="3"/>',
        '<sequential graded="true" due="2026-03-01T10:00:00Z" odd="1"/>',
        '<pdf display_name="D" url="/static/a.pdf"/>',
        '<drag-and-drop-v2 max_attempts="3" data="{&quot;zones&quot;: []}"/>',
    ],
)
def test_what_is_written_reads_back_as_the_same_fields(xml: str) -> None:
    element = etree.fromstring(xml)
    fields = parse(xml).fields
    written = to_olx(node_of(element.tag, fields), COURSE)
    assert written.get("url_name") == "one"
    again = parse_olx(etree.fromstring(etree.tostring(written)), key_of(element.tag))
    assert again.fields == fields


def test_a_problem_is_worth_the_points_of_its_responses() -> None:
    fields = parse(CHOICE).fields
    assert score_of("problem", key_of("problem"), fields) == (True, 1.0)


def test_a_text_is_worth_nothing_and_is_left_out_of_totals() -> None:
    assert score_of("html", key_of("html"), {"data": "x"}) == (False, None)
