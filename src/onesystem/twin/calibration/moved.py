"""Logs whose dates were moved person by person, as research data are: no calendar to forecast.

Stays and ways on are true still. The last tenth of the people is held back instead of the last
tenth of the time, and the naive forecast is the median and the ways of all services together.
"""

from dataclasses import dataclass

import numpy as np

from onesystem.twin.calibration import stays
from onesystem.twin.calibration.log import NONE, Log, followers, taken
from onesystem.vocabulary import BadConfig

YEARS = 30  # a log that spans more has no common calendar
_FEWEST = 30


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What was foretold of people who were held back.

    Errors are of the logarithm of each stay from the median foretold (0.7 is a factor of two);
    `ways` and `ways_naive` are the mean probability that was given to where people went.
    """

    people: int
    held: int
    stays: int
    services: int
    error: float
    naive: float
    covered80: float
    covered95: float
    ways: float
    ways_naive: float


def is_moved(log: Log) -> bool:
    """Whether the log spans more years than any log of one calendar."""
    return len(log) > 0 and float(np.ptp(log.came)) > YEARS * 365.25 * 24


def backtest(log: Log, *, share: float = 0.1, within: float = 4.0) -> Moved:
    """Learn from all but the last share of people, and score stays and ways of the others."""
    people = np.unique(log.person)
    cut = people[len(people) - max(round(share * len(people)), 1)]
    learnt, held = (
        taken(log, np.flatnonzero(mine)) for mine in (log.person < cut, log.person >= cut)
    )
    known = ~np.isnan(learnt.ended) & ~np.isnan(learnt.begun)
    if known.sum() < _FEWEST or not len(held):
        raise BadConfig(
            f"{int(known.sum())} stays that ended are too few to learn from",
            f"It takes {_FEWEST} or more.",
        )
    tested = np.flatnonzero(~np.isnan(held.ended) & ~np.isnan(held.begun))
    lengths = np.maximum(learnt.ended - learnt.begun, 1e-3)
    whole = stays.curve(lengths[known], np.ones(int(known.sum())))
    curves = {
        n: stays.curve(lengths[mine], np.ones(int(mine.sum())))
        for n in range(len(log.services))
        if (mine := known & (learnt.service == n)).sum() >= _FEWEST
    }
    spent = np.maximum((held.ended - held.begun)[tested], 1e-3)
    bounds = np.array([
        [curves.get(int(n), whole).quantile(q) for q in (0.025, 0.1, 0.5, 0.9, 0.975)]
        for n in held.service[tested]
    ], float)  # fmt: skip
    ways, ways_naive = _ways(learnt, held, within)
    return Moved(
        people=len(people), held=len(np.unique(held.person)), stays=len(tested),
        services=len(curves),
        error=float(np.abs(np.log(spent / bounds[:, 2])).mean()),
        naive=float(np.abs(np.log(spent / whole.quantile(0.5))).mean()),
        covered80=float(((spent >= bounds[:, 1]) & (spent <= bounds[:, 3])).mean()),
        covered95=float(((spent >= bounds[:, 0]) & (spent <= bounds[:, 4])).mean()),
        ways=ways, ways_naive=ways_naive,
    )  # fmt: skip


def _ways(learnt: Log, held: Log, within: float) -> tuple[float, float]:
    size = len(learnt.services) + 1
    counts = np.zeros((size - 1, size))
    for log, into in ((learnt, counts),):
        follow = followers(log, within)
        to = np.where(follow == NONE, 0, log.service[np.maximum(follow, 0)] + 1)
        np.add.at(into, (log.service, to), 1)
    whole = (counts.sum(0) + 1 / size) / (counts.sum() + 1)
    shares = (counts + 10 * whole) / (counts.sum(1, keepdims=True) + 10)
    follow = followers(held, within)
    to = np.where(follow == NONE, 0, held.service[np.maximum(follow, 0)] + 1)
    return float(shares[held.service, to].mean()), float(whole[to].mean())
