"""A small host for blocks: what a runtime must offer, and a record of what blocks tell it."""

import datetime as dt
import json
from typing import Any

from webob import Request
from xblock.field_data import DictFieldData
from xblock.fields import ScopeIds
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import NullI18nService
from xblock.test.tools import TestRuntime

from grading.api import StudentItemKey
from xblocks.marc_record import MarcRecordBlock

USAGE_KEY = "block-v1:School+CAT+2026+type@marc_record+block@judita"

KEY = {
    "profile": "marc21",
    "fields": [
        {"tag": "245", "ind": "10", "sub": [["a", "Judita :"], ["b", "ep u šest libara."]]},
        {"tag": "250", "ind": "  ", "sub": [["a", "Drugo izdanje."]]},
    ],
}
RIGHT = [
    ["245", "10", [["a", "Judita :"], ["b", "ep u šest libara."]]],
    ["250", "  ", [["a", "Drugo izdanje."]]],
]
HALF = RIGHT[:1]
STARTER = [["245", "  ", [["a", ""]]]]

PAST = {"due": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}
FUTURE = {"due": dt.datetime(2099, 1, 1, tzinfo=dt.UTC)}


class People(UserService):
    """Knows one person, as the LMS does: by an anonymous id."""

    def __init__(self, anonymous_id: str | None) -> None:
        user = XBlockUser(is_current_user=True)
        user.opt_attrs["edx-platform.is_authenticated"] = anonymous_id is not None
        if anonymous_id is not None:
            user.opt_attrs["edx-platform.anonymous_user_id"] = anonymous_id
        super().__init__(user=user)

    def get_current_user(self) -> XBlockUser:
        return self._user


class Urls:
    """Puts the files of a course where this host serves them."""

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        return text.replace('"/static/', '"/files/of/course/')


class Host(TestRuntime):
    """Keeps what blocks publish."""

    def __init__(self, **services: Any) -> None:
        super().__init__(services={"i18n": NullI18nService(), **services})
        self.published: list[tuple[str, dict[str, Any]]] = []

    def local_resource_url(self, block: Any, uri: str) -> str:
        return f"/resources/{block.scope_ids.block_type}/{uri}"

    def handler_url(self, block: Any, name: str, *args: Any, **options: Any) -> str:
        return f"/handler/{name}"

    def publish(self, block: Any, event_type: str, event_data: dict[str, Any]) -> None:
        self.published.append((event_type, event_data))


def build_block(
    block_class: type[Any],
    authored: dict[str, Any],
    student: str | None = "a" * 32,
    *,
    usage_key: Any,
    services: dict[str, Any] | None = None,
    user_id: str | None = "1",
    mixed_in: dict[str, Any] | None = None,
) -> Any:
    """A block in a host. ``mixed_in`` are attributes that hosts add, such as ``due``."""
    offered = {"user": People(student), "replace_urls": Urls()} if services is None else services
    runtime = Host(**{"field-data": DictFieldData(authored), **offered})
    mixed = type("MixedBlock", (block_class,), dict(mixed_in or {}))
    block_type = str(usage_key).partition("type@")[2].partition("+")[0] or "marc_record"
    return mixed(runtime, scope_ids=ScopeIds(user_id, block_type, "def", usage_key))


def make_block(
    student: str | None = "a" * 32,
    *,
    services: dict[str, Any] | None = None,
    user_id: str | None = "1",
    usage_key: Any = USAGE_KEY,
    mixed_in: dict[str, Any] | None = None,
    **fields: Any,
) -> MarcRecordBlock:
    """A small record to make, as ``build_block`` says."""
    authored = {
        "display_name": "Judita",
        "prompt": "<p>Describe the book.</p>",
        "source_text": "<p>JUDITA</p>",
        "exercise": {"keys": [KEY]},
        "starter": STARTER,
        **fields,
    }
    where: dict[str, Any] = {"usage_key": usage_key, "services": services, "user_id": user_id}
    block: MarcRecordBlock = build_block(
        MarcRecordBlock, authored, student, **where, mixed_in=mixed_in
    )
    return block


def call(block: Any, handler: str, data: Any = None, method: str = "POST") -> tuple[int, Any]:
    """The status and JSON of a handler's answer."""
    request = Request.blank("/", method=method)
    request.body = data if isinstance(data, bytes) else json.dumps(data or {}).encode()
    response = block.runtime.handle(block, handler, request)
    return response.status_int, json.loads(response.body)


def island(html: str) -> Any:
    """The data that the page's script reads."""
    start = html.index('class="libschool-state">') + len('class="libschool-state">')
    return json.loads(html[start : html.index("</script>", start)])


def state_of(block: Any) -> Any:
    return island(block.render("student_view").content)


def item_of(block: Any) -> StudentItemKey:
    item: StudentItemKey = block.student_item()
    return item


def submit(block: Any, fields: Any = RIGHT, key: str = "") -> tuple[int, Any]:
    return call(block, "submit", {"fields": fields, **({"key": key} if key else {})})
