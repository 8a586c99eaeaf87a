"""Checks that several designs share: do residuals follow one another, do they spread too far?"""

from typing import Any

import numpy as np

from onesystem.evidence.linear import Fit
from onesystem.evidence.result import Check, Verdict
from onesystem.evidence.series import Timed
from onesystem.evidence.tails import chi2_p

Array = Any


def verdict(p: float, *, doubtful: float = 0.05, failed: float = 0.001) -> Verdict:
    """A p value as a verdict: small speaks against the assumption."""
    if p < failed:
        return Verdict.FAILED
    return Verdict.DOUBTFUL if p < doubtful else Verdict.PASSED


def ljung_box(residuals: Array, lags: int, *, fitted: int = 0) -> tuple[float, float]:
    """The Q of Ljung and Box (1978) and its p value, `fitted` correlations already taken out."""
    r = np.asarray(residuals, float)
    r = r - r.mean()
    n, total = len(r), float(r @ r)
    lags = max(1, min(lags, n - 2))
    if total == 0:
        return 0.0, 1.0
    q = sum(float(r[k:] @ r[:-k] / total) ** 2 / (n - k) for k in range(1, lags + 1))
    q *= n * (n + 2)
    return q, chi2_p(q, max(1, lags - fitted))


def lag_one(residuals: Array) -> float:
    """The correlation of each residual with the next."""
    r = np.asarray(residuals, float) - np.mean(residuals)
    total = float(r @ r)
    return float(r[1:] @ r[:-1]) / total if total else 0.0


def points(before: int, after: int) -> Check:
    """Enough periods on both sides? EPOC asks for three; eight and more are worth believing."""
    least = min(before, after)
    found = Verdict.FAILED if least < 3 else Verdict.DOUBTFUL if least < 8 else Verdict.PASSED
    return Check(
        name="points",
        title="Enough periods before and after",
        verdict=found,
        figure=f"{before} before, {after} after",
        words={
            Verdict.PASSED: "There are enough periods to tell a change from a trend.",
            Verdict.DOUBTFUL: "Fewer than eight on one side: trends are poorly known.",
            Verdict.FAILED: "Fewer than three on one side: no trend can be known.",
        }[found],
    )


def lags(series: Timed) -> int:
    """How many lags are tested: a season's worth for months and weeks, at most a quarter."""
    wanted = {"day": 14, "week": 10, "month": 12, "quarter": 4, "year": 3, "period": 6}[
        series.every
    ]
    return max(1, min(wanted, len(series.values) // 4))


def autocorrelation(
    plain: Fit, chosen: Fit, done: str, q: float, p: float, p_one: float, tested: int
) -> Check:
    """Do residuals follow one another, and was it dealt with?"""
    figure = f"lag 1: {lag_one(plain.residuals):.2f}; Ljung-Box Q({tested}) {q:.1f}, p {p:.2g}"
    if done == "naive":
        verdict, words = Verdict.PASSED, "Residuals do not follow one another."
        if min(p, p_one) < 0.05:
            words = "Residuals swing back and forth: independent errors are on the safe side."
    elif min(p, p_one) >= 0.05:
        verdict, words = Verdict.PASSED, "Not clearly; allowed for anyhow."
    else:
        left = ljung_box(chosen.innovations, tested, fitted=1)[1]
        figure += f"; after it is taken out p {left:.2g}"
        fine = left >= 0.01 and done != "newey-west"
        verdict = Verdict.PASSED if fine else Verdict.DOUBTFUL
        words = (
            f"Residuals follow one another; allowed for ({done})."
            if fine
            else f"Residuals follow one another; partly allowed for ({done}): read with care."
        )
    return Check(
        name="autocorrelation", title="Residuals do not follow one another, or it is allowed for",
        verdict=verdict, figure=figure, words=words,
    )  # fmt: skip
