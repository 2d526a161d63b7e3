"""What authors write never runs: neither in our pages nor in frames."""

import json
import re
from html.parser import HTMLParser

import pytest
from pytest_django import Settings

from delivery.runtime.frames import inert_script
from tests.delivery.factories import block
from tests.delivery.visits import problem_html, visit

pytestmark = pytest.mark.django_db

PAYLOADS = [
    "<script>alert(1)</script>",
    "<script src='/static/evil.js'></script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java&#x09;script:alert(1)'>x</a>",
    "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "<object data='data:text/html,x'></object>",
    "<form action='https://evil.example'><input autofocus onfocus=alert(1)></form>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<details open ontoggle=alert(1)>x</details>",
    "<div style=\"background:url('https://evil.example/x')\">x</div>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    '<div class="xblock" data-init="alert" data-request-token="x">x</div>',
]
FORBIDDEN = {"script", "iframe", "object", "embed", "base", "meta", "svg", "style", "link", "math"}
DATA_SCRIPT = ("type", "json/xblock-args")
OWN_LINK = "javascript:void(0)"  # in the templates of `annotatable`, which its script listens to


class ActiveParts(HTMLParser):
    """Collects what in a piece of HTML could act by itself or reach another server."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN and DATA_SCRIPT not in attrs:
            self.found.append(tag)
        for name, value in attrs:
            text = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name in ("srcdoc", "formaction", "action"):
                self.found.append(f"{tag} {name}")
            if text.startswith(("javascript:", "data:", "vbscript:")) and value != OWN_LINK:
                self.found.append(f"{tag} {name}={value}")
            if "url(" in text or (name != "href" and "evil.example" in text and "<" not in text):
                self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag


def active_parts(html: str) -> list[str]:
    parser = ActiveParts()
    parser.feed(html)
    parser.close()
    return parser.found


def escape(payload: str) -> str:
    return payload.replace("&", "&amp;").replace("<", "&lt;")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_active_is_left_of_an_html_block(payload: str) -> None:
    page = visit(block("html", "x", data=f"<p>before</p>{payload}")).page()
    _head, _mark, rest = page.partition("<p>before</p>")
    body, _mark, _foot = rest.partition("</section>")
    assert active_parts(body) == []
    assert "data-init" not in body


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_active_is_left_of_a_problem(payload: str) -> None:
    data = (
        "<problem><p>before</p><stringresponse answer='x'>"
        f"<label>{escape(payload)}</label><textline/></stringresponse>"
        "<multiplechoiceresponse><choicegroup>"
        f"<choice correct='true'>{escape(payload)}</choice></choicegroup></multiplechoiceresponse>"
        f"<solution>{escape(payload)}</solution></problem>"
    )
    html = problem_html(visit(block("problem", "x", data=data)).frame("problem", "x"))
    assert "before" in html
    assert active_parts(html) == []


def test_markup_in_a_problem_loses_what_could_act_and_keeps_its_inputs() -> None:
    data = (
        "<problem><p onclick='alert(1)' class='note'>Read <b>this</b></p>"
        "<script type='text/javascript'>alert(1)</script>"
        "<iframe src='https://evil.example'/>"
        "<stringresponse answer='x'><textline/></stringresponse></problem>"
    )
    html = problem_html(visit(block("problem", "x", data=data)).frame("problem", "x"))
    assert '<p class="note">Read <b>this</b></p>' in html
    assert 'type="text"' in html
    assert active_parts(html) == []


def test_what_a_learner_writes_is_text_in_what_the_problem_answers() -> None:
    learner = visit(
        block(
            "problem",
            "x",
            data="<problem><stringresponse answer='x'><textline/></stringresponse></problem>",
        )
    )
    response = learner.client.post(
        learner.handler_url("problem", "x", "xmodule_handler", "problem_check"),
        {"input_x_2_1": '"><script>alert(1)</script>'},
    )
    contents = json.loads(response.content)["contents"]
    assert "&lt;script" in contents or "&lt;script" in contents.replace("&quot;", '"')
    assert "<script" not in contents


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_active_is_left_of_polls_notes_and_cards(payload: str) -> None:
    learner = visit(
        block(
            "poll_question",
            "poll",
            question=f"<p>Q</p>{payload}",
            answers=[{"id": "a", "text": payload}],
        ),
        block(
            "annotatable",
            "notes",
            data=f"<annotatable><p>{escape(payload)}</p><p onclick='x'>"
            "<script>alert(1)</script>n</p></annotatable>",
        ),
        block(
            "drag-and-drop-v2",
            "drag",
            data={
                "zones": [],
                "items": [{"id": 0, "displayName": payload, "zones": [], "feedback": {}}],
                "feedback": {"start": payload, "finish": ""},
            },
            question_text=payload,
        ),
    )
    for kind, name in (
        ("poll_question", "poll"),
        ("annotatable", "notes"),
        ("drag-and-drop-v2", "drag"),
    ):
        frame = learner.frame(kind, name)
        assert "X-Block-Failed" not in frame.headers, kind
        body = frame.content.decode().partition("<main")[2].partition("</main>")[0]
        assert active_parts(body) == [], kind


def test_a_frame_runs_only_scripts_that_the_server_put_there() -> None:
    learner = visit(block("poll_question", "p", question="Q", answers=[]))
    frame = learner.frame("poll_question", "p")
    policy = frame["Content-Security-Policy"]
    (nonce,) = re.findall(r"'nonce-([\w-]+)'", policy)
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "'unsafe-eval'" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'none'" in policy
    scripts = re.findall(r"<script\b([^>]*)>", frame.content.decode())
    executable = [each for each in scripts if "json/xblock-args" not in each]
    assert executable
    assert all(f'nonce="{nonce}"' in each for each in executable)
    assert nonce not in learner.frame("poll_question", "p")["Content-Security-Policy"]


def test_scripts_among_the_files_of_the_course_are_not_allowed_in_a_frame() -> None:
    learner = visit(block("poll_question", "p", question="Q", answers=[]))
    policy = learner.frame("poll_question", "p")["Content-Security-Policy"]
    sources = policy.partition("script-src ")[2].partition(";")[0].split()
    assert [each for each in sources if not each.startswith("'nonce-")] == [
        "http://testserver/static/",
        "http://testserver/blocks/resources/",
    ]


def test_eval_is_for_the_block_types_on_the_list(settings: Settings) -> None:
    learner = visit(block("poll_question", "p", question="Q", answers=[]))
    settings.XBLOCK_EVAL_TYPES = ["poll_question"]
    assert "'unsafe-eval'" in learner.frame("poll_question", "p")["Content-Security-Policy"]


def test_a_script_inside_a_script_cannot_end_it() -> None:
    escaped = inert_script("var a = '</script><script>alert(1)</SCRIPT>'; // <!-- x")
    assert "</script" not in escaped.lower()
    assert "<!--" not in escaped
