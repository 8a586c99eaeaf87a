"""An ambulance crew, a practice and a person in a real browser: the same story from three sides."""

import re
from datetime import UTC, datetime

import pytest
from page_data import adt
from test_journeys import add, journey  # noqa: F401

from onesystem import contacts, people
from onesystem.access import Actor, actions, choices
from onesystem.access.models import Audit
from onesystem.care.triage import actions as tables
from onesystem.care.triage.rows import CrewRow
from onesystem.people.models import Identity
from onesystem.vocabulary import to_local

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
JOB, LEAD = Actor.job("test"), Actor("lea", frozenset({"clinical-lead"}))
MORE = """
[services.ambulance]
name = "Ambulance"
setting = "ambulance"
organisation = "hospital"
"""


@pytest.fixture
def district(district):
    """With an ambulance service, which the hospital runs in this small district."""
    from onesystem.district import current

    path = district.path / "district.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"ED" = "ed"', '"ED" = "ed"\n"AMB" = "ambulance"')
    path.write_text(text + MORE, encoding="utf-8")
    return current()


@pytest.fixture
def on_scene(send, district):
    """Somebody with the ambulance now, enrolled with the practice; NEWS2 is switched on."""
    at = f"{to_local(datetime.now(UTC), district.zone):%Y%m%d%H%M}"
    send(adt("1", place="AMB", at=at))
    Identity.objects.update(practice="practice")
    tables.switch(key="news2", version=0, on=True, reason="agreed", by=LEAD)
    [number] = {person for _, person, _ in people.births()}
    return number


def open_for(page, why):
    """Answer why the person is opened, where it is asked."""
    if page.locator("input[name=purpose]").count():
        page.locator("input[name=purpose]").first.check()
        page.fill("[name=reason]", why)
        page.locator("main form:has([name=reason]) button[type=submit]").click()


def test_a_crew_rings_the_practice(journey, add, on_scene):  # noqa: F811
    """From the list to an outcome on a phone; the practice is told; the log has the call."""
    page = journey.page
    page.set_viewport_size({"width": 320, "height": 700})
    journey.given_i_signed_in_as(add("paramedic"))
    page.get_by_role("link", name="Crew").click()
    page.get_by_role("link", name=re.compile("Māia Ngāpuhi")).click()
    open_for(page, "with them now")
    journey.then_i_see("Alerts and allergies")
    journey.then_i_see("Mill Road Surgery")
    journey.and_the_page_is_for_everybody()
    page.set_viewport_size({"width": 320, "height": 700})
    page.get_by_role("link", name="National Early Warning Score 2").click()
    for words, value in (("Breaths", "18"), ("Oxygen saturation", "95"), ("Systolic", "125"),
                         ("Pulse", "131"), ("Temperature", "37,2")):  # fmt: skip
        page.get_by_label(re.compile(words)).first.fill(value)
    page.get_by_role("button", name="Work it out").click()
    journey.then_i_see("no score")
    journey.then_i_see("Missing: saturation scale, oxygen is given, consciousness")
    page.get_by_role("link", name=re.compile("Change: National")).click()
    page.get_by_label("Scale 1: everybody else").check()
    page.get_by_role("group", name="Oxygen is given").get_by_label("No", exact=True).check()
    page.get_by_label("Alert").check()
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Work it out").click()
    journey.then_i_see("2 (NEWS2): 4")
    page.get_by_role("link", name="Ring the practice").click()
    page.get_by_label("Who answered").fill("Dr Lee")
    page.get_by_label("A visit today").check()
    page.get_by_label("What you found and did").fill("Fell in the kitchen, no injury")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Ring the practice").click()
    journey.then_i_see("Saved: referred to practice")
    journey.then_i_see("The practice is told")
    page.goto(page.url.split("/crew/")[0] + "/crew/mine/")
    journey.then_i_see("1 decision in 60 days")
    journey.and_the_page_is_for_everybody()
    found = {c.service: c for c in contacts.of_identities(people.identity_ids_of(on_scene))}
    assert found["gp"].cause == found["ambulance"].contact
    assert found["ambulance"].outcome == "referred to practice"
    assert Audit.objects.filter(act="crew.decided", person=on_scene).count() == 1


