"""The containers of a course. Open edX keeps these four classes to itself."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import Boolean, Date, Dict, Integer, Scope, String

# Attributes that say what and where a block is rather than how it is set.
IDENTITY_ATTRIBUTES = frozenset({"url_name", "slug", "name", "org", "course", "filename"})


class StructuralBlock(XBlock):
    """A container: its named fields, its children, and every other attribute kept as it came."""

    has_children = True
    completion_mode = "aggregator"

    display_name = String(default=None, scope=Scope.settings)
    xml_attributes = Dict(default={}, scope=Scope.settings)

    @classmethod
    def parse_xml(cls, node: Any, runtime: Any, keys: Any) -> Any:
        """Read attributes as the platform does: JSON where it is JSON, else plain text."""
        block = runtime.construct_xblock_from_class(cls, keys)
        for child in node:
            if isinstance(child.tag, str):
                runtime.add_node_as_child(block, child)
        others = {}
        for name, text in node.attrib.items():
            if name in IDENTITY_ATTRIBUTES:
                continue
            if name in cls.fields:
                setattr(block, name, runtime.read_attribute(cls.fields[name], text))
            else:
                others[name] = text
        if others:
            block.xml_attributes = others
        return block

    def add_xml_to_node(self, node: Any) -> None:
        """Write the fields that are set as attributes. Children are the exporter's."""
        node.tag = self.scope_ids.block_type
        for name, field in sorted(self.fields.items()):
            if field.scope == Scope.settings and name != "xml_attributes" and field.is_set_on(self):
                value = field.read_json(self)
                node.set(name, value if isinstance(value, str) else self.runtime.to_text(value))
        for name, text in self.xml_attributes.items():
            node.set(name, text if isinstance(text, str) else self.runtime.to_text(text))

    def student_view(self, context: Any = None) -> Fragment:
        """All children one below the other."""
        fragment = Fragment()
        for child in self.runtime.render_children(self, "student_view", context):
            fragment.add_content(child.content)
            fragment.add_fragment_resources(child)
        return fragment


class CourseBlock(StructuralBlock):
    """The root of a course."""

    end = Date(default=None, scope=Scope.settings)
    enrollment_start = Date(default=None, scope=Scope.settings)
    enrollment_end = Date(default=None, scope=Scope.settings)
    language = String(default="", scope=Scope.settings)
    course_image = String(default="", scope=Scope.settings)


class ChapterBlock(StructuralBlock):
    """A section."""


class SequentialBlock(StructuralBlock):
    """A subsection."""

    hide_after_due = Boolean(default=False, scope=Scope.settings)
    is_time_limited = Boolean(default=False, scope=Scope.settings)
    default_time_limit_minutes = Integer(default=None, scope=Scope.settings)


class VerticalBlock(StructuralBlock):
    """A unit."""


STRUCTURAL_CLASSES: dict[str, type[StructuralBlock]] = {
    "course": CourseBlock,
    "chapter": ChapterBlock,
    "sequential": SequentialBlock,
    "vertical": VerticalBlock,
}
