"""How far to trust a model: it is run against what its calibration never saw.

The same questions are asked of the log and of each run: how many came on each day and in which
hours, how long they waited and stayed, how many were inside at noon, where they went. A run's
answers spread; the interval is that of one more run (Student's t), widened by how surely the log
tells the rate of arrivals and the mean stay, so that what happened should lie within it 95 times in
a hundred. Beside it stands the seasonal-naive forecast, which says that each
day will be as the same weekday of the last week that was seen.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from onesystem.twin.calibration import capacity, stays
from onesystem.twin.calibration.building import model_of
from onesystem.twin.calibration.calibrating import (
    FEWEST,
    WITHIN,
    Calibration,
    calibrated,
    when_seen,
    without_forgotten,
)
from onesystem.twin.calibration.fitting import Known
from onesystem.twin.calibration.log import NONE, WEEK, Log, followers, known_by, taken
from onesystem.twin.network import layout as at
from onesystem.twin.network.model import Model
from onesystem.twin.network.numbers import ticks
from onesystem.twin.network.running import Replication, replications
from onesystem.vocabulary import BadConfig

_SHARE = {80: 0.9, 95: 0.975}
_MATTERS = 0.1  # a tenth is the least difference that is called one


@dataclass(frozen=True, kw_only=True)
class Check:
    """One figure of a service: the model's, its interval, and what happened."""

    what: str
    unit: str
    model: float | None
    low: float | None
    high: float | None
    observed: float

    @property
    def outside(self) -> bool:
        """Whether what happened lies outside the interval, by more than is worth a word."""
        if self.model is None or self.low is None or self.high is None:
            return True
        return not self.low <= self.observed <= self.high and self.error > _MATTERS

    @property
    def error(self) -> float:
        """How far the model is out, as a share of what happened (of shares, the difference)."""
        if self.model is None:
            return 1.0
        gap = abs(self.model - self.observed)
        return gap if self.unit == "share" else gap / max(abs(self.observed), 1e-9)


@dataclass(frozen=True, kw_only=True)
class Daily:
    """Daily figures: mean absolute errors of model and seasonal-naive, and coverage."""

    days: int
    error: float
    naive: float
    covered80: float
    covered95: float


@dataclass(frozen=True, kw_only=True)
class Trust:
    """A service's checks, and its days."""

    name: str
    checks: tuple[Check, ...]
    arrivals: Daily | None
    occupancy: Daily | None
    findings: tuple[str, ...] = ()

    @property
    def worst(self) -> float:
        """How bad the worst is: what lies outside its interval first, then by its error."""
        return max(
            (min(check.error, 9.0) + 10 * check.outside for check in self.checks), default=0.0
        )


@dataclass(frozen=True, kw_only=True)
class Report:
    """A calibration, the model of it, and how that did on what was held back; worst first."""

    calibration: Calibration
    cut: float
    end: float
    replications: int
    let_go: Mapping[str, str]
    services: tuple[Trust, ...]
    inside: float = 0.0
    coverage: Mapping[int, float] = field(default_factory=dict)


def held_back(
    log: Log,
    *,
    share: float = 0.1,
    known: Mapping[str, Known] | None = None,
    within: float = WITHIN,
    fewest: int = FEWEST,
    replicas: int = 20,
    name: str = "twin",
    zone: str = "UTC",
    workers: int | None = None,
) -> Report:
    """Calibrate on all but the last share of a log's time, and try the model on that.

    Raises BadConfig where there is too little to go by.
    """
    cut = log.last - share * (log.last - log.first)
    cut = math.floor(cut / 24) * 24.0
    if log.last - cut < 48:
        raise BadConfig(
            f"{(log.last - cut) / 24:.1f} days would be held back, too few to try a model on",
            "Give a longer log, or hold back a larger share (--hold-back 0.3).",
        )
    log, forgotten = without_forgotten(log)
    made = calibrated(
        known_by(log, cut), known=known, within=within, fewest=fewest, name=name, zone=zone
    )
    made = replace(made, forgotten={**made.forgotten, **forgotten})
    end = math.floor(log.last / 24) * 24.0
    model, let_go = model_of(made, start=cut, horizon=end - cut, replications=replicas)
    seen = _same_services(log, made)
    answers = [
        _asked(_log_of(model, run, seen, cut, end), cut, end, within)
        for run in replications(model, contacts=True, workers=workers)
    ]
    truth = _asked(seen, cut, end, within)
    before = _asked(known_by(seen, cut), cut - WEEK, cut, within)
    services = tuple(
        sorted(
            (
                _trust(made, n, each, truth, before, answers, let_go)
                for n, each in enumerate(seen.services) if each in model.nodes
            ),
            key=lambda each: -each.worst,
        )
    )  # fmt: skip
    checks = [check for each in services for check in each.checks if check.low is not None]
    days = [d for each in services for d in (each.arrivals, each.occupancy) if d is not None]
    weight = max(sum(d.days for d in days), 1)
    return Report(
        calibration=made, cut=cut, end=end, replications=replicas, let_go=let_go,
        services=services,
        inside=sum(not check.outside for check in checks) / max(len(checks), 1),
        coverage={
            80: sum(d.covered80 * d.days for d in days) / weight,
            95: sum(d.covered95 * d.days for d in days) / weight,
        },
    )  # fmt: skip


