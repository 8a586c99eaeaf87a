"""The latest view over both stores as a lazy DuckDB relation, without Django."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from onesystem.contacts.log import scan, shape
from onesystem.contacts.log.manifest import Manifest, read_from

_numbers = count(1)
_NAMES = ", ".join(f'"{name}"' for name in shape.COLUMNS)
_OF_LOG = ", ".join(f'l."{name}"' for name in shape.COLUMNS)


def contacts(
    duck: Any,
    folder: Path,
    stored: Any,
    *,
    as_of: datetime | None = None,
    months: tuple[str, str] | None = None,
) -> Any:
    """The contacts of a district folder: what the operational store says, then the log.

    `stored` is the store's part, from `operational`, read just before: what leaves the store for
    the log meanwhile is then in both, and the store's is the one that counts. `as_of` asks what
    was known at a moment. `months` leaves out the log's files of other months (first and last,
    as `2026-03`): a contact lies in the month in which it started.
    """
    name = f"stored_{next(_numbers)}"
    duck.register(name, stored)
    now = _of_months(read_from(folder / "log"), months)
    log = scan.latest_sql(now, as_of=as_of, folder=folder / "log")
    return duck.sql(
        f"SELECT {_NAMES} FROM {name} UNION ALL SELECT {_OF_LOG} FROM {log} AS l"
        f" ANTI JOIN {name} AS s ON l.contact = s.contact"
    )


def _of_months(now: Manifest, months: tuple[str, str] | None) -> Manifest:
    if months is None:
        return now
    first, last = months
    return replace(now, months=tuple(f for f in now.months if first <= f.month <= last))
