"""Funnel limits: many places at one time, each against what is usual for its size. Pure.

After D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in
Medicine 24, 2005, 1185-1202: limits around the overall figure at 1.96 and 3.09 sigma (95% and
99.8%), widened by one factor where places differ more than chance would have it. The factor comes
from scores of which the outer tenth on either side was pulled in, so that a few true outliers do
not hide themselves.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

ALERT, ALARM = 1.96, 3.09
OUTER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The funnel at one size."""

    size: float
    lower_alarm: float
    lower_alert: float
    upper_alert: float
    upper_alarm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """The overall figure, by how much chance is widened, and of each place its score and signal.

    `signals` are -2 below the outer limits, -1 between outer and inner, 0 within, 1 and 2 above;
    None for a place where nothing could have happened.
    """

    centre: float
    widened: float
    shares: bool
    scores: tuple[float | None, ...]
    signals: tuple[int | None, ...]

    def at(self, size: float) -> Limits:
        """The limits for a place of this size."""
        sigma = _sigma(self.centre, size, self.shares) * math.sqrt(self.widened)
        top = 1.0 if self.shares else math.inf
        return Limits(
            size=size,
            lower_alarm=max(self.centre - ALARM * sigma, 0.0),
            lower_alert=max(self.centre - ALERT * sigma, 0.0),
            upper_alert=min(self.centre + ALERT * sigma, top),
            upper_alarm=min(self.centre + ALARM * sigma, top),
        )


def funnel(
    above: Sequence[float], below: Sequence[float], *, shares: bool = True, widen: bool = True
) -> Funnel | None:
    """The funnel of places, each with a count and what it is counted out of; None for none.

    >>> places = funnel([12, 60, 9], [100, 110, 95], widen=False)
    >>> round(places.centre, 3), places.signals
    (0.266, (-2, 2, -2))
    """
    total = math.fsum(below)
    if not total:
        return None
    centre = math.fsum(a for a, n in zip(above, below, strict=True) if n) / total
    scores = [_score(a, n, centre, shares) for a, n in zip(above, below, strict=True)]
    known = [z for z in scores if z is not None]
    factor = widened(known) if widen else 1.0
    outer = [None if z is None else z / math.sqrt(factor) for z in scores]
    return Funnel(
        centre=centre,
        widened=factor,
        shares=shares,
        scores=tuple(scores),
        signals=tuple(None if z is None else _signal(z) for z in outer),
    )


def widened(scores: Sequence[float]) -> float:
    """How much more places differ than by chance; 1 unless it is plain that they do.

    The mean square of the scores, the outer tenth on either side pulled in to its border; taken
    where it lies two standard deviations above what chance gives, 1 + 2 sqrt(2 / places).
    """
    if len(scores) < 2:
        return 1.0
    low, high = _quantile(scores, OUTER), _quantile(scores, 1 - OUTER)
    squares = math.fsum(min(max(z, low), high) ** 2 for z in scores) / len(scores)
    return squares if squares > 1 + 2 * math.sqrt(2 / len(scores)) else 1.0


def _sigma(centre: float, size: float, shares: bool) -> float:
    return math.sqrt((centre * (1 - centre) if shares else centre) / size)


def _score(above: float, below: float, centre: float, shares: bool) -> float | None:
    if not below:
        return None
    sigma = _sigma(centre, below, shares)
    return (above / below - centre) / sigma if sigma else 0.0


def _signal(score: float) -> int:
    far = 2 if abs(score) > ALARM else 1 if abs(score) > ALERT else 0
    return far if score > 0 else -far


def _quantile(values: Sequence[float], part: float) -> float:
    """By straight lines between the sorted values."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
