"""How long something takes: the distributions of a network, in the model's unit of time. Pure.

Each knows its mean and gives the row by which the kernel draws it: a kind, up to three numbers,
and a list. Parameters follow the common texts (Law, Simulation Modeling and Analysis, 5th ed.,
2015, chapter 6): an Erlang's mean is that of the whole, a Weibull's shape comes before its scale.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

# The kinds that the kernel knows; `BY` looks at the person, `DATED` at the time, for another row.
FIXED, EXPONENTIAL, ERLANG, HYPER, LOGNORMAL, GAMMA, WEIBULL = range(7)
QUANTILES, UNIFORM, TRIANGULAR, DISCRETE, TRACE, BY, DATED = range(7, 14)

Row = tuple[int, float, float, float, tuple[float, ...]]


class Distribution(Protocol):
    """What every distribution has."""

    @property
    def mean(self) -> float:
        """The mean in the model's unit."""
        ...

    def row(self) -> Row:
        """Kind, three numbers, and a list, as the kernel reads them."""
        ...


@dataclass(frozen=True)
class Fixed:
    """Always the same."""

    value: float

    def __post_init__(self) -> None:
        _not_negative(value=self.value)

    @property
    def mean(self) -> float:
        """The value."""
        return self.value

    def row(self) -> Row:
        """The value."""
        return FIXED, self.value, 0.0, 0.0, ()


@dataclass(frozen=True)
class Exponential:
    """Without memory."""

    mean: float

    def __post_init__(self) -> None:
        _positive(mean=self.mean)

    def row(self) -> Row:
        """The mean."""
        return EXPONENTIAL, self.mean, 0.0, 0.0, ()


@dataclass(frozen=True)
class Erlang:
    """The sum of `k` equal exponentials with this mean in all."""

    k: int
    mean: float

    def __post_init__(self) -> None:
        _positive(k=self.k, mean=self.mean)
        if self.k != int(self.k):
            msg = f"k is {self.k}; it is a whole number"
            raise ValueError(msg)

    def row(self) -> Row:
        """The number of phases and the mean of one."""
        return ERLANG, float(self.k), self.mean / self.k, 0.0, ()


@dataclass(frozen=True)
class Hyperexponential:
    """One of several exponentials, each with its probability."""

    p: tuple[float, ...]
    means: tuple[float, ...]

    def __post_init__(self) -> None:
        _shares(self.p, self.means, "means")
        for mean in self.means:
            _positive(means=mean)

    @property
    def mean(self) -> float:
        """The mean over all branches."""
        return sum(p * mean for p, mean in zip(self.p, self.means, strict=True))

    def row(self) -> Row:
        """Cumulative probabilities, then the means."""
        return HYPER, 0.0, 0.0, 0.0, (*_cumulative(self.p), *self.means)


@dataclass(frozen=True)
class Lognormal:
    """Log-normal by its mean and its coefficient of variation."""

    mean: float
    cv: float

    def __post_init__(self) -> None:
        _positive(mean=self.mean, cv=self.cv)

    @classmethod
    def of_logs(cls, mu: float, sigma: float) -> "Lognormal":
        """From the mean and standard deviation of the logarithm."""
        _positive(sigma=sigma)
        return cls(math.exp(mu + sigma**2 / 2), math.sqrt(math.expm1(sigma**2)))

    def row(self) -> Row:
        """Mean and standard deviation of the logarithm."""
        variance = math.log1p(self.cv**2)
        return LOGNORMAL, math.log(self.mean) - variance / 2, math.sqrt(variance), 0.0, ()


@dataclass(frozen=True)
class Gamma:
    """Gamma by shape and scale; the mean is their product."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        _positive(shape=self.shape, scale=self.scale)

    @property
    def mean(self) -> float:
        """Shape times scale."""
        return self.shape * self.scale

    def row(self) -> Row:
        """Shape and scale."""
        return GAMMA, self.shape, self.scale, 0.0, ()


@dataclass(frozen=True)
class Weibull:
    """Weibull by shape and scale."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        _positive(shape=self.shape, scale=self.scale)

    @property
    def mean(self) -> float:
        """Scale times the gamma function of 1 + 1/shape."""
        return self.scale * math.gamma(1 + 1 / self.shape)

    def row(self) -> Row:
        """One over the shape, and the scale."""
        return WEIBULL, 1 / self.shape, self.scale, 0.0, ()


