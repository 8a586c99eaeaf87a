"""Cost per person and per pathway as measures: each person once, and sums that are the costs."""

from datetime import UTC, date, datetime

import pytest
from cost_facts import STAY, VISITS, told

from onesystem import access
from onesystem.budget.costing import actions, pathway_figures, pathways, persons, queries
from onesystem.flow.measures import cells, days, library, store, telling

DAY = date(2026, 10, 15)
JOB = access.Actor.job("costing")
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
NAME = "cost-per-person-in-contact"


def filed(name, every="month", cut="all"):
    """(period, key) to (numerator, denominator, people), of one cut."""
    number = store.kept()[name][0]
    return {
        (days.date_of(period), key): tuple(rest)
        for period, key, *rest in store.rows(
            "SELECT period, key, numerator, denominator, people FROM flow_cell"
            " WHERE kept = %s AND cut = %s AND every = %s", [number, cut, every],
        )
    }  # fmt: skip


@pytest.fixture
def costed(joined):
    """Sixty visits and a stay; the second visit is of the first visit's person."""
    again = ("w1", "nursing", "community", "2026-05-20 09:00", "2026-05-20 10:00", False)
    told(*VISITS, STAY)
    told(again, message=2, source="other")  # identity 1 again
    actions.refresh(by=JOB, day=DAY)
    assert NAME in telling.bring_up()
    return joined


def test_a_person_counts_once_and_the_sum_is_that_of_the_contacts(costed):
    by_month = filed(NAME)
    for month in queries.months():
        minor = sum(c.minor for c in queries.costs(month, month))
        assert by_month[month, ""][0] == minor
    contacts = sum(c.contacts for c in queries.costs(MAY, MAY))
    assert (contacts, by_month[MAY, ""][1:]) == (62, (61, 61))  # one came twice


def test_services_reconcile_to_the_costs_of_services(costed):
    found = filed(NAME, cut="service")
    for cost in queries.costs(MAY, MAY, by=("service",)):
        assert found[MAY, cost["service"]][0] == cost.minor
    practice = filed(NAME, cut="practice-")
    assert sum(n for (month, _), (n, *_) in practice.items() if month == MAY) == sum(
        c.minor for c in queries.costs(MAY, MAY)
    )


def test_a_year_has_each_person_once_and_all_its_months(costed):
    """The stay lies in April, May and June: a person of each month, and one of the year."""
    year = filed(NAME, every="year")
    [(minor, many, _)] = year.values()
    assert minor == sum(c.minor for c in queries.costs(date(2026, 1, 1), date(2026, 12, 1)))
    assert many == 61


def test_a_cut_by_practice_leaves_services_out(joined):
    measure = library.measure(NAME)
    assert [c.name for c in cells.cuts_of(measure)] == ["all", "service", "practice-"]
    with pytest.raises(ValueError, match="area"):
        list(persons.sums([(("area",), "month")]))


def test_nothing_costed_is_no_figure_and_no_fault(joined):
    assert list(persons.sums([(("service",), "month")])) == [[]]


@pytest.fixture
def walked(joined):
    """Two people on a pathway: three steps in May, of which one of staff without a rate."""
    steps = [
        (datetime(2026, 5, 3, 10, tzinfo=UTC), 1, "copd", "nurse", 7),
        (datetime(2026, 5, 31, 22, 59, tzinfo=UTC), 2, "copd", "nurse", 13),
        (datetime(2026, 5, 31, 23, 1, tzinfo=UTC), 2, "copd", "nurse", 30),  # June in London
        (datetime(2026, 5, 4, 10, tzinfo=UTC), 2, "copd", "wizard", 30),
    ]

    def done(first, last):
        found = {}
        for at, _, slug, staff, many in steps:
            if first <= at < last:
                found[slug, staff] = found.get((slug, staff), 0) + many
        return found

    before = pathways.told()
    pathways.register(done, lambda: {"copd": 'COPD, "at home"'}, lambda: steps, lambda: "1")
    yield "pathway-cost-copd"
    pathways.register(before.done, before.titles, before.steps, before.stamp)


def test_each_pathway_in_force_is_a_measure_that_adds_up_to_its_page(walked):
    assert library.measure(walked).title == 'Cost of a person on: COPD, "at home"'
    assert walked in telling.bring_up()
    found = filed(walked)
    for month, people in ((MAY, 2), (JUNE, 1)):
        [page] = pathways.of_pathways(month, month)
        assert found[month, ""] == (page.minor, people, people)
        assert page.minor > 0
    [(_, many, _)] = filed(walked, every="quarter").values()
    assert many == 2
    practice = filed(walked, cut="practice-")
    assert sum(n for n, *_ in practice.values()) == sum(n for n, *_ in found.values())


def test_a_pathway_out_of_force_is_no_measure_any_more(walked):
    assert telling.bring_up()
    pathways.register(lambda _, __: {}, dict)
    assert walked not in library.everything()
    assert pathway_figures.name_of("copd") == walked


def test_what_a_contact_cost_is_a_column_for_analysts(costed):
    """`District.costs` has each contact by its number, and its sums are those of the pages."""
    from onesystem import District

    with District.open(costed.path) as district:
        rows = district.costs.aggregate("month, sum(minor)::BIGINT, count(DISTINCT contact)")
        told = {month: tuple(rest) for month, *rest in rows.fetchall()}
    assert told == {
        c["month"]: (c.minor, c.contacts) for c in queries.costs(date(2026, 4, 1), JUNE, ("month",))
    }


def test_nothing_costed_is_an_empty_column(joined):
    from onesystem import District

    with District.open(joined.path) as district:
        assert district.costs.fetchall() == []
