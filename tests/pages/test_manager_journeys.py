"""A manager in a real browser: how services answer, as a measure like any other."""

from datetime import timedelta

import pytest
from page_data import adt
from test_journeys import add, journey  # noqa: F401

from onesystem import access, people
from onesystem.care.requests import actions as requests
from onesystem.demo.delivering.ago import ago
from onesystem.district import now
from onesystem.flow.measures import refreshing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def asker(role, organisation, name):
    actor = access.Actor(name=name, roles=frozenset({role}), organisation=organisation)
    return access.asker_of(actor, "direct care")


@pytest.fixture
def answered(send, district):
    """Twelve people are referred over a fortnight, and every fourth request comes back."""
    at = f"{now() - timedelta(days=25):%Y%m%d%H%M}"
    for number in range(12):
        send(adt(str(number), person=f"P{number}", visit=f"V{number}", nhs="", at=at,
                 name=(f"Name{number}son", f"Given{number}"), born=f"19{30 + number}0101",
                 home=f"{number} Mill Road^^Lynn^^PE30 {number % 10}AA||"))  # fmt: skip
    for number, person in enumerate(sorted({p for _, p, _ in people.births()})):
        with ago(1 + number):
            doctor = asker("hospital-doctor", "hospital", "dora")
            asked = requests.send(person=person, service="nursing", by=doctor, words="Leg ulcer")
            nurse = asker("district-nurse", "community", "daisy")
            if number % 4:
                requests.accept(request=asked, by=nurse, seen=None)
            else:
                requests.return_(request=asked, by=nurse, seen=None, reason="Not worked up")
    refreshing.compute()


def test_how_services_answer(journey, add, answered):  # noqa: F811
    """Found by a word, charted with its limits, by service, exported as shown; nobody's name."""
    page = journey.page
    journey.given_i_signed_in_as(add("manager"))
    page.get_by_role("link", name="Measures").click()
    page.get_by_role("searchbox").first.fill("worked up")
    page.get_by_role("searchbox").first.press("Enter")
    page.get_by_role("link", name="Requests that were worked up").first.click()
    journey.then_i_see("Of the requests that were answered")
    journey.and_the_page_is_for_everybody()
    assert "son" not in page.locator("main table").first.inner_text()
    journey.go("/measures/requests-returned/?every=month&service=nursing")
    journey.then_i_see("came back with a reason")
    journey.and_the_page_is_for_everybody()
    assert page.get_by_role("link", name="Open").count() == 0  # no person lies behind a figure
