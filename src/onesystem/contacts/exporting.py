"""Exports of contacts: a stream of rows to CSV or Parquet, asked for by someone, and audited.

Text that a spreadsheet would run as a formula is made harmless: a source's words may begin with
an equals sign, and a CSV file is opened in Excel sooner or later.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, BinaryIO, Self

from onesystem.contacts import operational, pending, relation
from onesystem.contacts.log import scan, shape
from onesystem.district import District, current
from onesystem.vocabulary import zone

_BOM = b"\xef\xbb\xbf"
_ROWS = 65_536  # rows in one portion
_WHEN = "coalesce(started, requested, ready, ended)"
_HARMFUL = r"^ *[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"  # as vocabulary.spreadsheets


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which contacts. Days are the district's, `since` included and `until` not.

    A contact is of the day when it started, or of the first time that is known of it.
    """

    since: date | None = None
    until: date | None = None
    services: Sequence[str] = ()
    settings: Sequence[str] = ()
    sources: Sequence[str] = ()
    identities: Sequence[int] = ()
    as_of: datetime | None = None
    cancelled: bool = False

    def detail(self) -> dict[str, Any]:
        """What the audit trail keeps of it: never who, only how many."""
        said = {
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "services": list(self.services),
            "settings": list(self.settings),
            "sources": list(self.sources),
            "identities": len(self.identities),
            "as_of": self.as_of and self.as_of.isoformat(),
        }
        return {name: value for name, value in said.items() if value}


def export(
    asked: Asked,
    *,
    by: Any,
    out: BinaryIO,
    form: str = "csv",
    bom: bool = False,
    person: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write the contacts that were asked for to `out`; gives how many rows.

    `form` is `csv` (times in the district's zone with their offset, UTF-8, `bom` for Excel) or
    `parquet` (times in UTC). Raises NotPermitted where `by`, an access.Actor, may not export.
    """
    from onesystem import access

    access.require(by, "contacts.export")
    rows = 0
    with Found(asked) as found:
        if form == "csv":
            if bom:
                out.write(_BOM)
            portions = _csv(found.as_text(), out)
        else:
            portions = _parquet(found.relation, out)
        for count in portions:
            rows += count
            if progress:
                progress(rows)
    access.record(
        by=by,
        act="contacts.exported",
        what=form,
        person=person,
        detail={**asked.detail(), "rows": rows},
    )
    return rows


def first(
    asked: Asked, *, by: Any, limit: int, person: int | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The columns' names and the first rows, newest first, as text; audited like an export."""
    from onesystem import access

    access.require(by, "contacts.export")
    with Found(asked) as found:
        found.relation = found.relation.order(f"{_WHEN} DESC, contact").limit(limit)
        text = found.as_text()
        rows = text.fetchall()
        names = list(text.columns)
    access.record(
        by=by,
        act="contacts.exported",
        what="table",
        person=person,
        detail={**asked.detail(), "rows": len(rows)},
    )
    return names, rows


class Found:
    """The relation of what was asked for, on a connection of its own."""

    def __init__(self, asked: Asked) -> None:
        self.district: District = current()
        self.asked = asked

    def __enter__(self) -> Self:
        pending.recover()
        self.duck = scan.connect(memory="1GB")
        start, end = self._moments()
        every = relation.contacts(
            self.duck,
            self.district.path,
            operational.in_process(self.asked.as_of),
            as_of=self.asked.as_of,
            months=(_month(start, "0000"), _month(end, "9999")) if start or end else None,
        )
        self.relation = every.filter(self._where(start, end))
        return self

    def __exit__(self, *_: object) -> None:
        self.duck.close()

    def as_text(self) -> Any:
        """The same rows as a CSV file says them."""
        self.duck.execute(f"SET TimeZone = '{self.district.zone}'")
        return self.relation.project(", ".join(said(name) for name in shape.COLUMNS))

    def _moments(self) -> tuple[datetime | None, datetime | None]:
        def of(day: date | None) -> datetime | None:
            if day is None:
                return None
            local = datetime.combine(day, time(), tzinfo=zone(self.district.zone))
            return local.astimezone(UTC)

        return of(self.asked.since), of(self.asked.until)

    def _where(self, start: datetime | None, end: datetime | None) -> str:
        tests = [] if self.asked.cancelled else ["NOT cancelled"]
        if start:
            tests.append(f"{_WHEN} >= TIMESTAMPTZ '{start.isoformat()}'")
        if end:
            tests.append(f"{_WHEN} < TIMESTAMPTZ '{end.isoformat()}'")
        for column, values in (
            ("service", self.asked.services),
            ("setting", self.asked.settings),
            ("source", self.asked.sources),
        ):
            if values:
                tests.append(f"{column} IN ({', '.join(map(scan.quoted, values))})")
        if self.asked.identities:
            tests.append(f"identity IN ({', '.join(str(int(i)) for i in self.asked.identities)})")
        return " AND ".join(tests) or "true"


def _month(moment: datetime | None, otherwise: str) -> str:
    return otherwise if moment is None else moment.strftime("%Y-%m")


def said(name: str) -> str:
    """A column as CSV says it. strftime writes an offset of whole hours without minutes."""
    if name in (*shape.TIMES, shape.PLANNED, "known_at"):
        return (
            f"regexp_replace(strftime({name}, '%Y-%m-%dT%H:%M:%S%z'), '([+-]\\d\\d)$', '\\1:00')"
            f' AS "{name}"'
        )
    if name in shape.TEXTS:
        column = f'"{name}"'
        return (
            f"CASE WHEN regexp_matches({column}, '{_HARMFUL}') THEN '''' || {column}"
            f" ELSE {column} END AS {column}"
        )
    return f'"{name}"'


def write(found: Any, out: BinaryIO, form: str) -> Any:
    """Write a relation in portions as `csv` or `parquet`; gives the rows of each."""
    return _csv(found, out) if form == "csv" else _parquet(found, out)


def _csv(found: Any, out: BinaryIO) -> Any:
    import pyarrow.csv as pc

    batches = found.to_arrow_reader(_ROWS)
    with pc.CSVWriter(
        out, batches.schema, write_options=pc.WriteOptions(quoting_style="needed")
    ) as file:
        for batch in batches:
            file.write_batch(batch)
            yield batch.num_rows


def _parquet(found: Any, out: BinaryIO) -> Any:
    import pyarrow.parquet as pq

    batches = found.to_arrow_reader(_ROWS)
    with pq.ParquetWriter(out, batches.schema, compression="zstd") as file:
        for batch in batches:
            file.write_batch(batch)
            yield batch.num_rows


__all__ = ["Asked", "Found", "export", "first", "said", "write"]
