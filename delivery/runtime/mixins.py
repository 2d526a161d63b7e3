"""What every hosted block has besides its own class, as in Open edX."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from xblock.core import XBlockMixin
from xblock.fields import Boolean, Date, Dict, Float, Integer, List, Scope, String, Timedelta


class InheritanceMixin(XBlockMixin):
    """The settings that a block takes from the containers around it (and ``format``).

    Names, types and defaults are those of xmodule.modulestore.inheritance and of
    lms.djangoapps.lms_xblock.mixin. Which of them are inherited is said by
    ``delivery.tree.INHERITABLE_FIELDS``; the values are found by the field data. A class that
    defines a field of the same name keeps its own.
    """

    graded = Boolean(default=False, scope=Scope.settings)
    start = Date(default=None, scope=Scope.settings)
    due = Date(default=None, scope=Scope.settings)
    relative_weeks_due = Integer(default=None, scope=Scope.settings)
    visible_to_staff_only = Boolean(default=False, scope=Scope.settings)
    course_edit_method = String(default="Studio", scope=Scope.settings)
    giturl = String(scope=Scope.settings)
    xqa_key = String(default="", scope=Scope.settings)
    graceperiod = Timedelta(default=None, scope=Scope.settings)
    group_access = Dict(default={}, scope=Scope.settings)
    showanswer = String(default="finished", scope=Scope.settings)
    show_correctness = String(default="always", scope=Scope.settings)
    rerandomize = String(default="never", scope=Scope.settings)
    days_early_for_beta = Float(default=None, scope=Scope.settings)
    static_asset_path = String(default="", scope=Scope.settings)
    use_latex_compiler = Boolean(default=False, scope=Scope.settings)
    max_attempts = Integer(default=None, scope=Scope.settings)
    matlab_api_key = String(scope=Scope.settings)
    user_partitions = List(default=[], scope=Scope.settings)
    show_reset_button = Boolean(default=False, scope=Scope.settings)
    edxnotes = Boolean(default=False, scope=Scope.settings)
    edxnotes_visibility = Boolean(default=True, scope=Scope.settings)
    in_entrance_exam = Boolean(default=False, scope=Scope.settings)
    self_paced = Boolean(default=False, scope=Scope.settings)
    hide_from_toc = Boolean(default=False, scope=Scope.settings)
    format = String(default="", scope=Scope.settings)


class PlatformNamesMixin(XBlockMixin):
    """The names by which blocks written for Open edX ask where they are."""

    @property
    def location(self) -> Any:
        """The usage key."""
        return self.scope_ids.usage_id

    @property
    def course_id(self) -> Any:
        """The course key."""
        return self.scope_ids.usage_id.course_key

    @property
    def category(self) -> str:
        """The block type."""
        return str(self.scope_ids.block_type)

    @property
    def url_name(self) -> str:
        """The name within the course."""
        return str(self.scope_ids.usage_id.block_id)

    @property
    def close_date(self) -> datetime | None:
        """Until when answers count: ``due`` and the days of grace; ``None`` if always."""
        if self.due is None or self.graceperiod is None:
            due: datetime | None = self.due
            return due
        closes: datetime = self.due + self.graceperiod
        return closes

    def is_past_due(self) -> bool:
        """Whether answers no longer count."""
        return self.close_date is not None and timezone.now() > self.close_date


BLOCK_MIXINS = (InheritanceMixin, PlatformNamesMixin)
