"""Between OLX and the authored fields of a block, through the block's own class.

Nothing here touches a database or a request: a block is built on a runtime that has nothing but
the fields of that one block.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any, NamedTuple

import structlog
from fs.errors import ResourceNotFound
from lxml import etree
from xblock.field_data import DictFieldData
from xblock.fields import Field, Scope, ScopeIds
from xblock.runtime import Runtime

from delivery.runtime.keys import usage_key_of
from delivery.runtime.mixins import BLOCK_MIXINS
from delivery.runtime.registry import load_block_class
from delivery.runtime.services import authoring_services
from delivery.runtime.shims import unhosted_reason
from delivery.tree import BlockNode

logger = structlog.get_logger(__name__)

AUTHORED_SCOPES = (Scope.content, Scope.settings)
IGNORED_ATTRIBUTES = frozenset({"url_name", "xblock-family", "slug"})
MAX_REASON = 500

ReadFile = Callable[[str], bytes | None]


class BlockRefused(ValueError):
    """A block's class cannot read its OLX, or cannot work with its fields."""

    def __init__(self, usage_key: str, error: Exception) -> None:
        reason = str(error).strip()[:MAX_REASON] or type(error).__name__
        super().__init__(f"{usage_key}: {reason}")
        self.usage_key = usage_key
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """What an element says: JSON values of the set fields, child elements, unread attributes."""

    fields: dict[str, Any]
    children: list[etree._Element]
    ignored: tuple[str, ...] = ()


class Score(NamedTuple):
    """Whether a block counts, and for how many raw points (``None`` leaves it out of totals)."""

    has_score: bool
    max_score: float | None


class CourseFolder:
    """The folder of a course as blocks open it: read by a function, written to memory."""

    def __init__(self, read: ReadFile | None = None) -> None:
        self._read = read
        self.written: dict[str, BytesIO] = {}

    def _bytes(self, path: str) -> bytes | None:
        return self._read(path) if self._read else None

    def exists(self, path: str) -> bool:
        """Whether there is a file."""
        return self._bytes(path) is not None

    def makedirs(self, path: str, recreate: bool = False) -> None:
        """Nothing to do: folders exist as soon as a file does."""

    def open(self, path: str, mode: str = "r", encoding: str = "utf-8", **options: Any) -> Any:
        """A file to read or write; raises ``fs.errors.ResourceNotFound``."""
        if "w" in mode:
            self.written[path] = _KeptBytes()
            return self.written[path]
        data = self._bytes(path)
        if data is None:
            raise ResourceNotFound(path)
        return BytesIO(data) if "b" in mode else StringIO(data.decode(encoding))


class _KeptBytes(BytesIO):
    def close(self) -> None:
        """Stay readable: what was written is collected after the block has closed the file."""


class AuthoringRuntime(Runtime):
    """The runtime of one block outside any request: for reading, writing and weighing OLX."""

    def __init__(
        self,
        usage_key: str,
        fields: dict[str, Any],
        *,
        policy: Mapping[str, Any] | None = None,
        read: ReadFile | None = None,
    ) -> None:
        self.key = usage_key_of(usage_key)
        self.policy = policy or {}
        self.resources_fs = CourseFolder(read)
        self.export_fs = self.resources_fs
        self.children: list[etree._Element] = []
        services = {**authoring_services(), "field-data": DictFieldData(fields)}
        super().__init__(id_reader=self, id_generator=self, services=services, mixins=BLOCK_MIXINS)

    def create_definition(self, block_type: str, slug: str | None = None) -> Any:
        """The definition of the block: its usage key, as in Open edX's importer."""
        return self.key

    def create_usage(self, def_id: Any) -> Any:
        """The usage key of the block."""
        return self.key

    def get_policy(self, usage_key: Any) -> Mapping[str, Any]:
        """What the course's policy file says of the block."""
        return self.policy

    def parse_asides(self, *args: Any) -> list[Any]:
        """Asides are not served."""
        return []

    def get_asides(self, block: Any) -> list[Any]:
        """Asides are not served."""
        return []

    def error_tracker(self, message: str) -> None:
        """Note what a block's class finds odd."""
        logger.info("olx_remark", usage_key=str(self.key), remark=message)

    def add_node_as_child(self, block: Any, node: etree._Element) -> None:
        """Leave a child to the importer."""
        self.children.append(node)

    def add_block_as_child_node(self, block: Any, node: etree._Element) -> None:
        """Children are written by the exporter."""

    def handler_url(self, *args: Any, **options: Any) -> str:
        """No handler can be called while authoring."""
        return ""

    def resource_url(self, resource: str) -> str:
        """No resource is served while authoring."""
        return ""

    def local_resource_url(self, block: Any, uri: str) -> str:
        """No resource is served while authoring."""
        return ""

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """Nothing that happens while authoring is an event."""

    @staticmethod
    def read_attribute(field: Field, text: str) -> Any:
        """The value of an attribute: JSON where that fits the field, else the text itself."""
        try:
            return field.from_json(json.loads(text))
        except (ValueError, TypeError):
            return field.from_json(text)

    @staticmethod
    def to_text(value: Any) -> str:
        """A JSON value as an attribute holds it."""
        return json.dumps(value, ensure_ascii=False)

    def build(self, block_class: type[Any], block_type: str) -> Any:
        """The block, bound to no learner."""
        return self.construct_xblock_from_class(
            block_class, ScopeIds(None, block_type, self.key, self.key)
        )


