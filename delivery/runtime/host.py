"""The runtime: one per request, for one learner in one version of a course."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

from django.template.loader import render_to_string
from fs.errors import ResourceNotFound
from web_fragments.fragment import Fragment
from xblock.exceptions import NoSuchServiceError, NoSuchUsage
from xblock.fields import ScopeIds
from xblock.runtime import Mixologist, Runtime

from delivery.access import Visit
from delivery.runtime.assets import library_url, resource_url
from delivery.runtime.dates import parse_time
from delivery.runtime.events import HOST_EVENTS, record_event
from delivery.runtime.fields import CourseFieldData
from delivery.runtime.keys import course_key_of, usage_key_of
from delivery.runtime.links import SITE_FOLDERS, handler_base, rewrite_links
from delivery.runtime.mixins import BLOCK_MIXINS
from delivery.runtime.querying import BlockSet
from delivery.runtime.registry import BlockTypeMissing, load_block_class
from delivery.runtime.services import I18nService, authoring_services
from delivery.runtime.shims import hosted_class
from delivery.runtime.state import LearnerStore
from delivery.runtime.visitor import UserService, anonymous_id_of
from delivery.runtime.wrapping import wrap_fragment

COMPLETE_ON_VIEW_MS = 5000

_MIXOLOGIST = Mixologist(BLOCK_MIXINS)


@lru_cache(maxsize=256)
def served_class(tag: str) -> Any:
    """The class of a tag as it is served, mixins included; raises ``BlockTypeMissing``."""
    return _MIXOLOGIST.mix(hosted_class(load_block_class(tag), tag))


class ReplaceUrlsService:
    """Makes the links in a text work here."""

    def __init__(self, rewrite: Callable[[str], str]) -> None:
        self._rewrite = rewrite

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        """``text`` with the course's own links rewritten."""
        return self._rewrite(text)


class CompletionService:
    """Whether completion is kept, which it always is."""

    def completion_tracking_enabled(self) -> bool:
        """Yes."""
        return True

    def get_complete_on_view_delay_ms(self) -> int:
        """After how long in view a block that is only read counts as read."""
        return COMPLETE_ON_VIEW_MS


class NoFolder:
    """The course's folder as blocks may ask for it: nothing is served from a disk."""

    def exists(self, path: str) -> bool:
        """No file."""
        return False

    def open(self, path: str, *args: Any, **options: Any) -> Any:
        """Raises ``fs.errors.ResourceNotFound``."""
        raise ResourceNotFound(path)


