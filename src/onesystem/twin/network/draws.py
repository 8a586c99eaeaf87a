"""Random numbers by counting: each is a function of what it is for, never of what came before.

A number is drawn by hashing a key (the run's seed, the person, the service, the purpose) and a
counter, so that the same person meets the same luck in two scenarios, whatever happens to others
(common random numbers), and the order of events and the number of workers change nothing. The hash
is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014, doi:10.1145/2660193.2660195), applied
twice to a key. The inverse of the normal distribution is Wichura's AS 241 (1988).
"""

import math
from typing import Any

import numpy as np

from onesystem.twin.network import distributions as of_kind
from onesystem.twin.network.logs import exp, log
from onesystem.twin.network.memory import get, get_real, native, put_real

GAP, SERVICE, PATIENCE, ROUTE, BALK, CHANGE, SIZE, PICK, START = range(1, 10)

_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53

_MIDDLE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3),
)  # fmt: skip
_SIDE = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9),
)  # fmt: skip
_TAIL = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15),
)  # fmt: skip


@native
def mixed(z: Any) -> Any:
    """A whole number of 64 bits, well mixed."""
    z = (z ^ (z >> _S30)) * _A
    z = (z ^ (z >> _S27)) * _B
    return z ^ (z >> _S31)


@native
def key(base: int, what: int, nth: int, purpose: int) -> int:
    """The key of a draw: for whom (a key too), of what, for the how-manieth time, for which use."""
    mark = np.uint64(what) + np.uint64(nth) * _A + np.uint64(purpose) * _B
    return np.int64(mixed(np.uint64(base) ^ (mark * _STEP)))


@native
def uniform(of: int, nth: int) -> float:
    """The n-th number of a key, above 0 and below 1."""
    return (float(mixed(np.uint64(of) + np.uint64(nth) * _STEP) >> _S11) + 0.5) * _UNIT


@native
def _ratio(table: Any, x: float) -> float:
    a, b = table
    up = ((((((a[7] * x + a[6]) * x + a[5]) * x + a[4]) * x + a[3]) * x + a[2]) * x + a[1]) * x
    low = ((((((b[7] * x + b[6]) * x + b[5]) * x + b[4]) * x + b[3]) * x + b[2]) * x + b[1]) * x
    return float((up + a[0]) / (low + b[0]))


@native
def normal(u: float) -> float:
    """The standard normal value that lies at the probability u."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return float(q * _ratio(_MIDDLE, 0.180625 - q * q))
    r = math.sqrt(-log(u if q < 0 else 1.0 - u))
    x = _ratio(_SIDE, r - 1.6) if r <= 5.0 else _ratio(_TAIL, r - 5.0)
    return float(-x if q < 0 else x)


@native
def lognormals(row: int, keys: int, count: int) -> None:
    """What `drawn` gives by a log-normal for so many keys at an address, in their place.

    All parts of `normal` are worked out, so that the compiler can take several keys at a time.
    """
    mu, sigma = get_real(row, 0), get_real(row, 1)
    for n in range(count):
        u = uniform(get(keys, n), 1)
        q = u - 0.5
        middle = q * _ratio(_MIDDLE, 0.180625 - q * q)
        r = math.sqrt(-log(u if q < 0 else 1.0 - u))
        side, tail = _ratio(_SIDE, r - 1.6), _ratio(_TAIL, r - 5.0)
        x = side if r <= 5.0 else tail
        z = middle if abs(q) <= 0.425 else (-x if q < 0 else x)
        put_real(keys, n, exp(mu + sigma * z))


@native
def _gamma(of: int, shape: float, scale: float) -> float:
    """Marsaglia and Tsang (2000), doi:10.1145/358407.358414; each try has its own numbers."""
    boost = 1.0
    if shape < 1.0:
        boost = exp(log(uniform(of, 1)) / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    n = 2
    while True:
        x = normal(uniform(of, n))
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            u = uniform(of, n + 1)
            if log(u) < 0.5 * x * x + d - d * v + d * log(v):
                return d * v * boost * scale
        n += 2


@native
def first_above(values: int, count: int, u: float) -> int:
    """Which of the rising cumulative probabilities at an address is the first above u.

    As many numbers before the list say where to begin to look (Chen and Asau, 1974,
    doi:10.1080/05695557408974949): the k-th how many are at most k / count (`tables.guide`).
    """
    n = int(get_real(values - 8 * count, int(u * count)))
    while n > 0 and get_real(values, n - 1) > u:  # the k-th may be above u in the last place
        n -= 1
    while n < count - 1 and get_real(values, n) <= u:
        n += 1
    return n


@native
def _rare(  # noqa: C901, PLR0911 - a line or two for each distribution
    kind: int, row: int, values: int, count: int, of: int, nth: int
) -> float:
    """The distributions that take more than a line."""
    if kind == of_kind.ERLANG:
        product, total = 1.0, 0.0
        for n in range(int(get_real(row, 0))):
            product *= uniform(of, n + 1)
            if product < 1e-200:
                total -= log(product)
                product = 1.0
        return get_real(row, 1) * (total - log(product))
    half = count // 2
    if kind == of_kind.HYPER:
        branch = first_above(values, half, uniform(of, 1))
        return -get_real(values, half + branch) * log(uniform(of, 2))
    if kind == of_kind.GAMMA:
        return _gamma(of, get_real(row, 0), get_real(row, 1))
    if kind == of_kind.WEIBULL:
        return get_real(row, 1) * exp(get_real(row, 0) * log(-log(uniform(of, 1))))
    u = uniform(of, 1)
    if kind == of_kind.QUANTILES:
        n = first_above(values, half, u) - 1  # the first probability is 0
        low, high = get_real(values, n), get_real(values, n + 1)
        a, b = get_real(values, half + n), get_real(values, half + n + 1)
        return a + (b - a) * (u - low) / (high - low)
    if kind == of_kind.DISCRETE:
        return get_real(values, half + first_above(values, half, u))
    if kind == of_kind.TRACE:
        return get_real(values, nth % count)
    low, mode, high = get_real(row, 0), get_real(row, 1), get_real(row, 2)
    if kind == of_kind.UNIFORM:
        return low + (mode - low) * u
    if u * (high - low) < mode - low:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


@native
def drawn(kind: int, row: int, values: int, count: int, of: int, nth: int) -> float:
    """A value of a distribution: its kind, the addresses of its numbers and of its list.

    `nth` is the person's number in its inflow, for traces.
    """
    if kind == of_kind.EXPONENTIAL:
        return -get_real(row, 0) * log(uniform(of, 1))
    if kind == of_kind.LOGNORMAL:
        return exp(get_real(row, 0) + get_real(row, 1) * normal(uniform(of, 1)))
    if kind == of_kind.FIXED:
        return get_real(row, 0)
    return _rare(kind, row, values, count, of, nth)
