"""What the room tells the measures: the same cells, charts and exports as every other measure."""

from datetime import date, timedelta

import pytest

from onesystem import access
from onesystem.care.requests import actions as requests
from onesystem.care.tasks import actions as tasks
from onesystem.district import now
from onesystem.flow.measures import library, queries, store, telling
from onesystem.flow.measures.refreshing import compute, refresh
from onesystem.flow.measures.telling import Event, Teller
from onesystem.people.models import Identity
from onesystem.vocabulary import BadConfig

pytestmark = pytest.mark.django_db
MANAGER = access.Actor("mere", frozenset({"manager"}), organisation="hospital")
NURSE = access.Actor("kiri", frozenset({"ed-nurse"}), organisation="hospital")


def figure(name, *, by=(), exact=True):
    """The figures of a year, by group."""
    today = now().date()
    found = queries.figures(
        name, by=by, every="year", start=date(today.year, 1, 1), end=today + timedelta(days=1),
        asker=NURSE if exact else MANAGER,
    )  # fmt: skip
    return {tuple(f.group.values()): (f.numerator[0], f.denominator[0]) for f in found}


def cells(name):
    [(number, _)] = [v for k, v in store.kept().items() if k == name]
    sql = "SELECT cut, every, key, numerator, denominator, people FROM flow_cell WHERE kept = %s"
    return sorted(store.rows(sql, [number]))


class TestTelling:
    """A measure that is told is filed as what was told says, and again when that changes."""

    @pytest.fixture
    def told(self, joined):
        events = []
        teller = Teller(lambda: str(len(events)), lambda: events)
        before = telling._TELLERS["requests-returned"]
        telling.register_teller("requests-returned", teller)
        yield events
        telling.register_teller("requests-returned", before)

    def test_cells_by_service_and_practice(self, told):
        at = 1_795_000_000_000_000
        told += [Event(at, "ed", 0, 1, practice="p1"), Event(at, "ed", 0, 0, practice="p2"),
                 Event(at, "gp", 0, 0, practice="p1")]  # fmt: skip
        assert "requests-returned" in telling.bring_up()
        found = [c for c in cells("requests-returned") if c[1] == "year"]
        assert found == [
            ("all", "year", "", 1, 3, 3), ("practice-", "year", "p1", 1, 2, 2),
            ("practice-", "year", "p2", 0, 1, 1), ("service", "year", "ed", 1, 2, 2),
            ("service", "year", "gp", 0, 1, 1),
        ]  # fmt: skip

    def test_only_what_changed_is_filed_anew(self, told):
        telling.bring_up()
        assert telling.bring_up() == ()
        told.append(Event(1_795_000_000_000_000, "ed", 0, 1))
        assert telling.bring_up() == ("requests-returned",)
        assert telling.bring_up(all_anew=True) != ()

    def test_a_full_computation_keeps_them(self, told):
        told.append(Event(1_795_000_000_000_000, "ed", 0, 1))
        compute()
        assert cells("requests-returned")
        refresh()
        assert cells("requests-returned")

    def test_every_one_of_them_has_a_teller(self, joined):
        assert {m.told for m in library.told().values()} <= set(telling._TELLERS)
        assert all(m.drill == "" for m in library.told().values())

    def test_nobody_writes_one(self):
        from onesystem.flow.measures.declaration import read

        with pytest.raises(BadConfig, match="shape cannot be 'told'"):
            read(library.told()["requests-sent"].text)


class TestRequests:
    """From what was sent and answered."""

    def test_a_request_that_is_answered(self, somebody, asker):
        Identity.objects.update(practice="practice")
        number = requests.send(person=somebody, service="nursing", by=asker(), words="Leg ulcer")
        compute()
        assert figure("requests-sent", by=("service",))[("nursing",)][0] == 1
        assert figure("requests-sent", by=("practice",))[("practice",)][0] == 1
        assert figure("requests-worked-up").get((), (None,))[0] in {None, 0}
        nurse = asker("district-nurse", name="daisy", organisation="community")
        requests.accept(request=number, by=nurse, seen=None)
        refresh()
        assert figure("requests-worked-up")[()] == (1, 1)
        assert figure("requests-returned")[()] == (0, 1)
        assert figure("request-first-word")[()][1] == 1

    def test_what_comes_back_was_not_worked_up(self, somebody, asker):
        number = requests.send(person=somebody, service="nursing", by=asker(), words="Leg ulcer")
        nurse = asker("district-nurse", name="daisy", organisation="community")
        requests.return_(request=number, by=nurse, seen=None, reason="Not in our area")
        compute()
        assert figure("requests-worked-up")[()] == (0, 1)
        assert figure("requests-returned")[()] == (1, 1)

    def test_few_people_are_hidden_from_who_may_not_see_them(self, somebody, asker):
        requests.send(person=somebody, service="nursing", by=asker(), words="Leg ulcer")
        compute()
        assert figure("requests-sent", exact=False)[()][0] != 1


class TestTasks:
    """On the day on which they were due."""

    def test_done_late_and_in_time(self, somebody, asker):
        by, at = asker(), now()
        for back in (3, 4):
            tasks.plan(
                person=somebody, by=by, words="Ring", team="nursing",
                due=at - timedelta(days=back),
            )  # fmt: skip
        compute()
        assert figure("tasks-in-time")[()] == (0, 2)


def test_the_pages_show_them(joined, sign_in):
    compute()
    client = sign_in("manager")
    for name in library.told():
        answer = client.get(f"/measures/{name}/")
        assert answer.status_code == 200, name
    assert (
        "Requests answered in time" in client.get("/measures/?q=answered in time").content.decode()
    )
