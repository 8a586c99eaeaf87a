"""Two around one table at one moment: a decision is made once and whole, or not at all."""

import pytest
from racing import at_once, on_many_connections
from seating import CHAIR, CLERK, opened, ready, say, seated

from onesystem.alliance.meeting import actions, decided_rows, deciding, queries, rows, store
from onesystem.alliance.meeting.keeping import Overtaken

pytestmark = [pytest.mark.django_db(transaction=True), on_many_connections]


@pytest.fixture
def members(district):
    """The seven who sit."""
    return seated()


def test_two_close_an_item_at_once(members):
    _, item = opened(members, ready(members))
    say(item, members)
    told = at_once(*(lambda by=by: deciding.close_item(item=item, by=by) for by in (CLERK, CHAIR)))
    assert told[1] == "this item is not open. Voices are heard while it is."
    assert told[0] == "done"
    assert decided_rows.Decision.objects.count() == 1
    assert store.verify() == []


def test_an_objection_and_the_closing_at_once(members):
    """Whichever comes first: the objection is heard, or it came too late; never half of each."""
    _, item = opened(members, ready(members))
    say(item, members)
    at_once(
        lambda: say(item, members, "gp", said="object", reason="Wait"),
        lambda: deciding.close_item(item=item, by=CLERK, expects="agreed"),
    )
    objected = rows.Voice.objects.filter(item=item, said="object").exists()
    assert decided_rows.Decision.objects.exists() is not objected
    if objected:
        with pytest.raises(Overtaken):
            deciding.close_item(item=item, by=CLERK, expects="agreed")


def test_many_marks_at_once_are_one_chain(members):
    from seating import decided

    numbers = [decided(members) for _ in range(3)]
    at_once(*(lambda n=n: actions.mark(decision=n, state="withdrawn", by=CHAIR) for n in numbers))
    assert {queries.decision(n).state for n in numbers} == {"withdrawn"}
    assert [e.entry.number for e in store.entries()] == list(range(1, 7))
    assert store.verify() == []