def _json_value(field: Field, value: Any) -> Any:
    try:
        return field.to_json(value)
    except (TypeError, AttributeError):
        # A class may have assigned the JSON form as it stood in the XML.
        return field.to_json(field.from_json(value))


def _authored_fields(block: Any) -> dict[str, Any]:
    fields = {}
    for name, field in block.fields.items():
        if field.scope in AUTHORED_SCOPES and field.is_set_on(block):
            fields[name] = _json_value(field, field.read_from(block))
    attributes = fields.get("xml_attributes")
    if attributes is not None:
        attributes = {k: v for k, v in attributes.items() if k != "filename"}
        fields["xml_attributes"] = attributes
        if not attributes:
            del fields["xml_attributes"]
    return fields


def _unknown_attributes(node: etree._Element, fields: Mapping[str, Any]) -> tuple[str, ...]:
    if "xml_attributes" in fields:
        return ()
    return tuple(
        str(name) for name in node.attrib if name not in fields and name not in IGNORED_ATTRIBUTES
    )


def parse_olx(
    element: etree._Element,
    usage_key: str,
    *,
    policy: Mapping[str, Any] | None = None,
    read: ReadFile | None = None,
) -> ParsedBlock:
    """Read an element that is no pointer through its block class.

    ``policy`` is the block's entry in the course's policy file (platform blocks obey it, others
    ignore it, as in Open edX). ``read`` gives the bytes of a file by its path in the course, or
    ``None``: an ``html`` with a ``filename`` asks for its ``html/NAME.html``.

    Raises ``BlockTypeMissing`` and ``BlockRefused``.
    """
    block_class = load_block_class(str(element.tag))
    node = copy.deepcopy(element)
    node.tail = None
    runtime = AuthoringRuntime(usage_key, {}, policy=policy, read=read)
    mixed = runtime.mixologist.mix(block_class)
    ignored = _unknown_attributes(node, mixed.fields)
    # Without its name an element never looks like a pointer to a file, and classes that keep
    # their own XML keep the same text however often the course goes out and in again.
    for name in (*ignored, *IGNORED_ATTRIBUTES):
        node.attrib.pop(name, "")
    try:
        block = mixed.parse_xml(
            node, runtime, ScopeIds(None, str(element.tag), runtime.key, runtime.key)
        )
        fields = _authored_fields(block)
        _check_json(fields)
    except Exception as error:  # whatever a third-party class may raise
        raise BlockRefused(usage_key, error) from error
    return ParsedBlock(fields, runtime.children, ignored)


def _check_json(fields: Mapping[str, Any]) -> None:
    json.dumps(fields, allow_nan=False)


def to_olx(node: BlockNode, course_key: str) -> etree._Element:
    """A block as one self-contained element, without its children.

    Text that a class would put into a file of its own (``html``) stays inside as character data.
    Raises ``BlockTypeMissing`` and ``BlockRefused``.
    """
    runtime = AuthoringRuntime(node.usage_key, copy.deepcopy(dict(node.fields)))
    block_class = load_block_class(node.block_type)
    element = etree.Element(node.block_type)
    try:
        block = runtime.build(block_class, node.block_type)
        if hasattr(block, "export_to_file"):
            block.export_to_file = _false
        block.add_xml_to_node(element)
        _take_in_files(element, runtime.resources_fs)
    except Exception as error:  # whatever a third-party class may raise
        raise BlockRefused(node.usage_key, error) from error
    element.tag = node.block_type
    element.set("url_name", runtime.key.block_id)
    element.tail = None
    return element


def _false() -> bool:
    return False


def _take_in_files(element: etree._Element, folder: CourseFolder) -> None:
    if "filename" not in element.attrib:
        return
    ((_path, data),) = folder.written.items()
    del element.attrib["filename"]
    element.text = data.getvalue().decode("utf-8")


def build_block(node: BlockNode) -> Any:
    """The block by itself, bound to no learner and no request; raises ``BlockTypeMissing``."""
    block_class = load_block_class(node.block_type)
    runtime = AuthoringRuntime(node.usage_key, copy.deepcopy(dict(node.fields)))
    return runtime.build(block_class, node.block_type)


def score_of(block_type: str, usage_key: str, fields: Mapping[str, Any]) -> Score:
    """Whether a block with these authored fields counts, and its raw points.

    What cannot be answered here (``shims.unhosted_reason``) is worth nothing to anybody.
    Raises ``BlockTypeMissing`` and ``BlockRefused``.
    """
    block_class = load_block_class(block_type)
    if not getattr(block_class, "has_score", False):
        return Score(False, None)
    try:
        block = AuthoringRuntime(usage_key, copy.deepcopy(dict(fields))).build(
            block_class, block_type
        )
        if not block.has_score or unhosted_reason(block_type, fields):
            return Score(bool(block.has_score), None)
        points = block.max_score() if hasattr(block, "max_score") else None
        return Score(True, None if points is None else float(points))
    except Exception as error:  # whatever a third-party class may raise
        raise BlockRefused(usage_key, error) from error
