"""What somebody has begun to write. A draft is found by its writer, and by nobody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from django.db import connection

from onesystem.access import Actor, Asker
from onesystem.district import now
from onesystem.vocabulary.kept import from_micros, to_micros

KEPT_FOR = timedelta(days=30)
_NAMES = "key, identity, path, fields, version, saved"
Fields = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Begun:
    """A form that was begun, as it stood when its writer last paused."""

    key: str
    person: int
    path: str
    fields: Fields
    version: int
    saved: datetime


def draft(by: Actor | Asker, key: str) -> Begun | None:
    """The draft of somebody under a key, while it is kept."""
    found = _read("owner = %s AND key = %s AND saved > %s", [owner_of(by), key, oldest()])
    return found[0] if found else None


def drafts(by: Actor | Asker) -> list[Begun]:
    """All that somebody has begun, the newest first."""
    return _read("owner = %s AND saved > %s ORDER BY saved DESC", [owner_of(by), oldest()])


def owner_of(by: Actor | Asker) -> str:
    """Whose drafts: those of the one who asks."""
    return by.actor.name if isinstance(by, Asker) else by.name


def oldest() -> int:
    """The moment before which drafts are over."""
    return to_micros(now() - KEPT_FOR)


def _read(where: str, values: Sequence[str | int]) -> list[Begun]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_NAMES} FROM care_draft WHERE {where}", list(values))
        return [
            Begun(key, person, path, orjson.loads(fields), version, from_micros(saved))
            for key, person, path, fields, version, saved in cursor.fetchall()
        ]
