"""The rows that say what became of messages, written in the transaction of what they gave."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection

from onesystem.feeds.landing.frames import MAGIC
from onesystem.feeds.readers import RefusedRow
from onesystem.feeds.reading import Read
from onesystem.vocabulary import ContactEvent, PersonSeen, Remark
from onesystem.vocabulary.arrays import array_of, arrays_of, from_arrays

_COLUMNS = (
    "source", "digest", "received", "known_at", "name", "format", "kind", "address", "size",
    "state", "rule", "reason", "cure", "pointer", "rows_read", "rows_refused",
)  # fmt: skip
_INSERT = f"INSERT INTO feeds_message ({', '.join(_COLUMNS)}) VALUES "
_KINDS = dict(
    zip(
        _COLUMNS,
        ("text", "text", "timestamptz", "timestamptz", *["text"] * 4, "bigint", *["text"] * 5,
         "bigint", "bigint"),
        strict=True,
    )
)  # fmt: skip
_MARKED = f"({', '.join('?' * len(_COLUMNS))})"
_ONCE = " ON CONFLICT (source, digest) DO NOTHING RETURNING id, source, digest"
FIRST = len(MAGIC)  # where the first block of a segment lies


@dataclass(frozen=True, slots=True)
class Known:
    """A message that was there already."""

    id: int
    address: str
    state: str
    rule: str
    reason: str
    cure: str


def moment(value: datetime) -> Any:
    """A time as the database at hand wants it in raw SQL."""
    return connection.ops.adapt_datetimefield_value(value)


def clean(text: str) -> str:
    """Text that both databases take: PostgreSQL refuses NUL, and UTF-8 lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def insert_messages(reads: Sequence[Read], *, known_at: datetime) -> dict[tuple[str, str], int]:
    """Insert rows of messages; the ids of those that were not there before, by (source, digest)."""
    lines: list[tuple[Any, ...]] = []
    known = moment(known_at)
    came: dict[datetime, Any] = {}  # what landed together came together
    for read in reads:
        frame = read.landed.frame
        if frame.received not in came:
            came[frame.received] = moment(frame.received)
        line = (
            frame.source,
            frame.digest.hex(),
            came[frame.received],
            known,
            clean(frame.name),
            read.format[:30],
            clean(read.kind),
            read.landed.address,
            frame.size,
            *verdict(read),
            0,
            0,
        )
        lines.append(line)
    if connection.vendor == "sqlite":
        found = _inserted(len(lines), chain.from_iterable(lines))
        return {(source, digest): id_ for id_, source, digest in found}
    with connection.cursor() as cursor:
        # psycopg reads every mark of a statement: 4,000 of them take 25 ms, sixteen take none.
        cursor.execute(from_arrays("feeds_message", _KINDS, _ONCE), arrays_of(lines))
        return {(source, digest): id_ for id_, source, digest in cursor.fetchall()}


