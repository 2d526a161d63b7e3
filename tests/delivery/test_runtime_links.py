"""The links that authors write, and the formulas."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.runtime.formulas import render_formulas, to_mathml
from delivery.runtime.links import SITE_FOLDERS, rewrite_links
from quarantine.html import sanitize

KEY = "course-v1:Fern+LIB101+2026"
FILES = f"/courses/{KEY}/files/"


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("/static/a.png", f"{FILES}a.png"),
        ("/static/sub/a b.png", f"{FILES}sub/a%20b.png"),
        ("/static/a%20b.png?x=1#y", f"{FILES}a%20b.png?x=1#y"),
        ("/static/a&amp;b.png", f"{FILES}a%26b.png"),
        ("/asset-v1:Fern+LIB101+2026+type@asset+block@sub@a.png", f"{FILES}sub/a.png"),
        ("/jump_to_id/intro", f"/courses/{KEY}/jump/intro/"),
        ("/jump_to_id/intro#part", f"/courses/{KEY}/jump/intro/#part"),
        ("/course/progress/", f"/courses/{KEY}/progress/"),
        ("https://example.org/static/a.png", "https://example.org/static/a.png"),
        ("/static/", "/static/"),
        ("/elsewhere/a.png", "/elsewhere/a.png"),
    ],
)
@pytest.mark.parametrize("quote", ['"', "'", '\\"'])
def test_a_link_leads_to_where_this_site_has_what_it_means(
    written: str, served: str, quote: str
) -> None:
    text = f"<img src={quote}{written}{quote}>"
    assert rewrite_links(text, KEY) == f"<img src={quote}{served}{quote}>"


def test_what_stands_in_running_text_is_left_alone() -> None:
    text = "Put it below /static/ and link to /static/a.png."
    assert rewrite_links(text, KEY) == text


def test_a_blocks_own_files_are_not_the_courses() -> None:
    text = 'src="/static/js/capa/x.js" src="/static/a.js"'
    assert rewrite_links(text, KEY, SITE_FOLDERS) == f'src="/static/js/capa/x.js" src="{FILES}a.js"'


class _Attributes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names += [name for name, _value in attrs]


@given(st.text(max_size=40))
def test_no_file_name_can_leave_the_attribute_it_stands_in(name: str) -> None:
    html = sanitize(f'<img src="/static/{name}" alt="x">')
    before, after = _Attributes(), _Attributes()
    before.feed(html)
    after.feed(rewrite_links(html, KEY))
    assert after.names == before.names


# --- Formulas -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{background:url(https://evil.example)}{x}",
        r"\class{a}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\unicode{x3c}script\unicode{x3e}",
    ],
)
def test_a_formula_holds_nothing_but_a_formula(tex: str) -> None:
    mathml = to_mathml(tex, "inline")
    assert not re.search(r"<(?!/?m)|\s(?:href|style|class|on\w+|id|src)=", mathml)


@given(st.text(alphabet="\\{}^_&<>$()[]ab12 \"'", max_size=30))
def test_whatever_stands_between_the_marks_is_shown_or_left_as_it_is(tex: str) -> None:
    html = sanitize(f"<p>\\({tex}\\)</p>")
    parser = _Attributes()
    parser.feed(render_formulas(html))
    assert not [name for name in parser.names if name.startswith("on") or name == "href"]


def test_an_endless_formula_is_left_as_it_is() -> None:
    assert to_mathml("x" * 3_000, "inline") == ""
    assert to_mathml("{" * 1_900, "inline") == ""
