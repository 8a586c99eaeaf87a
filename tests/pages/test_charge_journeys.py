"""A social worker, a finance assessor, a policy analyst and the person in a real browser."""

import re
from datetime import UTC, datetime

import pytest
from page_data import adt
from test_journeys import add, journey  # noqa: F401

from onesystem import people
from onesystem.access import Actor, choices
from onesystem.access.models import Audit
from onesystem.budget.entitlement import queries
from onesystem.vocabulary import to_local

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def on_ward(send, district):
    """Somebody on a ward of the hospital now."""
    at = f"{to_local(datetime.now(UTC), district.zone):%Y%m%d%H%M}"
    send(adt("1", place="WARDA", at=at))
    [number] = {person for _, person, _ in people.births()}
    return number


def open_for(page, purpose):
    """Answer why the person is opened, where it is asked."""
    chosen = page.locator(f"input[name=purpose][value='{purpose}']")
    if chosen.count():
        if chosen.get_attribute("type") == "radio":
            chosen.check()
        page.fill("[name=reason]", "working out who pays")
        page.locator("main form:has([name=reason]) button[type=submit]").click()


def agree_need(page):
    """The form of need, by its labels."""
    page.get_by_label("Needs arise from a physical or mental impairment or illness").check()
    page.get_by_label("Managing and maintaining nutrition").check()
    page.get_by_label("Managing toilet needs").check()
    page.get_by_label(re.compile("significant impact on wellbeing")).check()
    page.get_by_role("button", name="Agree need, and start care").press("Enter")


def test_a_social_worker_agrees_need_and_care_starts(journey, add, on_ward):  # noqa: F811
    """Need and nothing of means; the payer is settled behind it."""
    page = journey.page
    journey.given_i_signed_in_as(add("social-worker"))
    journey.go(f"/people/{on_ward}/charges/")
    open_for(page, "care coordination")
    journey.then_i_see("Need comes first")
    assert not page.get_by_label("Income 1: amount a week").count()
    journey.and_the_page_is_for_everybody()
    agree_need(page)
    journey.then_i_see("care starts")
    journey.then_i_see("The council pays meanwhile")
    journey.and_the_page_is_for_everybody()
    stands = queries.stands(on_ward)
    assert (stands.eligible, stands.payer_open) == (True, True)
    page.get_by_role("button", name="Take it back: Need assessed").click()
    journey.then_i_see("Nothing assessed")


def test_a_finance_assessor_works_out_signs_and_settles(journey, add, on_ward):  # noqa: F811
    """From need to the letter and the payer, with the record shut; the person reads it."""
    page = journey.page
    journey.given_i_signed_in_as(add("finance-assessor"))
    home = journey.address
    page.goto(f"{home}/people/{on_ward}/charges/")
    open_for(page, "financial assessment")
    journey.then_i_see("the record stays shut")
    agree_need(page)
    journey.then_i_see("Means to be assessed")
    page.get_by_label("What the care costs a week").first.fill("9x")
    page.get_by_label("Where", exact=True).select_option("care home")
    page.get_by_label("Income 1: amount a week").fill("260.00")
    page.get_by_label("Capital 1: amount").fill("18,000")
    page.get_by_label("By the rates of").fill("2025-05-01")
    page.get_by_role("button", name="Save the means").click()
    journey.then_i_see("Nothing that you wrote is lost")
    assert page.get_by_label("Capital 1: amount").input_value() == "18,000"
    journey.and_the_page_is_for_everybody()
    page.get_by_label("What the care costs a week").first.fill("950")
    page.get_by_role("button", name="Save the means").click()
    journey.then_i_see("£244.35")
    journey.then_i_see("Plan of 2021")
    journey.and_the_page_is_for_everybody()
    with page.expect_navigation():  # the page before says the same word
        page.get_by_role("button", name="Sign under the law in force").click()
    journey.then_i_see("Signed by")
    page.get_by_label("Who agreed it, and on what ground").fill("Agreed by both")
    with page.expect_navigation():  # the page before says the same word
        page.get_by_role("button", name="Settle who pays").click()
    journey.then_i_see("Settled")
    page.get_by_role("link", name="The letter").first.click()
    journey.then_i_see("You pay £244.35 each week")
    journey.and_the_page_is_for_everybody()
    assert [r.act for r in Audit.objects.filter(act__startswith="charges.").order_by("pk")] == [
        "charges.need", "charges.means", "charges.signed", "charges.settled",
    ]  # fmt: skip
    page.goto(f"{home}/charges/waiting/")
    journey.then_i_see("Nobody waits")
    journey.and_the_page_is_for_everybody()


