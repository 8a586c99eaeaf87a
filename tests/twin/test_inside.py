"""People who are there at the start: what is left of their stays, and what they hold."""

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from onesystem.twin import model_of, replications, result_of
from onesystem.twin.network import layout as at
from onesystem.twin.network.checks import checked
from onesystem.vocabulary import BadConfig


def _model(**said: Any) -> Any:
    return model_of(json.dumps({"replications": 1, "horizon": 10_000, **said}))


def _rows(**said: Any) -> Any:
    """Contacts in the order of the list of who is inside: asked, began, ready."""
    said.setdefault("arrivals", {"none": {"node": "A", "people": 0}})
    (made,) = replications(_model(**said), contacts=True)
    rows = made.rows[np.lexsort((made.rows[:, at.R_ASKED], made.rows[:, at.R_PERSON]))]
    return rows[:, at.R_ASKED : at.R_ENDED] / at.TICKS


def _left(service: Any, elapsed: float, count: int = 20_000) -> Any:
    """What is left of many stays that have lasted so long."""
    rows = _rows(
        nodes={"A": {"service": service}},
        inside=[{"node": "A", "elapsed": elapsed, "count": count}],
    )
    assert set(rows[:, 1]) == {-elapsed}
    return rows[:, 2]


_CASES: list[tuple[dict[str, Any], Callable[[float], float], float]] = [
    ({"exponential": {"mean": 3}}, stats.expon(scale=3).sf, 5),
    ({"lognormal": {"mean": 72, "cv": 1.2}},
     stats.lognorm(s := math.sqrt(math.log1p(1.44)), scale=72 * math.exp(-s * s / 2)).sf, 31.5),
    ({"lognormal": {"mean": 2, "cv": 0.5}},
     stats.lognorm(s := math.sqrt(math.log1p(0.25)), scale=2 * math.exp(-s * s / 2)).sf, 20),
    ({"weibull": {"shape": 1.7, "scale": 4}}, stats.weibull_min(1.7, scale=4).sf, 6),
    ({"gamma": {"shape": 2.5, "scale": 2}}, stats.gamma(2.5, scale=2).sf, 3),
    ({"gamma": {"shape": 2.5, "scale": 2}}, stats.gamma(2.5, scale=2).sf, 25),
    ({"gamma": {"shape": 0.4, "scale": 2}}, stats.gamma(0.4, scale=2).sf, 0.5),
    ({"gamma": {"shape": 0.4, "scale": 2}}, stats.gamma(0.4, scale=2).sf, 9),
    ({"erlang": {"k": 4, "mean": 8}}, stats.gamma(4, scale=2).sf, 11),
    ({"hyperexponential": {"p": [0.9, 0.1], "means": [1, 10]}},
     lambda x: 0.9 * math.exp(-x) + 0.1 * math.exp(-x / 10), 4),
    ({"uniform": {"low": 2, "high": 8}}, stats.uniform(2, 6).sf, 5),
    ({"uniform": {"low": 2, "high": 8}}, stats.uniform(2, 6).sf, 1),
    ({"triangular": {"low": 0, "mode": 1, "high": 5}}, stats.triang(0.2, scale=5).sf, 0.5),
    ({"triangular": {"low": 0, "mode": 4, "high": 5}}, stats.triang(0.8, scale=5).sf, 4.5),
    ({"quantiles": {"values": [0, 1, 10], "p": [0, 0.5, 1]}},
     lambda x: float(np.interp(x, [0, 1, 10], [1, 0.5, 0])), 0.4),
    ({"discrete": {"values": [9, 1, 5], "p": [0.2, 0.5, 0.3]}},
     lambda x: 0.5 * (x < 1) + 0.3 * (x < 5) + 0.2 * (x < 9), 3),
]  # fmt: skip


@pytest.mark.parametrize(("service", "longer", "elapsed"), _CASES)
def test_what_is_left(
    service: dict[str, Any], longer: Callable[[float], float], elapsed: float
) -> None:
    """Its mean is the area under the chance of lasting longer, given that it lasts so long."""
    left = _left(service, elapsed)
    steps = [elapsed, *(x for x in (5, 9, 10) if x > elapsed)]
    area = sum(
        quad(longer, a, b, limit=200)[0]
        for a, b in zip(steps, [*steps[1:], elapsed + 10], strict=True)
    )
    area += quad(longer, elapsed + 10, math.inf, limit=200)[0]
    expected = area / longer(elapsed)
    half = 4 * left.std() / math.sqrt(len(left))
    assert left.mean() == pytest.approx(expected, abs=half)
    middle = float(np.median(left))  # and half of them are longer than their median
    if "discrete" not in service:
        assert longer(elapsed + middle) / longer(elapsed) == pytest.approx(0.5, abs=0.015)


