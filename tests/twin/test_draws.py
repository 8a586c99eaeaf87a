"""The arithmetic under the draws, and that the list of events is in order whatever comes."""

import math

import numpy as np
import pytest
from numba import njit
from scipy.special import ndtri, stdtrit

from onesystem.twin.network import draws, logs
from onesystem.twin.network.student import within


@pytest.fixture(scope="module")
def points() -> "np.ndarray":
    made = np.random.default_rng(1)
    near = 1 + np.array([-(2.0**-53), 0, 2.0**-52, 1e-9, -1e-9])
    return np.concatenate([made.random(5000), 10.0 ** made.uniform(-300, 300, 5000), near])


def test_the_inverse_of_the_normal_distribution() -> None:
    """It agrees with scipy's to twelve places."""
    inverse = njit(draws.normal.py_func)
    points = [1e-15, 1e-9, 1e-4, 0.02, 0.07, 0.075, 0.3, 0.5, 0.77, 0.93, 0.999, 1 - 1e-12]
    found = [inverse(p) for p in points]
    assert found == sorted(found)
    for p, x in zip(points, found, strict=True):
        assert math.isclose(x, float(ndtri(p)), rel_tol=1e-12, abs_tol=1e-12)


def test_the_logarithm(points: "np.ndarray") -> None:
    log = njit(logs.log.py_func)
    for x in points:
        assert math.isclose(log(x), math.log(x), rel_tol=3e-16), x


def test_the_exponential(points: "np.ndarray") -> None:
    exp = njit(logs.exp.py_func)
    for x in [*np.log(points), 0.0, 699.9, -699.9, 1e-20]:
        assert math.isclose(exp(x), math.exp(x), rel_tol=3e-16), x
    assert exp(-800.0) == 0
    assert exp(800.0) == exp(700.0)


def test_student() -> None:
    """The bounds of intervals agree with scipy's to twelve places."""
    for freedom in (1, 2, 3, 4, 9, 10, 49, 400, 1999):
        for share in (0.5, 0.95, 0.999):
            exact = float(stdtrit(freedom, (1 + share) / 2))
            assert math.isclose(within(freedom, share), exact, rel_tol=1e-12)
