"""The codes of the lists that the district loaded, as they are asked for by address."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from onesystem.record.codes.composing import Code


class Loaded(NamedTuple):
    """A loaded list: its address, version, name, and what it is."""

    number: int
    url: str
    version: str
    name: str
    kind: str


def loaded(url: str, kind: str) -> Loaded | None:
    """The list at an address (`url|version` for one version), the newest that was loaded."""
    address, _, version = url.partition("|")
    sql = (
        "SELECT id, url, version, name, kind FROM record_codeset WHERE url = %s AND kind = %s AND "
    )
    found = _rows(
        f"{sql}{'version = %s' if version else 'current'} ORDER BY loaded_at DESC LIMIT 1",
        [address, kind, *([version] if version else [])],
    )
    return Loaded(*found[0]) if found else None


def codes_of(of: Loaded) -> list[Code]:
    """Its codes, in the order of the file."""
    found = _rows(
        "SELECT system, code, display, parent FROM record_code WHERE codeset = %s ORDER BY id",
        [of.number],
    )
    return [Code(s, c, d, tuple(parent.split())) for s, c, d, parent in found]


def word(system: str, code: str) -> tuple[str, str, str] | None:
    """The display, list name and version of a code, of any current list; None for none."""
    found = _rows(
        "SELECT c.display, s.name, s.version FROM record_code c JOIN record_codeset s "
        "ON s.id = c.codeset WHERE s.current AND c.system = %s AND c.code = %s "
        "ORDER BY s.kind, c.display = '', s.id LIMIT 1",
        [system, code],
    )
    return found[0] if found else None


def _rows(sql: str, values: Sequence[object]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()  # type: ignore[no-any-return]
