"""The entries of the directory, read from the store once for each change of it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from onesystem.care.services.codec import unpacked
from onesystem.care.services.defaults import bare, plain
from onesystem.care.services.entry import Entry
from onesystem.district import District, current
from onesystem.vocabulary import NotFound, nearest
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

_NAMES = "service, number, body, kept_at, kept_by, confirmed_at, confirmed_by"


def entries() -> dict[str, Entry]:
    """Every service of the directory by its code: the district's, then those only listed."""
    return _directory().at(_stamp())


def entry(code: str) -> Entry:
    """The service of that code. Raises NotFound."""
    every = entries()
    try:
        return every[code]
    except KeyError:
        raise NotFound(
            say("there is no service {code} in the directory", code=repr(code)),
            nearest(code, every),
        ) from None


def _stamp() -> tuple[int, ...]:
    """What changes whenever an entry does: steps are only ever added.

    With the moment of the last: the number of one that was rolled back is given out again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id), count(*), max(at) FROM care_service_step")
        return tuple(int(each or 0) for each in cursor.fetchone())


class _Directory:
    """What was read of a district's directory: an entry is unpacked again only where it changed."""

    def __init__(self, district: District) -> None:
        self.district, self.stamp = district, (-1,)
        self.plain = {code: plain(each, district) for code, each in district.services.items()}
        self.rows: dict[str, tuple[tuple[Any, ...], Entry | None]] = {}
        self.entries: dict[str, Entry] = {}

    def at(self, stamp: tuple[int, ...]) -> dict[str, Entry]:
        """The entries as they stand."""
        if stamp != self.stamp:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {_NAMES} FROM care_service ORDER BY service")
                told = {row[0]: tuple(row) for row in cursor.fetchall()}
            self.rows = {code: self._unpacked(code, row) for code, row in told.items()}
            kept = {code: each for code, (_, each) in self.rows.items() if each is not None}
            self.entries, self.stamp = {**self.plain, **kept}, stamp
        return self.entries

    def _unpacked(self, code: str, row: tuple[Any, ...]) -> tuple[tuple[Any, ...], Entry | None]:
        before = self.rows.get(code)
        return before if before and before[0] == row else (row, self.entry_of(row))

    def entry_of(self, row: tuple[Any, ...]) -> Entry | None:
        """A row as an entry; None for a service that the district's file names no more."""
        return _entry(self.district, self.plain, row)


_last: _Directory | None = None


def _directory() -> _Directory:
    global _last  # noqa: PLW0603 - one directory a process
    district = current()
    if _last is None or _last.district is not district:
        _last = _Directory(district)
    return _last


def as_stored(code: str) -> Entry | None:
    """One entry as it stands in this moment, without the others; None where there is none."""
    directory = _directory()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_NAMES} FROM care_service WHERE service = %s", [code])
        row = cursor.fetchone()
    return directory.entry_of(tuple(row)) if row else directory.plain.get(code)


def _entry(district: District, found: dict[str, Entry], row: tuple[Any, ...]) -> Entry | None:
    code, number, body, kept_at, kept_by, confirmed_at, confirmed_by = row
    said = orjson.loads(body) if body else {}
    if code in district.services:
        made = unpacked(said, bare(district.services[code])) if body else found[code]
    elif "listed" in said:
        made = unpacked(said, Entry(service=code, name=code, listed=True))
    else:  # the district had it once, and its file names it no more
        return None
    return replace(
        made, number=number, kept_at=_moment(kept_at), kept_by=kept_by,
        confirmed_at=_moment(confirmed_at), confirmed_by=confirmed_by,
    )  # fmt: skip


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
