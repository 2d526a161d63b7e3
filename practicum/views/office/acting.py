"""What the coordinators' pages have in common: a form that carries out one command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict

from practicum import api
from practicum.api import PracticumError, Receipt
from practicum.office_forms import OfficeForm
from practicum.views.access import PracticumRequest
from practicum.words import say

Carry = Callable[[dict[str, Any]], Receipt]


def bound(request: PracticumRequest) -> dict[str, Any]:
    """What a form is made with: the answer of a POST, or else a key for one to come."""
    if request.method == "POST":
        return {"data": request.POST, "files": request.FILES}
    return {}


def fresh(**initial: Any) -> dict[str, Any]:
    """The initial values of a form that is to be sent once."""
    return {"key": uuid4().hex, **initial}


def form_page(
    request: PracticumRequest,
    form: OfficeForm,
    carry: Carry,
    *,
    title: str,
    button: str,
    done: str,
    back: str | Callable[[Receipt], str],
    up: str,
    **context: Any,
) -> HttpResponse:
    """Show a form; sent, carry it out with ``carry`` and go ``back`` with the word ``done``.

    What the command refuses is told in the form, and nothing typed is lost. ``up`` is where the
    page's way back leads; ``template`` in the context is another page than the plain one. Without
    a ``button`` there is nothing to send yet, and the plain page shows no more than its help.
    """
    if request.method == "POST" and form.is_valid():
        try:
            receipt = carry(form.cleaned_data)
        except PracticumError as error:
            if type(error) in (api.NotFound, api.NotAllowed):
                raise  # the page is not for them; anything else can be mended in the form
            form.add_error(None, say(error))
        else:
            messages.success(request, done)
            return redirect(back(receipt) if callable(back) else back)
    shown = {"form": form, "title": title, "button": button, "up": up, **context}
    template = context.get("template", "practicum/office/form.html")
    return render(request, template, shown, status=422 if form.errors else 200)


def is_multipart(form: OfficeForm) -> bool:
    """Whether a form brings files."""
    return bool(form.is_multipart())


def picked(values: MultiValueDict[str, str], name: str) -> list[str]:
    """Every value of a name, each once."""
    return list(dict.fromkeys(values.getlist(name)))
