"""The bulk side of an append: rows shaped, compared with what is known, and stored.

Everything here works on whole columns, but for the rows that end in the operational store.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from onesystem.contacts import outbox, pending, store
from onesystem.contacts.ids import cause_ids, contact_ids
from onesystem.contacts.log import manifest, scan, shape
from onesystem.contacts.log.manifest import Manifest
from onesystem.contacts.moments import moment
from onesystem.contacts.rows import Row, state_of
from onesystem.contacts.stretches import odd
from onesystem.contacts.taking import Counts, take
from onesystem.contacts.touching import touch
from onesystem.district import current
from onesystem.vocabulary import Setting
from onesystem.vocabulary.kept import to_micros

_FEW = 2000  # rows for which people are looked up one by one before the log is scanned


def prepared(table: Any, *, source: str, message: int, known_at: datetime) -> tuple[Any, int]:
    """The rows with the log's columns, `key` and `recorded`; and how many had no time or key."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = _whole(table)
    n = len(table)
    if not n:
        return _typed({}, table, pa.array([], pa.int64()), pa.array([], pa.int64())), 0
    constant = {
        "source": _constant(source, n),
        "version": pa.repeat(pa.scalar(1, pa.int32()), n),
        "known_at": pa.repeat(pa.scalar(known_at, pa.timestamp("us", tz="UTC")), n),
        "message": pa.repeat(pa.scalar(message, pa.int64()), n),
    }
    contact = pa.array(contact_ids(source, _texts(table["key"])))
    rows = _typed(constant, table, contact, _causes(source, _texts(table["cause_key"])))
    timed = pc.or_(
        pc.or_(pc.is_valid(rows["started"]), pc.is_valid(rows["requested"])),
        pc.or_(pc.is_valid(rows["ended"]), pc.is_valid(rows["ready"])),
    )
    good = pc.and_(timed, pc.not_equal(table["key"], ""))
    if not pc.all(good).as_py():
        rows = rows.filter(good)
    return _last_of_each(rows), n - pc.sum(good).as_py()


def _texts(column: Any) -> Any:
    """A column of text as one plain Arrow array."""
    import pyarrow as pa

    plain = column.cast(pa.string())
    return pa.concat_arrays(plain.chunks) if plain.num_chunks != 1 else plain.chunk(0)


def _causes(source: str, keys: Any) -> Any:
    """The ids of the contacts that led to these, null where none is told."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    told = pc.not_equal(keys, "")
    ids = np.zeros(len(keys), np.int64)
    there = told.to_numpy(zero_copy_only=False)
    ids[there] = cause_ids(source, keys.filter(told))
    return pa.array(ids, mask=~there)


def _whole(table: Any) -> Any:
    """The table with every column that a row may have, texts never null."""
    import pyarrow as pa

    n = len(table)
    columns = {}
    texts = ("key", "cause_key", *shape.TEXTS[1:])
    for name in texts:
        if name not in table.schema.names:
            columns[name] = (
                _constant("", n) if name not in {"key", "cause_key"} else pa.repeat("", n)
            )
            continue
        column = table[name].combine_chunks()
        if column.null_count:
            column = (
                column.fill_null("")
                if not pa.types.is_dictionary(column.type)
                else column.cast(pa.string()).fill_null("")
            )
        columns[name] = column
    micro = pa.timestamp("us", tz="UTC")
    for name in (*shape.TIMES, shape.PLANNED, "recorded"):
        columns[name] = table[name] if name in table.schema.names else pa.nulls(n, micro)
    columns["identity"] = table["identity"].cast(pa.int64())
    if "cancelled" in table.schema.names:
        columns["cancelled"] = table["cancelled"].cast(pa.bool_()).fill_null(False)
    else:
        columns["cancelled"] = pa.repeat(False, n)
    return pa.table(columns)


def _typed(constant: dict[str, Any], table: Any, contact: Any, cause: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = {name: table[name] for name in table.schema.names if name != "cause_key"}
    columns |= {"contact": contact, "cause": cause, **constant}
    if not constant:
        return pa.table(
            {
                **{field.name: pa.array([], field.type) for field in shape.schema()},
                "key": pa.array([], pa.string()),
                "recorded": pa.array([], pa.timestamp("us", tz="UTC")),
            }
        )
    setting = columns["setting"]
    if pc.any(pc.equal(pc.unique(setting).cast(pa.string()), "")).as_py():
        columns["setting"] = _settings(setting, columns["service"])
    rows = shape.shaped(pa.table({name: columns[name] for name in shape.COLUMNS}))
    return rows.append_column("key", columns["key"].cast(pa.string())).append_column(
        "recorded", columns["recorded"].cast(pa.timestamp("us", tz="UTC"))
    )


def _settings(setting: Any, service: Any) -> Any:
    """The settings, with those of the services where the rows say none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    district = current()
    coded = service.cast(pa.string()).combine_chunks().dictionary_encode()
    names = coded.dictionary.to_pylist()
    own = pa.array([district.setting_of(s) or Setting.COMMUNITY.value for s in names], pa.string())
    plain = setting.cast(pa.string())
    return pc.if_else(pc.equal(plain, ""), own.take(coded.indices), plain)