class BlockRuntime(Runtime):
    """Builds, renders and calls the blocks of a visit, all on one ``LearnerStore``."""

    is_author_mode = False
    regrades_when_publishing = True  # what authors change is a draft until then
    resources_fs = NoFolder()

    def __init__(self, visit: Visit, store: LearnerStore | None = None) -> None:
        self.visit = visit
        self.tree = visit.tree
        self.store = store or LearnerStore(
            self.tree, visit.course.pk, visit.user.pk, visit.extensions
        )
        self.course_key = self.tree.course_key
        self.accepts_host_events = True
        self.request_token = token_hex(8)
        super().__init__(id_reader=None, id_generator=None, mixins=BLOCK_MIXINS)
        self._field_data = CourseFieldData(self.tree, self.store)
        self._blocks: dict[str, Any] = {}
        self._services: dict[str, Any] = {}

    # --- Blocks ---------------------------------------------------------------------------------

    def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
        """The block with a key, the same object whenever it is asked for.

        Raises ``NoSuchUsage`` if it is not in the version, ``BlockTypeMissing`` if its type is
        not installed.
        """
        key = str(usage_id)
        if key not in self._blocks:
            self._blocks[key] = self._build(key, for_parent)
        return self._blocks[key]

    def _build(self, key: str, for_parent: Any) -> Any:
        node = self.tree.blocks.get(key)
        if node is None:
            raise NoSuchUsage(key)
        scope_ids = ScopeIds(self.visit.user.pk, node.block_type, key, usage_key_of(key))
        return served_class(node.block_type)(
            runtime=self, field_data=None, scope_ids=scope_ids, for_parent=for_parent
        )

    def load_block_type(self, block_type: str) -> Any:
        """The class of a block type."""
        return load_block_class(block_type)

    @property
    def user_id(self) -> Any:
        """The visitor's account."""
        return self.visit.user.pk

    @property
    def course_id(self) -> Any:
        """The course key."""
        return course_key_of(self.course_key)

    @property
    def anonymous_student_id(self) -> str:
        """The name under which blocks know the visitor."""
        return anonymous_id_of(self.visit)

    @cached_property
    def course_entry(self) -> Any:
        """The end of the course, where `problem` looks for it when nothing is due."""
        end = parse_time(self.tree.blocks[self.tree.root].fields.get("end"))
        root = SimpleNamespace(fields={"end": end})
        return SimpleNamespace(structure={"root": "root", "blocks": {"root": root}})

    def get_policy(self, usage_key: Any) -> dict[str, Any]:
        """A policy file speaks at import only."""
        return {}

    def query(self, block: Any) -> BlockSet:
        """The blocks around ``block``."""
        return BlockSet(self, [block])

    # --- Services -------------------------------------------------------------------------------

    def service(self, block: Any, service_name: str) -> Any:
        """A service that the block's class declares; raises ``NoSuchServiceError``."""
        if service_name == "field-data":
            return self._field_data
        declaration = block.service_declaration(service_name)
        if declaration is None:
            raise NoSuchServiceError(f"Service {service_name!r} was not requested.")
        if service_name == "i18n":
            return I18nService(type(block))
        if service_name not in self._services:
            make = SERVICES.get(service_name)
            self._services[service_name] = make(self) if make else None
        found = self._services[service_name]
        # `problem` says that it needs xqueue, but looks whether it is there.
        if found is None and declaration == "need" and service_name != "xqueue":
            raise NoSuchServiceError(f"Service {service_name!r} is not available.")
        return found

    # --- URLs -----------------------------------------------------------------------------------

    def handler_url(
        self,
        block: Any,
        handler_name: str,
        suffix: str = "",
        query: str = "",
        thirdparty: bool = False,
    ) -> str:
        """The URL of a handler. There are none for callers that are not signed in."""
        url = f"{self.handler_base(block)}{handler_name}/{suffix}"
        return f"{url}?{query}" if query else url

    def handler_base(self, block: Any) -> str:
        """The URL below which a block's handlers are."""
        return handler_base(self.course_key, block.scope_ids.def_id, self.visit.is_editing)

    def rewrite_links(self, html: str) -> str:
        """HTML that a block has made, with the course's own links made into URLs of this site."""
        return rewrite_links(html, self.course_key, SITE_FOLDERS, is_draft=self.tree.is_draft)

    def local_resource_url(self, block: Any, uri: str) -> str:
        """The URL of a file that the block's package ships."""
        return resource_url(block.scope_ids.block_type, uri)

    def resource_url(self, resource: str) -> str:
        """The URL of a library that hosts of blocks offer."""
        return library_url(resource)

    def render_template(self, template_name: str, dictionary: Any = None, **context: Any) -> str:
        """A Django template of the site or of an installed app, for old blocks."""
        return render_to_string(template_name, {**(dictionary or {}), **context})

    # --- Views ----------------------------------------------------------------------------------

    def wrap_xblock(self, block: Any, view: str, frag: Fragment, context: Any) -> Fragment:
        """The fragment inside the element that its script is called with."""
        return wrap_fragment(self, block, view, frag)

    def get_asides(self, block: Any) -> list[Any]:
        """Asides are not served."""
        return []

    def applicable_aside_types(self, block: Any) -> list[str]:
        """Asides are not served."""
        return []

    # --- Events ---------------------------------------------------------------------------------

    def publish(self, block: Any, event_type: str, event_data: Any = None) -> None:
        """Record an event of a block for the visitor; raises ``EventRefused`` for odd numbers."""
        if event_type in HOST_EVENTS and not self.accepts_host_events:
            return
        record_event(self.store, block, event_type, event_data)


def _common(name: str) -> Callable[[BlockRuntime], Any]:
    return lambda runtime: _COMMON_SERVICES[name]


_COMMON_SERVICES = authoring_services()

SERVICES: dict[str, Callable[[BlockRuntime], Any]] = {
    "user": lambda runtime: UserService(runtime.visit),
    "replace_urls": lambda runtime: ReplaceUrlsService(runtime.rewrite_links),
    "completion": lambda runtime: CompletionService(),
    "settings": _common("settings"),
    "sandbox": _common("sandbox"),
    "cache": _common("cache"),
}

__all__ = ["BlockRuntime", "BlockTypeMissing", "handler_base", "served_class"]
