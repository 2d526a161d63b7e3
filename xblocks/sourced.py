"""Exercises about a source: a task, and the book it is about in words and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.safestring import mark_safe
from xblock.fields import Scope, String

from grading.api import InvalidExercise
from quarantine.html import HtmlRefused, plain_text
from xblocks.block import _
from xblocks.editing import Finding
from xblocks.exercise import ExerciseBlock
from xblocks.rendering import clean_html

STATIC = "/static/"
NO_DESCRIPTION = _("A picture needs a description for those who cannot see it.")


class SourcedExerciseBlock(ExerciseBlock):
    """An exercise with a task and a source, both written by its author."""

    prompt = String(
        display_name=_("Task"),
        help=_("What the trainee is to do, as HTML."),
        scope=Scope.content,
        default="",
        multiline_editor="html",
    )
    source_text = String(
        display_name=_("Source"),
        help=_("What stands in the book, as HTML: title page, verso, what can be measured."),
        scope=Scope.content,
        default="",
        multiline_editor="html",
    )
    source_image = String(
        display_name=_("Picture of the source"),
        help=_("A file of the course, such as /static/title_page.svg."),
        scope=Scope.content,
        default="",
    )
    source_image_alt = String(
        display_name=_("Description of the picture"),
        help=_("All that can be read in the picture, for those who cannot see it."),
        scope=Scope.content,
        default="",
    )

    def page_context(self) -> dict[str, Any]:
        """The task and the source; author HTML is sanitised here."""
        return {
            "display_name": self.display_name,
            "prompt": self.clean(self.prompt),
            "source_text": self.clean(self.source_text),
            "source_image": self.image_url(self.source_image),
            "source_image_alt": self.source_image_alt,
        }

    def clean(self, html: str) -> str:
        """Author HTML for the page; in place of what cannot be cleaned, a word about it."""
        try:
            return mark_safe(self.with_host_urls(clean_html(html)))  # noqa: S308  # cleaned
        except HtmlRefused:
            return self.translate("This text cannot be shown; please tell your instructor.")

    def image_url(self, url: Any) -> str:
        """A picture's URL; only the course's own files are pictures of a source."""
        return self.static_url(str(url)) if is_course_file(url) else ""

    def plain_text(self) -> str:
        """The task and the source without markup."""
        try:
            return "\n".join(plain_text(html) for html in (self.prompt, self.source_text) if html)
        except HtmlRefused:
            return ""

    def review(self) -> Iterator[Finding]:
        """A picture that some trainees cannot see."""
        yield from super().review()
        if self.source_image and not self.source_image_alt:
            yield Finding("warning", "source_image_alt", self.translate(NO_DESCRIPTION))

    def check_source(self, data: Any) -> None:
        """Raise ``InvalidExercise`` for a picture from elsewhere."""
        if data.source_image and not is_course_file(data.source_image):
            raise InvalidExercise(_("A file of the course is needed: /static/…"), "source_image")


def is_course_file(url: Any) -> bool:
    """Whether ``url`` is one of a course's own files."""
    return str(url or "").startswith(STATIC)
