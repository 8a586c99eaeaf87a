"""A stay that is made longer or shorter stays of its kind."""

import pytest

from onesystem.twin.network.distributions import (
    Discrete,
    Erlang,
    Exponential,
    Fixed,
    Gamma,
    Hyperexponential,
    Lognormal,
    Quantiles,
    Trace,
    Triangular,
    Uniform,
    Weibull,
)
from onesystem.twin.scenarios.stays import times

KINDS = [
    Fixed(4.0),
    Exponential(5.0),
    Erlang(2, 6.0),
    Lognormal(6.0, 3.0),
    Hyperexponential((0.25, 0.75), (2.0, 9.0)),
    Gamma(2.0, 3.0),
    Weibull(1.5, 4.0),
    Quantiles((1.0, 2.0, 8.0)),
    Discrete((1.0, 3.0), (0.5, 0.5)),
    Trace((2.0, 4.0, 9.0)),
    Uniform(1.0, 5.0),
    Triangular(1.0, 2.0, 6.0),
]


@pytest.mark.parametrize("stay", KINDS, ids=lambda each: type(each).__name__)
def test_its_mean_is_multiplied_and_its_kind_is_not_changed(stay):
    longer = times(stay, 1.5)
    assert type(longer) is type(stay)
    assert longer.mean == pytest.approx(1.5 * stay.mean)
    assert times(stay, 0) == Fixed(0.0)


def test_what_is_no_length_is_refused():
    with pytest.raises(TypeError):
        times("4 hours", 2)
