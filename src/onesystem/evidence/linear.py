"""Fits that the designs share: generalised linear models whose errors may follow one another.

A model is fitted by iteratively reweighted least squares. `Fit.rho` is the correlation of one
period's error with the next, found by restricted maximum likelihood on the working model and taken
out by the transformation of Prais and Winsten (1954), so that the covariance is honest where
residuals follow one another; for counts this is the quasi-likelihood of Zeger (1988).
Families: `mean` (identity, constant variance), `count` (log, variance proportional to the mean),
`share` (logit, binomial variance with a scale).
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from onesystem.vocabulary import BadInput

Family = Literal["mean", "count", "share"]
Array = Any
STEPS = 60
_APART = 1e-12  # least eigenvalue of the terms, each of length one


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fitted model: coefficients, their covariance, and what the residuals look like."""

    beta: Array
    cov: Array
    mu: Array  # expected values, in the unit of y
    residuals: Array  # Pearson, before the correlation is taken out
    innovations: Array  # after it is taken out
    scale: float
    rho: float
    df: int
    hac: bool = False


def fit(
    y: Array,
    x: Array,
    *,
    family: Family,
    offset: Array | None = None,
    trials: Array | None = None,
    rho: float | None = 0.0,
    place: Array | None = None,
    block: Array | None = None,
    hac: int = 0,
) -> Fit:
    """Fit y on x.

    rho: 0 for independent errors, None to estimate it. place: the number of each row's period, in
    order (gaps are allowed); block: rows of different series do not follow one another.
    hac: lags of a Newey-West covariance on what is left, 0 for none; it takes the factor n/(n-p).
    Raises BadInput where the columns cannot be told apart.
    """
    y, x = np.asarray(y, float), np.asarray(x, float)
    n, p = x.shape
    if np.linalg.matrix_rank(x / np.maximum(np.abs(x).max(axis=0), 1e-12)) < p:
        raise BadInput(
            "the data cannot tell the parts of the model apart",
            rule="evidence.rank",
            cure="Give more periods before and after, or ask for fewer terms: no slope, no season",
        )
    shift = np.zeros(n) if offset is None else np.asarray(offset, float)
    m = np.ones(n) if trials is None else np.asarray(trials, float)
    where = np.arange(n) if place is None else np.asarray(place)
    blocks = np.zeros(n, int) if block is None else np.asarray(block)
    eta = _start(y, m, family, shift)
    if family == "mean":
        eta = np.zeros(n)
    found, beta = (0.0 if rho is None else rho), np.zeros(p)
    for step in range(STEPS):
        mu, slope, variance = _moments(eta, m, family)
        z = y if family == "mean" else eta - shift + (y - mu) / slope
        root = np.sqrt(slope**2 / variance)
        wz, wx = z * root, x * root[:, None]
        if rho is None and step < 4:
            found = _reml(wz, wx, where, blocks)
        tz, tx = whiten(wz, found, where, blocks), whiten(wx, found, where, blocks)
        new = np.linalg.lstsq(tx, tz, rcond=None)[0]
        moved = float(np.max(np.abs(new - beta))) / (1e-8 + float(np.max(np.abs(new))))
        beta = new
        eta = x @ beta + shift
        if family == "mean" or moved < 1e-10:
            break
    mu, slope, variance = _moments(eta, m, family)
    root = np.sqrt(slope**2 / variance)
    pearson = (y - mu) / np.sqrt(variance)
    left = whiten(pearson, found, where, blocks)
    tx = whiten(x * root[:, None], found, where, blocks)
    df = n - p
    scale = float(left @ left) / df if df > 0 else float("nan")
    bread = _inverse(tx.T @ tx)
    cov = bread * scale
    if hac and df > 0:
        cov = bread @ _meat(tx * left[:, None], hac, where, blocks) @ bread * (n / df)
    return Fit(
        beta=beta, cov=cov, mu=mu, residuals=pearson, innovations=left, scale=scale, rho=found,
        df=df, hac=bool(hac),
    )  # fmt: skip


def _inverse(gram: Array) -> Array:
    """Where a part of a series is next to without events its rows weigh nothing: the inverse is
    then none, or noise in which variances are negative.
    """
    size = np.sqrt(np.diag(gram))
    apart = np.linalg.eigvalsh(gram / np.outer(size, size))[0] if size.all() else 0.0
    if not apart > _APART:
        raise BadInput(
            "there are too few events to tell the parts of the model apart",
            rule="evidence.too-few-events",
            cure="Take longer periods, or leave the slope (--no-slope) or the season (--waves 0) "
            "out",
        )
    return np.linalg.inv(gram)