def _constant(text: str, n: int) -> Any:
    import numpy as np
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int32)), pa.array([text]))


def _last_of_each(rows: Any) -> Any:
    """One row a contact: where a key comes twice, the row further down counts."""
    import numpy as np
    import pyarrow as pa

    ids = rows["contact"].to_numpy()
    ordered = np.sort(ids)
    if not (ordered[1:] == ordered[:-1]).any():
        return rows
    _, first_from_the_end = np.unique(ids[::-1], return_index=True)
    return rows.take(pa.array(np.sort(len(ids) - 1 - first_from_the_end)))


@dataclass(frozen=True, slots=True)
class Known:
    """What the log has of the rows' contacts: arrays sorted by contact."""

    contact: Any
    version: Any
    same: Any  # whether the row says what the log's latest version says

    def of(self, contacts: Any) -> tuple[Any, Any]:
        """(version, same) for an array of contacts; version 0 where the log has none."""
        import numpy as np

        if not len(self.contact):
            return np.zeros(len(contacts), np.int32), np.zeros(len(contacts), bool)
        at = np.minimum(np.searchsorted(self.contact, contacts), len(self.contact) - 1)
        found = self.contact[at] == contacts
        return np.where(found, self.version[at], 0), found & self.same[at]

    def split(self, rows: Any, known_at: datetime) -> tuple[Any, Any, Counts]:
        """The rows that the log lacks, with their versions; and what they supersede."""
        import numpy as np
        import pyarrow as pa

        version, same = self.of(rows["contact"].to_numpy())
        if same.any():
            rows, version = rows.filter(pa.array(~same)), version[~same]
        if version.any():
            i = rows.schema.get_field_index("version")
            rows = rows.set_column(i, "version", pa.array((version + 1).astype(np.int32)))
        old = version > 0
        contact = rows["contact"].to_numpy()
        gone = pa.table(
            {
                "contact": contact[old],
                "version": version[old].astype(np.int32),
                "known_at": pa.repeat(
                    pa.scalar(known_at, pa.timestamp("us", tz="UTC")), int(old.sum())
                ),
            }
        )
        return (
            rows,
            gone,
            Counts(
                contacts_new=int((~old).sum()),
                versions=len(rows),
                flagged=_odd_rows(rows, known_at),
                unchanged=int(same.sum()),
            ),
        )


def _odd_rows(rows: Any, known_at: datetime) -> int:
    import pyarrow as pa
    import pyarrow.compute as pc

    limit = pa.scalar(known_at + timedelta(days=1), rows["started"].type)
    tests = (
        pc.less(rows["ended"], rows["started"]),
        pc.greater(rows["started"], limit),
        pc.greater(rows["ended"], limit),
    )
    wrong = pc.or_kleene(pc.or_kleene(tests[0], tests[1]), tests[2])
    return int(pc.sum(wrong).as_py() or 0)


def known_in_log(rows: Any, source: str) -> Known:
    """Which of the rows' contacts the log has, and whether the rows say anything new."""
    import numpy as np

    now = pending.seen()
    nothing = Known(np.array([], np.int64), np.array([], np.int32), np.array([], bool))
    if not len(rows) or not now.has(source):
        return nothing
    if len(rows) <= _FEW:
        found = _by_person(rows, now)
        if len(found) == len(rows):
            return _sorted(found)
    return _by_scan(rows, source, now)


def _by_person(rows: Any, now: Manifest) -> list[tuple[int, int, bool]]:
    from onesystem.contacts.log import read

    said = {row.contact: row for row in read.rows_of(rows)}
    latest = read.latest((row.identity for row in said.values()), now)
    return [
        (row.contact, row.version, row.content == said[row.contact].content)
        for row in latest
        if row.contact in said
    ]


