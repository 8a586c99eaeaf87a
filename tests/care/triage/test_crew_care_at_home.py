"""A crew starts care at home: from its own decision to an episode that the log ties to its call."""

import pytest

from onesystem import contacts, people
from onesystem.care.episodes import actions as episodes
from onesystem.care.episodes.actions import Chosen
from onesystem.care.triage import deciding
from onesystem.care.triage.deciding import Decision

pytestmark = pytest.mark.django_db


def test_a_crew_refers_to_acute_demand_and_starts_it(paul, patient):
    """One story: the decision on the ambulance's contact, the episode caused by it."""
    deciding.decide(person=patient, decision=Decision(outcome="acute", note="Hot leg"), by=paul)
    episodes.start(
        person=patient, package="cellulitis", by=paul, asked=True,
        lines=[Chosen(kind="nurse-visit", a_day=1, days=2)], answers=dict.fromkeys(range(9), True),
    )  # fmt: skip
    found = {c.service: c for c in contacts.of_identities(people.identity_ids_of(patient))}
    ambulance = found.pop("ambulance")
    assert ambulance.outcome == "referred to acute demand"
    episode = found["nursing"]
    assert episode.cause == ambulance.contact
    assert episode.started


def test_the_page_leads_there(patient, browser):
    paul = browser("paul", patient)
    answer = paul.post(f"/crew/{patient}/decide/acute/", {"note": "Hot leg"})
    assert answer.headers["Location"] == f"/people/{patient}/at-home/"
    assert "Cellulitis" in paul.get(answer.headers["Location"]).content.decode()
