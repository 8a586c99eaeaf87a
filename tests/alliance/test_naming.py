"""What a proposal would change is said by its name: whoever decides reads no codes."""

import pytest

from onesystem.alliance.meeting.naming import words_of
from onesystem.alliance.meeting.proposal import Change

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "code", "number", "words"),
    [
        ("service", "nursing", "12", "District nursing takes 12 people at once"),
        ("goal", "ed-4-hours", "at least 95", "ED within 4 hours is to be at least 95"),
        ("service", "closed-long-ago", "3", "closed-long-ago takes 3 people at once"),
        ("goal", "no-such-measure", "at most 1", "no-such-measure is to be at most 1"),
        ("pathway", "never-written", "2", "The pathway never-written, version 2 is in force"),
        ("package", "nobody-gives-it", "", "The package nobody-gives-it is given"),
        ("ambulance", "no-table", "", "Crews decide by the table no-table"),
        ("terms", "no-contract", "", "The contract no-contract is in force"),
        ("other", "", "", "A bell is hung up"),
    ],
)
def test_by_its_name_or_by_its_code_where_nobody_knows_it(joined, kind, code, number, words):
    change = Change(kind=kind, code=code, number=number, words="A bell is hung up")
    assert words_of(change) == words