@dataclass(frozen=True)
class Quantiles:
    """Through measured quantiles, straight between them.

    `values` at the probabilities `p`, both rising; without `p` they lie evenly from 0 to 1.
    """

    values: tuple[float, ...]
    p: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            msg = "quantiles need two values or more"
            raise ValueError(msg)
        _not_negative(values=min(self.values))
        if list(self.values) != sorted(self.values):
            msg = "the values of quantiles must rise"
            raise ValueError(msg)
        p = self.at
        if len(p) != len(self.values):
            msg = f"there are {len(self.values)} values and {len(p)} probabilities"
            raise ValueError(msg)
        if p[0] != 0 or p[-1] != 1 or any(a >= b for a, b in itertools.pairwise(p)):
            msg = "the probabilities of quantiles rise from 0 to 1"
            raise ValueError(msg)

    @property
    def at(self) -> tuple[float, ...]:
        """The probability of each value."""
        last = len(self.values) - 1
        return self.p or tuple(n / last for n in range(last + 1))

    @property
    def mean(self) -> float:
        """The area under the line through the quantiles."""
        pairs = list(zip(self.at, self.values, strict=True))
        return sum((b - a) * (x + y) / 2 for (a, x), (b, y) in itertools.pairwise(pairs))

    def row(self) -> Row:
        """The probabilities, then the values."""
        return QUANTILES, 0.0, 0.0, 0.0, (*self.at, *self.values)


@dataclass(frozen=True)
class Uniform:
    """Anywhere between two bounds."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _not_negative(low=self.low)
        if self.high < self.low:
            msg = f"high ({self.high}) is below low ({self.low})"
            raise ValueError(msg)

    @property
    def mean(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    def row(self) -> Row:
        """The bounds."""
        return UNIFORM, self.low, self.high, 0.0, ()


@dataclass(frozen=True)
class Triangular:
    """Between two bounds, most often near the mode."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _not_negative(low=self.low)
        if not self.low <= self.mode <= self.high or self.low == self.high:
            msg = "low, mode and high must rise"
            raise ValueError(msg)

    @property
    def mean(self) -> float:
        """A third of the three."""
        return (self.low + self.mode + self.high) / 3

    def row(self) -> Row:
        """Low, mode and high."""
        return TRIANGULAR, self.low, self.mode, self.high, ()


@dataclass(frozen=True)
class Discrete:
    """One of some values, each with its probability."""

    values: tuple[float, ...]
    p: tuple[float, ...]

    def __post_init__(self) -> None:
        _shares(self.p, self.values, "values")
        _not_negative(values=min(self.values))

    @property
    def mean(self) -> float:
        """The values weighted by their probabilities."""
        return sum(p * value for p, value in zip(self.p, self.values, strict=True))

    def row(self) -> Row:
        """Cumulative probabilities, then the values."""
        return DISCRETE, 0.0, 0.0, 0.0, (*_cumulative(self.p), *self.values)


@dataclass(frozen=True)
class Trace:
    """Given in order: the first person of an inflow takes the first value, and so on.

    After the last one it begins again.
    """

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            msg = "a trace needs a value"
            raise ValueError(msg)
        _not_negative(values=min(self.values))

    @property
    def mean(self) -> float:
        """The mean of the values."""
        return sum(self.values) / len(self.values)

    def row(self) -> Row:
        """The values."""
        return TRACE, 0.0, 0.0, 0.0, self.values


KINDS: dict[str, type] = {
    "fixed": Fixed, "exponential": Exponential, "erlang": Erlang,
    "hyperexponential": Hyperexponential, "lognormal": Lognormal, "gamma": Gamma,
    "weibull": Weibull, "quantiles": Quantiles, "uniform": Uniform, "triangular": Triangular,
    "discrete": Discrete, "trace": Trace,
}  # fmt: skip


def _cumulative(shares: Sequence[float]) -> tuple[float, ...]:
    sums, total = [], 0.0
    for share in shares:
        total += share
        sums.append(total)
    sums[-1] = 1.0  # whatever the last place of the sum says
    return tuple(sums)


def _shares(p: Sequence[float], others: Sequence[float], name: str) -> None:
    if not p or len(p) != len(others):
        msg = f"there are {len(p)} probabilities and {len(others)} {name}"
        raise ValueError(msg)
    if min(p) < 0 or abs(sum(p) - 1) > 1e-9:
        msg = f"the probabilities sum to {sum(p):g}, not 1"
        raise ValueError(msg)


def _positive(**named: float) -> None:
    for name, value in named.items():
        if not (value > 0 and math.isfinite(value)):
            msg = f"{name} is {value:g}; it must be above 0"
            raise ValueError(msg)


def _not_negative(**named: float) -> None:
    for name, value in named.items():
        if not (value >= 0 and math.isfinite(value)):
            msg = f"{name} is {value:g}; a time is 0 or more"
            raise ValueError(msg)
