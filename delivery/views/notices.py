"""What a person has been told, and how they wish to be told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.access import Access, access
from delivery.forms import NoticeWishForm
from delivery.models import NoticeWish
from delivery.notices.api import mark_read, notices_of
from delivery.notices.kinds import say

PAGE = 30


@access(Access.SIGNED_IN)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What happened, the latest first."""
    user: Any = request.user
    page = Paginator(notices_of(user.pk), PAGE).get_page(request.GET.get("page"))
    lines = [(notice, say(notice.kind, notice.params)) for notice in page]
    return render(request, "notices/notices.html", {"page": page, "lines": lines})


@access(Access.SIGNED_IN)
@require_safe
def follow(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Lead to what a notice tells of; from then on it counts as read."""
    user: Any = request.user
    notice = get_object_or_404(notices_of(user.pk), pk=notice_id)
    mark_read(user.pk, notice.pk)
    return redirect(notice.path)


@access(Access.SIGNED_IN)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Let all notices count as read."""
    user: Any = request.user
    mark_read(user.pk)
    messages.success(request, _("All notices are marked as read."))
    return redirect("notices")


@access(Access.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """Choose when notices come by mail."""
    user: Any = request.user
    wish = NoticeWish.objects.filter(user=user).first() or NoticeWish(user=user)
    form = NoticeWishForm(request.POST or None, instance=wish)
    if request.method == "POST" and form.is_valid():
        form.instance.language = translation.get_language() or ""
        form.save()
        messages.success(request, _("Your choice is saved."))
        return redirect("notice_wishes")
    return render(request, "notices/wishes.html", {"form": form})