def _start(y: Array, m: Array, family: Family, shift: Array) -> Array:
    if family == "count":
        return np.log(np.maximum(y, 0.5)) + 0 * shift
    if family == "share":
        return np.log((y + 0.5) / (m - y + 0.5))
    return y.copy()


def _moments(eta: Array, m: Array, family: Family) -> tuple[Array, Array, Array]:
    """Mean, slope of the mean by the predictor, and variance (up to the scale)."""
    if family == "count":
        mu = np.exp(np.clip(eta, -30, 30))
        return mu, mu, mu
    if family == "share":
        share = 1 / (1 + np.exp(-np.clip(eta, -30, 30)))
        share = np.clip(share, 1e-9, 1 - 1e-9)
        return m * share, m * share * (1 - share), m * share * (1 - share)
    return eta, np.ones_like(eta), np.ones_like(eta)


def whiten(a: Array, rho: float, place: Array, block: Array) -> Array:
    """Take the correlation of neighbours out; over a gap of k periods it is rho to the power k."""
    if rho == 0:
        return a
    gap = np.diff(place)
    follows = (np.diff(block) == 0) & (gap > 0)
    power = np.where(follows, np.sign(rho) ** gap * np.abs(rho) ** gap, 0.0)
    spread = np.sqrt((1 - power**2) / (1 - rho**2))
    if a.ndim > 1:
        power, spread, follows = power[:, None], spread[:, None], follows[:, None]
    begins = a * np.sqrt(1 - rho**2)
    later = np.where(follows, (a[1:] - power * a[:-1]) / spread, begins[1:])
    return np.concatenate([begins[:1], later])


def _reml(z: Array, x: Array, place: Array, block: Array) -> float:
    """The correlation of neighbours that is likeliest once the model's terms are allowed for."""
    n, p = x.shape
    gap = np.diff(place)
    follows = (np.diff(block) == 0) & (gap > 0)
    starts = 1 + int(np.sum(~follows))
    # What the columns explain of z changes nothing here, and large numbers cost precision.
    both = np.column_stack([x, z - x @ np.linalg.lstsq(x, z, rcond=None)[0]])
    steady = bool(follows.all() and (gap == 1).all())
    # Without gaps the sums of the whitened columns are quadratic in rho: they are summed once.
    first = np.outer(both[0], both[0])
    here, there = both[1:].T @ both[1:], both[:-1].T @ both[:-1]
    across = both[1:].T @ both[:-1]
    across = across + across.T

    def sums(rho: float) -> tuple[Array, float]:
        """Cross products of the whitened columns, and the log determinant of the whitening."""
        begun = 0.5 * starts * float(np.log(1 - rho**2))
        if steady:
            return here - rho * across + rho**2 * there + (1 - rho**2) * first, begun
        white = whiten(both, rho, place, block)
        power = np.abs(rho) ** np.where(follows, gap, 0)
        rows = -0.5 * np.log((1 - power**2 + 1e-15) / (1 - rho**2))
        return white.T @ white, begun + float(np.sum(rows[follows]))

    def unlikely(rho: float) -> float:
        total, log_det = sums(rho)
        gram, side = total[:p, :p], total[:p, p]
        sign, log_gram = np.linalg.slogdet(gram)
        if sign <= 0:
            return float("inf")
        rss = float(total[p, p] - side @ np.linalg.solve(gram, side))
        if rss <= 1e-12 * float(total[p, p]):
            return float("inf")
        return float(0.5 * (n - p) * np.log(rss) + 0.5 * log_gram - log_det)

    grid = np.linspace(-0.85, 0.95, 19)
    values = [unlikely(float(r)) for r in grid]
    best = int(np.argmin(values))
    low, high = float(grid[max(0, best - 1)]), float(grid[min(len(grid) - 1, best + 1)])
    golden = (5**0.5 - 1) / 2
    for _ in range(14):
        one, two = high - golden * (high - low), low + golden * (high - low)
        if unlikely(one) < unlikely(two):
            high = two
        else:
            low = one
    return float(low + high) / 2


def _meat(scores: Array, lags: int, place: Array, block: Array) -> Array:
    """Newey and West (1987): scores that are near in time count together, with falling weight."""
    total = scores.T @ scores
    n = len(scores)
    for lag in range(1, min(lags, n - 1) + 1):
        near = (place[lag:] - place[:-lag] == lag) & (block[lag:] == block[:-lag])
        cross = (scores[lag:] * near[:, None]).T @ scores[:-lag]
        total = total + (1 - lag / (lags + 1)) * (cross + cross.T)
    return total


def newey_west_lags(n: int) -> int:
    """The usual number of lags: 4 (n/100)^(2/9), rounded down, at least 1 (Newey and West 1994)."""
    return max(1, int(4 * (n / 100) ** (2 / 9)))
