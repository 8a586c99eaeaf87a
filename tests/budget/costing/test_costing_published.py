"""Figures that others published, and that follow from them by hand."""

from datetime import date
from fractions import Fraction

import pytest
from cost_facts import by_month, contacts, costed, on

from onesystem.budget.costing import loading

NCC = "money/national_cost_collection_2024_25/by_service.csv"
ASC = "money/adult_social_care_unit_costs_2014_15/asc_unit_costs_2014_15.parquet"


def test_capacity_cost_rate_of_the_first_example():
    """Kaplan and Anderson, Time-Driven Activity-Based Costing, Harvard Business Review, November
    2004: a department of 28 that costs 560,000 dollars a quarter has 700,000 practical minutes,
    so a minute costs 0.80; an order takes 8 minutes, an inquiry 44, a credit check 50: 6.40,
    35.20 and 40.00. 49,000 orders, 1,400 inquiries and 2,500 checks use 578,600 minutes: 83 %.
    """
    rules = on("""
        [[staff]]
        group = "clerk"
        words = "customer service"
        since = 2024-04-01
        cost = 56_000_000
        minutes = 700_000
        source = "HBR, November 2004"
        """)
    rate = rules.rate("clerk", date(2024, 4, 1))
    assert rate == Fraction(80)
    assert [rate * minutes for minutes in (8, 44, 50)] == [640, 3520, 4000]
    used = 8 * 49_000 + 44 * 1_400 + 50 * 2_500
    assert used == 578_600
    assert used * rate == 46_288_000
    assert round(100 * used / 700_000) == 83


@pytest.mark.parametrize(
    ("code", "pounds"),
    [
        ("ncc-emergency-care", "280.17"),
        ("ncc-ambulance", "271.98"),
        ("ncc-ward-day", "825.86"),
        ("ncc-rehabilitation-day", "656.24"),
        ("ncc-diagnostic-imaging", "140.38"),
        ("ncc-outpatient", "142.43"),
        ("ncc-community", "88.73"),
    ],
)
def test_national_unit_costs(code, pounds):
    """NHS England, National Cost Collection 2024/25, unit costs by service, at their own prices."""
    minor = loading.shipped().national_cost(code, date(2024, 10, 1))
    assert minor == round(Fraction(pounds) * 100)


def test_care_home_week():
    """HSCIC, Personal Social Services Expenditure and Unit Costs 2014-15: 666.37 pounds a week."""
    assert loading.shipped().national_cost("asc-care-home-week", date(2014, 10, 1)) == 66_637


def test_national_unit_costs_are_those_of_the_file(shared_data):
    named = {
        "ncc-emergency-care": "Emergency Care", "ncc-ambulance": "Ambulance",
        "ncc-ward-day": "Non-Elective Inpatient - Short Stay",
        "ncc-rehabilitation-day": "Rehabilitation Inpatient",
        "ncc-diagnostic-imaging": "Diagnostic Imaging", "ncc-outpatient": "Non Consultant Led",
        "ncc-community": "Community Health Service",
    }  # fmt: skip
    lines = [line.rsplit(",", 3) for line in (shared_data / NCC).read_text().splitlines()[1:]]
    published = {name.strip('"'): round(Fraction(cost) * 100) for name, _, _, cost in lines}
    ours = {n.code: n.minor for n in loading.shipped().national}
    assert {c: ours[c] for c in named} == {c: published[name] for c, name in named.items()}


def test_care_home_week_is_that_of_the_file(shared_data):
    import duckdb

    [(pounds,)] = duckdb.sql(
        f"SELECT value_num FROM '{shared_data / ASC}'"
        " WHERE council = 'England' AND provision = 'All'"
        " AND cost_category = 'Unit costs' AND age_category = 'Age 18 and over'"
    ).fetchall()
    assert round(pounds * 100) == 66_637


def test_uprated_by_the_named_deflator():
    """666.37 pounds at 2014-15 prices are 666.37 x 105 / 74 = 945.525 in 2026-27, by hand."""
    month = date(2026, 10, 1)
    assert loading.shipped().national_cost("asc-care-home-week", month) == Fraction("94552.5")
    stay = contacts(("home-1", "care home", "", "2026-10-01 10:00", "2026-10-15 10:00"))
    assert by_month(costed(stay, loading.shipped())) == {(1, "2026-10"): 189_105}


def test_every_setting_is_costed_or_says_why_not():
    from onesystem.vocabulary import Setting

    rules = loading.shipped()
    told = {r.setting for r in rules.rules} | set(rules.none)
    assert told == set(map(str, Setting))
    assert all(r.source for r in (*rules.rules, *rules.staff, *rules.national))
