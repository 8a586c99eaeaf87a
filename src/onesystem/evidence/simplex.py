"""Weights of a mean: zero or more, and one together. Exact least squares by active sets. Pure."""

from typing import Any

import numpy as np

Array = Any


def simplex(target: Array, donors: Array) -> Array:
    """Weights of zero or more that sum to one and bring donors (time x units) nearest the target.

    Exact, by active sets: whoever would help most joins, the problem is solved among those who take
    part, and who would go below zero leaves; it ends where nobody outside would help.
    """
    level = target.mean()  # the sum is one, so a shift changes nothing, and it helps the arithmetic
    scale = float(np.abs(donors - level).max()) or 1.0
    x, y = (donors - level) / scale, (target - level) / scale
    weights = np.zeros(x.shape[1])
    weights[int(np.argmin(np.sum((x - y[:, None]) ** 2, axis=0)))] = 1.0
    for _ in range(20 * x.shape[1]):
        pull = x.T @ (x @ weights - y)
        part = weights > 0
        slack = pull - float(pull[part] @ weights[part])
        joins = int(np.argmin(slack))
        if slack[joins] > -1e-12 or part[joins]:
            break
        part[joins] = True
        weights = _settled(x, y, weights, part)
    return weights / weights.sum()


def _settled(x: Array, y: Array, weights: Array, part: Array) -> Array:
    """The best weights among those who take part; who would go below zero is let out on the way."""
    while True:
        inside = np.flatnonzero(part)
        best = _equal_sum(x[:, inside], y)
        if (best > 0).all():
            out = np.zeros_like(weights)
            out[inside] = best
            return out
        now = weights[inside]
        down = best < now
        steps = np.where(down & (best <= 0), now / np.where(down, now - best, 1.0), np.inf)
        step = float(min(1.0, steps.min()))
        moved = now + step * (best - now)
        moved[int(np.argmin(steps))] = 0.0
        weights = np.zeros_like(weights)
        weights[inside] = np.maximum(moved, 0.0)
        part = weights > 0


def _equal_sum(x: Array, y: Array) -> Array:
    """Least squares with weights that sum to one."""
    k = x.shape[1]
    gram = np.zeros((k + 1, k + 1))
    gram[:k, :k], gram[:k, k], gram[k, :k] = x.T @ x, 1.0, 1.0
    return np.linalg.lstsq(gram, np.append(x.T @ y, 1.0), rcond=None)[0][:k]
