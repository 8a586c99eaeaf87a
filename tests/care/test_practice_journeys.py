"""A practice and a person in a real browser: what happened elsewhere, who leads, my care.

Each story ends where it must be seen afterwards: in the trail, and on the other's page.
"""

from datetime import timedelta

import pytest
from browsing import is_for_everybody
from test_journeys import PASSWORD, Journey, journey  # noqa: F401

from onesystem.access import Actor, choices
from onesystem.access import actions as access
from onesystem.access.models import Audit
from onesystem.care.plans import actions as plans
from onesystem.care.requests import actions as requests
from onesystem.care.tasks import actions as tasks
from onesystem.district import now
from onesystem.people.models import Identity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
JOB = Actor.job("command line")


def add(username, role, organisation=""):
    access.add_user(username=username, password=PASSWORD, roles=[role], organisation=organisation,
                    by=JOB)  # fmt: skip


@pytest.fixture
def enrolled(somebody):
    """Somebody of the practice, with the doctor who works there."""
    Identity.objects.update(practice="practice")
    add("gita", "general-practitioner", "practice")
    return somebody


def test_a_practice_acknowledges_and_leads(journey, enrolled):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as("gita")
    journey.go("/practice/")
    is_for_everybody(page)
    page.get_by_role("button", name="Acknowledge what is ticked").press("Enter")
    journey.then_i_see("1 acknowledged")
    journey.then_i_see("Everything has been seen")
    page.get_by_role("link", name="Show what was seen").press("Enter")
    is_for_everybody(page)
    page.get_by_role("button", name="Take it back").press("Enter")
    journey.then_i_see("1 counts as unseen again")
    journey.go(f"/people/{enrolled}/lead/")
    journey.when_i_say_why("to say who leads")
    page.set_default_timeout(12_000)
    is_for_everybody(page)
    page.get_by_role("combobox").first.select_option("gita")
    page.locator("main form").get_by_role("button").first.press("Enter")
    journey.then_i_see("It shows wherever this person is looked after")
    assert Audit.objects.filter(act="elsewhere.seen", person=enrolled).count() == 1
    assert Audit.objects.filter(act="lead.named", person=enrolled).count() == 1
    assert journey.strayed == []


@pytest.mark.parametrize("who", ["maia", "wiremu"])
def test_a_person_and_their_carer_read_what_comes_next(journey, enrolled, asker, who):  # noqa: F811
    page, doctor = journey.page, asker()
    add("maia", "person")
    add("wiremu", "person")
    choices.give_own_record(person=enrolled, username="maia", by=JOB)
    choices.name_proxy(person=enrolled, username="wiremu", tie="son", by=JOB)
    requests.send(person=enrolled, service="nursing", by=doctor, words="Leg ulcer")
    plans.set_goal(person=enrolled, by=doctor, words="To walk to the shop by myself")
    tasks.plan(person=enrolled, by=doctor, words="Dressing", team="nursing", visit=True,
               due=now() + timedelta(days=1))  # fmt: skip
    journey.given_i_signed_in_as(who)
    journey.go("/me/")
    if who == "wiremu":
        page.locator("main a[href*='/me/for/']").first.press("Enter")
        journey.then_i_see("You act for")
    page.get_by_role("link", name="My care").first.press("Enter")
    for words in ("1 request about you waits for an answer", "Dressing, District nursing",
                  "You were referred to District nursing", "To walk to the shop by myself",
                  "Mill Road Surgery"):  # fmt: skip
        journey.then_i_see(words)
    is_for_everybody(page)
    page.get_by_role("link", name="Who looked").first.press("Enter")
    is_for_everybody(page)
    assert Audit.objects.filter(act="person.looked", person=enrolled, what="mycare:care").exists()
    assert journey.strayed == []
