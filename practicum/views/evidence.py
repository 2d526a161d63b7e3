"""Files of entries: taken in with the form, kept when the form is refused, handed out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from practicum import api
from practicum.api import EntryRecord, EntryValues
from practicum.forms import HoursForm
from practicum.views.access import PracticumRequest, Who, access
from practicum.words import say
from quarantine.files import download_headers

MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is in already; ``is_chosen`` unless it was taken off the entry."""

    id: UUID
    name: str
    is_chosen: bool = True


def kept_files(request: PracticumRequest, entry: EntryRecord | None = None) -> list[KeptFile]:
    """The files that came with earlier tries of the form, and those of the entry."""
    of_entry = list(entry.values.evidence) if entry is not None else []
    sent = _sent(request)
    ids = list(dict.fromkeys([*of_entry, *sent]))
    chosen = set(sent) if request.method == "POST" else set(of_entry)
    names = api.evidence_names(request.actor, ids)
    return [KeptFile(one, names[one], one in chosen) for one in ids if one in names]


def _sent(request: PracticumRequest) -> list[UUID]:
    """The files that the form kept, and those that were taken in for it just now."""
    found = []
    for text in request.POST.getlist("kept") if request.method == "POST" else ():
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return [*found, *getattr(request, "taken_in", ())]


def keep_files(
    request: PracticumRequest, form: HoursForm, entry: EntryRecord | None
) -> EntryValues | None:
    """The form's values with its files, which are taken in; ``None`` if one was refused.

    What was taken in stays with the form, so that it need not be chosen again.
    """
    taken: list[UUID] = []
    for upload in form.cleaned_data["evidence"]:
        try:
            taken.append(api.add_evidence(request.actor, upload.name, upload).id)
        except api.EvidenceRefused as error:
            form.add_error("evidence", f"{upload.name}: {say(error)}")
    request.taken_in = taken  # type: ignore[attr-defined]  # read back by ``_sent``
    values = form.values
    if form.errors or values is None:
        return None
    chosen = tuple(dict.fromkeys(_sent(request)))[:MOST_FILES]
    own = api.evidence_names(request.actor, chosen)
    return replace(values, evidence=tuple(one for one in chosen if one in own))


@access(Who.SIGNED_IN)
@require_safe
def evidence(request: PracticumRequest, file: UUID) -> HttpResponse:
    """Hand out a file, to be saved and not to be shown in the page's name."""
    found = api.read_evidence(request.actor, file)
    headers = download_headers(found.name, found.media_type)
    return HttpResponse(found.data, headers={**headers, "Cache-Control": "private, no-store"})