def test_typing_of_means_comes_back(journey, add, on_ward):  # noqa: F811
    """What was typed is kept while one writes, and is there when the page is opened again."""
    page = journey.page
    journey.given_i_signed_in_as(add("finance-assessor"))
    home = journey.address
    page.goto(f"{home}/people/{on_ward}/charges/")
    open_for(page, "financial assessment")
    agree_need(page)
    journey.then_i_see("Means to be assessed")
    page.get_by_label("Income 1: amount a week").fill("123.45")
    with page.expect_response(re.compile("/drafts/")):
        page.get_by_label("Capital 1: amount").fill("77")
        page.get_by_label("Age", exact=True).focus()
    page.wait_for_timeout(2500)
    page.goto(f"{home}/people/{on_ward}/charges/")
    page.wait_for_function(
        "() => document.querySelector('[name=income-amount-1]').value === '123.45'"
    )


def test_an_analyst_compares_without_a_person(journey, add, on_ward):  # noqa: F811
    """Rates with sources, and a calculator that keeps nothing."""
    page = journey.page
    journey.given_i_signed_in_as(add("policy-analyst"))
    home = journey.address
    page.goto(f"{home}/charges/")
    journey.then_i_see("Barker, first stage")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Calculator").click()
    page.get_by_label("What the care costs a week").fill("950")
    page.get_by_label("Age", exact=True).fill("84")
    page.get_by_label("Band of need, for the Barker rules").select_option("critical")
    page.get_by_label("Income 1: amount a week").fill("241.30")
    page.get_by_role("button", name="Work it out").press("Enter")
    journey.then_i_see("Plan of 2021")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="New Zealand instead").click()
    journey.then_i_see("Maximum contribution of the territory")
    journey.and_the_page_is_for_everybody()


def test_the_person_reads_what_they_pay(journey, add, on_ward):  # noqa: F811
    """Before a charge, and after: every line in plain words."""
    from onesystem.access import Asker
    from onesystem.budget.entitlement import actions, needs

    by = Asker(actor=Actor(name="assessor", roles=frozenset({"finance-assessor"})),
               purpose="financial assessment")  # fmt: skip
    found = needs.care_act(impairment=True, unable=["nutrition", "toilet"], impact=True)
    actions.agree_need(person=on_ward, by=by, finding=found, scheme="care act", seen=0)
    name = add("person")
    choices.give_own_record(person=on_ward, username=name, by=Actor.job("test"), reason="test")
    page = journey.page
    journey.given_i_signed_in_as(name)
    journey.go("/me/charges/")
    journey.then_i_see("your care goes on meanwhile")
    journey.and_the_page_is_for_everybody()
    case = {"day": "2025-05-01", "setting": "home", "cost": 200_00, "age": 75,
            "income": [{"kind": "state pension", "amount": 260_00}], "capital": []}  # fmt: skip
    actions.say_means(person=on_ward, by=by, case=case, seen=1)
    actions.sign(person=on_ward, by=by, seen=2)
    page.reload()
    journey.then_i_see("You pay £27.40 each week")
    journey.then_i_see("minimum income guarantee")
    journey.and_the_page_is_for_everybody()
