"""Synthetic control on predictors besides the outcome: which weigh how much is searched for. Pure.

Abadie, Diamond and Hainmueller (2010), section 2.3: places are weighted so that predictors agree,
each predictor by an importance, and the importances are those whose weights bring the outcome
before the change nearest. Two starts (all alike, and by a regression of the outcome on predictors)
are improved by the simplex of Nelder and Mead; the better end counts. A short search ends at
other importances that fit nearly alike, so that weights differ more than gaps do.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from onesystem.evidence.simplex import simplex
from onesystem.vocabulary import BadInput

Array = Any
TRIES = 400  # of importances, from each start
_STEP = 3.0  # of the first tries, in logarithms: a twentieth of an importance, or twenty times it


def standard(units: Sequence[str], predictors: Mapping[str, Sequence[float]]) -> Array:
    """Predictors (rows) by unit in their standard deviations. Raises BadInput naming one."""
    rows = []
    for name, values in predictors.items():
        row = np.asarray(values, float)
        if row.shape != (len(units),):
            raise BadInput(
                f"{name} has {row.size} figures for {len(units)} units",
                rule="evidence.predictor", cure="Give one figure a unit",
            )  # fmt: skip
        if not np.isfinite(row).all():
            lacks = units[int(np.flatnonzero(~np.isfinite(row))[0])]
            raise BadInput(
                f"{lacks} has no {name}", rule="evidence.predictor",
                cure="Fill it in, or leave the predictor out",
            )  # fmt: skip
        spread = float(row.std(ddof=1))
        if spread == 0:
            raise BadInput(
                f"{name} is the same everywhere", rule="evidence.predictor",
                cure="Leave it out: it tells no unit from another",
            )  # fmt: skip
        rows.append(row / spread)
    return np.array(rows)


def weights(
    one: Array, others: Array, before: Array, before_others: Array, *, tries: int = TRIES
) -> Array:  # fmt: skip
    """Weights of the others: `one` and `others` (predictors x units) are standard predictors,
    `before` and `before_others` (periods x units) the outcome before the change.
    """
    best: tuple[float, Array] = (np.inf, None)

    def loss(logs: Array) -> float:
        nonlocal best
        root = np.sqrt(np.exp(logs - logs.max()))
        found = simplex(root * one, root[:, None] * others)
        error = float(np.mean((before - before_others @ found) ** 2))
        if error < best[0]:
            best = (error, found)
        return error

    from scipy.optimize import minimize

    for start in (np.zeros(len(one)), _by_regression(one, others, before, before_others)):
        around = np.vstack([start, start + _STEP * np.eye(len(one))])
        how = {"maxfev": tries, "initial_simplex": around, "xatol": 1e-3, "fatol": 1e-4}
        minimize(loss, start, method="Nelder-Mead", options=how)
    return best[1]


def _by_regression(one: Array, others: Array, before: Array, before_others: Array) -> Array:
    """Logarithms of importances: how much each predictor explains of the outcome before."""
    x = np.column_stack([np.ones(others.shape[1] + 1), np.column_stack([one, others]).T])
    y = np.column_stack([before, before_others]).T
    explains = np.linalg.lstsq(x, y, rcond=None)[0][1:]
    shares = np.sum(explains**2, axis=1)
    return np.log(np.maximum(shares / (shares.sum() or 1.0), 1e-6))
