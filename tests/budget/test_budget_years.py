"""Years that begin as the district's do, programmes in one form, months that costing holds."""

from dataclasses import replace
from datetime import date

import pytest

from onesystem import wiring
from onesystem.budget import months
from onesystem.budget.costing import queries as costs
from onesystem.budget.costing.cells import Cell, number_of
from onesystem.budget.funds import reading, shape
from onesystem.budget.months import Year
from onesystem.budget.pooled.agreement import Agreement, Contribution
from onesystem.budget.pooled.frameworks import framework
from onesystem.budget.pooled.plan import months_of
from onesystem.district import current


@pytest.fixture
def new_zealand(district, monkeypatch):
    """The district as one that keeps its money in New Zealand dollars."""
    wiring.connect()
    here = replace(current(), currency="NZD")
    monkeypatch.setattr(reading, "current", lambda: here)
    return here


def test_the_year_of_new_zealand_is_july_to_june(new_zealand):
    """The Treasury: the government's financial year runs from 1 July to 30 June."""
    assert Year.of("2026/27").first == date(2026, 7, 1)
    assert Year.on(date(2026, 6, 30)).name == "2025/26"
    assert Year.of("2026/27").quarter(1)[0] == date(2026, 7, 1)
    assert Year.of("2026/27", 4).first == date(2026, 4, 1)  # where the rule is England's


def test_a_pooled_plan_lies_in_its_own_year_and_under_no_rules_of_england(new_zealand):
    found = framework(Year.of("2026/27"))
    assert (found.code, found.conditions, found.measures) == ("agreement", (), ())
    pays = Contribution(code="c", partner="a", kind="additional", amount=1_200, words="")
    made = Agreement(fund="one", year="2026/27", name="One", host="a", contributions=(pays,))
    assert set(months_of(made)) == set(Year.of("2026/27").months)


def test_in_england_it_is_april_and_without_a_district_too(district, monkeypatch):
    wiring.connect()
    assert Year.of("2026/27").first == date(2026, 4, 1)
    assert framework(Year.of("2025/26")).conditions
    monkeypatch.setattr(months, "_ASKED", [])
    assert months.begins_here() == 4


def test_programmes_have_one_form():
    one = shape.Line(code="a", name="A", fund="f", programme="Mental  Health")
    assert one.programme == "mental health"
    assert shape.where("programme=Mental health").covers(one)
    assert shape.programme_of("NHS continuing care") == "NHS continuing care"


def test_months_to_choose_from_begin_where_costing_holds_a_month(joined_months):
    """Two stays that began years before are no reason to offer those years."""
    assert costs.months()[0] == date(2016, 8, 1)
    assert costs.months_held()[0] == date(2025, 11, 1)
    assert costs.months_held()[-1] == date(2026, 10, 1)


@pytest.fixture
def joined_months(db, district, monkeypatch):
    """Twelve usual months of a thousand contacts, and two stays from 2016 on."""
    blank = Cell("w", "ward", "", "r", "own", "staff", "", "", "night", 0, 0, 2, 0, 60, 100)
    first, usual = number_of(date(2016, 8, 1)), number_of(date(2025, 11, 1))
    cells = [blank._replace(month=m, begun=2 * (m == first)) for m in range(first, usual + 12)]
    cells += [blank._replace(month=usual + n, begun=1000, portions=1000) for n in range(12)]
    monkeypatch.setattr(costs, "every", lambda: cells)
