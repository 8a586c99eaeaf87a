"""Case mix and chance: what a list would have at everybody's rates, and how far chance goes. Pure.

Indirect standardisation: expected is the sum over strata of the rate of all practices together,
times what a practice has in the stratum. Observed over expected is 1 where a list has what lists
of its ages and sexes have. Limits of a count are Byar's approximation to the exact Poisson ones:
N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research II: The Design and Analysis of
Cohort Studies, IARC 1987, page 69. The funnel is after D. J. Spiegelhalter, Statistics in Medicine
24, 2005, 1185-1202, with Byar's limits turned round: a point lies beyond the funnel where its own
limits leave 1 out, so that page and funnel never disagree.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from onesystem.flow.spc.funnel import Limits, widened

ALERT, ALARM = 1.959964, 3.090232  # normal deviates of 95 % and 99.8 %
_HALVINGS = 50
Strata = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One practice's count beside what its case mix lets expect, with limits of their ratio."""

    practice: str
    observed: float
    expected: float

    @property
    def ratio(self) -> float:
        """Observed over expected."""
        return self.observed / self.expected

    def limits(self, z: float = ALERT) -> tuple[float, float]:
        """Between what the ratio lies, as far as chance in its own count goes."""
        low, high = byar(self.observed, z)
        return low / self.expected, high / self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Limits around 1 by size; `signals` as in `flow.spc.Funnel`."""

    widened: float
    signals: tuple[int, ...]
    centre: float = 1.0

    def at(self, size: float) -> Limits:
        """The limits of a practice for which so many are expected."""
        factor = math.sqrt(self.widened)
        outer, inner = edges(size, ALARM * factor), edges(size, ALERT * factor)
        return Limits(size=size, lower_alarm=outer[0], lower_alert=inner[0],
                      upper_alert=inner[1], upper_alarm=outer[1])  # fmt: skip


def byar(count: float, z: float = ALERT) -> tuple[float, float]:
    """Lower and upper limit of a Poisson count."""
    low = count * max(1 - 1 / (9 * count) - z / (3 * math.sqrt(count)), 0) ** 3 if count else 0.0
    more = count + 1
    return low, more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3


def rates(events: Mapping[str, Strata], under: Mapping[str, Strata]) -> dict[str, float]:
    """The rate of each stratum, of all practices together."""
    strata = {s for each in under.values() for s in each}
    made = {}
    for stratum in sorted(strata):
        below = math.fsum(each.get(stratum, 0) for each in under.values())
        above = math.fsum(each.get(stratum, 0) for each in events.values())
        made[stratum] = above / below if below else 0.0
    return made


def lines(events: Mapping[str, Strata], under: Mapping[str, Strata]) -> list[Line]:
    """Each practice of which anything could be expected; by its code, not by its ratio."""
    usual = rates(events, under)
    made = []
    for practice, has in sorted(under.items()):
        expected = math.fsum(usual[s] * n for s, n in has.items())
        if expected > 0:
            observed = math.fsum(events.get(practice, {}).get(s, 0) for s in has)
            made.append(Line(practice=practice, observed=observed, expected=expected))
    return made


def funnel(found: Sequence[Line]) -> Funnel:
    """The funnel of practices, widened where they differ by plainly more than chance."""
    factor = widened([2 * (math.sqrt(x.observed) - math.sqrt(x.expected)) for x in found])
    return Funnel(widened=factor, signals=tuple(_signal(x, math.sqrt(factor)) for x in found))


def edges(expected: float, z: float) -> tuple[float, float]:
    """Between which ratios chance lets lie whoever has so many expected."""
    high = _where(lambda count: byar(count, z)[0], expected, (math.sqrt(expected) + z + 2) ** 2)
    none = byar(0, z)[1] >= expected
    low = 0.0 if none else _where(lambda count: byar(count, z)[1], expected, expected)
    return low / expected, high / expected


def _where(of: Callable[[float], float], wanted: float, most: float) -> float:
    """The count at which something that grows with it is as large as wanted."""
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if of(middle) < wanted else (low, middle)
    return (low + high) / 2


def _signal(line: Line, factor: float) -> int:
    for far, z in ((2, ALARM), (1, ALERT)):
        low, high = line.limits(z * factor)
        if low > 1 or high < 1:
            return far if low > 1 else -far
    return 0
