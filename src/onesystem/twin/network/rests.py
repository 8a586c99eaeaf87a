"""What is left of a stay that has already lasted a while: drawn given that it is longer.

Each is exact: by the inverse of the distribution above what has passed; for phases, by how many of
them are likely to be over; for a gamma, by Devroye's rejection from its tail (Non-Uniform Random
Variate Generation, 1986, chapter IX.3.4). Where nothing is longer, nothing is left.
"""

import math

from onesystem.twin.network import distributions as of_kind
from onesystem.twin.network.draws import drawn, first_above, normal, uniform
from onesystem.twin.network.logs import exp, log
from onesystem.twin.network.memory import get_real, native

_ROOT_2 = math.sqrt(2.0)
_TRIES = 100_000


@native
def remaining(  # noqa: PLR0911 - a line or two for each distribution
    kind: int, row: int, values: int, count: int, of: int, nth: int, spent: float
) -> float:
    """What is left after `spent`; the other arguments are those of `draws.drawn`."""
    if kind == of_kind.EXPONENTIAL or spent <= 0.0:
        return drawn(kind, row, values, count, of, nth)
    if kind == of_kind.LOGNORMAL:
        mu, sigma = get_real(row, 0), get_real(row, 1)
        beyond = 0.5 * math.erfc((log(spent) - mu) / (sigma * _ROOT_2))
        if beyond <= 0.0:
            return 0.0
        return max(exp(mu - sigma * normal(beyond * uniform(of, 1))) - spent, 0.0)
    if kind == of_kind.WEIBULL:
        power, scale = get_real(row, 0), get_real(row, 1)
        passed = exp(log(spent / scale) / power)
        return max(scale * exp(power * log(passed - log(uniform(of, 1)))) - spent, 0.0)
    if kind == of_kind.GAMMA:
        return _gamma(row, values, count, of, spent)
    if kind == of_kind.ERLANG:
        return _phases(int(get_real(row, 0)), get_real(row, 1), of, spent)
    if kind == of_kind.HYPER:
        return _branch(values, count // 2, of, spent)
    if kind == of_kind.QUANTILES:
        return _line(values, count // 2, uniform(of, 1), spent) - spent
    if kind in (of_kind.DISCRETE, of_kind.TRACE):
        return _listed(values, count, kind == of_kind.DISCRETE, uniform(of, 1), spent)
    return _bounded(kind, row, uniform(of, 1), spent)


@native
def _gamma(row: int, values: int, count: int, of: int, spent: float) -> float:
    """Draw until one is longer; far out, draw the tail under an exponential that lies above it."""
    shape, scale = get_real(row, 0), get_real(row, 1)
    e = spent / scale
    far = e > max(shape, 1.0)
    fall = 1.0 - max(shape - 1.0, 0.0) / e if far else 1.0
    for n in range(_TRIES):
        if not far:
            x = drawn(of_kind.GAMMA, row, values, count, of + n, 0)
            if x > spent:
                return x - spent
            continue
        x = e - log(uniform(of, 2 * n + 1)) / fall
        if log(uniform(of, 2 * n + 2)) < (shape - 1.0) * log(x / e) - (x - e) * (1.0 - fall):
            return (x - e) * scale
    return 0.0


@native
def _phases(k: int, mean: float, of: int, spent: float) -> float:
    """How many phases are over is Poisson, given that not all are; the others are still to come."""
    ratio, likeliest = spent / mean, 0.0
    weight = 0.0  # logarithms, from no phase over on
    for n in range(1, k):
        weight += log(ratio / n)
        likeliest = max(likeliest, weight)
    total = exp(-likeliest)
    weight = 0.0
    for n in range(1, k):
        weight += log(ratio / n)
        total += exp(weight - likeliest)
    need, over = uniform(of, 1) * total - exp(-likeliest), 0
    weight = 0.0
    while need > 0.0 and over < k - 1:
        over += 1
        weight += log(ratio / over)
        need -= exp(weight - likeliest)
    rest = 0.0
    for n in range(k - over):
        rest -= log(uniform(of, n + 2))
    return rest * mean


@native
def _branch(values: int, count: int, of: int, spent: float) -> float:
    """Which exponential it is, given that it lasts: the longer ones become likelier."""
    longest = 0.0
    for n in range(count):
        longest = max(longest, get_real(values, count + n))
    total, before = 0.0, 0.0
    for n in range(count):
        share, before = get_real(values, n) - before, get_real(values, n)
        total += share * exp(-spent * (1.0 / get_real(values, count + n) - 1.0 / longest))
    need, before, mean = uniform(of, 1) * total, 0.0, longest
    for n in range(count):
        share, before = get_real(values, n) - before, get_real(values, n)
        mean = get_real(values, count + n)
        need -= share * exp(-spent * (1.0 / mean - 1.0 / longest))
        if need <= 0.0:
            break
    return -mean * log(uniform(of, 2))


@native
def _line(values: int, count: int, u: float, spent: float) -> float:
    """The whole of a stay through quantiles, above what has passed."""
    if spent >= get_real(values, 2 * count - 1):
        return spent
    passed = 0.0
    if spent > get_real(values, count):
        n = 0
        while get_real(values, count + n + 1) <= spent:
            n += 1
        low, high = get_real(values, count + n), get_real(values, count + n + 1)
        share = (spent - low) / (high - low)
        passed = get_real(values, n) + share * (get_real(values, n + 1) - get_real(values, n))
    u = passed + (1.0 - passed) * u
    n = first_above(values, count, u) - 1
    low, high = get_real(values, n), get_real(values, n + 1)
    a, b = get_real(values, count + n), get_real(values, count + n + 1)
    return max(a + (b - a) * (u - low) / (high - low), spent)


@native
def _listed(values: int, count: int, weighted: bool, u: float, spent: float) -> float:
    """One of the listed values that are longer; those of a trace are equally likely."""
    first = count // 2 if weighted else 0
    length, total, before = count - first, 0.0, 0.0
    for n in range(length):
        share, before = (
            (get_real(values, n) - before, get_real(values, n)) if weighted else (1.0, 0.0)
        )
        if get_real(values, first + n) > spent:
            total += share
    need, before, rest = u * total, 0.0, 0.0
    for n in range(length):
        share, before = (
            (get_real(values, n) - before, get_real(values, n)) if weighted else (1.0, 0.0)
        )
        if get_real(values, first + n) > spent:
            need -= share
            rest = get_real(values, first + n) - spent
            if need <= 0.0:
                break
    return rest


@native
def _bounded(kind: int, row: int, u: float, spent: float) -> float:
    """A fixed, a uniform or a triangular stay."""
    if kind == of_kind.FIXED:
        return max(get_real(row, 0) - spent, 0.0)
    low, mode, high = get_real(row, 0), get_real(row, 1), get_real(row, 2)
    if kind == of_kind.UNIFORM:
        return max(mode - max(low, spent), 0.0) * u + max(low - spent, 0.0)
    if spent >= high:
        return 0.0
    beyond = 1.0  # the share above what has passed
    if spent > mode:
        beyond = (high - spent) ** 2 / ((high - low) * (high - mode))
    elif spent > low:
        beyond = 1.0 - (spent - low) ** 2 / ((high - low) * (mode - low))
    above = beyond * (1.0 - u)
    if above * (high - low) <= high - mode:
        return max(high - math.sqrt(above * (high - low) * (high - mode)) - spent, 0.0)
    return max(low + math.sqrt((1.0 - above) * (high - low) * (mode - low)) - spent, 0.0)
