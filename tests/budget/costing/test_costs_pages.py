"""The pages of costs: what they say, to whom, and what they keep back."""

import io
from datetime import date

import openpyxl
import pytest
from cost_facts import STAY, VISITS, told
from django.urls import reverse
from funds_data import fund_it

from onesystem import access
from onesystem.access.models import Audit
from onesystem.budget.costing import actions, queries

JOB = access.Actor.job("costing")
MAY = date(2026, 5, 1)
PERIOD = "from=2026-05&to=2026-05"


@pytest.fixture
def costed(db, district):
    from onesystem import wiring

    wiring.connect()
    fund_it()
    told(*VISITS, STAY)
    actions.refresh(by=JOB, day=date(2026, 10, 15))
    return district


def said(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_before_anything_is_costed_every_page_says_what_to_do(sign_in):
    client = sign_in("finance")
    assert "Nothing is costed yet" in said(client, "/budget/costs/")
    assert "No whole month is costed yet" in said(client, "/budget/costs/months/")
    assert "No pool is described" in said(client, "/budget/costs/pools/")
    assert "No step of a pathway was done" in said(client, "/budget/costs/pathways/")
    assert "National Cost Collection 2024/25" in said(client, "/budget/costs/rules/")


def test_costs_by_service_with_how_they_are_known(costed, sign_in):
    page = said(sign_in("finance"), f"/budget/costs/?{PERIOD}")
    [cost] = queries.costs(MAY, MAY, by=("service",), service="nursing")
    assert "District nursing" in page
    assert f"£{cost.minor / 100:,.2f}" in page
    assert "own minutes" in page
    assert "national average" in page


def test_a_few_are_kept_back_from_who_may_not_see_people(costed, sign_in):
    """One person's stay: who may not open people sees neither count nor cost, nor the exact sum."""
    [stay] = queries.costs(MAY, MAY, by=("service",), service="ward-a")
    amount = f"£{stay.minor / 100:,.2f}"
    page = said(sign_in("finance"), f"/budget/costs/?{PERIOD}")
    assert amount not in page
    assert "under 5" in page
    assert "about £" in page
    service = said(sign_in("finance", "other"), f"/budget/costs/services/ward-a/?{PERIOD}")
    assert amount not in service
    assert "Too few contacts to tell" in service


def test_a_service_shows_its_working_line_by_line(costed, sign_in):
    page = said(sign_in("commissioner"), f"/budget/costs/services/nursing/?{PERIOD}")
    lines = ("Community care, a visit", "1 min of district nurse", "Consumables", "£3.50",
             "25 % of the lines above", "80 % practical capacity", "district-nursing")  # fmt: skip
    assert [words for words in lines if words not in page] == []
    assert said(sign_in("finance"), "/budget/costs/services/nowhere/", 404)


def test_what_is_shown_is_a_file_with_its_meaning(costed, sign_in):
    client = sign_in("finance")
    text = said(client, f"/budget/costs/?{PERIOD}&format=csv")
    assert text.lstrip("\ufeff").splitlines()[0] == "Service,Cost,Contacts,A contact"
    answer = client.get(f"/budget/costs/?{PERIOD}&format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[1] == "Definitions"
    assert Audit.objects.filter(act="budget.exported").exists()


def test_a_month_is_posted_from_its_page(costed, sign_in):
    client = sign_in("finance")
    page = said(client, "/budget/costs/months/2026-05/")
    assert "is to be posted, by service and line" in page
    answer = client.post(reverse("costing:post", args=["2026-05"]), follow=True)
    assert "Posted as " in answer.content.decode()
    assert "Reconciled to the penny" in answer.content.decode()
    again = client.post(reverse("costing:post", args=["2026-05"]), follow=True)
    assert "Nothing was to be posted" in again.content.decode()
    months = said(client, "/budget/costs/months/")
    assert f"£{queries.reconcile(MAY).contacts / 100:,.2f}" in months


def test_who_may_not_move_money_may_not_post(costed, sign_in):
    client = sign_in("commissioner")
    page = said(client, "/budget/costs/months/2026-05/")
    assert "Post it" not in page
    assert client.post(reverse("costing:post", args=["2026-05"])).status_code == 403
    assert said(sign_in("ed-nurse"), "/budget/costs/", 403)


@pytest.mark.parametrize("month", ["2026-13", "may", "0000-01"])
def test_what_is_no_month_is_not_found(costed, sign_in, month):
    said(sign_in("finance"), f"/budget/costs/months/{month}/", 404)


def test_a_period_that_is_none_says_so_and_shows_the_usual_one(costed, sign_in):
    client = sign_in("finance")
    assert "is no month" in said(client, "/budget/costs/?from=yesterday")
    assert "The first month is after the last" in said(
        client, "/budget/costs/?from=2026-06&to=2026-05"
    )


def test_what_ones_contacts_cost_takes_a_purpose(costed, sign_in):
    """The page about a person is the record's door: no purpose, no look."""
    answer = sign_in("social-worker").get(reverse("costing:person", args=[1]))
    assert "Why" in answer.content.decode() or answer.status_code in (302, 403)
    assert sign_in("finance").get(reverse("costing:person", args=[1])).status_code == 403
