# ruff: noqa: E501  messages and rows are shown as they are
"""Late, out of order, twice, merged and cancelled: the end is that of the orderly stream."""

import pytest
from django.db import connection, transaction
from hl7_samples import adt, merge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onesystem.feeds.intake import take_messages
from onesystem.feeds.landing import Arrival
from onesystem.feeds.models import Message

pytestmark = pytest.mark.django_db(transaction=True)

ORDERLY = [
    adt("A05", "0700", visit="V1", ward="WARDA"),
    adt("A01", "0800", visit="V1", ward="ED"),
    adt("A02", "0930", visit="V1", ward="WARDA"),
    adt("A02", "1100", visit="V1", ward="WARDB"),
    adt("A12", "1130", visit="V1", ward="WARDA"),
    adt("A16", "1200", visit="V1", ward="WARDA"),
    adt("A03", "1300", visit="V1", ward="WARDA"),
    adt("A13", "1330", visit="V1", ward="WARDA"),
    adt("A03", "1500", visit="V1", ward="WARDA"),
    adt("A01", "0815", visit="V2", person="1002", nhs="", family="JONES", given="ALUN", ward="ED"),
    adt("A11", "0820", visit="V2", person="1002", nhs="", family="JONES", given="ALUN", ward="ED"),
    merge("1003", "1001"),
    adt("A04", "0900", visit="V3", person="1003", nhs="", ward="ED"),
]


def ends(messages, sizes, *, look=None, tables=()):
    """The contacts and people that a stream leaves, cut into batches of these sizes.

    `look` is called before it is all taken away again, from `tables` too.
    """
    try:
        with transaction.atomic():
            at = 0
            while at < len(messages):
                size = next(sizes)
                part = messages[at : at + size]
                take_messages([Arrival(source="pas", data=m, format="hl7v2") for m in part])
                at += size
            assert not Message.objects.filter(state="quarantined").exists()
            if look:
                look()
            return _state()
    finally:
        with connection.cursor() as cursor:
            for table in tables or TABLES:
                cursor.execute(f"DELETE FROM {table}")


TABLES = ("contacts_contact", "contacts_version", "contacts_event", "feeds_message", "feeds_cursor",
          "people_number", "people_identity")  # fmt: skip


def _state():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.contact, i.subject, c.service, c.requested, c.started, c.ready, c.ended, c.cancelled "
            "FROM contacts_contact c JOIN people_identity i ON i.id = c.identity "
            "WHERE NOT c.cancelled ORDER BY c.contact"
        )
        contacts = cursor.fetchall()
        cursor.execute(
            "SELECT i.subject, p.subject FROM people_identity i "
            "JOIN people_identity p ON p.id = i.person ORDER BY i.subject"
        )
        together = {}
        for subject, person in cursor.fetchall():
            together.setdefault(person, set()).add(subject)
    return contacts, sorted(map(sorted, together.values()))


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.permutations(ORDERLY), st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
def test_any_order_with_repeats_ends_the_same(district, shuffled, sizes, data):
    from itertools import cycle

    twice = data.draw(st.lists(st.sampled_from(ORDERLY), max_size=4))
    expected = ends(ORDERLY, cycle([1]))
    assert ends([*shuffled, *twice], cycle(sizes)) == expected