def _same_services(log: Log, made: Calibration) -> Log:
    """The whole log with the services as the calibration has pooled them."""
    names = made.log.services
    code = np.array([
        names.index(to) if (to := made.pooled.get(each, each)) in names else NONE
        for each in log.services
    ] or [NONE])  # fmt: skip
    service = code[log.service]
    rows = np.flatnonzero(service != NONE)
    mine = replace(taken(log, rows), service=service[rows], services=names)
    return when_seen(mine, made.apart)


def _log_of(model: Model, run: Replication, like: Log, cut: float, end: float) -> Log:
    """The contacts of a run as a log with the services of another."""
    rows = run.rows
    code = np.array([like.services.index(each) for each in model.nodes])
    times = np.where(rows == at.UNSET, np.nan, rows / ticks(1.0)) + cut
    asked, begun = times[:, at.R_ASKED], times[:, at.R_BEGAN]
    key = np.where(np.isnan(begun), asked, begun)
    order = np.lexsort((key, rows[:, at.R_PERSON]))
    return replace(
        like, person=rows[order, at.R_PERSON], service=code[rows[order, at.R_NODE]],
        kind=rows[order, at.R_CLASS], asked=asked[order], begun=begun[order],
        ready=times[order, at.R_READY], ended=times[order, at.R_ENDED],
        cause=np.full(len(rows), NONE), first=cut, last=end,
    )  # fmt: skip


Answer = dict[str, Any]


def _asked(log: Log, cut: float, end: float, within: float) -> list[Answer]:
    """What each service of a log did between two times."""
    follow = followers(log, within)
    came = log.came
    by = np.argsort(log.service, kind="stable")
    bounds = np.searchsorted(log.service[by], np.arange(len(log.services) + 1))
    answers = []
    for n in range(len(log.services)):
        rows = by[bounds[n] : bounds[n + 1]]
        answers.append(_of_service(log, rows, came[rows], follow, cut, end, within))
    return answers


