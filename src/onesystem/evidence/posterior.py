"""What the data say of the changes in a series: how many, where, and at which levels. Exact.

The marginal likelihood of each stretch is in closed form, and is summed over all placements by
recursion (Fearnhead 2006, Stat Comput 16:203-213); no sampler has to converge.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.evidence.series import Timed

Array = Any
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known after the data: the number of changes, their places, draws of the levels."""

    number: Array  # chance of 0, 1, ... changes
    places: Array  # places[k, t]: chance that change k (of the likeliest number) comes before t
    anywhere: Array  # chance of a change before t, over all numbers
    paths: Array  # draws of the level, draws x periods
    likeliest: tuple[int, ...]  # the likeliest places for the likeliest number
    log_factor: float  # log Bayes factor of any change against none


def poisson_stretches(y: Array, exposure: Array, a: float, b: float) -> Array:
    """Log marginal likelihood of each stretch from i up to, not including, j; -inf where i >= j."""
    from scipy.special import gammaln

    total, at_risk = _cumulated(y), _cumulated(exposure)
    constant = _cumulated(y * np.log(exposure) - gammaln(y + 1))
    s = total[None, :] - total[:, None]
    e = at_risk[None, :] - at_risk[:, None]
    c = constant[None, :] - constant[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = c + a * np.log(b) - gammaln(a) + gammaln(a + np.maximum(s, 0))
        found = found - (a + s) * np.log(b + np.maximum(e, 0))
    return np.where(np.tri(len(y) + 1, k=0, dtype=bool), -np.inf, found)


def normal_stretches(y: Array, variance: float, mean: float, prior: float) -> Array:
    """The same for normal values of a known variance around a level with a normal prior."""
    one, two = _cumulated(y - mean), _cumulated((y - mean) ** 2)
    index = np.arange(len(y) + 1)
    n = index[None, :] - index[:, None]
    s = one[None, :] - one[:, None]
    q = two[None, :] - two[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        shrink = prior / (variance + n * prior)
        found = -0.5 * n * np.log(2 * np.pi * variance) - 0.5 * np.log1p(n * prior / variance)
        found = found - 0.5 * (q - shrink * s**2) / variance
    return np.where(np.tri(len(y) + 1, k=0, dtype=bool), -np.inf, found)


def _cumulated(a: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(a)])


def _log_sum(a: Array, axis: int) -> Array:
    top = np.max(a, axis=axis, keepdims=True)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        out = np.log(np.sum(np.exp(a - safe), axis=axis, keepdims=True)) + safe
    return np.squeeze(out, axis=axis)


@dataclass(frozen=True, slots=True)
class Summed:
    """Sums over all placements: forward[k, t] of the first t periods in k + 1 stretches."""

    stretch: Array
    forward: Array
    ways: Array  # log of the number of placements of k changes

    @property
    def evidence(self) -> Array:
        """Log marginal likelihood of each number of changes."""
        return self.forward[:, -1] - self.ways


def summed(stretch: Array, most: int, shortest: int) -> Summed:
    """The recursion over placements of up to `most` changes, stretches no shorter than given."""
    n = len(stretch) - 1
    index = np.arange(n + 1)
    allowed = (index[None, :] - index[:, None]) >= shortest
    s = np.where(allowed, stretch, -np.inf)
    flat = np.where(allowed, 0.0, -np.inf)
    forward, ways = [s[0]], [flat[0]]
    for _ in range(most):
        forward.append(_log_sum(forward[-1][:, None] + s, axis=0))
        ways.append(_log_sum(ways[-1][:, None] + flat, axis=0))
    counts = np.array([w[-1] for w in ways])
    return Summed(s, np.array(forward), counts)


def backward(found: Summed) -> Array:
    """backward[k, t]: sum over placements of the periods from t on in k + 1 stretches."""
    out = [found.stretch[:, -1]]
    for _ in range(len(found.forward) - 1):
        out.append(_log_sum(found.stretch + out[-1][None, :], axis=1))
    return np.array(out)


def chances(most: int) -> Array:
    """The prior of the number of changes: a half, a quarter, ... made to sum to one."""
    prior = 0.5 ** np.arange(1, most + 2)
    return prior / prior.sum()


def posterior(
    series: Timed, *, most: int = 3, shortest: int = 3, seed: int = 1, model: str = "auto",
    expected: Array | None = None, draws: int = DRAWS,
) -> Posterior:  # fmt: skip
    """Everything about the changes of a series.

    expected: what each period would be expected to be by its season, relative to 1.
    """
    y = np.array(series.values)
    exposure = np.ones(len(y)) if expected is None else expected
    if series.denominators and series.kind != "mean":
        exposure = exposure * np.array(series.denominators)
    if model == "poisson":
        rate = max(float(y.sum()), 0.5) / float(exposure.sum())
        parts = [(1.0, poisson_stretches(y, exposure, 1.0, 1.0 / rate))]
        levels: list[Any] = [("gamma", rate)]
    else:
        y = y / exposure
        steps = np.diff(y)
        noise = float(np.mean(steps**2)) / 2 if len(steps) else 0.0
        spread = float(y.var()) or 1.0
        noise = max(noise, 1e-6 * spread)
        parts, levels = [], []
        for factor in np.exp(np.linspace(np.log(0.3), np.log(3.0), 9)):
            variance = noise * float(factor)
            parts.append((1.0, normal_stretches(y, variance, float(y.mean()), spread)))
            levels.append(("normal", variance))
    return _combined(y, exposure, parts, levels, most, shortest, seed, draws)


def _combined(
    y: Array, exposure: Array, parts: list[Any], levels: list[Any], most: int, shortest: int,
    seed: int, draws: int,
) -> Posterior:  # fmt: skip
    n = len(y)
    most = max(0, min(most, n // max(1, shortest) - 1))
    prior = np.log(chances(most))
    sums = [summed(stretch, most, shortest) for _, stretch in parts]
    log_each = np.array([prior + s.evidence for s in sums])  # variances x numbers
    total = _log_sum(log_each.ravel(), axis=0)
    joint = np.exp(log_each - total)
    number = joint.sum(axis=0)
    best = int(np.argmax(number))
    anywhere, places = np.zeros(n), np.zeros((max(best, 1), n))
    for i, s in enumerate(sums):
        back = backward(s)
        for k in range(1, most + 1):
            if joint[i, k] < 1e-9:
                continue
            for j in range(k):
                log_here = s.forward[j] + back[k - 1 - j] - s.forward[k, -1]
                here = np.exp(log_here)[:n]
                anywhere += joint[i, k] * here
                if k == best:
                    places[j] += joint[i, k] / number[k] * here
    paths = _paths(y, exposure, sums, levels, joint, np.random.default_rng(seed), draws)
    log_some = _log_sum(log_each[:, 1:].ravel(), axis=0) if most else -np.inf
    odds_prior = np.log(1 - np.exp(prior[0])) - prior[0] if most else 0.0
    log_factor = float(log_some - _log_sum(log_each[:, 0], axis=0) - odds_prior)
    likeliest = tuple(int(np.argmax(places[j])) for j in range(best))
    return Posterior(number, places[:best], anywhere, paths, likeliest, log_factor)


def _paths(
    y: Array, exposure: Array, sums: list[Summed], levels: list[Any], joint: Array, rng: Any,
    draws: int,
) -> Array:  # fmt: skip
    """Draws of the level over time, exactly from the posterior."""
    n = len(y)
    out = np.empty((draws, n))
    flat = joint.ravel() / joint.sum()
    chosen = rng.choice(len(flat), size=draws, p=flat)
    known: dict[tuple[int, int, int], Array] = {}  # where the stretch before may begin
    mean, spread = float(y.mean()), float(y.var()) or 1.0
    for draw, which in enumerate(chosen):
        i, k = divmod(int(which), joint.shape[1])
        s, end, edges = sums[i], n, [n]
        for j in range(k, 0, -1):
            if (i, j, end) not in known:
                log_here = s.forward[j - 1] + s.stretch[:, end]
                here = np.cumsum(np.exp(log_here - np.max(log_here)))
                known[i, j, end] = here / here[-1]
            end = int(np.searchsorted(known[i, j, end], rng.random()))
            edges.append(end)
        edges.append(0)
        for low, high in zip(edges[1:], edges[:-1], strict=True):
            name, value = levels[i]
            if name == "gamma":
                a, b = 1.0 + y[low:high].sum(), 1.0 / value + exposure[low:high].sum()
                out[draw, low:high] = rng.gamma(a, 1 / b)
            else:
                m = high - low
                weight = spread / (value + m * spread)
                centre = mean + weight * float((y[low:high] - mean).sum())
                out[draw, low:high] = rng.normal(centre, (value * weight) ** 0.5)
    return out


def interval(chance: Array, level: float) -> tuple[int, int]:
    """The narrowest run of places that holds a change with that chance."""
    total = np.concatenate([[0.0], np.cumsum(chance)])
    best = (0, len(chance) - 1)
    for i in range(len(chance)):
        j = int(np.searchsorted(total, total[i] + level - 1e-12))
        if j > len(chance):
            break
        if j - 1 - i < best[1] - best[0]:
            best = (i, j - 1)
    return best
