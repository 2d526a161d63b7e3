"""What hosted packages take for granted about Open edX, and what stands in for it here.

Every stand-in names the block that needs it and why. A block that needs nothing is served as its
package has it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from lxml import etree
from xblock.core import XBlock

from delivery.runtime.authored import disarm
from quarantine.xml import parse_xml

MAX_WORD_LENGTH = 60
UNCLOSED = re.compile(
    r"<(?!area|br|col|embed|hr|img|input|link|meta|param)(([a-z][^/\0>\s]*)(?:[^>\"]|\"[^\"]*\")*?)/>",
    re.IGNORECASE,
)

# Problems that only code can grade. Nothing in a course is executed on this server: not an
# author's Python, nor a learner's formula in a general algebra system, nor a call to a grader
# elsewhere.
NEEDS_CODE = frozenset({"customresponse", "schematicresponse", "symbolicresponse", "jsinput"})
NEEDS_GRADER = frozenset({"coderesponse", "externalresponse", "matlabinput", "filesubmission"})
NEEDS_APPLET = frozenset(
    {
        "crystallography",
        "designprotein2dinput",
        "drag_and_drop_input",
        "editageneinput",
        "javascriptresponse",
        "jsmeinput",
        "jsresponse",
        "vsepr_input",
    }
)
CODE_REASON = _("This exercise runs code on the server, which this site does not do.")
GRADER_REASON = _("This exercise is graded by an outside service that this site does not use.")
APPLET_REASON = _("This exercise needs an applet that browsers no longer run.")
UNHOSTED_TYPES = {
    "lti": _("This part opens an outside tool, which this site does not do."),
    "discussion": _("This part is a discussion on another server that this site does not have."),
}


# --- Imports ------------------------------------------------------------------------------------


@cache
def prepare_imports() -> None:
    """Make third-party blocks importable. Called before the first block class is loaded."""
    _hide_unused_edxval()
    _stand_in_for_waffle()
    _stand_in_for_symmath()
    _import_nltk_without_scipy()


def _hide_unused_edxval() -> None:
    # `video` asks for edxval.api and does without it on ImportError. xblocks-contrib requires
    # the package, so it is there; but as it is not in INSTALLED_APPS, importing its models
    # raises RuntimeError, which the block does not expect.
    if not apps.is_installed("edxval"):
        sys.modules.setdefault("edxval.api", None)  # type: ignore[arg-type]  # Python's own way to say "not importable"


class _FlagThatIsOff:
    def __init__(self, *names: str) -> None:
        pass

    def is_enabled(self, course_key: Any = None) -> bool:
        return False


def _stand_in_for_waffle() -> None:
    # drag-and-drop-v2 imports this flag when it scores an item; off is the flag's default.
    path = "openedx.core.djangoapps.waffle_utils"
    for name in ("openedx", "openedx.core", "openedx.core.djangoapps", path):
        sys.modules.setdefault(name, ModuleType(name))
    sys.modules[path].CourseWaffleFlag = _FlagThatIsOff  # type: ignore[attr-defined]  # a module made here


def _refuse_code(*args: Any, **options: Any) -> NoReturn:
    raise RuntimeError(str(CODE_REASON))


def _stand_in_for_symmath() -> None:
    # `problem` imports it, and with it all of sympy, for symbolicresponse, which is refused below.
    module = sys.modules.setdefault("symmath", ModuleType("symmath"))
    module.symmath_check = _refuse_code  # type: ignore[attr-defined]  # a module made here


def _import_nltk_without_scipy() -> None:
    # `problem` parses chemical formulas with nltk, which imports scipy for statistics that nobody
    # asks for and does without it on ImportError. Both this and symmath are a second of computing
    # and 100 MB in every process of the site.
    if "nltk" in sys.modules or "scipy" in sys.modules:
        return
    sys.modules["scipy"] = None  # type: ignore[assignment]  # as above: not importable
    try:
        with suppress(ImportError):
            import_module("nltk")
    finally:
        del sys.modules["scipy"]


# --- Refusals -----------------------------------------------------------------------------------


def unhosted_reason(block_type: str, fields: Any) -> Any:
    """Why a block cannot be served although its type is installed: a text, or ``None``."""
    if block_type != "problem":
        return UNHOSTED_TYPES.get(block_type)
    return _problem_reason(str(fields.get("data", "")))


@lru_cache(maxsize=5_000)
def _problem_reason(data: str) -> Any:
    tags = _tags_of(data)
    if tags & NEEDS_GRADER:
        return GRADER_REASON
    if tags & NEEDS_APPLET:
        return APPLET_REASON
    return CODE_REASON if tags & NEEDS_CODE or "script" in tags else None


def _tags_of(data: str) -> set[str]:
    try:
        root = parse_xml(data.encode())
    except ValueError:
        return set()  # the block itself says what is wrong with it
    return {
        element.tag
        for element in root.iter(etree.Element)
        if element.tag != "script" or _is_server_code(element)
    }


def _is_server_code(script: Any) -> bool:
    kind = script.get("type", "")
    return bool((script.text or "").strip()) and "javascript" not in kind and "perl" not in kind


# --- Classes ------------------------------------------------------------------------------------


@lru_cache(maxsize=128)
def hosted_class(block_class: Any, tag: str) -> Any:
    """The class that serves blocks of a tag: ``block_class`` itself, or a subclass of it."""
    make = SUBCLASSES.get(tag)
    return make(block_class) if make else block_class


def _host_problem(block_class: Any) -> Any:
    """`problem` puts its author's HTML into the page as it is, also by later calls."""
    _forbid_code(sys.modules[block_class.__module__].__package__ or "")

    class HostedProblem(block_class):
        def get_problem_html(self, *args: Any, **options: Any) -> str:
            return disarm(_close_tags(super().get_problem_html(*args, **options)))

        def handle_fatal_lcp_error(self, error: Any) -> NoReturn:
            # Called while the reason is being handled: the page shows it to staff.
            raise RuntimeError("The problem cannot be read.") from sys.exc_info()[1]

        def handle_ajax(self, dispatch: str, data: Any) -> str:
            answer = super().handle_ajax(dispatch, data)
            return json.dumps(_disarm_texts(json.loads(answer))) if answer[:1] == "{" else answer

    return _named_as(HostedProblem, block_class)


