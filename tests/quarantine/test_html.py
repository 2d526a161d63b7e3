from __future__ import annotations

import random
import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from quarantine.html import AUTHOR_LIMIT, LEARNER_LIMIT, HtmlRefused, plain_text, sanitize
from quarantine.html_policy import TAGS
from tests.quarantine.html_vectors import VECTORS

NEVER_TAGS = re.compile(
    "script|style|svg|math|form|input|button|textarea|select|option|iframe|object|embed|applet"
    "|meta|base|link|template|noscript|title|plaintext|xmp|dialog|frame|frameset"
)
NEVER_ATTRIBUTES = re.compile("on.*|style|name|srcdoc|srcset|formaction|action|data.*|xlink.*|ping")
URL_ATTRIBUTES = {"href", "src", "poster", "cite", "longdesc", "background"}


class Seen(HTMLParser):
    """The tags and attributes that the standard library sees: neither of the two sanitisers."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, attrs))

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def assert_harmless(text: str) -> None:
    seen = Seen(text)
    assert not seen.others
    elements = [(tag, dict(attrs)) for tag, attrs in seen.elements]
    elements += [
        (element.tag, dict(element.attrib))
        for element in lxml_html.fragment_fromstring(f"<div>{text}</div>").iter()
    ]
    for tag, attributes in elements:
        assert tag in TAGS
        assert not NEVER_TAGS.fullmatch(tag)
        for name, value in attributes.items():
            assert not NEVER_ATTRIBUTES.fullmatch(name), (tag, name)
            assert name in TAGS[tag] or (tag, name) == ("a", "rel")
            if name in URL_ATTRIBUTES:
                compact = re.sub(r"[^!-~]", "", value or "").lower()
                scheme = re.match(r"([^/?#:]*):", compact)
                assert not scheme or scheme[1] in ("http", "https", "mailto"), value
            if name == "id":
                assert (value or "").startswith("user-content-")


def test_there_are_more_than_150_vectors() -> None:
    assert len(set(VECTORS)) == len(VECTORS) > 300


def test_the_check_itself_finds_what_is_wrong_with_raw_vectors() -> None:
    found = 0
    for vector in VECTORS:
        try:
            assert_harmless(vector.encode("utf-8", "replace").decode().replace("\0", ""))
        except (AssertionError, ValueError):
            found += 1
    assert found > 250


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_off_the_list_gets_through(vector: str) -> None:
    for text in (
        vector,
        f"<table><tr><td>{vector}",
        f"<svg>{vector}",
        f'<a title="{vector}">x</a>',
    ):
        cleaned = sanitize(text)
        assert_harmless(cleaned)
        assert sanitize(cleaned) == cleaned


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(VECTORS), min_size=2, max_size=4), st.randoms(use_true_random=False)
)
def test_spliced_vectors_stay_harmless_and_cleaning_twice_changes_nothing(
    vectors: list[str], shuffle: random.Random
) -> None:
    pieces = [re.split(r"(?<=[<>\"' ])", vector) for vector in vectors]
    mixed = [piece for vector in pieces for piece in vector]
    shuffle.shuffle(mixed)
    cleaned = sanitize("".join(mixed))
    assert_harmless(cleaned)
    assert sanitize(cleaned) == cleaned


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_text_is_cleaned_or_refused(text: str) -> None:
    cleaned = sanitize(text)
    assert_harmless(cleaned)
    assert sanitize(cleaned) == cleaned
    cleaned.encode()
    plain_text(text).encode()


def test_what_courses_use_survives() -> None:
    kept = (
        '<h2 id="user-content-top" class="x y" lang="hr" dir="ltr">Čitaonica</h2>'
        "<p>a <strong>b</strong> <em>c</em> <code>d</code><br><sub>1</sub><sup>2</sup></p>"
        '<ol start="3" type="a"><li value="4">x</li></ol><ul><li>y</li></ul>'
        '<table><caption>c</caption><thead><tr><th scope="col">h</th></tr></thead>'
        '<tbody><tr><td colspan="2" rowspan="3">d</td></tr></tbody></table>'
        '<figure><img src="/static/a b.png" alt="A" width="300" height="200">'
        "<figcaption>f</figcaption></figure>"
        '<audio src="/static/a.mp3" controls=""></audio>'
        '<video controls="" poster="/static/p.jpg"><source src="/static/v.mp4" type="video/mp4">'
        '<track src="/static/v.vtt" kind="captions" srclang="hr" label="Hrvatski" default="">'
        '</video><dl><dt>t</dt><dd>d</dd></dl><details open=""><summary>s</summary>x</details>'
        '<blockquote cite="https://x.example/">q</blockquote><pre>  a\n  b</pre><hr>'
        '<abbr title="Machine-readable">MARC</abbr><ruby>漢<rt>kan</rt></ruby><kbd>Ctrl</kbd>'
        '<span class="math">\\(x \\lt 1\\)</span> \\[ \\frac{1}{2} \\]'
        '<div role="note" aria-label="n" aria-hidden="true">&nbsp;© &amp; &lt;b&gt; "q"</div>'
    )
    assert sanitize(kept) == kept


@pytest.mark.parametrize(
    "url",
    [
        "/static/page.html",
        "/jump_to_id/unit1",
        "/asset-v1:School+LIB1+2025+type@asset+block@a.pdf",
        "../other?x=1&amp;y=2",
        "https://library.example/a?b=c#d",
        "HTTP://library.example/",
        "mailto:library@example.org",
        "//library.example/x",
        "?page=2",
        "page:2".replace(":", "%3A"),
    ],
)
def test_links_of_courses_survive(url: str) -> None:
    assert f'href="{url}"' in sanitize(f'<a href="{url}">x</a>')


def test_ids_and_what_refers_to_them_get_the_same_prefix() -> None:
    cleaned = sanitize(
        '<h3 id="login">x</h3><a href="#login">y</a><a href="/jump_to_id/u#login">z</a>'
        '<p aria-labelledby="login other">w</p><a href="#">top</a>'
    )
    assert 'id="user-content-login"' in cleaned
    assert 'href="#user-content-login"' in cleaned
    assert 'href="/jump_to_id/u#user-content-login"' in cleaned
    assert 'aria-labelledby="user-content-login user-content-other"' in cleaned
    assert 'href="#"' in cleaned


def test_links_that_open_a_window_cannot_reach_back() -> None:
    cleaned = sanitize('<a href="https://x.example" target="_blank" rel="opener">x</a>')
    assert 'target="_blank"' in cleaned
    assert 'rel="noopener noreferrer"' in cleaned


def test_a_frame_becomes_a_link_to_what_it_framed() -> None:
    assert sanitize(
        '<iframe src="https://video.example/v?a=1&amp;b=2" title="How to mend a page"><p>no</p>'
        "</iframe> after"
    ) == (
        '<a href="https://video.example/v?a=1&amp;b=2" rel="noopener noreferrer">'
        "How to mend a page</a> after"
    )
    assert sanitize('<iframe src="javascript:alert(1)">x</iframe>after') == "after"
    assert sanitize('a<embed src="/static/x.pdf">b') == (
        'a<a href="/static/x.pdf" rel="noopener noreferrer">/static/x.pdf</a>b'
    )


def test_alignment_by_style_becomes_a_class() -> None:
    assert sanitize('<p class="x" style="color: red; text-align: Center">x</p>') == (
        '<p class="x align-center">x</p>'
    )
    assert sanitize('<img src="a.png" style="float:right">') == (
        '<img src="a.png" class="float-right">'
    )
    assert sanitize('<p style="float:center">x</p>') == "<p>x</p>"


def test_scripts_and_styles_leave_no_text_behind() -> None:
    assert sanitize("a<script>var x = 1;</script>b<style>p { color: red }</style>c") == "abc"


def test_unknown_tags_leave_their_text() -> None:
    assert sanitize("<main><button>one</button> <x-y>two</x-y></main>") == "one two"


def test_text_is_composed_and_stays_so() -> None:
    assert sanitize("e\u0301 e&#x301; <b>e</b>") == "é é <b>e</b>"
    assert sanitize("<p>\u0338x</p>") == "<p>&#824;x</p>"


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("x" * (AUTHOR_LIMIT + 1), "html.too_large"),
        ("č" * (AUTHOR_LIMIT // 2 + 1), "html.too_large"),
        ("\n\n" + "<div>" * 200, "html.too_deep"),
        ("".join(f"<p><b class=c{n}>" for n in range(200)), "html.too_deep"),
        ("<table><td>" * 200, "html.too_deep"),
        ("<div><table><td></div></table>" * 200, "html.too_deep"),
        ("<p " + " ".join(f"a{n}=1" for n in range(100)) + ">", "html.too_many_attributes"),
        ('<!-- <a b=" --><p ' + " ".join(f"a{n}" for n in range(100)), "html.too_many_attributes"),
        ("<br>" * 50_000, "html.too_many_marks"),
        ("&amp;" * 50_000, "html.too_many_marks"),
    ],
)
def test_what_would_take_too_long_is_refused_by_name(html: str, code: str) -> None:
    start = time.process_time()
    with pytest.raises(HtmlRefused) as refusal:
        sanitize(html)
    assert refusal.value.code == code
    assert time.process_time() - start < 2


def test_a_refusal_says_where_and_how_much_is_allowed() -> None:
    with pytest.raises(HtmlRefused) as refusal:
        sanitize("<p>x</p>\n" + "<div>" * 200)
    assert refusal.value.line == 2
    assert str(refusal.value) == "line 2: Elements are nested more than 100 deep."


def test_learners_have_less_room_than_authors() -> None:
    text = "<p>word</p>" * (LEARNER_LIMIT // 11 // 4) + "x" * LEARNER_LIMIT
    assert sanitize(text) == text
    with pytest.raises(HtmlRefused) as refusal:
        sanitize(text, limit=LEARNER_LIMIT)
    assert refusal.value.params["limit"] == LEARNER_LIMIT


def test_numbers_of_any_length_in_references_are_read() -> None:
    assert sanitize("&#" + "0" * 5000 + "65;") == "A"
    assert sanitize("&#" + "9" * 5000 + ";") == "\ufffd"
    assert sanitize("&#x" + "F" * 5000 + ";") == "\ufffd"


def test_plain_text_has_a_line_for_each_block() -> None:
    assert (
        plain_text(
            "<h1>One &amp; two</h1><p>three\n   <b>fo</b>ur<br>five</p><script>x()</script>"
            "<ul><li>six</li><li>seven</li></ul><img src=x alt='a picture'>&lt;b&gt;"
        )
        == "One & two\nthree four\nfive\nsix\nseven\na picture<b>"
    )