def _inserted(count: int, values: Iterable[Any]) -> list[tuple[int, str, str]]:
    """Insert so many rows into SQLite by one statement, which its driver knows from the last time.

    Straight to the driver: Django's layers would write the marks anew each time.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        sql = _INSERT + ", ".join([_MARKED] * count) + _ONCE
        return list(connection.connection.execute(sql, list(values)))


def verdict(read: Read) -> tuple[str, str, str, str, str]:
    """State, rule, reason, cure and pointer."""
    refusal = read.refusal
    if refusal is None:
        return ("read", "", "", "", "")
    return (
        "quarantined",
        refusal.rule[:80],
        clean(refusal.what)[:2000],
        clean(refusal.cure)[:2000],
        clean(refusal.where)[:500],
    )


_TOLD = "digest, id, address, state, rule, reason, cure"
# One look into the index for each: without statistics, PostgreSQL would read the whole table.
_KNOWN_LATERAL = (
    "SELECT m.* FROM unnest(%s::text[]) AS told (sent) CROSS JOIN LATERAL "
    f"(SELECT {_TOLD} FROM feeds_message WHERE source = %s AND digest = told.sent OFFSET 0) AS m"
)


def known_messages(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    """What became of messages that are in the store already, by (source, digest)."""
    by_source: dict[str, list[str]] = {}
    for source, digest in pairs:
        by_source.setdefault(source, []).append(digest)
    found: dict[tuple[str, str], Known] = {}
    with connection.cursor() as cursor:
        for source, digests in by_source.items():
            for at in range(0, len(digests), 500):
                part = digests[at : at + 500]
                if connection.vendor == "postgresql":
                    cursor.execute(_KNOWN_LATERAL, [array_of(part), source])
                else:
                    among = ", ".join(["%s"] * len(part))
                    cursor.execute(
                        f"SELECT {_TOLD} FROM feeds_message WHERE source = %s "
                        f"AND digest IN ({among})",
                        [source, *part],
                    )
                found |= {(source, row[0]): Known(*row[1:]) for row in cursor.fetchall()}
    return found


def insert_flags(flags: Iterable[tuple[int, str, Remark]]) -> None:
    """Keep the remarks of messages: (message, source, remark)."""
    rows = [
        (message, source, r.rule[:80], clean(r.what)[:1000], clean(r.where)[:500])
        for message, source, r in flags
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO feeds_flag (message, source, rule, what, pointer) "
                "VALUES (%s, %s, %s, %s, %s)",
                rows,
            )


def insert_refused(message: int, refused: Iterable[RefusedRow]) -> None:
    """Keep the refused rows of an extract."""
    part: list[tuple[Any, ...]] = []
    for r in refused:
        part.append(
            (message, r.row, r.rule[:80], clean(r.reason), clean(r.cure), clean(r.text)[:20_000])
        )
        if len(part) == 1000:
            _insert_refused(part)
            part = []
    if part:
        _insert_refused(part)


def _insert_refused(rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO feeds_refused (message, row, rule, reason, cure, text) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )


_COUNT = """
INSERT INTO feeds_sourcecount
    (source, landed, duplicates, read, quarantined, rows_read, rows_refused, last_received, lag)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (source) DO UPDATE SET
    landed = feeds_sourcecount.landed + excluded.landed,
    duplicates = feeds_sourcecount.duplicates + excluded.duplicates,
    read = feeds_sourcecount.read + excluded.read,
    quarantined = feeds_sourcecount.quarantined + excluded.quarantined,
    rows_read = feeds_sourcecount.rows_read + excluded.rows_read,
    rows_refused = feeds_sourcecount.rows_refused + excluded.rows_refused,
    last_received = CASE WHEN excluded.last_received > feeds_sourcecount.last_received
                         THEN excluded.last_received ELSE feeds_sourcecount.last_received END,
    lag = CASE WHEN excluded.lag < 0 THEN feeds_sourcecount.lag ELSE excluded.lag END
"""


def count(new: Sequence[Read], duplicates: Sequence[Read]) -> None:
    """Add to the counters of the sources. Always in the order of their names, so that two
    processes never wait for each other crosswise.
    """
    landed = Counter(read.landed.frame.source for read in new)
    read_ = Counter(read.landed.frame.source for read in new if read.refusal is None)
    twice = Counter(read.landed.frame.source for read in duplicates)
    last: dict[str, Read] = {read.landed.frame.source: read for read in (*duplicates, *new)}
    with connection.cursor() as cursor:
        for source in sorted(last):
            cursor.execute(
                _COUNT,
                [
                    source,
                    landed[source],
                    twice[source],
                    read_[source],
                    landed[source] - read_[source],
                    0,
                    0,
                    moment(last[source].landed.frame.received),
                    lag(last[source]),
                ],
            )


def lag(read: Read) -> float:
    """Seconds from when the source wrote it to when it came; -1 when it does not say."""
    for reading in read.readings:
        if isinstance(reading, ContactEvent):
            return max(0.0, (read.landed.frame.received - reading.recorded).total_seconds())
        if isinstance(reading, PersonSeen):
            return max(0.0, (read.landed.frame.received - reading.at).total_seconds())
    return -1.0


def count_rows(source: str, rows_read: int, rows_refused: int) -> None:
    """Add an extract's rows to the counters of its source."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feeds_sourcecount SET rows_read = rows_read + %s, "
            "rows_refused = rows_refused + %s WHERE source = %s",
            [rows_read, rows_refused, source],
        )


def move_cursor(segment: str, done: dict[int, int]) -> int:
    """Move on over the blocks that are done (offset to end), as far as they follow each other.

    Threads may finish blocks out of order; the cursor stops before the first that is not done.
    """
    at = was = cursor_of(segment)
    while at in done:
        at = done[at]
    if at == was:
        return at
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feeds_cursor (segment, done_to) VALUES (%s, %s) ON CONFLICT (segment) "
            "DO UPDATE SET done_to = excluded.done_to "
            "WHERE feeds_cursor.done_to < excluded.done_to",
            [segment, at],
        )
    return at


def cursors() -> dict[str, int]:
    """Up to where each segment is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT segment, done_to FROM feeds_cursor")
        return dict(cursor.fetchall())


def cursor_of(segment: str) -> int:
    """Up to where a segment is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT done_to FROM feeds_cursor WHERE segment = %s", [segment])
        row = cursor.fetchone()
    return row[0] if row else FIRST


def count_duplicates(source: str, number: int) -> None:
    """Count messages that came again and were not even landed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feeds_sourcecount SET duplicates = duplicates + %s WHERE source = %s",
            [number, source],
        )