def _of_service(
    log: Log, rows: Any, came: Any, follow: Any, cut: float, end: float, within: float
) -> Answer:
    days = int((end - cut) // 24)
    new = came[(came >= cut) & (came < end)]
    begun, ended = log.begun[rows], log.ended[rows]
    of_time = (begun >= cut) & (begun < end)
    over = of_time & (ended <= end)
    lengths = np.where(ended <= end, ended, end) - begun
    found = stays.curve(lengths[of_time], over[of_time]) if over.any() else None
    waits = (begun - log.asked[rows])[of_time & ~np.isnan(log.asked[rows])]
    gone = rows[over & (ended + within <= end)]
    after = follow[gone]
    ways = np.bincount(
        np.where(after == NONE, 0, log.service[np.maximum(after, 0)] + 1),
        minlength=len(log.services) + 1,
    )
    return {
        "daily": np.bincount(((new - cut) // 24).astype(np.int64), minlength=days)[:days],
        "hours": np.bincount(np.floor(new).astype(np.int64) % 24, minlength=24),
        "noon": capacity.inside(begun, ended, cut + 12 + 24 * np.arange(days)),
        "median": found.quantile(0.5) if found and len(found.times) else None,
        "p90": found.quantile(0.9) if found and len(found.times) else None,
        "stays": int(over.sum()),
        "wait": float(waits.mean()) if len(waits) else None,
        "waits": len(waits),
        "wait90": float(np.quantile(waits, 0.9)) if len(waits) else None,
        "started": int(of_time.sum()),
        "ways": ways / max(ways.sum(), 1),
        "gone": int(ways.sum()),
    }


def _trust(
    made: Calibration, n: int, name: str, truth: list[Answer], before: list[Answer],
    answers: list[list[Answer]], let_go: Mapping[str, str],
) -> Trust:  # fmt: skip
    mine, runs = truth[n], [each[n] for each in answers]
    fit = made.services[name]
    varied = max(fit.arrivals.dispersion, 1.0) if fit.arrivals else 1.0
    of_rate = varied / max(fit.events, 1)
    of_stay = 1.0 / max(fit.stay.ended, 1) if fit.stay else 0.0
    checks = [
        _check("arrivals a day", "people", [r["daily"].mean() for r in runs],
               mine["daily"].mean(), unsure=of_rate),
        _check("inside at noon", "people", [r["noon"].mean() for r in runs],
               mine["noon"].mean(), unsure=of_rate + of_stay),
    ]  # fmt: skip
    if mine["daily"].sum() >= 100:
        hours = [_apart(r["hours"], mine["hours"]) for r in runs]
        chance = math.sqrt(24 / (2 * math.pi * mine["daily"].sum())) * 2
        checks.append(
            Check(what="arrivals by hour, share misplaced", unit="share", model=0.0, low=0.0,
                  high=chance, observed=float(np.mean(hours)))
        )  # fmt: skip
    if mine["stays"] >= 20:
        for key, what in (("median", "stay, median"), ("p90", "stay, nine in ten")):
            if mine[key] is not None:
                checks.append(_check(what, "hours", [r[key] for r in runs], mine[key]))
    if mine["waits"] >= 0.5 * mine["started"] and mine["waits"] >= 20:
        for key, what in (("wait", "wait, mean"), ("wait90", "wait, nine in ten")):
            checks.append(_check(what, "hours", [r[key] for r in runs], mine[key]))
    if mine["gone"] >= 50:
        far = int(np.argmax(np.abs(np.mean([r["ways"] for r in runs], axis=0) - mine["ways"])))
        to = "out" if far == 0 else made.log.services[far - 1]
        checks.append(
            _check(f"go on to {to}", "share", [r["ways"][far] for r in runs], mine["ways"][far],
                   mine["gone"])
        )  # fmt: skip
    return Trust(
        name=name,
        checks=tuple(checks),
        arrivals=_daily([r["daily"] for r in runs], mine["daily"], before[n]["daily"], varied),
        occupancy=_daily([r["noon"] for r in runs], mine["noon"], before[n]["noon"], varied),
        findings=(*fit.notes, *_findings(name, checks, let_go)),
    )


def _findings(name: str, checks: Iterable[Check], let_go: Mapping[str, str]) -> list[str]:
    found = [f"Stated capacity: {let_go[name]}."] if name in let_go else []
    for check in checks:
        if check.what == "wait, mean" and check.outside and check.observed > 1 / 60:
            model = 0.0 if check.model is None else check.model
            found.append(
                f"People wait {check.observed:.3g} hours; its capacity explains {model:.3g}. "
                "The rest (appointments, staff, opening hours) is not in the model."
            )
    return found


def _check(
    what: str, unit: str, runs: list[Any], observed: float, events: int = 0, unsure: float = 0.0
) -> Check:
    """The mean over runs with the interval of one more.

    `events` widens a share by its chance, `unsure` is the relative variance of what went in.
    """
    values = np.array([each for each in runs if each is not None], float)
    if len(values) < 2:
        return Check(what=what, unit=unit, model=None, low=None, high=None, observed=observed)
    mean = float(values.mean())
    spread = float(values.var(ddof=1)) * (1 + 1 / len(values)) + unsure * mean**2
    half = _t(len(values), 95) * math.sqrt(spread)
    if events:
        half = max(half, 1.96 * math.sqrt(max(mean * (1 - mean), 0.0) / events))
    low = mean - half if unit == "share" else max(mean - half, 0.0)
    return Check(
        what=what, unit=unit, model=mean, low=low, high=mean + half, observed=float(observed)
    )


def _t(n: int, sure: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, _SHARE[sure]))


def _apart(one: Any, other: Any) -> float:
    """The share of one profile that would have to move for it to be the other."""
    return float(np.abs(one / max(one.sum(), 1) - other / max(other.sum(), 1)).sum() / 2)


def _daily(runs: list[Any], observed: Any, before: Any, varied: float) -> Daily | None:
    """Errors and coverage of days; `varied` is by how much days vary more than by chance alone."""
    if len(observed) < 7 or len(before) < 7 or len(runs) < 2:
        return None
    values = np.array(runs, float)
    mean, spread = values.mean(0), values.std(0, ddof=1)
    # The spread of a day over twenty runs is rough: that of its neighbours counts too.
    near = np.convolve(np.pad(spread**2, 7, mode="edge"), np.full(15, 1 / 15), "valid")
    spread = np.sqrt((near + spread**2) / 2 * varied * (1 + 1 / len(values)))
    gap = np.abs(observed - mean)
    naive = np.resize(before[-7:], len(observed))
    return Daily(
        days=len(observed),
        error=float(gap.mean()),
        naive=float(np.abs(observed - naive).mean()),
        covered80=float((gap <= 1.2816 * spread + 0.5).mean()),
        covered95=float((gap <= 1.96 * spread + 0.5).mean()),
    )
