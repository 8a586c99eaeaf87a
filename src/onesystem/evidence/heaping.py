"""Whether people heap on one side of a threshold, as where somebody chooses on which to be.

The test of McCrary (2008, J Econometrics 142:698-714): the densities on both sides, each from a
fine histogram by a local line at the threshold.
"""

from typing import Any

import numpy as np

Array = Any


def heaping(x: Array) -> tuple[float, float]:
    """The logarithm of the ratio of densities just above and below 0, and its standard error."""
    n = len(x)
    step = 2 * float(x.std(ddof=1)) * n**-0.5
    centres, heights = [], []
    for sign in (-1, 1):
        side = np.abs(x[(x >= 0) == (sign > 0)])
        count = max(1, int(np.ceil(side.max() / step)))
        bins = np.bincount(np.minimum((side / step).astype(int), count - 1), minlength=count)
        centres.append(sign * (np.arange(count) + 0.5) * step)
        heights.append(bins / (n * step))
    found = [_edge(c, f, step) for c, f in zip(centres, heights, strict=True)]
    h = (found[0] + found[1]) / 2
    edge = [_local(c, f, h) for c, f in zip(centres, heights, strict=True)]
    if min(edge) <= 0:
        return 0.0, float("inf")
    se = (24 / 5 / (n * h) * (1 / edge[0] + 1 / edge[1])) ** 0.5
    return float(np.log(edge[1] / edge[0])), float(se)


def _edge(centre: Array, height: Array, step: float) -> float:
    """The bandwidth of one side, from a polynomial of fourth order (McCrary 2008, section 3.2)."""
    if len(centre) < 8:
        return float(np.abs(centre).max())
    scale = float(np.abs(centre).max())
    u = centre / scale
    powers = np.column_stack([u**p for p in range(5)])
    b = np.linalg.lstsq(powers, height, rcond=None)[0]
    s2 = float(np.sum((height - powers @ b) ** 2)) / (len(u) - 5)
    bend = (2 * b[2] + 6 * b[3] * u + 12 * b[4] * u**2) / scale**2
    total = float(np.sum(bend**2))
    if total <= 0 or s2 <= 0:
        return scale
    return float(min(scale, max(4 * step, 3.348 * (s2 * scale / total) ** 0.2)))


def _local(centre: Array, height: Array, h: float) -> float:
    """The height at 0 by a local line."""
    w = np.maximum(0, 1 - np.abs(centre) / h)
    use = w > 0
    if use.sum() < 2:
        return float(height[np.argmin(np.abs(centre))])
    root = np.sqrt(w[use])
    z = np.column_stack([np.ones(int(use.sum())), centre[use]]) * root[:, None]
    return float(np.linalg.lstsq(z, height[use] * root, rcond=None)[0][0])
