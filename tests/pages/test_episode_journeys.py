"""Care at home in a real browser: from the ED, from the ward, by keyboard, on a phone."""

from datetime import timedelta

import pytest
from page_data import adt, person_of
from test_journeys import add, journey  # noqa: F401

from onesystem import contacts, people
from onesystem.access import Actor
from onesystem.care.episodes import checking, queries, store
from onesystem.care.episodes.numbers import contact_of
from onesystem.district import now
from onesystem.flow.stays import acting as stays
from onesystem.vocabulary import to_local

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def moment(district, **ago):
    """So long ago, as the hospital writes it: local time."""
    return f"{to_local(now() - timedelta(**ago), district.zone):%Y%m%d%H%M}"


def agree(page, flags_asked="I looked for each of these"):
    """Say that no red flag is there, and that every criterion is met."""
    page.get_by_label(flags_asked).check()
    for group in page.locator(".criterion").all():
        group.get_by_label("Yes").check()


def take_out(page, *titles):
    """Leave out what no service of the small district does."""
    for title in titles:
        page.get_by_label(f"{title}: how many a day").fill("0")


class TestNurseOfTheED:
    def test_sends_somebody_home_with_care(self, journey, add, send, district):  # noqa: F811
        """Cellulitis: red flags, criteria, who has room, the price, and a number to read out."""
        send(adt("1", at=moment(district, hours=2)))
        person, page = person_of(), journey.page
        journey.given_i_signed_in_as(add("ed-nurse"))
        journey.go(f"/people/{person}/at-home/")
        journey.when_i_say_why()
        journey.and_the_page_is_for_everybody()
        page.get_by_role("link", name="Cellulitis").click()
        journey.then_i_see("From the record: age")
        journey.and_the_page_is_for_everybody()
        agree(page)
        days = page.get_by_label("Intravenous medicine or fluid: for how many days")
        days.fill("5")
        assert page.locator("[data-total]").inner_text() == "£587.50"
        days.fill("6")
        page.get_by_text("May go beyond it, with a reason").wait_for()
        days.fill("3")
        page.get_by_role("button", name="Start care at home").press("Enter")
        journey.then_i_see("Started. The reference number is AH-")
        journey.and_the_page_is_for_everybody()
        page.get_by_label("How they are, and what comes next").fill("Redness goes back")
        page.get_by_role("button", name="Reviewed").click()
        journey.then_i_see("The review is saved.")
        page.get_by_role("button", name="One of “Nurse visit” is done").click()
        journey.then_i_see("1 of 2")
        page.get_by_label("A doctor sees the person today").check()
        page.get_by_label("What is wrong").fill("Fever is back")
        page.get_by_role("button", name="Escalate").click()
        journey.then_i_see("Escalated: A doctor sees the person today")
        journey.and_the_page_is_for_everybody()
        journey.go("/at-home/?state=needs")
        journey.then_i_see("escalated")
        journey.and_the_page_is_for_everybody()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.get_by_label("What came of it").first.fill("Seen; other tablets")
        page.get_by_role("button", name="Settled").click()
        page.get_by_role("heading", name="End", exact=True).click()
        page.get_by_label("Stayed at home").check()
        page.get_by_role("button", name="End it").click()
        journey.then_i_see("ended after 1 day")
        journey.and_the_page_is_for_everybody()
        self.and_the_log_has_it(person)

    def and_the_log_has_it(self, person):
        [row] = queries.of_person(person)
        met = {c.contact: c for c in contacts.of_identities(people.identity_ids_of(person))}
        own = met[contact_of(row.episode)]
        assert (own.outcome, met[own.cause].service) == ("stayed home", "ed")
        assert [c.service for c in met.values() if c.cause == own.contact] == ["nursing"]

    def test_an_empty_board_says_what_to_do(self, journey, add, send, district):  # noqa: F811
        journey.given_i_signed_in_as(add("ed-nurse"))
        journey.go("/at-home/")
        journey.then_i_see("Nobody is at home under care")
        journey.and_the_page_is_for_everybody()


class TestNurseOfTheWard:
    def test_confirms_the_package_before_they_leave(self, journey, add, send, district):  # noqa: F811
        """Discharge: confirmed for tomorrow, on the ward's board, a reason for a day of delay."""
        send(adt("1", place="WARDA", at=moment(district, days=3)))
        person, page = person_of(), journey.page
        journey.given_i_signed_in_as(add("coordinator"))
        journey.go(f"/people/{person}/at-home/?package=discharge")
        journey.when_i_say_why()
        journey.then_i_see("When they leave hospital")
        journey.and_the_page_is_for_everybody()
        agree(page)
        ward = checking.stands(person).ward
        coordinator = Actor(name="coordinator", roles=frozenset({"coordinator"}))
        stays.ready(contact=ward.contact, at=now() - timedelta(days=2), by=coordinator)
        page.get_by_role("button", name="Confirm the package").click()
        journey.then_i_see("Confirmed. The reference number is AH-")
        journey.then_i_see("In hospital still, Ward A")
        journey.and_the_page_is_for_everybody()
        page.get_by_role("button", name="They are home: begin").click()
        journey.then_i_see("in a hospital bed now")
        page.get_by_label("Reason").select_option(index=1)
        page.get_by_role("button", name="Save the reason").click()
        journey.then_i_see("The reason is saved, and on the board.")
        [row] = queries.of_person(person)
        episode = store.episode_of(row.episode)
        assert len(episode.delays) == 1
        page.get_by_role("link", name="The stay on the board").click()
        journey.then_i_see("Goes home: package confirmed")
        send(adt("2", act="A03", place="WARDA", at=moment(district, minutes=1)))
        journey.go(f"/at-home/{row.episode}/")
        page.get_by_role("button", name="They are home: begin").click()
        journey.then_i_see("At home under care, from now on.")
        journey.and_the_page_is_for_everybody()
