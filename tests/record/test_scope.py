"""The scope of a query is the decision, asked of everybody: one rule in two forms."""

import pytest
from access_worlds import AT, askers, contact, entry, identity, random_world
from django.db import connection

from onesystem.access import Actor, Asker, decide, kinds, scope
from onesystem.access.models import Seal
from onesystem.care.requests.states import OPEN
from onesystem.district import load
from onesystem.record import ties
from onesystem.record.ties import reach_of


@pytest.fixture
def joined(db, district):
    """The small district with its rooms introduced to each other."""
    from onesystem import wiring

    wiring.connect()
    return district


def ids(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {row[0] for row in cursor.fetchall()}


def in_scope(asker, *, wide=False):
    where, values = scope(asker).sql("x.id", wide=wide)
    return ids(f"SELECT x.id FROM people_identity x WHERE {where}", values)


def rows_in_scope(asker, *, wide=False, likely=None):
    where, values = scope(asker).row_sql("x", wide=wide, likely=likely)
    return ids(f"SELECT x.entry FROM record_entry x WHERE {where}", values)


def decided(asker, world):
    """The same, one person after the other."""
    from onesystem.people.models import Identity

    sources = dict(Identity.objects.values_list("id", "source"))
    found = set()
    for person, members in world.persons.items():
        said = decide(asker, person, "demographics")
        if said:
            found |= {i for i in members if sources[i] not in said.without}
    return found


def rows_decided(asker, world):
    of = {i: person for person, members in world.persons.items() for i in members}
    sealed = set(Seal.objects.values_list("item", flat=True))
    asked, found = {}, set()
    for row in world.entries:
        kind = "demographics" if row.kind == "Patient" else "general"
        key = (of[row.identity], kind, row.entry if row.entry in sealed else None)
        if key not in asked:
            asked[key] = decide(asker, key[0], kind, item=key[2])
        said = asked[key]
        if not said or row.source in said.without:
            continue
        labels = said.labels & dict(said.limits).get(row.source, kinds.EVERY)
        if not row.label & ~labels:
            found.add(row.entry)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_scope_is_the_decision_asked_of_everybody(joined, seed):
    world = random_world(seed)
    seen = 0
    for asker in askers(seed, world):
        expected, rows = decided(asker, world), rows_decided(asker, world)
        assert in_scope(asker) == expected, asker
        assert in_scope(asker, wide=True) == expected, asker
        assert rows_in_scope(asker) == rows, asker
        assert rows_in_scope(asker, wide=True) == rows, asker
        seen += len(rows)
    assert seen > 20


@pytest.mark.parametrize("seed", range(4))
def test_who_is_likely_changes_nothing(joined, seed):
    """Identities judged once give what each row gives by itself, however they are named."""
    world = random_world(seed)
    every = sorted(identity for members in world.persons.values() for identity in members)
    half = ", ".join(["%s"] * len(every[::2])), every[::2]
    all_of_them = "SELECT p.identity FROM record_entry p WHERE p.kind <> %s", ["Nothing"]
    for asker in askers(seed, world):
        rows = rows_in_scope(asker)
        for likely in (half, all_of_them, ("%s", [0])):
            assert rows_in_scope(asker, likely=likely) == rows, (asker, likely[0])


class TestTies:
    def test_open_requests_are_those_that_care_calls_open(self):
        assert set(ties.OPEN) == OPEN

    def test_an_organisation_answers_for_those_it_succeeded(self, tmp_path, district):
        text = (district.path / "district.toml").read_text(encoding="utf-8")
        text += '\n[organisations.merged]\nname = "Merged"\nsucceeds = ["practice"]\n'
        (tmp_path / "district.toml").write_text(text, encoding="utf-8")
        reach = reach_of(frozenset({"merged"}), load(tmp_path))
        assert "gp" in reach.services
        assert reach.owners["gp"] == "merged"

    def test_a_discharge_ends_the_tie_after_the_window(self, joined):
        identity(1, 1)
        contact(1, 1, ended=24 * 31)
        assert decide(_nurse(), 1).reason == "no-tie"
        contact(2, 1, ended=24 * 29)
        assert decide(_nurse(), 1).by == {"recent"}

    def test_nobody_is_always_in_scope_of_whoever_may_ask(self, joined):
        entry(1, 0, kind="Organization")
        assert rows_in_scope(_nurse()) == {1}
        assert rows_in_scope(_nurse(purpose="privacy review")) == set()


def _nurse(purpose="direct care"):
    return Asker(
        actor=Actor("kiri", frozenset({"ed-nurse"})),
        purpose=purpose,
        organisations=frozenset({"hospital"}),
        at=AT,
    )


@pytest.mark.parametrize("seed", range(3))
def test_sight_of_one_person_is_the_scope_of_their_rows(joined, seed):
    """A page asks once for its person, a search for everybody: both see the same rows."""
    from onesystem.access.reading import sealed_items
    from onesystem.record.sight import Sight

    world = random_world(seed)
    seen = 0
    for asker in askers(seed, world):
        rows = rows_in_scope(asker)
        for person, members in world.persons.items():
            allowed = decide(asker, person)
            if not allowed:
                continue
            sight = Sight(allowed, sealed_items(person) if allowed.seals else frozenset())
            where, values = sight.row_sql("x")
            marks = ", ".join(map(str, members))
            sql = f"SELECT x.entry FROM record_entry x WHERE x.identity IN ({marks}) AND {where}"
            mine = {row.entry for row in world.entries if row.identity in members}
            assert ids(sql, values) == rows & mine, (asker, person)
            seen += len(rows & mine)
    assert seen > 20
