"""People with requests at a service, and those who work there, for the tests of inboxes."""

from onesystem import access
from onesystem.care.requests import actions

WORDS = "Leg ulcer, twice a week"


def asks(name, role, organisation, purpose="direct care"):
    """Who asks."""
    actor = access.Actor(name=name, roles=frozenset({role}), organisation=organisation)
    return access.asker_of(actor, purpose)


def coordinator(name="colin"):
    """Somebody who works the inbox of community nursing."""
    return asks(name, "coordinator", "community", "care coordination")


def send(person, *, urgency="routine", words=WORDS, service="nursing", **more):
    """A hospital doctor asks community nursing for something; gives the request's number."""
    by = asks("kiri", "hospital-doctor", "hospital")
    return actions.send(person=person, service=service, by=by, words=words, urgency=urgency,
                        agreed=True, anyway=True, **more)  # fmt: skip
