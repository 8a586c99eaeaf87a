"""A crew with somebody who is enrolled with a practice, and tables that are switched on."""

import pytest

from onesystem import access
from onesystem.access import Actor, actions
from onesystem.access.models import User
from onesystem.care.triage import actions as tables
from onesystem.people.models import Identity

CREW = Actor("paul", frozenset({"paramedic"}), organisation="hospital")
LEAD = Actor("lea", frozenset({"clinical-lead"}), organisation="hospital")


@pytest.fixture
def district(district):
    """With an ambulance service, which the hospital runs in this small district."""
    path = district.path / "district.toml"
    text = path.read_text(encoding="utf-8")
    more = '\n[services.ambulance]\nname = "Ambulance"\nsetting = "ambulance"\norganisation = "hospital"\n'  # noqa: E501
    more += '\n[services.falls]\nname = "Falls team"\nsetting = "community"\norganisation = "community"\n'  # noqa: E501
    path.write_text(text.replace('"ED" = "ed"', '"ED" = "ed"\n"AMB" = "ambulance"') + more)
    from onesystem.district import current

    return current()


@pytest.fixture
def crew(joined):
    """Who signs in: the crew, the clinical lead, the practice."""
    for name, role, where in (("paul", "paramedic", "hospital"), ("lea", "clinical-lead", ""),
                              ("gita", "general-practitioner", "practice")):  # fmt: skip
        actions.add_user(username=name, password="three blind mice run", roles=[role], name=name,
                         organisation=where, by=Actor.job("test"))  # fmt: skip


@pytest.fixture
def patient(crew, joined):
    """Somebody with the ambulance now, enrolled with the practice."""
    from page_data import adt

    from onesystem import feeds, people
    from onesystem.district import now

    at = f"{now():%Y%m%d%H%M}"
    feeds.take_messages(
        [feeds.Arrival(source="pas", data=adt(1, at=at, place="AMB"), name="live.hl7")],
        district=joined,
    )
    Identity.objects.update(practice="practice")
    [number] = {person for _, person, _ in people.births()}
    return number


@pytest.fixture
def paul(patient):
    """The crew's asker."""
    return access.asker_of(CREW, "direct care")


@pytest.fixture
def switched_on(joined):
    """NEWS2 and the check after a fall are in use."""
    for key in ("news2", "fall-at-home"):
        tables.switch(key=key, version=0, on=True, reason="agreed by the clinical group", by=LEAD)


@pytest.fixture
def browser(client):
    """Sign somebody in, with a purpose for a person."""
    from page_data import give_purpose

    def signs(name, person=None):
        user = User.objects.get(username=name)
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        if person is not None:
            give_purpose(client, person, "direct care")
        return client

    return signs
