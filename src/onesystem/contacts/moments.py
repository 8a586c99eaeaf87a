"""Times as whole microseconds since 1970 in UTC, which is how the operational store keeps them.

The times of a contact are kept to the millisecond, in both stores: no source means more by it, and
in the log each further digit costs half a byte a contact and copy. `known_at` keeps all six, since
versions are told apart by it.
"""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970.

    >>> to_micros(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def micros(moment: datetime | None) -> int | None:
    """A contact's time in microseconds since 1970, cut to the millisecond; nothing for nothing."""
    return None if moment is None else to_micros(moment) // 1000 * 1000


def from_micros(count: int) -> datetime:
    """The moment so many microseconds after 1970, in UTC."""
    return _EPOCH + count * _MICROSECOND


def moment(count: int | None) -> datetime | None:
    """The moment, or nothing for nothing."""
    return None if count is None else _EPOCH + count * _MICROSECOND


def month_of(count: int | None) -> str:
    """The UTC month that a moment lies in, as `2026-03`; `none` without one."""
    return "none" if count is None else from_micros(count).strftime("%Y-%m")
