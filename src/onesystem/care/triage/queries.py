"""What can be asked about tables: all of them with how they stand, one of them, its history."""

from dataclasses import dataclass
from datetime import datetime

from onesystem.care.triage import library
from onesystem.care.triage.reading import read
from onesystem.care.triage.rows import SwitchRow, TableRow
from onesystem.care.triage.tables import Table
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, nearest, to_local
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A table of the district as it stands. `version` is the one in use, 0 the shipped one."""

    key: str
    title: str
    on: bool
    version: int
    latest: int
    shipped: bool
    example: bool
    by: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One entry of a table's history: written, switched on or off."""

    at: datetime
    by: str
    what: str
    version: int
    reason: str = ""


def standing() -> list[Standing]:
    """Every table that is shipped or that the district wrote, by title."""
    shipped = {table.key: table for table in library.tables()}
    latest = dict(TableRow.objects.order_by("version").values_list("key", "version"))
    found = [_standing(key, shipped.get(key), latest.get(key, 0)) for key in {*shipped, *latest}]
    return sorted(found, key=lambda each: each.title)


def _standing(key: str, shipped: Table | None, latest: int) -> Standing:
    last = SwitchRow.objects.filter(key=key).order_by("-at", "-id").first()
    on, version = (last.on, last.version) if last else (False, 0 if shipped else latest)
    table = table_of(key, version if on else (latest or 0))
    return Standing(
        key=key, title=table.title, on=on, version=version, latest=latest,
        shipped=shipped is not None, example=table.example, by=last.by if last else "",
        at=from_micros(last.at) if last else None, reason=last.reason if last else "",
    )  # fmt: skip


def table_of(key: str, version: int) -> Table:
    """One version of a table; 0 is the shipped one. Raises NotFound."""
    return library.table(key) if version == 0 else read(text_of(key, version), name=key)


def text_of(key: str, version: int) -> str:
    """The TOML of a version, as it was written. Raises NotFound."""
    if version == 0:
        return library.text(key)
    row = TableRow.objects.filter(key=key, version=version).first()
    if row is None:
        raise NotFound(
            say("there is no version {version} of {key}", version=version, key=repr(key)),
            "Look at its history.",
        )
    return row.text


def latest_of(key: str) -> int:
    """The district's latest version of a table; 0 where it wrote none."""
    row = TableRow.objects.filter(key=key).order_by("-version").values_list("version").first()
    return int(row[0]) if row else 0


def in_use(key: str, *, at: datetime | None = None) -> Table | None:
    """The table of that key as it was in use at a moment, now as a rule.

    None where it was off, and on days that are not of its own: a table says since and until when.
    """
    at = at or now()
    row = SwitchRow.objects.filter(key=key, at__lte=to_micros(at))
    last = row.order_by("-at", "-id").first()
    table = table_of(key, last.version) if last and last.on else None
    return table if table and table.in_force(to_local(at, current().zone).date()) else None


def every_in_use() -> list[Table]:
    """The tables that are on, by title."""
    keys = SwitchRow.objects.values_list("key", flat=True).distinct()
    found = [table for key in keys if (table := in_use(key))]
    return sorted(found, key=lambda table: table.title)


def known(key: str) -> None:
    """Do nothing where there is such a table. Raises NotFound."""
    every = {each.key for each in library.tables()}
    every |= set(TableRow.objects.values_list("key", flat=True))
    if key not in every:
        raise NotFound(say("there is no table {key}", key=repr(key)), nearest(key, every))


def history(key: str) -> list[Turn]:
    """What was written and switched, newest first."""
    turns = [
        Turn(at=from_micros(r.at), by=r.by, what="written", version=r.version)
        for r in TableRow.objects.filter(key=key)
    ]
    turns += [
        Turn(at=from_micros(r.at), by=r.by, what="switched on" if r.on else "switched off",
             version=r.version, reason=r.reason)
        for r in SwitchRow.objects.filter(key=key)
    ]  # fmt: skip
    return sorted(turns, key=lambda turn: turn.at, reverse=True)
