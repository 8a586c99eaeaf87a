"""Telling the feeds who decides about what they bring, and that they can read decisions."""

from onesystem import feeds
from onesystem.feeds import destroyed
from onesystem.record.corrections import message
from onesystem.record.corrections.office import Decided
from onesystem.record.fhir.acts import lists
from onesystem.record.fhir.searching import terms


def connect_protection() -> None:
    """Introduce the two. Safe to call again."""
    message.connect()
    destroyed.connect()
    feeds.register_office(Decided())
    terms.register_lists(lists.expand)
