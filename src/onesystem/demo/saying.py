"""What the wards of the demo say on their boards: why somebody who is ready has not gone, and when
the others are expected to leave.

No hospital's system sends that; staff say it by one gesture each. The demo's staff are plainly a
job, and say it of most people, not of all: a board on which everything is said is no board.
"""

import hashlib
from datetime import datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from onesystem.access import Actor
from onesystem.district import District, current, now
from onesystem.flow.stays import acting, facts, reading
from onesystem.flow.stays.taking import standing_of
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros, to_micros

BY = Actor.job("demo ward staff")
SHARES = (  # reason, out of a hundred of those for whom one is said: our own shares
    ("care-at-home", 24), ("further-care", 16), ("assessment", 14), ("medicines", 12),
    ("residential-home", 9), ("transport", 8), ("therapy", 7), ("nursing-home", 5),
    ("choice", 3), ("equipment", 2),
)  # fmt: skip
_SAID_OF, _DATED = 85, 65  # of a hundred who are ready, and of a hundred who are not
_LEAVES = 11  # o'clock
_SETTLED = timedelta(hours=8)  # on a ward, before anybody says when they leave


def say(at: datetime | None = None) -> int:
    """Say what is not said yet of those in beds; gives how many gestures that took."""
    district, at = current(), at or now()
    beds = [s.code for s in district.services.values() if s.setting.holds_beds]
    found = reading.open_in(beds, at=to_micros(at))
    told = standing_of({row.visit for row in found})
    said = 0
    for row in found:
        known = {
            each.fact for each in told.get(row.visit, ())
            if each.contact == row.contact or each.fact in facts.OF_VISIT
        }  # fmt: skip
        said += _of(row, known, at, district)
    return said


def _of(row: reading.Open, known: set[str], at: datetime, district: District) -> bool:
    if row.started is None or row.started > to_micros(at):
        return False
    luck = _luck(row.contact)
    ready = row.ready is not None and row.ready <= to_micros(at)
    try:
        if ready and facts.DELAY not in known and luck % 100 < _SAID_OF:
            acting.delayed(contact=row.contact, reason=_reason(luck), by=BY)
            return True
        settled = at - from_micros(row.started) > _SETTLED
        if not ready and settled and facts.LEAVE not in known and luck % 100 < _DATED:
            acting.leaves(contact=row.contact, at=_leaves(luck, at, district), by=BY)
            return True
    except UserError:  # they have left meanwhile
        return False
    return False


def _reason(luck: int) -> str:
    place, sums = luck // 100 % 100, accumulate(part for _, part in SHARES)
    return next(reason for (reason, _), upto in zip(SHARES, sums, strict=True) if place < upto)


def _leaves(luck: int, at: datetime, district: District) -> datetime:
    """In one to five days, before lunch."""
    day = at.astimezone(ZoneInfo(district.zone)) + timedelta(days=1 + luck // 10_000 % 5)
    return day.replace(hour=_LEAVES, minute=0, second=0, microsecond=0)


def _luck(contact: int) -> int:
    """The same for the same contact, whoever asks and when."""
    return int.from_bytes(hashlib.blake2b(str(contact).encode(), digest_size=6).digest())
