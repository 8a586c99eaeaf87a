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

_NAMES = "service, number, body, kept_at, kept_by, confirmed_at, confirmed_by"


def entries() -> dict[str, Entry]:
    """Every service of the directory by its code: the district's, then those only listed."""
    return _entries(current(), _stamp())


def entry(code: str) -> Entry:
    """The service of that code. Raises NotFound."""
    every = entries()
    try:
        return every[code]
    except KeyError:
        raise NotFound(
            f"there is no service {code!r} in the directory", nearest(code, every)
        ) from None


def _stamp() -> tuple[int, ...]:
    """What changes whenever an entry does: steps are only ever added.

    With the moment of the last: the number of one that was rolled back is given out again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id), count(*), max(at) FROM care_service_step")
        return tuple(int(each or 0) for each in cursor.fetchone())


_kept: tuple[District, tuple[int, ...], dict[str, Entry]] | None = None


def _entries(district: District, stamp: tuple[int, ...]) -> dict[str, Entry]:
    """What was read before, where neither the district's file nor an entry has changed since."""
    global _kept  # noqa: PLW0603 - one directory a process
    kept = _kept
    if kept is None or kept[0] is not district or kept[1] != stamp:
        kept = _kept = district, stamp, _read(district)
    return kept[2]


def _read(district: District) -> dict[str, Entry]:
    found = {code: plain(service, district) for code, service in district.services.items()}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_NAMES} FROM care_service ORDER BY service")
        for row in cursor.fetchall():
            if (made := _entry(district, found, row)) is not None:
                found[row[0]] = made
    return found


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
