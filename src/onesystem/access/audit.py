"""The trail of every act and every look: append-only, and chained so that a change shows.

Each row's digest is BLAKE2b over the row's own content and the digest before it. One row,
`access_audit_head`, holds the length and the last digest; taking it for update is what puts
writers in line, on SQLite and on PostgreSQL, so there is one chain however many write.

Call `record` last in a transaction. The line is held until the commit, and a transaction that
waits for something else while it holds the line makes everybody wait.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Max

from onesystem.access import quick
from onesystem.access.actor import Actor
from onesystem.access.models import Audit, AuditHead

START = "0" * 64
_FIELDS = (
    "id", "at", "actor", "kind", "roles", "organisation", "act", "what",
    "person", "purpose", "reason", "detail", "previous",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO access_audit ({', '.join(_FIELDS)}, digest) "
    f"VALUES ({', '.join(['%s'] * (len(_FIELDS) + 1))})"
)
_TAKE = "UPDATE access_audit_head SET length = length + %s WHERE id = 1 RETURNING length, digest"
_BEGIN = (
    "INSERT INTO access_audit_head (id, length, digest) VALUES (1, 0, %s) "
    "ON CONFLICT (id) DO NOTHING"
)


def digest_of(row: Audit) -> str:
    """The digest of a row's content: canonical JSON of its fields, the digest before included."""
    content = [getattr(row, field) for field in _FIELDS]
    content[1] = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.blake2b(orjson.dumps(content), digest_size=32).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One act or one look, to be written with others in one go: the arguments of `record`."""

    by: Actor
    act: str
    what: str = ""
    person: int | None = None
    purpose: str = ""
    reason: str = ""
    detail: dict[str, Any] | None = None


def record(
    *,
    by: Actor,
    act: str,
    what: str = "",
    person: int | None = None,
    purpose: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> int:
    """Add one act or look to the trail, in the caller's transaction; gives the row's number.

    `act` is in the past tense (`person.looked`, `identities.merged`); `what` names the thing by
    code or number. Never put a name or the text of a note into `detail`. Raises TypeError for an
    act without an actor.
    """
    row = Row(by=by, act=act, what=what, person=person, purpose=purpose, reason=reason,
              detail=detail)  # fmt: skip
    return record_many([row])


def record_many(rows: Sequence[Row]) -> int:
    """Add several at once, with one wait for the chain; gives the number of the last one.

    In the caller's transaction, if there is one: what could not be written down is not done.
    """
    for row in rows:
        if not isinstance(row.by, Actor):
            msg = "every act has a person or a named job behind it: by= takes an Actor"
            raise TypeError(msg)
    with transaction.atomic(savepoint=False):
        return _chained(rows)


def _chained(rows: Sequence[Row]) -> int:
    last, digest = _take(len(rows))
    if not rows:
        return last
    at = datetime.now(UTC)
    # Both engines keep what the ORM would have written, and it is read back by the same fields.
    stamp = at if quick.vendor() == "postgresql" else at.strftime("%Y-%m-%d %H:%M:%S.%f")
    moment = at.isoformat(timespec="microseconds")
    kept = []
    for number, row in enumerate(rows, last - len(rows) + 1):
        content = _content(number, moment, row, digest)
        digest = hashlib.blake2b(orjson.dumps(content), digest_size=32).hexdigest()
        content[1] = stamp
        kept.append([*content, digest])
    quick.many(_INSERT, kept)
    quick.many("UPDATE access_audit_head SET digest = %s WHERE id = 1", [[digest]])
    return last


def _content(number: int, moment: str, row: Row, previous: str) -> list[Any]:
    by, detail = row.by, row.detail
    return [
        number,
        moment,
        _text(by.name, 150),
        by.kind,
        " ".join(sorted(by.roles)),
        by.organisation,
        row.act[:60],
        _text(row.what, 300),
        row.person,
        row.purpose[:60],
        _text(row.reason, 500),
        orjson.dumps(detail, option=orjson.OPT_SORT_KEYS).decode() if detail else "",
        previous,
    ]


def _text(text: str, longest: int) -> str:
    if text.isascii() and "\0" not in text:
        return text[:longest]
    # PostgreSQL keeps no NUL and neither store keeps half of a surrogate pair.
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:longest]


def _take(many: int) -> tuple[int, str]:
    """Take the next numbers of the chain, and the digest that they follow from."""
    found = quick.rows(_TAKE, [many])
    if not found:
        quick.many(_BEGIN, [[START]])
        found = quick.rows(_TAKE, [many])
    return found[0]  # type: ignore[no-any-return]


def verify_trail() -> list[str]:
    """What is wrong with the chain, in words; empty when it holds."""
    return list(_faults())


def _faults() -> Iterator[str]:
    # The head is read first, and rows up to it: others may be writing while this reads.
    length, digest = _head()
    expected, previous = 1, START
    for row in Audit.objects.filter(id__lte=length).order_by("id").iterator(chunk_size=2000):
        if row.id != expected:
            yield f"row {expected} is missing: row {row.id} follows row {expected - 1}"
        elif row.previous != previous:
            yield f"row {row.id} does not follow from the row before it"
        if digest_of(row) != row.digest:
            yield f"row {row.id} is not as it was written"
        expected, previous = row.id + 1, row.digest
    last = Audit.objects.aggregate(last=Max("id"))["last"] or 0
    length_now, _ = _head()
    if last > length_now:
        yield f"the trail ends at row {last}, and should end at row {length_now}"
    elif length != expected - 1:
        yield f"the trail ends at row {expected - 1}, and should end at row {length}"
    elif digest != previous:
        yield f"row {length} is not the last row that was written"


def _head() -> tuple[int, str]:
    head = AuditHead.objects.first()
    return (head.length, head.digest) if head else (0, START)
