"""The trail of every act and every look: append-only, and chained so that a change shows.

Each row's digest is BLAKE2b over the row's own content and the digest before it. One row,
`access_audit_head`, holds the length and the last digest; taking it for update is what puts
writers in line, on SQLite and on PostgreSQL, so there is one chain however many write.

Call `record` last in a transaction. The line is held until the commit, and a transaction that
waits for something else while it holds the line makes everybody wait.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Max

from onesystem.access.actor import Actor
from onesystem.access.models import Audit, AuditHead

START = "0" * 64
_FIELDS = (
    "id", "at", "actor", "kind", "roles", "organisation", "act", "what",
    "person", "purpose", "reason", "detail", "previous",
)  # fmt: skip
_TAKE = "UPDATE access_audit_head SET length = length + 1 WHERE id = 1 RETURNING length, digest"
_BEGIN = (
    "INSERT INTO access_audit_head (id, length, digest) VALUES (1, 0, %s) "
    "ON CONFLICT (id) DO NOTHING"
)


def digest_of(row: Audit) -> str:
    """The digest of a row's content: canonical JSON of its fields, the digest before included."""
    content = [getattr(row, field) for field in _FIELDS]
    content[1] = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.blake2b(orjson.dumps(content), digest_size=32).hexdigest()


@transaction.atomic
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
    if not isinstance(by, Actor):
        msg = "every act has a person or a named job behind it: by= takes an Actor"
        raise TypeError(msg)
    number, previous = _next()
    row = Audit(
        id=number,
        at=datetime.now(UTC),
        actor=_text(by.name, 150),
        kind=by.kind,
        roles=" ".join(sorted(by.roles)),
        organisation=by.organisation,
        act=act[:60],
        what=_text(what, 300),
        person=person,
        purpose=purpose[:60],
        reason=_text(reason, 500),
        detail=orjson.dumps(detail, option=orjson.OPT_SORT_KEYS).decode() if detail else "",
        previous=previous,
    )
    row.digest = digest_of(row)
    row.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_audit_head SET digest = %s WHERE id = 1", [row.digest])
    return number


def _text(text: str, longest: int) -> str:
    # PostgreSQL keeps no NUL and neither store keeps half of a surrogate pair.
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:longest]


def _next() -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE)
        found = cursor.fetchone()
        if found is None:
            cursor.execute(_BEGIN, [START])
            cursor.execute(_TAKE)
            found = cursor.fetchone()
    return found


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
