"""Entries as rows and back: plain words, no database."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from onesystem.record.bodies import pack
from onesystem.vocabulary import Code, Entry, contact_id
from onesystem.vocabulary.kept import from_micros, to_micros

COLUMNS = (
    "entry", "source", "kind", "key", "identity", "at", "recorded", '"order"', "system", "code",
    "words", "status", "value", "unit", "visit", "version", "known_at", "message", "digest", "body",
    "logical", "label", "served",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
SOURCE, KIND, STATUS, KNOWN_AT = 1, 2, 11, 16
ENTRY, IDENTITY, AT, RECORDED, ORDER, VERSION, DIGEST = 0, 4, 5, 6, 7, 15, 18
LOGICAL, LABEL, SERVED = 20, 21, 22
TOLD = COLUMNS[:18]  # what a Kept is made of


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry as the record keeps it. Its body is asked for by itself: `body_of`."""

    entry: int
    source: str
    kind: str
    key: str
    identity: int
    at: datetime | None
    recorded: datetime
    code: Code | None
    status: str
    value: str
    unit: str
    visit: str
    version: int
    known_at: datetime
    message: int


@lru_cache(maxsize=4096)  # of what is referred to, most is referred to again soon
def entry_id(source: str, kind: str, key: str) -> int:
    """The stable id of an entry."""
    return contact_id(source, f"{kind}\x1f{key}")


def moment(value: int | None) -> datetime | None:
    """A kept moment."""
    return None if value is None else from_micros(value)


def row_of(
    entry: int, source: str, identity: int, message: int, said: Entry, known_at: int
) -> list[Any]:
    """The row of an entry's first version; its name, label and served body are still to be said."""
    code, body, at = said.code, said.body, said.at
    order = said.order
    return [
        entry,
        source,
        said.kind,
        said.key,
        identity,
        None if at is None else to_micros(at),
        to_micros(said.recorded),
        order.zfill(20) if order.isdigit() else order,
        code.system if code else "",
        code.code if code else "",
        clean(code.display) if code else "",
        clean(said.status),
        clean(said.value),
        clean(said.unit),
        said.visit,
        1,
        known_at,
        message,
        digest_of(said),
        None if body is None else pack(body),
        "",
        0,
        None,
    ]


def digest_of(said: Entry) -> bytes:
    """What makes two versions the same: the body, or without one all that was said."""
    content = said.body
    if content is None:
        content = repr(
            (said.at, said.code, said.status, said.value, said.unit, said.visit)
        ).encode()
    return hashlib.blake2b(content, digest_size=16).digest()


def kept_of(row: Any) -> Kept:
    """A row without digest and body, as it is handed out."""
    (entry, source, kind, key, identity, at, recorded, _order, system, code, words, status,
     value, unit, visit, version, known_at, message) = row  # fmt: skip
    return Kept(
        entry=entry,
        source=source,
        kind=kind,
        key=key,
        identity=identity,
        at=moment(at),
        recorded=moment(recorded) or _EPOCH,
        code=Code(system, code, words) if code or words else None,
        status=status,
        value=value,
        unit=unit,
        visit=visit,
        version=version,
        known_at=moment(known_at) or _EPOCH,
        message=message,
    )


def clean(text: str) -> str:
    """Text that both stores keep: PostgreSQL takes no NUL, and neither half of a surrogate pair."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