def test_a_crew_loses_its_network(journey, add, on_scene):  # noqa: F811
    """What was typed stays, the page says that it is not sent, and pressing again decides once."""
    page = journey.page
    page.set_viewport_size({"width": 320, "height": 700})
    journey.given_i_signed_in_as(add("paramedic"))
    page.get_by_role("link", name="Crew").click()
    page.locator("#crew-q").fill("ngapuhi")
    page.get_by_role("search", name="Find the person").get_by_role("button").press("Enter")
    page.get_by_role("table").get_by_role("link", name=re.compile("Māia")).press("Enter")
    open_for(page, "with them now")
    assert page.url.rstrip("/").endswith(f"/crew/{on_scene}")
    page.get_by_role("link", name="Treat and leave").press("Enter")
    page.get_by_label("What you found and did").fill("Tea and toast")
    page.wait_for_load_state("load")  # a network that goes before takes the page's script along
    page.context.set_offline(True)
    page.get_by_role("button", name="Treat and leave").press("Enter")
    journey.then_i_see("No network: not sent")
    assert page.get_by_label("What you found and did").input_value() == "Tea and toast"
    page.context.set_offline(False)
    page.get_by_role("button", name="Treat and leave").press("Enter")
    journey.then_i_see("Saved: treated at home")
    assert CrewRow.objects.filter(outcome="leave").count() == 1


def test_the_practice_sees_what_happened_elsewhere(journey, add, on_scene):  # noqa: F811
    """By keyboard: acknowledge it, and name who leads."""
    page = journey.page
    journey.given_i_signed_in_as(add("general-practitioner", organisation="practice"))
    page.get_by_role("link", name="Practice", exact=True).press("Enter")
    journey.then_i_see("Ngāpuhi, Māia")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Acknowledge what is ticked").press("Enter")
    journey.then_i_see("1 acknowledged")
    journey.then_i_see("Everything has been seen")
    page.goto(page.url.split("/practice/")[0] + f"/people/{on_scene}/lead/")
    open_for(page, "their practice")
    page.get_by_label("Who leads at Mill Road Surgery").select_option("general-practitioner")
    page.get_by_role("button", name="Save").press("Enter")
    journey.then_i_see("leads")
    journey.and_the_page_is_for_everybody()


def test_a_rota_gets_its_gap_filled(journey, add, on_scene):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(add("coordinator"))
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Rota").click()
    page.get_by_role("link", name="Emergency department").click()
    for label, value in (("Day of line 1", "6"), ("From, line 1", "18:00"), ("To, line 1", "08:00"),
                         ("Role, line 1", "nurse")):  # fmt: skip
        field = page.get_by_label(label)
        field.select_option(value) if label.startswith("Day") else field.fill(value)
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Save").press("Enter")
    journey.then_i_see("1 gap")
    sunday = page.get_by_role("heading", name=re.compile("Sunday"))
    assert sunday.count() == 1
    page.get_by_role("link", name="Week after").press("Enter")
    journey.then_i_see("1 nurse missing")
    page.get_by_label("Who", exact=True).select_option("coordinator")
    page.get_by_label("From", exact=True).fill("18:00")
    page.get_by_label("To", exact=True).fill("08:00")
    page.get_by_label("As", exact=True).fill("nurse")
    page.get_by_role("textbox", name="Day").fill(_next_sunday())
    page.get_by_role("button", name="Add the shift").press("Enter")
    journey.then_i_see("Added, and told.")
    journey.and_the_page_is_for_everybody()


def _next_sunday():
    """The Sunday of the week after this one, by the district's clocks."""
    from datetime import timedelta

    today = to_local(datetime.now(UTC), "Europe/London").date()
    return str(today + timedelta(days=6 - today.weekday() + 7))


def test_a_person_reads_their_own_care(journey, add, on_scene):  # noqa: F811
    page = journey.page
    actions.add_user(username="maia", password="three blind mice run", roles=["person"], by=JOB)
    choices.give_own_record(person=on_scene, username="maia", by=JOB)
    journey.given_i_signed_in_as("maia")
    page.get_by_role("link", name="My record").first.click()
    page.get_by_role("link", name="My care").click()
    journey.then_i_see("What comes next")
    journey.then_i_see("Mill Road Surgery")
    journey.and_the_page_is_for_everybody()
