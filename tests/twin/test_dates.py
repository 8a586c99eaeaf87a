"""Values that change at dates: what holds when, and the same luck on both sides of a change."""

import json
from typing import Any

import numpy as np
import pytest

from onesystem.twin import model_of, replications, result_of
from onesystem.twin.network import layout as at
from onesystem.twin.network.checks import checked
from onesystem.twin.network.loads import loads, unstable
from onesystem.vocabulary import BadConfig


def _model(**said: Any) -> Any:
    return model_of(json.dumps({"replications": 1, "horizon": 100, **said}))


def _rows(**said: Any) -> list[tuple[float, ...]]:
    """Contacts by person: when they asked, began, were ready."""
    (made,) = replications(_model(**said), contacts=True)
    rows = made.rows[np.lexsort((made.rows[:, at.R_ASKED], made.rows[:, at.R_PERSON]))]
    return [tuple(float(x) / at.TICKS for x in row[at.R_ASKED : at.R_ENDED]) for row in rows]


def test_a_stay_and_a_route_by_the_time_at_which_they_are_drawn() -> None:
    rows = _rows(
        nodes={
            "A": {"service": {"from": [[0, 2], [10, 3]]},
                  "next": {"from": [[0, "out"], [12, "B"]]}},
            "B": {"service": 1},
        },
        arrivals={"in": {"node": "A", "times": [1, 9, 10, 11]}},
    )  # fmt: skip
    assert [(asked, ready) for asked, _, ready in rows] == [
        (1, 3), (9, 11), (10, 13), (13, 14), (11, 14), (14, 15),
    ]  # fmt: skip


def test_the_schedule_that_holds() -> None:
    """A cycle stays with the clock of the model, whenever it is put in place."""
    nodes = {
        "A": {
            "servers": {
                "from": [[0, 1], [10, {"changes": [[0, 0], [5, 1]], "every": 24}], [48, 2]]
            },
            "service": 1,
        }
    }
    rows = _rows(nodes=nodes, arrivals={"in": {"node": "A", "times": [0, 9, 10, 25, 46, 49, 49]}})
    assert [began for _, began, _ in rows] == [0, 9, 10, 29, 46, 49, 49]
    (made,) = replications(_model(nodes=nodes, arrivals={"in": {"node": "A", "times": [0]}}))
    hours = 10 + (24 - 10) + (24 - 5) + 2 * 52  # it is 1 from 10 on too, until midnight
    assert made.area[0, at.A_CAPACITY] / at.TICKS == hours


def test_a_pool_that_grows() -> None:
    rows = _rows(
        pools={"staff": {"from": [[0, 1], [5, 2]]}},
        nodes={"A": {"service": 10, "servers": 9, "uses": {"staff": 1}}},
        arrivals={"in": {"node": "A", "times": [0, 1, 2]}},
    )
    assert [began for _, began, _ in rows] == [0, 5, 10]


def test_an_inflow_goes_on_with_its_own_luck() -> None:
    """Until the change people come as if nothing were to happen; then at the other rate."""

    def came(inflow: dict[str, Any]) -> list[float]:
        nodes = {"A": {"service": 1}}
        rows = _rows(nodes=nodes, arrivals={"in": {"node": "A"} | inflow}, horizon=4000)
        return sorted(asked for asked, _, _ in rows)

    as_is = came({"rate": 2})
    dated = came({"from": [[0, {"rate": 2}], [1000, {"rate": 4}]]})
    same = came({"from": [[0, {"rate": 2}], [1000, {"rates": [2, 2], "every": 24}]]})
    gaps = came({"from": [[0, {"gaps": 1}], [10.5, {"rates": [0, 1], "every": 2}],
                          [1000, {"gaps": 2}]]})  # fmt: skip
    before = [time for time in as_is if time < 1000]
    assert dated[: len(before)] == before
    assert same == pytest.approx(as_is, abs=1e-6)
    assert (len(dated) - len(before)) / 3000 == pytest.approx(4, rel=0.05)
    assert gaps[:11] == list(range(1, 12))  # the gap that is under way is finished
    assert all(int(time) % 2 == 1 for time in gaps if 11 < time < 1000)
    assert set(np.diff([time for time in gaps if time > 1000]).round(6)) == {2.0}


def test_loads_are_the_worst() -> None:
    model = _model(
        nodes={
            "A": {"servers": {"from": [[0, 4], [50, 1]]}, "service": 1},
            "B": {"servers": {"from": [[0, 4], [50, 0]]}, "service": {"from": [[0, 1], [60, 2]]}},
            "C": {"servers": 2, "service": {"from": [[0, 1], [200, 9]]}},
        },
        arrivals={
            name: {"node": name, "from": [[0, {"rate": 1}], [70, {"rate": 2}]]} for name in "ABC"
        },
    )
    assert loads(checked(model)) == {"A": 2.0, "B": float("inf"), "C": 1.0}
    assert set(unstable(model)) == {"A", "B", "C"}
    said = result_of(model, replications(model)).warnings
    assert "B: it closes while people still come, and they wait there for ever" in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ([[1, 2]], "says nothing from time 0 on"),
        ([[0, 2], [5, 1], [5, 3]], "its times do not rise"),
        ([[0, {"exponential": -1}]], "mean is -1"),
        ([0, 2], "is no pair"),
        ([], "has no changes"),
    ],
)
def test_mistakes(change: Any, says: str) -> None:
    with pytest.raises(BadConfig, match=says):
        checked(
            _model(
                nodes={"A": {"service": {"from": change}}},
                arrivals={"in": {"node": "A", "rate": 1}},
            )
        )


def test_only_what_goes_on_can_change() -> None:
    with pytest.raises(BadConfig, match="there is no key 'people'"):
        _model(
            nodes={"A": {"service": 1}},
            arrivals={"in": {"node": "A", "from": [[0, {"people": 3}]]}},
        )
