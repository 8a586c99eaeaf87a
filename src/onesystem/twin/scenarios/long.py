"""Stays over a length, times a factor: through the quantiles of what they were. Pure.

A distribution with a smooth line is followed at some five hundred quantiles, so its mean is right
to a thousandth or better; listed values are exact. Of Quantiles, the line itself is taken.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from statistics import NormalDist
from typing import Any

from onesystem.twin.network.distributions import (
    Discrete,
    Distribution,
    Erlang,
    Exponential,
    Fixed,
    Gamma,
    Hyperexponential,
    Lognormal,
    Quantiles,
    Trace,
    Triangular,
    Uniform,
    Weibull,
)

_FAR, _POINTS = 5.6, 500
_TINY = 1e-12
_NORMAL = NormalDist()


def beyond(stay: Any, over: float, factor: float) -> Distribution:
    """The distribution with every length above `over` multiplied by `factor`."""

    def new(value: float) -> float:
        return value * factor if value > over else value

    if factor == 1:
        return stay  # type: ignore[no-any-return]
    match stay:
        case Fixed(value):
            return Fixed(new(value))
        case Discrete() | Trace():
            return replace(stay, values=tuple(new(value) for value in stay.values))
    return _mixed(_cut(_line(stay), over), over, factor)


Points = list[tuple[float, float]]  # probability, value: both rising


def _line(stay: Any) -> Points:
    if isinstance(stay, Quantiles):
        return list(zip(stay.at, stay.values, strict=True))
    inverse = _inverse(stay)
    steps = [-_FAR + 2 * _FAR * n / _POINTS for n in range(_POINTS + 1)]
    found = [(_NORMAL.cdf(z), inverse(_NORMAL.cdf(z), _NORMAL.cdf(-z))) for z in steps]
    return [(0.0, found[0][1]), *found[1:-1], (1.0, found[-1][1])]


def _inverse(stay: Any) -> Callable[[float, float], float]:  # noqa: PLR0911 - one for each kind
    """The value at a probability p; q is 1 - p, exact where p is near 1."""
    match stay:
        case Exponential(mean):
            return lambda _p, q: -mean * math.log(q)
        case Weibull(shape, scale):
            return lambda _p, q: scale * (-math.log(q)) ** (1 / shape)
        case Lognormal():
            _, mu, sigma, _, _ = stay.row()
            return lambda p, q: math.exp(
                mu + sigma * (_NORMAL.inv_cdf(p) if p < 0.5 else -_NORMAL.inv_cdf(q))
            )
        case Uniform(low, high):
            return lambda p, _q: low + (high - low) * p
        case Triangular(low, mode, high):
            width, turn = high - low, mode - low
            return lambda p, q: (
                low + math.sqrt(p * width * turn)
                if p * width < turn
                else high - math.sqrt(q * width * (high - mode))
            )
        case Gamma(shape, scale):
            return _gamma(shape, scale)
        case Erlang(k, mean):
            return _gamma(k, mean / k)
        case Hyperexponential():
            return lambda _p, q: _hyper(stay, q)
    raise TypeError(stay)


def _gamma(shape: float, scale: float) -> Callable[[float, float], float]:
    from scipy.special import gammainccinv, gammaincinv

    return lambda p, q: float(
        scale * (gammaincinv(shape, p) if p < 0.5 else gammainccinv(shape, q))
    )


def _hyper(stay: Hyperexponential, q: float) -> float:
    """By halving: the chance of being longer falls with the length."""
    low, high = 0.0, 64 * max(stay.means)
    for _ in range(80):
        middle = (low + high) / 2
        longer = sum(
            p * math.exp(-middle / mean) for p, mean in zip(stay.p, stay.means, strict=True)
        )
        low, high = (middle, high) if longer > q else (low, middle)
    return (low + high) / 2


def _cut(points: Points, over: float) -> Points:
    """The same line with a point at `over`, where it passes it."""
    for n in range(len(points) - 1):
        (p, x), (q, y) = points[n], points[n + 1]
        if x < over < y:
            at = p + (q - p) * (over - x) / (y - x)
            return [*points[: n + 1], (at, over), *points[n + 1 :]]
    return points


def _mixed(points: Points, over: float, factor: float) -> Distribution:
    """The line of the lengths that were not longer together with those that were, changed."""
    parts = []
    for (p, x), (q, y) in itertools.pairwise(points):
        times = factor if (x + y) / 2 > over else 1.0
        parts.append((q - p, x * times, y * times))
    ends = sorted({end for _, x, y in parts for end in (x, y)})
    shares: list[float] = []
    values: list[float] = []
    for end in ends:
        share = sum(mass * _passed(end, x, y) for mass, x, y in parts)
        if not shares or share > shares[-1] + _TINY:
            shares.append(share)
            values.append(end)
        elif end > values[-1]:  # nobody lies between: the line jumps
            shares.append(shares[-1] + _TINY)
            values.append(end)
    if len(values) == 1:
        return Fixed(values[0])
    shares[0], shares[-1] = 0.0, 1.0
    return Quantiles(tuple(values), tuple(shares))


def _passed(end: float, x: float, y: float) -> float:
    """Which part of those between x and y is at most `end`."""
    if end >= y:
        return 1.0
    return 0.0 if end <= x else (end - x) / (y - x)
