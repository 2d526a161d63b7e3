"""What every block of the suite has: its page, its learner, its words, its deadlines.

Blocks run in hosts that offer very different services: the LMS and Studio, this suite's own
site, the XBlock workbench with plain strings for keys. What a host may lack is asked for here,
once, with a fall-back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, TypeVar

from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import Scope, String
from xblock.utils.studio_editable import StudioEditableXBlockMixin

from grading.api import StudentItemKey
from xblocks.rendering import render_template

Handler = TypeVar("Handler", bound=Callable[..., Any])

MAX_STUDENT_ID = 64
ANONYMOUS_ID = "edx-platform.anonymous_user_id"
IS_AUTHENTICATED = "edx-platform.is_authenticated"


def _(text: str) -> str:
    """Mark ``text`` for translation; the host translates the texts of fields."""
    return text


def callable_by(
    who: Literal["learner", "staff", "author"], *, is_safe: bool = False
) -> Callable[[Handler], Handler]:
    """Declare who may call a handler; the stand-alone site serves no handler without it.

    ``is_safe``: it changes nothing and is called by GET, as for a download.
    """

    def declare(handler: Handler) -> Handler:
        handler.libschool_access = who  # type: ignore[attr-defined]  # read by the host
        handler.libschool_is_safe = is_safe  # type: ignore[attr-defined]  # likewise
        return handler

    return declare


@XBlock.needs("i18n")
@XBlock.wants("user")
@XBlock.wants("replace_urls")
class SchoolBlock(StudioEditableXBlockMixin, XBlock):
    """Base of the suite's blocks. A subclass names its ``TEMPLATE``, ``STYLES`` and ``MODULE``."""

    TEMPLATE: ClassVar[str]
    MODULE: ClassVar[str]
    STYLES: ClassVar[tuple[str, ...]] = ("block.css",)

    has_author_view = True

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this block."),
        scope=Scope.settings,
        default=_("Exercise"),
    )

    # --- Page ---

    def fragment(
        self,
        context: Mapping[str, Any],
        *,
        template: str = "",
        styles: tuple[str, ...] = (),
        module: str = "",
    ) -> Fragment:
        """A template, stylesheets and script, all files by URL; by default the block's own.

        ``context`` reaches the template alone, never ``json_init_args``, which hosts do not
        escape.
        """
        fragment = Fragment(render_template(template or self.TEMPLATE, context, self.translate))
        for name in styles or self.STYLES:
            fragment.add_css_url(self.public_url(name))
        fragment.add_javascript_url(self.public_url("xblock.js"))
        fragment.initialize_js("SchoolBlock", {"module": self.public_url(module or self.MODULE)})
        return fragment

    def public_url(self, name: str) -> str:
        """The URL of a file in ``public/``."""
        return str(self.runtime.local_resource_url(self, f"public/{name}"))

    def with_host_urls(self, html: str) -> str:
        """HTML with an author's ``/static/…`` and ``/jump_to_id/…`` as the host serves them."""
        service = self.runtime.service(self, "replace_urls")
        return str(service.replace_urls(html)) if service else html

    def static_url(self, url: str) -> str:
        """The URL under which the host serves a course's ``/static/…`` file."""
        # Hosts rewrite what stands in quotation marks, as in HTML.
        return self.with_host_urls(f'"{url}"')[1:-1]

    def translate(self, message: str) -> str:
        """``message`` in the reader's language."""
        return str(self.runtime.service(self, "i18n").gettext(message))

    # --- Learner ---

    def student_item(self) -> StudentItemKey | None:
        """The learner's side of this block, or ``None`` for a visitor nobody knows."""
        student_id = self._student_id()
        if student_id is None:
            return None
        if len(student_id) > MAX_STUDENT_ID:
            student_id = hashlib.sha256(student_id.encode()).hexdigest()
        return StudentItemKey(
            student_id=student_id,
            course_id=str(self.context_key or ""),
            item_id=str(self.usage_key),
            item_type=str(self.scope_ids.block_type),
        )

    def _student_id(self) -> str | None:
        """The anonymous id, or where the host has none the id it binds blocks to."""
        service = self.runtime.service(self, "user")
        user = service.get_current_user() if service else None
        attributes = getattr(user, "opt_attrs", None) or {}
        if attributes.get(IS_AUTHENTICATED) is False:
            return None
        known = attributes.get(ANONYMOUS_ID) or self.scope_ids.user_id
        return str(known) if known is not None else None

    # --- Deadlines ---

    @property
    def close_date(self) -> datetime | None:
        """Until when answers count: ``due`` and the days of grace, where the host mixes them in.

        A date without a time zone is no date of a course: the workbench stamps every block with
        the present moment in this way.
        """
        due = getattr(self, "due", None)
        if due is None or due.tzinfo is None:
            return None
        grace = getattr(self, "graceperiod", None)
        closes: datetime = due + grace if grace else due
        return closes

    def is_past_due(self) -> bool:
        """Whether answers no longer count."""
        if getattr(self, "self_paced", False):
            return False
        return self.close_date is not None and datetime.now(UTC) > self.close_date

    # --- Authors ---

    @callable_by("author")
    @XBlock.handler
    def submit_studio_edits(self, request: Any, suffix: str = "") -> Any:
        """Save the author's form."""
        return super().submit_studio_edits(request, suffix)
