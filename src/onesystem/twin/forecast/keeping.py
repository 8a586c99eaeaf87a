"""Forecasts as they were made, kept to be scored: one every quarter hour, then fewer, then none.

The latest is what the page shows. Of older ones the first of every six hours is kept, for four
weeks, and scored as time passes. Where there is none from a day ago yet, a few are made after
their moment from who was there then, and are marked so.
"""

import json
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from onesystem import district
from onesystem.twin.forecast.scoring import Score, score, scored
from onesystem.twin.forecast.told import Forecast, read
from onesystem.twin.models import Foreseen
from onesystem.vocabulary import BadConfig

EVERY = timedelta(minutes=15)
STALE = 3 * EVERY
KEPT = timedelta(days=28)
_DAY = timedelta(days=1)
_LATE = 3  # forecasts of days before, where none was kept


def due(at: datetime) -> bool:
    """Whether a quarter hour of the district's clock has begun since the last was made."""
    last = Foreseen.objects.filter(at__lte=at).order_by("-at").first()
    return last is None or quarter(last.at) < quarter(at)


def quarter(at: datetime) -> int:
    """The number of a quarter hour since 1970."""
    return int(at.timestamp() // EVERY.total_seconds())


def make(opened: Any, at: datetime | None = None, *, replications: int = 200) -> Foreseen:
    """Make the forecast that is due, score those before, and let go of what nobody needs.

    `opened` is the district, as an `onesystem.District`. Raises BadConfig where there is no twin.
    """
    from onesystem.twin.forecast.live import BEHIND, Live

    at = at or district.now()
    oldest = Foreseen.objects.filter(scored=False, at__lte=at).order_by("at").first()
    back = min(at - _LATE * _DAY, oldest.at if oldest else at)
    live = Live.read(opened, back - timedelta(hours=BEHIND))
    kept = _keep(live.forecast(at, replications=replications))
    if not Foreseen.objects.filter(at__lte=at - _DAY).exists():
        for n in range(_LATE, 0, -1):
            _keep(live.forecast(at - n * _DAY, replications=replications, levers=False, late=True))
    for row in Foreseen.objects.filter(scored=False, at__lt=at):
        _score(row, live, at)
    _thin(at)
    return kept


def _keep(made: Forecast) -> Foreseen:
    row, _ = Foreseen.objects.update_or_create(
        at=made.at, defaults={"said": _packed(made.plain()), "late": made.late}
    )
    return row


def _score(row: Foreseen, live: Any, now: datetime) -> None:
    """What came at the hours of a forecast that have passed."""
    made = unpacked(row)
    start = live.hours(row.at)

    def truth(figure: str, service: str, hours: Sequence[int], back: int) -> Any:
        import numpy as np

        at = start - back + np.array(hours, float)
        if figure == "inside":
            return live.inside(service, at)
        return live.came(service, start - back, at)

    passed = (now - row.at).total_seconds() / 3600
    hours = [hour for hour in made.marks if hour <= passed]
    came = {
        each.name: [int(n) for n in truth("inside", each.name, hours, 0)]
        for each in made.services
    } if hours else {}  # fmt: skip
    scores = [each.plain() for each in scored(made, truth, passed)]
    row.came = _packed({"scores": scores, "inside": came})
    row.scored = passed >= made.marks[-1]
    row.save(update_fields=["came", "scored"])


@transaction.atomic
def _thin(at: datetime) -> None:
    """Keep the first of every six hours for four weeks, and those of the last hour."""
    Foreseen.objects.filter(at__lt=at - KEPT).delete()
    kept: set[int] = set()
    for row in Foreseen.objects.filter(at__lt=at - timedelta(hours=1)).order_by("at").only("at"):
        part = int(row.at.timestamp() // (6 * 3600))
        if part in kept:
            row.delete()
        kept.add(part)


def latest(at: datetime) -> tuple[Foreseen, Forecast] | None:
    """The last forecast that was made up to a moment."""
    row = Foreseen.objects.filter(at__lte=at).order_by("-at").first()
    return (row, unpacked(row)) if row else None


def yesterday(at: datetime) -> tuple[Foreseen, Forecast] | None:
    """The last that was made a day or more before a moment."""
    row = Foreseen.objects.filter(at__lte=at - _DAY).order_by("-at").first()
    return (row, unpacked(row)) if row else None


def scores(at: datetime) -> tuple[list[Score], int, int]:
    """All scores of the last four weeks, of how many forecasts, and how many were made late."""
    found: list[Score] = []
    many = late = 0
    for row in Foreseen.objects.filter(at__lt=at, at__gte=at - KEPT).exclude(came=b""):
        some = [score(each) for each in outcome(row)["scores"]]
        many, late = many + bool(some), late + bool(some and row.late)
        found += some
    return found, many, late


def outcome(row: Foreseen) -> dict[str, Any]:
    """What came of a forecast so far: scores, and who was inside at the hours that have passed."""
    return _unpacked(row.came) if row.came else {"scores": [], "inside": {}}


def unpacked(row: Foreseen) -> Forecast:
    """The forecast of a row."""
    try:
        return read(_unpacked(row.said))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise BadConfig(
            f"The forecast of {row.at:%Y-%m-%d %H:%M} cannot be read", "The next one can."
        ) from error


def _packed(said: Any) -> bytes:
    return zlib.compress(json.dumps(said, separators=(",", ":")).encode())


def _unpacked(said: Any) -> Any:
    return json.loads(zlib.decompress(bytes(said)))
