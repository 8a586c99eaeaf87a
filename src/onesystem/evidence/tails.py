"""Tails of the distributions that the designs need."""

from functools import lru_cache


@lru_cache(maxsize=256)
def t_quantile(level: float, df: float) -> float:
    """The half-width of a two-sided interval in standard errors: 1.96 for 0.95 and many df."""
    from scipy.special import ndtri, stdtrit

    p = 0.5 + level / 2
    return float(ndtri(p) if df > 1e6 else stdtrit(df, p))


def t_p(t: float, df: float) -> float:
    """The two-sided p value of t."""
    from scipy.special import ndtr, stdtr

    return float(2 * (ndtr(-abs(t)) if df > 1e6 else stdtr(df, -abs(t))))


def chi2_p(x: float, df: float) -> float:
    """The chance of a chi-squared as large as x."""
    from scipy.special import chdtrc

    return float(chdtrc(df, max(0.0, x)))


def f_p(f: float, df1: float, df2: float) -> float:
    """The chance of an F as large as f."""
    from scipy.special import fdtrc

    return float(fdtrc(df1, df2, max(0.0, f)))