def test_a_fixed_stay_has_its_rest_and_an_overdue_one_ends() -> None:
    assert _left(5, 2, 3) == pytest.approx(3)
    assert _left(5, 7, 3) == pytest.approx(0)
    assert set(_left({"trace": [1, 4, 9]}, 3, 200).round(6)) == {1.0, 6.0}


def test_they_hold_servers_and_staff_and_keep_their_place_in_the_queue() -> None:
    rows = _rows(
        classes=["a"],
        pools={"nurses": 2},
        nodes={
            "A": {"servers": 2, "service": 10, "uses": {"nurses": 1}},
            "B": {"servers": 5, "service": 1, "uses": {"nurses": 1}},
        },
        arrivals={"in": {"node": "B", "times": [0]}},
        inside=[
            {"node": "A", "waiting": 1},
            {"node": "A", "waiting": 3},
            {"node": "A", "elapsed": 8},
            {"node": "A", "elapsed": 4},
        ],
    )
    assert sorted(map(tuple, rows.round(6).tolist())) == [
        (-8, -8, 2), (-4, -4, 6), (-3, 2, 12), (-1, 6, 16), (0, 12, 13),
    ]  # fmt: skip


def test_more_than_there_are_servers() -> None:
    """They are there and are served; nobody else is, until there is room; and it is said."""
    said = {
        "nodes": {"A": {"servers": 1, "service": 10}},
        "arrivals": {"in": {"node": "A", "times": [1]}},
        "inside": [{"node": "A", "elapsed": 5, "count": 2}, {"node": "A", "elapsed": 1}],
    }
    assert _rows(**said)[-1].tolist() == [1, 9, 19]
    model = _model(**said)
    made = result_of(model, replications(model))
    assert made.warnings == ("A: 3 people are served there at the start, by 1 servers",)
    assert made.nodes["A"].classes["all"].arrived.mean == 1
    assert made.classes["all"].entered.mean == 1
    assert made.classes["all"].left.mean == 4


def test_who_waits_loses_the_rest_of_their_patience() -> None:
    (made,) = replications(
        _model(
            classes={"urgent": 0, "other": 1},
            attributes={"age": {"levels": ["old", "young"], "shares": {"young": 1}}},
            nodes={
                "A": {
                    "servers": 1,
                    "service": {"by": "age", "old": 100, "young": 7},
                    "patience": {
                        "by": "class",
                        "urgent": 5,
                        "other": {"uniform": {"low": 2, "high": 12}},
                    },
                }
            },
            arrivals={"in": {"node": "A", "class": "other", "people": 0}},
            inside=[
                {"node": "A", "class": "other", "elapsed": 1, "age": "old"},
                {"node": "A", "class": "urgent", "waiting": 4},
                {"node": "A", "class": "other", "waiting": 10, "count": 5},
            ],
        ),
        contacts=True,
    )
    rows = made.rows
    left = rows[rows[:, at.R_OUTCOME] == at.WENT]
    times = left[:, at.R_ENDED] / at.TICKS
    assert times[left[:, at.R_CLASS] == 0].tolist() == [1]
    assert ((times > 0) & (times <= 2)).all()
    assert rows[rows[:, at.R_OUTCOME] == at.DONE][:, at.R_READY].tolist() == [99 * at.TICKS]


def test_the_same_luck_whatever_else_happens() -> None:
    inside = [{"node": "A", "elapsed": 5, "count": 50}]
    nodes = {"A": {"servers": 50, "service": {"lognormal": {"mean": 9, "cv": 1}}}}
    quiet = _rows(nodes=nodes, inside=inside)[:, 2]
    arrivals = {"in": {"node": "A", "rate": 3, "ends": 20}}
    busy = _rows(nodes=nodes, inside=inside, arrivals=arrivals)
    assert busy[busy[:, 0] < 0][:, 2].tolist() == quiet.tolist()


@pytest.mark.parametrize(
    ("person", "says"),
    [
        ({"node": "A"}, "whether they are served or waiting"),
        ({"node": "A", "elapsed": 1, "waiting": 1}, "whether they are served or waiting"),
        ({"node": "B", "elapsed": 1}, "there is no node 'B'"),
        ({"node": "A", "elapsed": -1}, "has been there for -1"),
        ({"node": "A", "elapsed": 1, "count": 0}, "count is 0"),
        ({"node": "A", "elapsed": 1, "age": "old"}, "there is no key 'age'"),
        ({"node": "A", "elapsed": 1, "class": "b"}, "there is no class 'b'"),
    ],
)
def test_mistakes(person: dict[str, Any], says: str) -> None:
    with pytest.raises(BadConfig, match=says):
        checked(
            _model(
                nodes={"A": {"service": 1}},
                arrivals={"in": {"node": "A", "rate": 1}},
                inside=[person],
            )
        )
