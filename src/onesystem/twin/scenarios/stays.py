"""Lengths of time, times a factor. Pure."""

from dataclasses import replace
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


def times(stay: Any, factor: float) -> Distribution:  # noqa: PLR0911 - a line for each kind
    """A distribution with every length multiplied; it stays of its kind, so draws correspond."""
    if factor == 0:
        return Fixed(0.0)
    match stay:
        case Fixed(value):
            return Fixed(value * factor)
        case Exponential() | Erlang() | Lognormal():
            return replace(stay, mean=stay.mean * factor)
        case Hyperexponential(p, means):
            return Hyperexponential(p, _all(means, factor))
        case Gamma() | Weibull():
            return replace(stay, scale=stay.scale * factor)
        case Quantiles() | Discrete() | Trace():
            return replace(stay, values=_all(stay.values, factor))
        case Uniform(low, high):
            return Uniform(low * factor, high * factor)
        case Triangular(low, mode, high):
            return Triangular(low * factor, mode * factor, high * factor)
    raise TypeError(stay)


def _all(values: tuple[float, ...], factor: float) -> tuple[float, ...]:
    return tuple(value * factor for value in values)