def _by_scan(rows: Any, source: str, now: Manifest) -> Known:
    """First only the ids, then the whole rows of those files in which some were found."""
    import numpy as np

    files = tuple(file for file in now.months if source in file.sources)
    duck = scan.connect(memory="2GB")
    duck.register("r", rows)
    names = [str(manifest.place() / file.name) for file in files]
    hit = duck.execute(
        "SELECT DISTINCT filename FROM read_parquet($names, filename = true)"
        " WHERE contact IN (SELECT contact FROM r)",
        {"names": names},
    ).fetchall()
    hits = {name for (name,) in hit}
    some = tuple(f for f in files if str(manifest.place() / f.name) in hits)
    latest = scan.latest_sql(replace(now, months=some))
    same = " AND ".join(f'l."{name}" IS NOT DISTINCT FROM r."{name}"' for name in shape.CONTENT)
    found = duck.execute(
        f"SELECT l.contact, l.version, {same} AS same FROM {latest} AS l"
        " JOIN r ON l.contact = r.contact ORDER BY l.contact"
    ).fetchnumpy()
    duck.close()
    return Known(
        np.asarray(found["contact"]).astype(np.int64),
        np.asarray(found["version"]).astype(np.int32),
        np.asarray(found["same"]).astype(bool),
    )


def _sorted(found: list[tuple[int, int, bool]]) -> Known:
    import numpy as np

    found.sort()
    return Known(
        np.array([f[0] for f in found], np.int64),
        np.array([f[1] for f in found], np.int32),
        np.array([f[2] for f in found], bool),
    )


def stored(rows: Any, known: Known, *, source: str, known_at: datetime) -> Counts:
    """Put rows into the operational store; visits with live events take theirs as one more."""
    if not len(rows):
        return Counts()
    from onesystem.contacts.log import read

    store.lock(rows["contact"].to_pylist())
    versions, same = known.of(rows["contact"].to_numpy())
    keys = rows["key"].to_pylist()
    recorded = [to_micros(r) if r else to_micros(known_at) for r in rows["recorded"].to_pylist()]
    told = [
        row._replace(
            visit=row.contact, key=key, recorded=when, version=int(old) + 1, logged=int(old)
        )
        for row, key, when, old in zip(
            read.rows_of(rows), keys, recorded, versions.tolist(), strict=True
        )
    ]
    there = {row.contact: row for row in store.select_in("contact", (r.contact for r in told))}
    live = _live(r.contact for r in told)
    plain, events = _Plain(known_at), []
    for row, is_same in zip(told, same.tolist(), strict=True):
        if row.contact in live:
            events.append((source, row.identity, row.message, state_of(row, row.key)))
        else:
            plain.put(row, there.get(row.contact), is_same=is_same)
    counts = plain.write()
    return counts + take(events, known_at=known_at)


def _live(contacts: Iterable[int]) -> set[int]:
    """Those visits that live messages told of."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for values, among in store.chunks(contacts):
            cursor.execute(f"SELECT visit FROM contacts_event WHERE visit {among}", values)
            found.update(number for (number,) in cursor.fetchall())
    return found


class _Plain:
    """Rows of visits that no live message told of: the row that was written last counts."""

    def __init__(self, known_at: datetime) -> None:
        self.known_at = known_at
        self.fresh: list[Row] = []
        self.changed: list[Row] = []
        self.earlier: list[Row] = []
        self.services: dict[str, int] = {}
        self.confirmed: list[tuple[int, int]] = []
        self.flagged = self.unchanged = self.new = self.cancelled = 0

    def put(self, row: Row, old: Row | None, *, is_same: bool) -> None:
        """Compare a row with what is known of its contact and note what to write."""
        if old is None:
            if is_same:
                self.unchanged += 1
                return
            self.fresh.append(row)
            self.new += not row.logged
        elif (row.recorded or 0) < (old.recorded or 0):
            self.unchanged += 1
            return
        elif old.content == row.content:
            self.unchanged += 1
            self.confirmed.append((row.recorded or 0, row.contact))
            return
        else:
            if old.version > old.logged:
                self.earlier.append(old)
            self.cancelled += row.cancelled and not old.cancelled
            self.changed.append(row._replace(version=old.version + 1, logged=old.logged))
        self.flagged += bool(odd(moment(row.started), moment(row.ended), self.known_at))
        self.services[row.service] = self.services.get(row.service, 0) + 1

    def write(self) -> Counts:
        """Write what was noted."""
        store.insert(self.fresh)
        store.write(rows=self.changed, earlier=self.earlier, events=[])
        touch(row.identity for some in (self.fresh, self.changed, self.earlier) for row in some)
        with connection.cursor() as cursor:
            if self.confirmed:
                cursor.executemany(
                    "UPDATE contacts_contact SET recorded = %s WHERE contact = %s", self.confirmed
                )
        for service, count in sorted(self.services.items()):
            outbox.announce("contacts", {"service": service, "changed": count})
        return Counts(
            contacts_new=self.new,
            versions=len(self.fresh) + len(self.changed),
            cancelled=self.cancelled,
            flagged=self.flagged,
            unchanged=self.unchanged,
        )
