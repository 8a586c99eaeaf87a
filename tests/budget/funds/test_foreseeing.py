"""The twin's forecast of lines: what the model's services take in, times what a contact costs."""

from datetime import date

import pytest
from funds_data import ED, HOME, MIND, WARDS

from onesystem.budget.funds import foreseeing, queries
from onesystem.budget.funds.costed import Costs
from onesystem.budget.funds.foreseeing import Volumes, daily, services_of, twin_based
from onesystem.vocabulary import BadConfig

COSTS = Costs({"ed": (30_000, 100), "ward-a": (80_000, 40), "ward-b": (20_000, 60)}, 100)


@pytest.mark.usefixtures("district")
def test_a_service_of_its_own_costs_what_its_contacts_do():
    model = Volumes({"ed": [1.0, 1.2]}, {}, 365.0)
    assert daily(["ed"], COSTS, model) == [300.0, 360.0]


@pytest.mark.usefixtures("district")
def test_services_that_are_one_node_share_what_comes_to_it():
    """100 contacts a 100 days at 1,000 each: ward A has four fifths of the cost."""
    model = Volumes({}, {"ward": [1.0, 2.0]}, 365.0)
    assert daily(["ward-a"], COSTS, model) == [800.0, 1600.0]
    assert daily(["ward-a", "ward-b"], COSTS, model) == [1000.0, 2000.0]


@pytest.mark.usefixtures("district")
def test_what_the_model_left_out_goes_on_as_it_was():
    model = Volumes({"ed": [1.0, 1.2]}, {}, 365.0)
    assert daily(["ed", "ward-a"], COSTS, model) == [1100.0, 1160.0]
    assert daily(["ward-a"], COSTS, model) == []
    few = Costs({"ed": (30_000, 3)}, 100)
    assert daily(["ed"], few, model) == []


@pytest.mark.usefixtures("district")
def test_a_line_is_foreseen_by_its_services():
    assert services_of(ED) == ["ed"]
    assert services_of(WARDS) == ["ward-a", "ward-b"]
    assert services_of(MIND) == services_of(HOME) == []
    year = foreseeing.Year(date(2026, 4, 1))
    model = Volumes({"ed": [1.0, 1.2]}, {}, 365.0)
    spent = {"ed": {date(2026, 4, 1): 9_000}, "mind": {date(2026, 4, 1): 5}}
    found = twin_based([ED, MIND], spent, year, date(2027, 1, 1), COSTS, model)
    assert list(found) == ["ed"]
    assert found["ed"].amount == 9_000 + 59 * 330  # February and March have 59 days
    assert found["ed"].method == "twin"


@pytest.mark.usefixtures("joined")
def test_without_a_twin_it_is_said_why():
    assert "onesystem twin calibrate --keep" in foreseeing.volumes().why_not
    whole = queries.position("programme", method="twin")
    assert "no twin yet" in whole.why_not
    with pytest.raises(BadConfig, match="run-rate"):
        queries.position("programme", method="run rate")
    with pytest.raises(BadConfig, match="programme"):
        queries.position("program")


def test_a_line_that_the_twin_knows_says_so(funded, monkeypatch):
    model = Volumes({"ed": [1.0, 1.2]}, {}, 365.0)
    monkeypatch.setattr(foreseeing, "volumes", lambda: model)
    monkeypatch.setattr("onesystem.budget.funds.costed.costs", lambda *_: COSTS)
    whole = queries.position("line", month=date(2026, 10, 1), method="twin")
    methods = {row.key: row.forecast and row.forecast.method for row in whole.rows}
    assert (methods["ed"], methods["wards"]) == ("twin", None)
    assert not whole.why_not
