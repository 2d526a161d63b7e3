"""Personal values, readable as long as the key of their person is there (AES-256-GCM).

Digests and signatures are over the sealed form, so the trail still verifies when a person was
erased, that is when their key was deleted.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from practicum.errors import Erased, InvalidValue
from practicum.models import Person, PersonKey

NONCE = 12  # bytes, as AES-GCM wants them


def new_key(person: Person) -> PersonKey:
    """The key of a new person, not inserted yet."""
    return PersonKey(person=person, key=AESGCM.generate_key(256))


class Vault:
    """Seals and opens for people by their ``number``, asking for each key once."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._ciphers: dict[int, AESGCM | None] = {}
        self.load(numbers)

    def hold(self, person: Person) -> None:
        """Take the key of a person that was read with its key, so as not to ask for it."""
        key = getattr(person, "key", None)
        self._ciphers.setdefault(person.pk, AESGCM(bytes(key.key)) if key is not None else None)

    def load(self, numbers: Iterable[int]) -> None:
        """Fetch the keys of several people in one query."""
        wanted = set(numbers) - set(self._ciphers)
        if wanted:
            found = dict(PersonKey.objects.filter(pk__in=wanted).values_list("pk", "key"))
            for number in wanted:
                key = found.get(number)
                self._ciphers[number] = AESGCM(bytes(key)) if key is not None else None

    def seal_bytes(self, number: int, data: bytes) -> bytes:
        """Seal ``data`` for a person; raises ``Erased`` if there is no key any more."""
        self.load([number])
        cipher = self._ciphers[number]
        if cipher is None:
            raise Erased
        nonce = os.urandom(NONCE)
        return nonce + cipher.encrypt(nonce, data, None)

    def open_bytes(self, number: int, sealed: bytes) -> bytes:
        """What was sealed; empty once the person was erased. Raises ``InvalidValue`` if altered."""
        self.load([number])
        cipher = self._ciphers[number]
        if cipher is None or not sealed:
            return b""
        try:
            return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None)
        except InvalidTag as error:
            raise InvalidValue(what="sealed value") from error

    def seal(self, number: int, text: str) -> str:
        """Seal a text; nothing stays nothing. Raises ``InvalidValue`` if it is not Unicode."""
        if not text:
            return ""
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            raise InvalidValue(what="text") from error
        return b64encode(self.seal_bytes(number, data)).decode()

    def open(self, number: int, sealed: str) -> str:
        """The text that was sealed; empty once the person was erased."""
        return self.open_bytes(number, b64decode(sealed)).decode() if sealed else ""
