"""A forecast beside what came: how often it lay in the bands, how far it was out. Pure.

Beside each stands the seasonal-naive forecast: that it will be as at the same hour a week before.
A band is right where what came lies within it, its ends among it; of small whole numbers a band
holds more than its name says.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.twin.forecast.told import Bands, Forecast

AHEAD = ((0, 6), (6, 24), (24, 72))  # hours: over the first, up to the second
FIGURES = ("inside", "came")


@dataclass(frozen=True, kw_only=True)
class Score:
    """How forecasts of a figure did, so many hours ahead: sums over `many` services and hours.

    `error` and `naive` are sums of what the middle, and the same hour last week, were out by.
    """

    figure: str
    service: str
    ahead: tuple[int, int]
    many: int
    in50: int
    in90: int
    error: float
    naive: float

    def plain(self) -> list[Any]:
        """As JSON would have it."""
        return [
            self.figure, self.service, list(self.ahead), self.many, self.in50, self.in90,
            self.error, self.naive,
        ]  # fmt: skip


def score(said: Sequence[Any]) -> Score:
    """What `Score.plain` said."""
    figure, service, ahead, many, in50, in90, error, naive = said
    return Score(
        figure=figure, service=service, ahead=tuple(ahead), many=many, in50=in50, in90=in90,
        error=error, naive=naive,
    )  # fmt: skip


Truth = Callable[[str, str, Sequence[int], int], Any]


def scored(made: Forecast, truth: Truth, until: float) -> list[Score]:
    """The scores of a forecast for the hours that have passed, `until` hours after it was made.

    `truth(figure, service, hours, back)` says what was at those hours after it was made, or `back`
    hours before them; of those who came, from then on.
    """
    found = []
    for low, high in AHEAD:
        at = [n for n, hour in enumerate(made.marks) if low < hour <= high and hour <= until]
        if not at:
            continue
        hours = [made.marks[n] for n in at]
        for each in made.services:
            for figure in FIGURES:
                bands: Bands = getattr(each, figure)
                came, before = (truth(figure, each.name, hours, back) for back in (0, 168))
                found.append(_one(figure, each.name, (low, high), bands, at, came, before))
    return found


def _one(
    figure: str, service: str, ahead: tuple[int, int], bands: Bands, at: Sequence[int], came: Any,
    before: Any,
) -> Score:  # fmt: skip
    import numpy as np

    q05, q25, middle, q75, q95 = (np.array(row)[list(at)] for row in bands)
    came, before = np.asarray(came), np.asarray(before)
    return Score(
        figure=figure,
        service=service,
        ahead=ahead,
        many=len(at),
        in50=int(((q25 <= came) & (came <= q75)).sum()),
        in90=int(((q05 <= came) & (came <= q95)).sum()),
        error=float(np.abs(middle - came).sum()),
        naive=float(np.abs(before - came).sum()),
    )


def together(scores: Iterable[Score], *, by_service: bool = False) -> list[Score]:
    """Scores added up: over all services, or of each."""
    sums: dict[tuple[Any, ...], list[float]] = {}
    for each in scores:
        key = (each.figure, each.service if by_service else "", each.ahead)
        row = sums.setdefault(key, [0, 0, 0, 0.0, 0.0])
        parts = (each.many, each.in50, each.in90, each.error, each.naive)
        sums[key] = [a + b for a, b in zip(row, parts, strict=True)]
    return [
        Score(figure=f, service=s, ahead=ahead, many=int(m), in50=int(a), in90=int(b),
              error=e, naive=n)
        for (f, s, ahead), (m, a, b, e, n) in sums.items()
    ]  # fmt: skip
