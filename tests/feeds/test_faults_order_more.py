"""Corrections, leave, appointments and results in any order: the end is the orderly stream's."""

from itertools import cycle

import pytest
from django.db import connection
from hl7_samples import DAY, adt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_faults_order import TABLES, ends

from onesystem import wiring

pytestmark = pytest.mark.django_db(transaction=True)

PID = "PID|1||1001^^^RM1^MR~9434765919^^^NHS^NH||HUGHES^SIAN||19500304|F|||1 MILL ROAD^^NORWICH^^NR1 1AA"  # noqa: E501


def siu(trigger, at, due, *, number="A77", ward="ED"):
    """A message of an appointment, due at an hour and minute of the same day."""
    return "\r".join(
        [
            f"MSH|^~\\&|PAS|RM1|ONE|D|{DAY}{at}||SIU^{trigger}|S{number}{trigger}{at}|P|2.4",
            f"SCH|1|{number}|||||Check up^Check up||||^^^{DAY}{due}",
            PID,
            f"AIL|1||{ward}^R1",
        ]
    ).encode()


def oru(at, status, value):
    """A blood count, provisional, final or corrected."""
    return "\r".join(
        [
            f"MSH|^~\\&|PAS|RM1|ONE|D|{DAY}{at}||ORU^R01|R{at}|P|2.4",
            PID,
            (
                f"OBR|1|P1|F1|FBC^Full blood count^L||{DAY}0700|{DAY}0800|||||||||||||||{DAY}{at}"
                f"||HAEM|{status}"
            ),
            f"OBX|1|NM|718-7^Haemoglobin^LN||{value}|g/L|115-165|N|||{status}",
        ]
    ).encode()


OUT, ED = {"class": "O"}, {"class": "E"}
ORDERLY = [
    adt("A28", "0700", visit="", family="HUWS"),
    siu("S12", "0701", "1500"),
    siu("S12", "0702", "1500", number="A78"),
    adt("A04", "0800", ward="ED", **ED),
    siu("S13", "0805", "1600"),
    adt("A08", "0810", ward="ED", family="HUGHS", **ED),
    siu("S14", "0830", "1600", ward="WARDA"),
    adt("A06", "0900", ward="WARDA"),
    siu("S15", "0901", "1500", number="A78"),
    oru("0905", "P", "130"),
    siu("S12", "0930", "1700", number="A79"),
    oru("0935", "F", "131"),
    adt("A09", "1000", ward="WARDA"),
    oru("1005", "C", "121"),
    adt("A10", "1010", ward="WARDA"),
    adt("A07", "1100", ward="WARDB", **OUT),
    adt("A08", "1200", ward="WARDB", **OUT),
    adt("A31", "1230", visit="", family="HUGHES-JONES"),
    adt("A03", "1300", ward="WARDB", **OUT),
    adt("A08", "1400", ward="WARDB", **OUT),
    siu("S26", "1730", "1700", number="A79"),
]
ASKED = {
    "contacts": "SELECT contact, planned, bed, mode, urgency, reason, outcome, setting, cancelled "
    "FROM contacts_contact ORDER BY contact",
    "people": "SELECT subject, family, given, birth_date, number, postcode "
    "FROM people_identity ORDER BY subject",
    "entries": "SELECT kind, key, status, value, unit FROM record_entry ORDER BY kind, key",
}


def left(messages, sizes):
    """All that a stream leaves: of contacts and people what `ends` tells and more, and entries."""
    told = {}

    def look():
        with connection.cursor() as cursor:
            for name, sql in ASKED.items():
                cursor.execute(sql)
                told[name] = cursor.fetchall()

    return ends(messages, sizes, look=look, tables=(*RECORD, *TABLES)), told


RECORD = ("record_number", "record_name", "record_version", "record_entry", "care_step",
          "care_request")  # fmt: skip


@settings(max_examples=12, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.permutations(ORDERLY), st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
def test_any_order_with_repeats_ends_the_same(district, shuffled, sizes, data):
    wiring.connect()
    twice = data.draw(st.lists(st.sampled_from(ORDERLY), max_size=4))
    expected = left(ORDERLY, cycle([1]))
    assert [row[3] for row in expected[1]["entries"] if row[3]] == ["121"]
    assert left([*shuffled, *twice], cycle(sizes)) == expected
