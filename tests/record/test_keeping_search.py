"""Who falls due is asked for, worked out apart, and may be called off."""

import pytest

from onesystem import access
from onesystem.access.models import Audit
from onesystem.record.keeping import finding, searching
from onesystem.record.keeping.rows import Due, Search
from onesystem.vocabulary import NotPermitted

pytestmark = pytest.mark.django_db
OFFICER = access.Actor(name="olu", roles=frozenset({"records-officer"}), kind="person")
OTHER = access.Actor(name="ana", roles=frozenset({"records-officer"}), kind="person")
NURSE = access.Actor(name="kiri", roles=frozenset({"ed-nurse"}), kind="person")


@pytest.fixture(autouse=True)
def nobody_is_due(district, monkeypatch):
    """The rules are tried elsewhere: here it is a matter of who asks."""
    monkeypatch.setattr(finding, "look", list)


def test_nobody_has_asked():
    assert searching.standing() is None
    assert not searching.waits()
    assert searching.work() is False


def test_whoever_asks_meanwhile_waits_for_the_same():
    searching.ask(by=OFFICER)
    searching.ask(by=OTHER)
    assert Search.objects.count() == 1
    assert (searching.standing().state, searching.standing().by) == ("waits", "olu")
    searching.work()
    stands = searching.standing()
    assert (stands.state, stands.working) == ("done", False)
    assert stands.at >= stands.since
    assert not searching.waits()
    searching.ask(by=OTHER)
    assert searching.waits()
    acts = Audit.objects.filter(act__startswith="retention.").values_list("act", flat=True)
    assert sorted(acts) == ["retention.asked", "retention.asked", "retention.listed"]


def test_called_off_while_it_is_worked_out(monkeypatch):
    """The list stays as it was."""
    Due.objects.create(person=7, due="2020-01-01", rule="adult", why="over", found_at=1)
    searching.ask(by=OFFICER)

    def look():
        assert searching.standing().state == "works"
        searching.stop(by=OTHER)
        return []

    monkeypatch.setattr(finding, "look", look)
    searching.work()
    assert searching.standing().state == "stopped"
    assert Due.objects.get().person == 7


def test_what_fails_says_so_and_may_be_asked_again(monkeypatch):
    def look():
        raise RuntimeError("the log cannot be read")

    monkeypatch.setattr(finding, "look", look)
    searching.ask(by=OFFICER)
    with pytest.raises(RuntimeError):
        searching.work()
    assert searching.standing().state == "failed"
    assert not searching.waits()


def test_only_an_officer_asks_and_stops():
    for act in (searching.ask, searching.stop):
        with pytest.raises(NotPermitted):
            act(by=NURSE)
    assert not Search.objects.exists()
