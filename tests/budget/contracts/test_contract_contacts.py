"""Every figure leads back to contacts: what a month of a service cost is the sum of theirs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from contract_made import direct
from page_data import adt

from onesystem import access, feeds, wiring
from onesystem.budget.contracts import behind, costs, queries, settling
from onesystem.budget.costing import actions as costing

pytestmark = pytest.mark.django_db


@pytest.fixture
def stays(db, district):
    """Two people who were on Ward A for some days of May 2025, and their costs."""
    wiring.connect()
    for n in (1, 2):
        began = datetime(2025, 5, 3 + n, 9, tzinfo=UTC)
        ended = began + timedelta(days=n + 1)
        sent = [
            adt(n, person=f"P{n}", visit=f"V{n}", nhs="", place="WARDA", at=f"{began:%Y%m%d%H%M}"),
            adt(n + 9, person=f"P{n}", visit=f"V{n}", nhs="", place="WARDA", act="A03",
                at=f"{ended:%Y%m%d%H%M}"),
        ]  # fmt: skip
        feeds.take_messages(
            [feeds.Arrival(source="pas", data=each, name="live.hl7") for each in sent],
            district=district,
        )
    costing.refresh(by=access.Actor.job("test"))


def test_a_months_figure_is_the_sum_of_its_contacts(stays):
    may = date(2025, 5, 1)
    [cost] = costs.of_services({"ward-a"}, may, may)
    found = behind.of("ward-a", str(may), by=access.Actor.job("test"))
    assert cost.contacts == len(found) == 2
    assert cost.minor == sum(each.minor for each in found) > 0
    assert behind.of("ward-a", "2025-06-01", by=access.Actor.job("test")) == []


def test_who_may_not_open_people_sees_no_contact(stays):
    other = access.Actor(name="fern", roles=frozenset({"finance"}))
    with pytest.raises(PermissionError):
        behind.of("ward-a", "2025-05-01", by=other)


def test_costs_that_do_not_reach_so_far_are_refused(stays):
    from onesystem.vocabulary import UserError

    with pytest.raises(UserError, match="is not over by then"):
        costs.of_services({"ward-a"}, date(2099, 1, 1), date(2099, 1, 1))


def test_a_settled_stay_leads_to_its_contact(told, live, by, monkeypatch, stays, sign_in):
    """The page's own way: from a line to its fact, from the fact to the contacts."""
    monkeypatch.setattr(costs, "of_services", _REAL)
    slug = live(direct())
    number = settling.settle(slug=slug, since=date(2025, 5, 1), until=date(2025, 6, 1), by=by)
    [origin] = [o for o in queries.settled(slug, number).kept["origins"] if o["kind"] == "costs"]
    [part] = origin["parts"]
    found = behind.of(part["service"], part["month"], by=access.Actor.job("test"))
    assert part["contacts"] == len(found) == 2
    assert part["minor"] == sum(each.minor for each in found)
    page = "/contracts/{}/settlements/{}/facts/{}/contacts/?service=ward-a&month=2025-05"
    reader = sign_in("clinical-director", more=("hospital-doctor",))
    answer = reader.get(page.format(slug, number, origin["fact"]))
    assert answer.status_code == 200
    assert all(str(each.contact) in answer.content.decode() for each in found)


_REAL = costs.of_services
