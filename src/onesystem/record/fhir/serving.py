"""A kept resource as it is served: its body with our id and the meta that the server answers for.

Everything else is served byte for byte, so that 1.50 stays 1.50. Most bodies begin with
`resourceType`, `id` and `meta`; these are changed in place, others are walked once.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from onesystem.record.bodies import unpack
from onesystem.record.columns import LOGICAL, STATUS
from onesystem.record.columns import SERVED as SERVED_AT
from onesystem.record.fhir.composing import composed
from onesystem.record.fhir.instants import instant
from onesystem.record.fhir.subjects import subject_of
from onesystem.vocabulary import Entry
from onesystem.vocabulary.kept import from_micros

# What a resource is of in its own right; asked for of record_entry or of record_version.
_OWN = (
    "entry", "kind", "logical", "version", "known_at", "source", "message", "status", "identity",
)  # fmt: skip
_SPLIT = "\x1f"
_TOLD = ("system", "code", "words", "value", "unit")
_HEAD = re.compile(
    rb'\s*\{\s*"resourceType"\s*:\s*"\w+"\s*,\s*'
    rb'(?:("id")\s*:\s*"[^"\\]*"\s*(?:,\s*|(?=\})))?'
    rb'(?:"meta"\s*:\s*(\{(?:[^{}]|\{[^{}]*\})*\})\s*(?:,\s*|(?=\})))?'
)
_META = b'","meta":{'
_AGAIN = re.compile(rb'"(?:id|meta)"\s*:')
_SPACE = re.compile(r"[ \t\n\r]*")
_scan = json.JSONDecoder().scan_once


class Shown(NamedTuple):
    """One version of a resource, as it is served. `known_at` is microseconds since 1970."""

    entry: int
    kind: str
    logical: str
    version: int
    known_at: int
    source: str
    message: int
    status: str
    identity: int
    body: bytes

    @property
    def gone(self) -> bool:
        """Whether this version says that it was deleted."""
        return self.status == "deleted"

    @property
    def name(self) -> str:
        """`Type/id`."""
        return f"{self.kind}/{self.logical}"

    @property
    def etag(self) -> str:
        """Its version as a weak ETag."""
        return f'W/"{self.version}"'

    @property
    def changed(self) -> datetime:
        """When it became known here."""
        return from_micros(self.known_at)


_KEPT, _SAID = len(_OWN), len(_OWN) + 1  # the places of what comes after
_new = tuple.__new__  # without the names: a page makes a hundred of them


@lru_cache(maxsize=8)
def columns(alias: str = "") -> str:
    """What a select asks for so that `shown` can serve it: eleven columns, few of them wide.

    A column costs as much as finding the row does. So the body comes as it is served, and what was
    said without a body comes as one text, where there is none.
    """
    e = f"{alias}." if alias else ""
    told = f" || '{_SPLIT}' || ".join(f"REPLACE({e}{name}, '{_SPLIT}', ' ')" for name in _TOLD)
    return (
        ", ".join(e + name for name in _OWN) + f", COALESCE({e}served, {e}body) AS kept, "
        f"CASE WHEN {e}body IS NULL AND {e}served IS NULL THEN {told} || '{_SPLIT}' || "
        f"COALESCE(CAST({e}at AS TEXT), '') END AS said"
    )


def shown(row: Sequence[Any]) -> Shown:
    """A row of `columns` as it is served; what the row has beyond them does not matter."""
    kept = row[_KEPT]
    if kept is not None:
        return _new(Shown, (*row[:_KEPT], dress(unpack(kept), *row[1:7])))
    own = row[:_KEPT]
    _, kind, logical, version, known_at, source, message, status, identity = own
    if status == "deleted":
        return _new(Shown, (*own, b""))
    *words, at = row[_SAID].split(_SPLIT)
    said = [*words, int(at) if at else None]
    made = composed(kind, logical, status, said)
    made["meta"] = {**meta_of(version, known_at, source, message), **made["meta"]}
    return _new(Shown, (*own, orjson.dumps(made | subject_of(kind, identity))))


def resource_of(row: Sequence[Any], said: Entry) -> Mapping[str, Any]:
    """What a row of COLUMNS serves, for the index: parsed, without our id and meta."""
    if row[SERVED_AT] is not None:
        return orjson.loads(unpack(row[SERVED_AT]))  # type: ignore[no-any-return]
    if said.body is not None:
        return said.resource if said.resource is not None else orjson.loads(said.body)  # type: ignore[no-any-return]
    words = [row[i] for i in (8, 9, 10, 12, 13, 5)]
    made = composed(said.kind, row[LOGICAL], row[STATUS], words)
    return orjson.loads(orjson.dumps(made))  # type: ignore[no-any-return]


def meta_of(version: int, known_at: int, source: str, message: int) -> dict[str, Any]:
    """The elements of meta that the server answers for."""
    return {
        "versionId": str(version),
        "lastUpdated": instant(known_at),
        "source": f"urn:onesystem:{source}#{message}",
    }


def dress(
    body: bytes, kind: str, logical: str, version: int, known_at: int, source: str, message: int
) -> bytes:
    """The body with our id and the meta that is ours to say, all else as it is.

    At once for one that begins as most do: type, id, and a meta without parts, nothing between.
    """
    front = _front(kind)
    if body.startswith(front):
        at = body.find(b'"', len(front))
        begin = at + len(_META) - 1
        if body[at : begin + 1] == _META:
            end = body.find(b"}", begin) + 1
            held = _held(body[begin:end])
            if held is not None:
                return b'%b%b","meta":%b"versionId":"%d","lastUpdated":"%b","source":"%b#%d"}%b' % (
                    front, logical.encode(), held, version, _instant(known_at), _from(source),
                    message, body[end:],
                )  # fmt: skip
    return _walked(body, kind, logical, meta_of(version, known_at, source, message))


@lru_cache(maxsize=256)
def _front(kind: str) -> bytes:
    return b'{"resourceType":"%b","id":"' % kind.encode()


@lru_cache(maxsize=4096)  # most resources of a source carry the same profile, and no more
def _held(meta: bytes) -> bytes | None:
    """What a meta says beside what is ours to say, open at its end; None where it has parts."""
    if meta.find(b"{", 1) > 0:
        return None
    try:
        said = orjson.loads(meta)
    except orjson.JSONDecodeError:  # the brace was in a text
        return None
    kept = {name: value for name, value in said.items() if name not in _OURS}
    return orjson.dumps(kept)[:-1] + b"," if kept else b"{"


_OURS = {"versionId", "lastUpdated", "source"}


@lru_cache(maxsize=1024)
def _instant(micros: int) -> bytes:
    return instant(micros).encode()


@lru_cache(maxsize=256)
def _from(source: str) -> bytes:
    return orjson.dumps(f"urn:onesystem:{source}")[1:-1]


def _walked(body: bytes, kind: str, logical: str, meta: dict[str, Any]) -> bytes:
    head = _HEAD.match(body)
    if head is None:
        return _slowly(body, kind, logical, meta)
    rest = body[head.end() :]
    # Where id or meta may come further on, only a walk tells whether they are the resource's own:
    # but not where both were found in front, since no key is there twice.
    if not (head[1] and head[2]) and _AGAIN.search(rest):
        return _slowly(body, kind, logical, meta)
    try:
        held = orjson.loads(head[2]) if head[2] else {}
    except orjson.JSONDecodeError:  # a brace within a text misled the short way
        return _slowly(body, kind, logical, meta)
    return _put(kind, logical, orjson.dumps({**held, **meta}), rest)


def _put(kind: str, logical: str, meta: bytes, rest: bytes) -> bytes:
    last = rest.lstrip()
    comma = b"" if last.startswith(b"}") else b","
    return b'{"resourceType":"%b","id":"%b","meta":%b%b%b' % (
        kind.encode(), logical.encode(), meta, comma, rest,
    )  # fmt: skip


def _slowly(body: bytes, kind: str, logical: str, meta: dict[str, Any]) -> bytes:
    """The same for a body that begins in another way."""
    text = body.decode()
    was: bytes | None = None
    kept: list[str] = []
    at = _after(text, text.index("{") + 1)
    while text[at] == '"':
        begun = at
        key, at = _scan(text, at)
        at = _after(text, _after(text, at) + 1)
        value = at
        at = _scan(text, at)[1]
        if key == "meta":
            was = text[value:at].encode()
        elif key not in {"id", "resourceType"}:
            kept.append(text[begun:at])
        at = _after(text, at)
        if text[at] == ",":
            at = _after(text, at + 1)
    rest = (",".join(kept) + "}").encode()
    joined = orjson.dumps(meta) if was is None else _meta_slowly(was, meta)
    return _put(kind, logical, joined, rest)


def _meta_slowly(was: bytes, meta: dict[str, Any]) -> bytes:
    held = orjson.loads(was)
    return orjson.dumps({**held, **meta} if isinstance(held, dict) else meta)


def _after(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]
