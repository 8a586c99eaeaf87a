"""Whose record was destroyed: told from a keyed digest of the source's own key, so that a replay
does not bring it back. The key lies in the district folder, readable to its owner only.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from secrets import token_bytes
from typing import Any

from django.db import connection

from onesystem.district import folder
from onesystem.feeds.amending import Barred
from onesystem.feeds.readers import Elsewhere
from onesystem.vocabulary.kept import to_micros

_FILE = "destroyed.key"
_PART = 400


def digest(source: str, subject: str) -> str:
    """What a subject of a source is known by after it is forgotten."""
    said = f"{source}\x1f{subject}".encode()
    return hashlib.blake2b(said, key=_key(folder()), digest_size=16).hexdigest()


@lru_cache(maxsize=4)
def _key(place: Path) -> bytes:
    path = place / _FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text("ascii").strip())
    with os.fdopen(handle, "w") as file:
        file.write(token_bytes(32).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return _key.__wrapped__(place)


def of(said: Iterable[tuple[str, Any]]) -> dict[tuple[str, str], int]:
    """When the records of these readings' subjects were destroyed, where they were."""
    wanted: dict[str, tuple[str, str]] = {}
    for owner, each in said:
        source, reading = owner, each
        if isinstance(each, Elsewhere):
            source, reading = each.whose, each.reading
        subject = getattr(reading, "subject", "")
        if subject:
            wanted[digest(source, subject)] = (source, subject)
    return {wanted[name]: at for name, at in _known(list(wanted)).items()}


def _known(digests: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for at in range(0, len(digests), _PART):
            part = digests[at : at + _PART]
            cursor.execute(
                "SELECT digest, MAX(at) FROM record_tomb WHERE digest IN "
                f"({', '.join(['%s'] * len(part))}) GROUP BY digest",
                list(part),
            )
            found.update(cursor.fetchall())
    return found


def barred(source: str, received: datetime) -> Barred | None:
    """Whose rows of a file that came then are passed over; None where nobody's are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM record_tomb WHERE source = %s AND at >= %s LIMIT 1",
            [source, to_micros(received)],
        )
        if cursor.fetchone() is None:
            return None

    def of_subjects(subjects: Sequence[str]) -> frozenset[str]:
        named = {digest(source, s): s for s in subjects if s}
        limit = to_micros(received)
        return frozenset(named[d] for d, at in _known(list(named)).items() if at >= limit)

    return of_subjects


__all__ = ["barred", "digest", "of"]