def _close_tags(html: str) -> str:
    # The templates of `problem` write <div/>, which the jQuery of their time took for <div></div>.
    return UNCLOSED.sub(r"<\1></\2>", html)


def _disarm_texts(value: Any) -> Any:
    if isinstance(value, str):
        return disarm(_close_tags(value)) if "<" in value else value
    if isinstance(value, list):
        return [_disarm_texts(part) for part in value]
    if isinstance(value, dict):
        return {name: _disarm_texts(part) for name, part in value.items()}
    return value


def _forbid_code(package: str) -> None:
    # Wherever the problem's code would call the sandbox, it meets this instead: without a
    # configured jail the library underneath executes in this very process.
    for name in (f"{package}.capa.capa_problem", f"{package}.capa.responsetypes"):
        sys.modules[name].safe_exec = _refuse_code  # type: ignore[attr-defined]  # replaces an import there


def _host_annotatable(block_class: Any) -> Any:
    """`annotatable` shows its author's markup as it is."""

    class HostedAnnotatable(block_class):
        def get_html(self) -> dict[str, Any]:
            parts = super().get_html()
            for name in ("instructions_html", "content_html"):
                parts[name] = disarm(parts[name]) if parts[name] else parts[name]
            return dict(parts)

    return _named_as(HostedAnnotatable, block_class)


def _host_poll(block_class: Any) -> Any:
    """`poll_question` cannot be reset: its handler does not take what handlers are given."""

    class HostedPoll(block_class):
        @XBlock.json_handler
        def handle_reset_state(self, data: Any, suffix: str = "") -> dict[str, str]:
            if self.voted:
                counts = {**self.poll_answers}
                counts[self.poll_answer] = max(counts.get(self.poll_answer, 0) - 1, 0)
                _assign(self, poll_answers=counts, voted=False, poll_answer="")
            return {"status": "success"}

    return _named_as(HostedPoll, block_class)


def _assign(block: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(block, name, value)


def _host_word_cloud(block_class: Any) -> Any:
    """`word_cloud` keeps whatever number of words of whatever length is sent, for everyone."""

    class HostedWordCloud(block_class):
        def submit_state(self, data: Any, suffix: str = "") -> Any:
            words = data.get("student_words") if isinstance(data, dict) else None
            kept = [word[:MAX_WORD_LENGTH] for word in words or () if isinstance(word, str)]
            return super().submit_state({"student_words": kept[: self.num_inputs]}, suffix)

    return _named_as(HostedWordCloud, block_class)


def _named_as(subclass: Any, block_class: Any) -> Any:
    # Resources, messages and settings of a block are found by its class's name and module.
    subclass.__name__ = block_class.__name__
    subclass.__qualname__ = block_class.__qualname__
    subclass.__module__ = block_class.__module__
    return subclass


SUBCLASSES: dict[str, Callable[[Any], Any]] = {
    "problem": _host_problem,
    "annotatable": _host_annotatable,
    "poll_question": _host_poll,
    "word_cloud": _host_word_cloud,
}
