"""Django's admin in django-unfold's clothes, whoever registers a model in it.

Apps that also run inside Open edX register plain ``ModelAdmin`` classes; here they are dressed
when they are registered, so that no app has to know of the theme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from unfold import admin as unfold
from unfold.sites import UnfoldAdminSite

# What the theme needs beyond the site's own policy: its Alpine expressions are evaluated, and
# its widgets carry style attributes (docs/decisions/0010).
ADMIN_CSP = {"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}


class SchoolAdminSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold ships no types
    """The admin of a school: its own sign-in, the theme for every model, a policy of its own."""

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Register models with the themed form of ``admin_class``."""
        plain = admin_class or ModelAdmin
        super().register(model_or_iterable, dress(plain), **options)

    def admin_view(
        self, view: Callable[..., HttpResponse], cacheable: bool = False
    ) -> Callable[..., HttpResponse]:
        """Wrap a view of the admin as Django does, and let the theme's scripts run in it."""
        loosen: Any = csp_update(ADMIN_CSP)
        wrapped: Callable[..., HttpResponse] = loosen(super().admin_view(view, cacheable))
        return wrapped

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign in on the school's own page, which counts failures and knows every account."""
        target = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
            target = reverse("admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(target)
        return redirect_to_login(target)


def dress(admin_class: type[ModelAdmin[Any]]) -> type[ModelAdmin[Any]]:
    """``admin_class`` and its inlines in the theme; unchanged if they already are."""
    if issubclass(admin_class, unfold.ModelAdmin):
        return admin_class
    inlines = [_dress_inline(inline) for inline in admin_class.inlines]
    dressed: type[ModelAdmin[Any]] = type(
        admin_class.__name__,
        (admin_class, unfold.ModelAdmin),
        {"inlines": inlines, "__module__": admin_class.__module__, "__doc__": admin_class.__doc__},
    )
    return dressed


def _dress_inline(inline: type[InlineModelAdmin[Any, Any]]) -> type[InlineModelAdmin[Any, Any]]:
    if issubclass(inline, unfold.TabularInline | unfold.StackedInline):
        return inline
    dressed: type[InlineModelAdmin[Any, Any]] = type(
        inline.__name__, (inline, unfold.TabularInline), {"__doc__": inline.__doc__}
    )
    return dressed
