"""Files that show what was done: let in by their content, sealed, seen by who may see the hours."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from practicum.data import Actor, Receipt
from practicum.errors import EvidenceRefused, NotFound
from practicum.history import note_look
from practicum.models import Agreement, EntryVersion, EvidenceContent, EvidenceFile
from practicum.people import (
    find_person,
    is_coordinator,
    person_of,
    require_account,
)
from practicum.reading import sees_all, visible_entries, visible_placements
from practicum.running import Run, perform
from practicum.sealing import Vault
from quarantine.errors import Refused
from quarantine.files import KINDS, inspect_upload
from quarantine.pictures import strip_metadata
from quarantine.tar import Readable

EVIDENCE_LIMIT = 5 * 1024 * 1024  # bytes; sealed, it has to fit into one packet of MySQL's
EVIDENCE_KINDS = ("pdf", "jpeg", "png", "webp", "txt", "docx", "odt")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it may be handed out, with ``quarantine.files.download_headers``."""

    id: UUID
    name: str
    media_type: str
    sha256: str
    data: bytes = field(repr=False)


def add_evidence(
    actor: Actor,
    name: str,
    source: bytes | Readable,
    *,
    owner: UUID | None = None,
    key: str = "",
) -> Receipt:
    """Keep a file for an entry; pictures lose what cameras add, such as the place.

    The receipt's ``content_hash`` is the SHA-256 of what is kept. It belongs to the actor; a
    coordinator may keep one for a trainee (``owner``), as with agreements. Raises
    ``EvidenceRefused``, saying why.
    """
    try:
        upload = inspect_upload(name, source, allowed=EVIDENCE_KINDS, limit=EVIDENCE_LIMIT)
        data = strip_metadata(upload.kind, upload.data)
    except Refused as error:
        raise EvidenceRefused(reason=str(error)) from error
    sha256 = hashlib.sha256(data).hexdigest()

    def effect(run: Run) -> Receipt:
        require_account(actor)
        person = person_of(actor)
        if owner is not None and owner != person.id:
            if not is_coordinator(actor):
                raise NotFound(what="person")
            person = find_person(owner)
        row = EvidenceFile(
            owner=person,
            sealed_name=run.vault.seal(person.pk, upload.safe_name),
            kind=upload.kind,
            size=len(data),
            sha256=sha256,
            added_at=run.at,
        )
        run.add(run.step("add_evidence", row.id, sha256=sha256, size=len(data)), row)
        run.flush()
        EvidenceContent.objects.create(file=row, sealed=run.vault.seal_bytes(person.pk, data))
        return Receipt(row.id, content_hash=sha256)

    return perform(actor, "add_evidence", key, [upload.safe_name, sha256, owner], effect)


def read_evidence(actor: Actor, file: UUID) -> Evidence:
    """A file of the actor's own, or one of an entry or a contract which the actor sees.

    That somebody other than its owner opened it is in the trail. Raises ``NotFound``, also once
    its owner was erased.
    """
    row = EvidenceFile.objects.select_related("owner", "content").filter(pk=file).first()
    content = getattr(row, "content", None)
    if row is None or not isinstance(content, EvidenceContent) or row.pk not in _seen(actor, [row]):
        raise NotFound(what="file")
    note_look(actor, "look_at_file", row.owner.id, file=row.pk)
    vault = Vault([row.owner_id])
    return Evidence(
        id=row.pk,
        name=vault.open(row.owner_id, row.sealed_name),
        media_type=KINDS[row.kind].media_type,
        sha256=row.sha256,
        data=vault.open_bytes(row.owner_id, bytes(content.sealed)),
    )


def evidence_names(actor: Actor, files: Collection[UUID]) -> dict[UUID, str]:
    """The names of those of the files that the actor may open."""
    rows = list(EvidenceFile.objects.select_related("owner").filter(pk__in=list(files)))
    seen = _seen(actor, rows)
    vault = Vault(row.owner_id for row in rows)
    return {row.pk: vault.open(row.owner_id, row.sealed_name) for row in rows if row.pk in seen}


def _seen(actor: Actor, rows: Collection[EvidenceFile]) -> set[UUID]:
    """Those of the files that the actor may open, in a fixed number of queries."""
    if actor.link is None and sees_all(actor):
        return {row.pk for row in rows}
    own = {row.pk for row in rows if actor.link is None and row.owner.id == actor.person}
    others = {row.pk: row.owner_id for row in rows if row.pk not in own}
    if not others:
        return own
    contracts = Agreement.objects.filter(file__in=others, placement__in=visible_placements(actor))
    mine = visible_entries(actor).filter(trainee_id__in=set(others.values()))
    quoted = EntryVersion.objects.filter(entry__in=mine).exclude(evidence=[])
    names = {
        (owner, name)
        for owner, evidence in quoted.values_list("entry__trainee_id", "evidence")
        for name, _sha256 in evidence
    }
    shown = {pk for pk, owner in others.items() if (owner, str(pk)) in names}
    return own | shown | set(contracts.values_list("file_id", flat=True))
