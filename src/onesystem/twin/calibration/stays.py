"""How long something takes, from durations of which some are not over yet.

Quantiles by the product-limit estimator (Kaplan and Meier, 1958, doi:10.2307/2281868). Of the
exponential, log-normal, gamma and Weibull distributions, fitted by maximum likelihood with
durations that are not over as survivors, the one with the lowest AIC (Akaike, 1974,
doi:10.1109/TAC.1974.1100705) is taken; where even that one is farther from the product-limit curve
than chance allows (1.63 / sqrt(n), the 1% bound of Kolmogorov), the measured quantiles are.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.twin.network.distributions import (
    Distribution,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Quantiles,
    Weibull,
)

_SHORTEST = 1e-5  # hours; what is written down as no time at all
_NEAR = 0.015  # a distance that no reader would see, whatever the number of stays
_AT = (*(n / 100 for n in range(100)), 0.995, 0.999, 1.0)


@dataclass(frozen=True)
class Fitted:
    """A distribution in hours, the number of ended and of unended durations behind it.

    `distance` is the greatest gap to the product-limit curve; `reaches` the share of durations
    that the curve knows the end of: beyond it the distribution is the shape's, not the log's.
    """

    distribution: Distribution
    kind: str
    ended: int
    open: int
    distance: float
    reaches: float


@dataclass(frozen=True)
class Curve:
    """The product-limit curve: the share that lasts longer than each time."""

    times: Any
    left: Any
    variance: Any  # Greenwood's sum, so that the standard error is left * sqrt(variance)

    def quantile(self, share: float) -> float | None:
        """The time by which a share is over, None where the curve does not reach it."""
        at = int(np.searchsorted(-self.left, share - 1 - 1e-12))
        return float(self.times[at]) if at < len(self.times) else None

    def at(self, time: Any) -> Any:
        """The share that lasts longer than these times."""
        place = np.searchsorted(self.times, time, side="right") - 1
        return np.where(place < 0, 1.0, self.left[np.maximum(place, 0)])


def curve(lengths: Any, over: Any) -> Curve:
    """The product-limit curve of durations, `over` says of which the end is known."""
    times, place = np.unique(lengths, return_inverse=True)
    ends = np.bincount(place, weights=over, minlength=len(times))
    all_ = np.bincount(place, minlength=len(times))
    risk = len(lengths) - np.concatenate([[0], np.cumsum(all_)[:-1]])
    kept = ends > 0
    times, ends, risk = times[kept], ends[kept], risk[kept]
    with np.errstate(divide="ignore"):
        variance = np.cumsum(ends / (risk * np.maximum(risk - ends, 1e-9)))
    return Curve(times, np.cumprod(1 - ends / risk), variance)


def fitted(lengths: Any, over: Any, *, shapes: bool = False) -> Fitted | None:
    """The distribution of durations (hours), None where not one is over.

    `shapes` takes the best of the shapes in any case: for what is mostly cut off.
    """
    from scipy.optimize import minimize

    over = np.asarray(over, bool)
    lengths = np.maximum(np.asarray(lengths, float), 0.0)
    ended = int(over.sum())
    if not ended:
        return None
    seen = curve(lengths, over)
    reaches = 1 - float(seen.left[-1])
    if len(seen.times) == 1 and reaches > 0.99:
        fixed = Fixed(float(seen.times[0]))
        return Fitted(fixed, "fixed", ended, len(over) - ended, 0.0, reaches)
    t, weight, alive = _gathered(np.maximum(lengths, _SHORTEST), over)
    mean = max(float((t * weight).sum() / weight.sum()), _SHORTEST)
    rate = ended / float((t * (weight + alive)).sum())
    best: tuple[float, str, Distribution, Any] = (
        2 - 2 * ended * (math.log(rate) - 1), "exponential", Exponential(1 / rate),
        lambda x: np.exp(-rate * x),
    )  # fmt: skip
    logs = np.log(t)
    for kind, start in _starts(logs, weight, mean).items() if ended > 4 else ():
        likelihood, dist = _SHAPES[kind]
        found = minimize(
            lambda p, f=likelihood: -f(np.exp(np.clip(p, -30, 30)), t, logs, weight, alive),
            np.log(start), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-3},
        )  # fmt: skip
        aic = 4 + 2 * float(found.fun)
        if math.isfinite(aic) and aic < best[0]:
            params = np.exp(found.x)
            best = (aic, kind, dist(params), _survivor(kind, params))
    _, kind, distribution, left = best
    distance = _distance(seen, left)
    if not shapes and ended >= 30 and distance > max(_NEAR, 1.63 / math.sqrt(ended)):
        measured = _measured(seen, left, reaches)
        return Fitted(measured, "quantiles", ended, len(over) - ended, 0.0, reaches)
    return Fitted(distribution, kind, ended, len(over) - ended, distance, reaches)


def _gathered(lengths: Any, over: Any) -> tuple[Any, Any, Any]:
    """Times half a per cent apart at the least, with how many end there and how many go on."""
    steps = np.round(np.log(lengths) / 0.005)
    _, place = np.unique(steps, return_inverse=True)
    many = np.bincount(place)
    t = np.bincount(place, weights=lengths) / many
    ends = np.bincount(place, weights=over)
    return t, ends, many - ends


def _starts(logs: Any, weight: Any, mean: float) -> dict[str, Any]:
    total = weight.sum()
    mu = float((logs * weight).sum() / total)
    sigma = max(math.sqrt(float((weight * (logs - mu) ** 2).sum() / total)), 0.01)
    shape = min(max(1 / sigma**2, 0.05), 500.0)
    return {
        # The median stands for the mean of the logarithm, which may be negative.
        "lognormal": [math.exp(min(max(mu, -30), 30)), sigma],
        "gamma": [shape, mean / shape],
        "weibull": [min(max(1.2 / sigma, 0.1), 50.0), mean],
    }


def _lognormal(p: Any, t: Any, logs: Any, ends: Any, alive: Any) -> float:
    from scipy.special import log_ndtr

    del t
    z = (logs - math.log(p[0])) / p[1]
    dense = -0.5 * z**2 - logs - math.log(p[1]) - 0.5 * math.log(2 * math.pi)
    return float((ends * dense).sum() + (alive * log_ndtr(-z)).sum())


def _gamma(p: Any, t: Any, logs: Any, ends: Any, alive: Any) -> float:
    from scipy.special import gammaincc, gammaln

    shape, scale = p
    dense = (shape - 1) * logs - t / scale - gammaln(shape) - shape * math.log(scale)
    left = np.log(np.maximum(gammaincc(shape, t / scale), 1e-300))
    return float((ends * dense).sum() + (alive * left).sum())


def _weibull(p: Any, t: Any, logs: Any, ends: Any, alive: Any) -> float:
    shape, scale = p
    del t
    power = np.exp(np.minimum(shape * (logs - math.log(scale)), 600.0))
    dense = math.log(shape) - math.log(scale) + (shape - 1) * (logs - math.log(scale)) - power
    return float((ends * dense).sum() - (alive * power).sum())


_SHAPES: dict[str, Any] = {
    "lognormal": (_lognormal, lambda p: Lognormal.of_logs(math.log(p[0]), float(min(p[1], 8.0)))),
    "gamma": (_gamma, lambda p: Gamma(float(p[0]), float(p[1]))),
    "weibull": (_weibull, lambda p: Weibull(float(p[0]), float(p[1]))),
}


def _survivor(kind: str, p: Any) -> Any:
    from scipy.special import gammaincc, ndtr

    if kind == "lognormal":
        return lambda x: ndtr(-(np.log(np.maximum(x, 1e-300)) - math.log(p[0])) / p[1])
    if kind == "gamma":
        return lambda x: gammaincc(p[0], x / p[1])
    return lambda x: np.exp(-np.minimum((x / p[1]) ** p[0], 700.0))


def _distance(seen: Curve, left: Any) -> float:
    after = np.abs(seen.left - left(seen.times))
    before = np.abs(np.concatenate([[1.0], seen.left[:-1]]) - left(seen.times))
    return float(max(after.max(), before.max()))


def _measured(seen: Curve, left: Any, reaches: float) -> Quantiles:
    """The curve's quantiles; past where it ends, the shape's, from there on."""
    end = float(seen.times[-1])
    here = max(float(left(np.float64(end))), 1e-12)
    values: list[Any] = []
    for share in _AT:
        wanted = min(share, 0.9995)
        if share == 0:
            value: float | None = float(seen.times[0])
        elif share == 1.0 and reaches > 0.9995:
            value = end
        else:
            value = seen.quantile(wanted)
        if value is None:
            value = _beyond(left, end, here * (1 - wanted) / max(1 - reaches, 1e-12))
        values.append(max(value, values[-1] if values else 0.0))
    return Quantiles(tuple(values), _AT)


def _beyond(left: Any, low: float, wanted: float) -> float:
    high = max(low, 1.0)
    for _ in range(40):
        if left(np.float64(high)) <= wanted:
            break
        high *= 1.5
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if left(np.float64(middle)) > wanted else (low, middle)
    return (low + high) / 2
