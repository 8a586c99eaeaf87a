"""Arrivals times a factor: at all hours, or at some hours of the day. Pure."""

import math
from dataclasses import replace
from typing import Any

from onesystem.twin.network.model import UNITS, Gaps, Model, Poisson
from onesystem.twin.scenarios.stays import times as longer

_DAY = 86_400
_MOST = 24 * 60 * 7  # steps of a cycle: every minute of a week


def faster(process: Any, times: float) -> Any:
    """A process with `times` as many arrivals. Raises ValueError where it has no rate."""
    match process:
        case Poisson(rates, every):
            return Poisson(tuple(rate * times for rate in rates), every)
        case Gaps(gaps) if times > 0:
            return Gaps(longer(gaps, 1 / times))
    msg = "its arrivals are given one by one"
    raise ValueError(msg)


def faster_between(process: Any, times: float, hours: tuple[float, float], model: Model) -> Any:
    """The same between two hours of the day. Raises ValueError where that cannot be said of it."""
    if not isinstance(process, Poisson) or process.every is None:
        msg = "its arrivals have no rates that come again and again"
        raise ValueError(msg)
    unit = UNITS[model.unit]
    whole = round(process.every * unit)
    step = math.gcd(round(whole / len(process.rates)), *(round(hour * 3600) for hour in hours))
    cycle = math.lcm(whole, _DAY)
    step = math.gcd(step, cycle, _clock(model))
    if cycle // step > _MOST:
        msg = "its cycle does not fit hours of the day"
        raise ValueError(msg)
    rates = []
    for n in range(cycle // step):
        middle = (n + 0.5) * step
        rate = process.rates[int(middle % whole * len(process.rates) / whole)]
        hour = (_clock(model) + middle) % _DAY / 3600
        rates.append(rate * times if _within(hour, hours) else rate)
    return replace(process, rates=tuple(rates), every=cycle / unit)


def _clock(model: Model) -> int:
    """Seconds since midnight as the model begins."""
    return model.starts.hour * 3600 + model.starts.minute * 60 + model.starts.second


def _within(hour: float, hours: tuple[float, float]) -> bool:
    first, last = hours
    return first <= hour < last if first < last else hour >= first or hour < last
