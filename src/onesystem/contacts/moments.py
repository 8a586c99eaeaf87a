"""The times of contacts as both stores keep them: whole microseconds since 1970 in UTC.

The times of a contact are kept to the millisecond, in both stores: no source means more by it, and
in the log each further digit costs half a byte a contact and copy. `known_at` keeps all six, since
versions are told apart by it.
"""

from datetime import datetime

from onesystem.vocabulary.kept import from_micros, to_micros

DAY = 86_400_000_000


def micros(moment: datetime | None) -> int | None:
    """A contact's time in microseconds since 1970, cut to the millisecond; nothing for nothing."""
    return None if moment is None else to_micros(moment) // 1000 * 1000


def moment(count: int | None) -> datetime | None:
    """The moment, or nothing for nothing."""
    return None if count is None else from_micros(count)


def month_of(count: int | None) -> str:
    """The UTC month that a moment lies in, as `2026-03`; `none` without one."""
    return "none" if count is None else from_micros(count).strftime("%Y-%m")
