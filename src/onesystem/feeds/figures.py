"""What an operator watches of the feeds: counts by source, and what waits. Names no one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from onesystem.district import District
from onesystem.feeds.landing import landing_of
from onesystem.feeds.models import Message, SourceCount
from onesystem.feeds.pending import behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source, as its counters stand. `lag` is in seconds, from the event to its arrival."""

    code: str
    read: int
    quarantined: int
    duplicates: int
    waiting: int  # in quarantine now
    last: datetime
    lag: float


@dataclass(frozen=True, slots=True)
class Landing:
    """The landing: bytes in its segments, and how many of them are not read yet."""

    size: int
    behind: int


def sources() -> list[Source]:
    """Every source that has sent."""
    waiting: Mapping[str, int] = dict(
        Message.objects.filter(state=Message.QUARANTINED)
        .values_list("source")
        .annotate(number=Count("id"))
    )
    return [
        Source(
            code=each.source, read=each.read, quarantined=each.quarantined,
            duplicates=each.duplicates, waiting=waiting.get(each.source, 0),
            last=each.last_received, lag=each.lag,
        )
        for each in SourceCount.objects.order_by("source")
    ]  # fmt: skip


def landing(district: District) -> Landing:
    """How the landing of this district stands."""
    kept = landing_of(district.path)
    return Landing(size=sum(map(kept.size, kept.names())), behind=behind(kept))
