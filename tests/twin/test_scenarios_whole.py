"""Figures of groups of people, of places and of the whole: they add up, and nothing is made up."""

import json
from typing import Any

import pytest

from onesystem.twin import model_of
from onesystem.twin.scenarios.comparing import compared
from onesystem.twin.scenarios.reading import read
from onesystem.twin.scenarios.summing import Prices, summed

SAID: dict[str, Any] = {
    "horizon": 800, "warm_up": 80, "replications": 3,
    "classes": ["young", "old"], "living": {"young": 900, "old": 100},
    "attributes": {"sex": {"levels": ["female", "male"],
                           "shares": {"by": "class", "young": {"female": 0.5, "male": 0.5},
                                      "old": {"female": 0.7, "male": 0.3}}}},
    "nodes": {
        "ED": {"servers": 5, "service": {"exponential": 2}, "place": "The infirmary",
               "setting": "ED", "patience": {"exponential": 3}, "next": {"Ward": 0.4, "out": 0.6}},
        "Ward": {"servers": 8, "waiting_room": 0, "service": {"exponential": 20},
                 "place": "The infirmary", "setting": "ward"},
        "Practice": {"service": 0.25, "setting": "general practice", "place": "The town"},
        "Clinic": {"servers": 3, "service": 1, "setting": "outpatient", "waiting_room": 4,
                   "balk": [0, 0.2, 0.5]},
    },
    "arrivals": {
        "walk in": {"node": "ED", "class": {"young": 0.6, "old": 0.4}, "rate": 2,
                    "attributes": {"sex": {"female": 0.2, "male": 0.8}}},
        "calls": {"node": "Practice", "class": {"young": 0.8, "old": 0.2}, "rate": 6},
        "referred": {"node": "Clinic", "class": "old", "rate": 3.5},
    },
}  # fmt: skip
PRICES = Prices(contact={"ED": 280.0, "general practice": 40.0}, hour={"ward": 30.0})


@pytest.fixture(scope="module")
def values() -> dict[tuple[str, str, str], list[Any]]:
    return summed(model_of(json.dumps(SAID)), prices=PRICES).values


ADD = ("taken in", "left waiting", "found no room", "days in service", "days in beds")


@pytest.mark.parametrize("figure", ADD)
def test_groups_make_up_everybody(values: Any, figure: str) -> None:
    for parts in (("young", "old"), ("sex female", "sex male")):
        each = zip(*(values[figure, "", part] for part in parts), strict=True)
        assert [sum(one) for one in each] == pytest.approx(values[figure, "", "all"])


def test_at_each_service_too(values: Any) -> None:
    """Of people who left, who found no room and who went on, by class and by sex."""
    for node in SAID["nodes"]:
        for figure in ("came", "taken in", "left waiting", "found no room", "days in service"):
            for parts in (("young", "old"), ("sex female", "sex male")):
                each = zip(*(values[figure, node, part] for part in parts), strict=True)
                whole = values[figure, node, "all"]
                assert [sum(one) for one in each] == pytest.approx(whole), (figure, node)


def test_an_inflow_has_shares_of_its_own(values: Any) -> None:
    """Four in five of those who walk in are men, of those who call the practice fewer."""
    for node, least, most in (("ED", 0.75, 0.85), ("Practice", 0.42, 0.5)):
        men, all_ = (sum(values["came", node, kind]) for kind in ("sex male", "all"))
        assert least < men / all_ < most


def test_days_at_home(values: Any) -> None:
    """All days of those who live there, without those in beds; of each class too."""
    for kind, living in (("all", 1000), ("young", 900), ("old", 100)):
        home, beds = values["days at home", "", kind], values["days in beds", "", kind]
        both = [a + b for a, b in zip(home, beds, strict=True)]
        assert both == pytest.approx([living * 30] * 3)
    assert values["days in beds", "", "all"] == pytest.approx(
        values["days in service", "Ward", "all"]
    )
    assert ("days at home", "", "sex male") not in values  # how many live there is not said


def test_everything_at_a_place(values: Any) -> None:
    at = "everything at The infirmary"
    for figure in ("taken in", "waiting", "days in service", "cost"):
        each = zip(values[figure, "ED", "all"], values[figure, "Ward", "all"], strict=True)
        assert values[figure, at, "all"] == pytest.approx([sum(one) for one in each])
    assert not any(where == "everything at The town" for _, where, _ in values)  # one service


def test_hours_of_staff(values: Any) -> None:
    """Where somebody is with everybody who is served: not in an ED, nor on a ward."""
    said = {where for figure, where, _ in values if figure == "staff hours"}
    assert said == {"", "Practice", "Clinic"}
    seen = values["taken in", "Practice", "all"]
    hours = values["staff hours", "Practice", "all"]
    assert hours == pytest.approx([each * 0.25 for each in seen], rel=0.01)


def test_cost_by_setting(values: Any) -> None:
    """A price stands under the name of a service or of its setting, of a new service too."""
    seen, spent = values["taken in", "Practice", "all"], values["cost", "Practice", "all"]
    assert spent == pytest.approx([40 * each for each in seen])
    new = {"change": "open", "service": "Second ward", "like": "Ward", "places": 4}
    send = {"change": "send", "leaving": "ED", "share": 0.5, "to": "Second ward",
            "instead_of": "Ward"}  # fmt: skip
    found = compared(model_of(json.dumps(SAID)), [read({"name": "x", "changes": [new, send]})],
                     prices=PRICES)  # fmt: skip
    row = next(r for r in found.rows if (r.figure, r.where) == ("cost", "Second ward"))
    assert (row.scenarios[0].value.mean or 0) > 0


def test_nothing_is_made_up() -> None:
    """Without settings, people and places, none of these figures is there."""
    plain = json.loads(json.dumps(SAID))
    del plain["living"]
    for node in plain["nodes"].values():
        node.pop("place", None)
        node.pop("setting", None)
    figures = {key[0] for key in summed(model_of(json.dumps(plain))).values}
    assert not figures & {"days at home", "days in beds", "staff hours", "cost"}
