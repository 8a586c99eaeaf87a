"""Records alike by the thousand: the work is bounded, nobody is joined by mistake, nobody is lost.

A crowd is more than six here, so that one is soon made.
"""

from datetime import UTC, date, datetime
from itertools import islice, product
from string import ascii_lowercase

import pyarrow as pa
import pytest
from django.db import transaction

from onesystem.access import Actor
from onesystem.people import (
    blocking,
    crowds,
    link_pending,
    linking,
    meet,
    meet_table,
    pending,
    person_of,
    store,
)
from onesystem.vocabulary import NHS, Identifier, PersonSeen

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, tzinfo=UTC)
OFFICER = Actor.job("records office")
NUMBER = Identifier(NHS, "9434765919", verified=True)
FEW = 6
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few_are_many(district, monkeypatch):
    monkeypatch.setattr(blocking, "MOST", FEW)
    monkeypatch.setattr(blocking, "HUBS", 2)
    monkeypatch.setattr(pending, "_ONE_BY_ONE", 0)  # what waits is linked in bulk


@pytest.fixture
def compared(monkeypatch):
    """Counts the comparisons of the live way."""
    count = [0]
    decide = linking.decide

    def counts(*args, **options):
        count[0] += 1
        return decide(*args, **options)

    monkeypatch.setattr(linking, "decide", counts)
    return count


def seen(subject, given, *, at=NOW, **said):
    said = {"family": "Featherstone", "birth_date": date(1900, 1, 1), "sex": "female", **said}
    return PersonSeen(subject=str(subject), at=at, given=given, **said)


def flood(count):
    """Names that differ by a letter or two, and one birth date."""
    letters = islice(product(ascii_lowercase, repeat=2), count)
    return [seen(i, f"Aroha{a}{b}") for i, (a, b) in enumerate(letters)]


def lattice(*, wide=4):
    """No more than `wide` agree on anything, and all hang together by likeness."""
    return [
        seen(i, f"Aroha{a}", family=f"Featherstone{b}")
        for i, (a, b) in enumerate(product(ascii_lowercase[:wide], repeat=2))
    ]


def live(people, *, size=5):
    ids = {}
    for i in range(0, len(people), size):
        ids |= meet([("x", 1, each) for each in people[i : i + size]], known_at=NOW)
    return {subject: identity for (_, subject), identity in ids.items()}


def in_bulk(people, engine="own"):
    table = pa.table(
        {
            "subject": [each.subject for each in people],
            "family": [each.family for each in people],
            "given": [each.given for each in people],
            "birth_date": pa.array([each.birth_date for each in people], pa.date32()),
            "sex": [each.sex for each in people],
            "postcode": [each.postcode for each in people],
        }
    )
    made = meet_table(table, source="x", message=1, known_at=NOW, link=False)
    link_pending(engine=engine)
    return dict(zip(made["subject"].to_pylist(), made["identity"].to_pylist(), strict=True))


def told():
    """What is kept of pairs, crowds and persons, by the sources' own keys."""
    key = dict(store.rows("SELECT id, subject FROM people_identity"))
    pairs = {
        (*sorted((key[a], key[b])), state, rule)
        for a, b, state, rule in store.rows("SELECT a, b, state, rule FROM people_pair")
    }
    here = {(each.rule, each.said, each.members) for each in crowds.kept(OFFICER)}
    persons = {}
    for identity, person in person_of(key).items():
        persons.setdefault(person, set()).add(key[identity])
    return pairs, here, sorted(map(sorted, persons.values()))


def test_what_a_flood_costs_grows_with_it_and_not_with_its_square(compared):
    counts = []
    for people in (flood(60), flood(120)[60:]):
        compared[0] = 0
        live(people)
        counts.append(compared[0])
    assert all(count <= 60 * FEW for count in counts), counts


def test_of_a_flood_nobody_is_joined_and_nobody_is_lost():
    ids = live(flood(60))
    assert len(set(person_of(ids.values()).values())) == 60
    (crowd,) = crowds.kept(OFFICER)
    assert (crowd.rule, crowd.said, crowd.members) == (
        ("birth", "family"), ("1900-01-01", "featherstone"), 60,
    )  # fmt: skip


def test_what_hangs_together_by_likeness_alone_is_not_one_person_when_it_is_too_many():
    ids = live(lattice())
    link_pending()
    pairs, here, persons = told()
    assert len(persons) == 16
    assert {state for _, _, state, _ in pairs} == {"cut"}  # for an officer to decide
    assert here == {(("likeness",), (str(min(ids.values())),), 16)}
    assert link_pending().identities == 0


def test_a_number_joins_whom_likeness_must_not():
    people = lattice()
    live([*people[:-2], *(seen(e.subject, e.given, family=e.family, identifiers=(NUMBER,))
                          for e in people[-2:])])  # fmt: skip
    link_pending()
    _, _, persons = told()
    assert [each for each in persons if len(each) > 1] == [["14", "15"]]


@pytest.mark.parametrize("people", [flood(20), lattice(), lattice(wide=2)])
def test_live_in_any_order_and_in_bulk_end_in_the_same(people):
    ends = []
    for way in (live, lambda some: live(some[::-1], size=3), in_bulk):
        with transaction.atomic():
            way(people)
            link_pending()
            pairs, here, persons = told()
            here = {(rule, said if rule != crowds.LIKENESS else (), n) for rule, said, n in here}
            ends.append((pairs, here, persons))
            transaction.set_rollback(True)
    assert ends[1:] == ends[:1] * 2


def test_splink_leaves_the_same_out():
    people = [*flood(20), *lattice(wide=2)]
    people = [seen(i, e.given, family=e.family) for i, e in enumerate(people)]
    ends = []
    for engine in ("own", "duckdb"):
        with transaction.atomic():
            in_bulk(people, engine)
            ends.append(told())
            transaction.set_rollback(True)
    assert ends[1] == ends[0]


def test_a_number_of_very_many_records_is_one_person_by_few_links():
    """Somebody who calls often, in a source that makes a record of each call."""
    ids = live([seen(i, "Aroha", identifiers=(NUMBER,)) for i in range(30)])
    assert len(set(person_of(ids.values()).values())) == 1
    assert store.rows("SELECT count(*) FROM people_pair")[0][0] < 30 * 3


def test_in_a_crowd_of_one_birth_date_another_rule_asks_and_does_not_join():
    """Babies of one name: that they live at one postcode is a street of the nursery's."""
    people = [seen(i, "Baby", family=f"Stone{a}") for i, a in enumerate(ascii_lowercase)]
    people += [seen(f"t{i}", "Baby", family="Stonea", postcode="NR2 3TX") for i in range(2)]
    ids = live(people)
    assert len(set(person_of(ids.values()).values())) == len(people)
    asked = store.rows("SELECT state FROM people_pair")
    assert {state for (state,) in asked} == {"ask"}


def test_a_crowd_that_shrinks_is_worked_out_again():
    people = flood(FEW + 1)
    live(people)
    before = told()[0]
    assert len(before) < FEW
    live([seen(FEW, "Siân", family="Walker", birth_date=date(1971, 5, 6), at=LATER)])
    link_pending()
    pairs, here, _ = told()
    assert (len(pairs), here) == (FEW * (FEW - 1) // 2, set())
