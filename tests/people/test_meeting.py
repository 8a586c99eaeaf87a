"""Meeting people: identities made once, folded in any order, linked by what they are."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from onesystem.people import (
    identify,
    identities_of,
    meet,
    people_count,
    person_of,
    persons_of_several,
)
from onesystem.vocabulary import NHS, Identifier, PersonSeen, SubjectsMerged

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(district):
    return district


def seen(subject, *, at=NOW, number="", verified=True, **said):
    numbers = (Identifier(NHS, number, verified),) if number else ()
    return PersonSeen(subject=subject, at=at, identifiers=numbers, **said)


MAIA = {"family": "Ngata", "given": "Māia", "birth_date": date(1980, 3, 2), "sex": "female"}


def partition(ids):
    person = person_of(ids.values())
    groups = {}
    for key, identity in ids.items():
        groups.setdefault(person[identity], set()).add(key)
    return {frozenset(group) for group in groups.values()}


def test_an_identity_is_given_once():
    first = meet([("pas", 1, seen("A", **MAIA))], known_at=NOW)
    again = meet([("pas", 2, seen("A", **MAIA))], known_at=NOW)
    assert first == again == identify([("pas", "A")], known_at=NOW)


def test_a_subject_that_nobody_described_has_an_identity_of_its_own():
    ids = identify([("pas", "A"), ("pas", "B"), ("lab", "A")], known_at=NOW)
    assert len(set(ids.values())) == 3
    assert people_count() == 3
    met = meet([("pas", 1, seen("A", **MAIA))], known_at=NOW)
    assert met["pas", "A"] == ids["pas", "A"]


def test_the_same_passing_number_is_the_same_person():
    ids = meet(
        [
            ("pas", 1, seen("A", number="9434765919", **MAIA)),
            ("practice", 2, seen("7", number="943 476 5919", family="NGATA", given="Maia")),
        ],
        known_at=NOW,
    )
    assert len(set(person_of(ids.values()).values())) == 1


def test_a_passing_number_with_another_name_and_birth_date_is_left_to_a_person():
    other = {"family": "Featherstone", "given": "Kevin", "birth_date": date(1951, 11, 28)}
    ids = meet(
        [
            ("pas", 1, seen("A", number="9434765919", **MAIA)),
            ("practice", 2, seen("7", number="9434765919", **other)),
        ],
        known_at=NOW,
    )
    assert len(set(person_of(ids.values()).values())) == 2


def test_a_number_that_fails_its_check_never_links():
    """Twelve people of one GP Connect export share the number 1234567890; they stay twelve."""
    names = "Adams Baker Clark Davies Evans Foster Green Hughes Irwin Jones King Lewis".split()
    met = [
        ("practice", i, seen(f"p{i}", number="1234567890", family=name, given=f"{name[::-1]}",
                             birth_date=date(1950 + i * 3, 1 + i % 12, 5)))
        for i, name in enumerate(names)
    ]  # fmt: skip
    meet(met, known_at=NOW)
    assert people_count() == 12


def test_who_has_several_identities():
    """Only people of more than one identity are told, each identity with its person."""
    met = [
        ("pas", 1, seen("A", number="9434765919", **MAIA)),
        ("lab", 2, seen("B", number="9434765919", **MAIA)),
        ("pas", 3, seen("C", family="Alone", given="All", birth_date=date(1950, 1, 1))),
    ]
    ids = meet(met, known_at=NOW)
    both = [ids["pas", "A"], ids["lab", "B"]]
    assert persons_of_several() == person_of(both)
    assert len(set(person_of(both).values())) == 1


def test_two_verified_numbers_never_become_one_person():
    """Twins of one name: everything agrees but the verified number."""
    said = MAIA | {"address": "1 Mill Road", "postcode": "NR2 3TX", "phone": "01603 123456"}
    ids = meet(
        [
            ("pas", 1, seen("A", number="9434765919", **said)),
            ("practice", 2, seen("7", number="9434765870", **said)),
        ],
        known_at=NOW,
    )
    assert len(set(person_of(ids.values()).values())) == 2


def test_names_and_birth_date_and_address_are_enough_without_a_number():
    said = {"address": "1 Mill Road", "postcode": "NR2 3TX"}
    ids = meet(
        [
            ("pas", 1, seen("A", **MAIA, **said)),
            ("practice", 2, seen("7", **(MAIA | {"given": "Maia"}), **said)),
            ("practice", 3, seen("8", family="Other", given="Maia", birth_date=date(1980, 3, 2))),
        ],
        known_at=NOW,
    )
    assert partition(ids) == {
        frozenset({("pas", "A"), ("practice", "7")}),
        frozenset({("practice", "8")}),
    }


def test_a_source_may_say_that_two_of_its_subjects_are_one():
    ids = meet(
        [
            ("pas", 1, seen("A", **MAIA)),
            ("pas", 2, seen("B", family="Unknown", given="Unknown")),
            ("pas", 3, SubjectsMerged(subject="A", old="B", at=NOW)),
        ],
        known_at=NOW,
    )
    assert len(set(person_of(ids.values()).values())) == 1


def story():
    """Six subjects told by eleven messages: late, merged, renamed, renumbered, corrected."""
    day = timedelta(days=1)
    home = {"address": "1 Mill Road", "postcode": "NR2 3TX"}
    tom = {"family": "Smith", "given": "Thomas", "birth_date": date(1955, 7, 9)}
    return [
        ("pas", 1, seen("A", **MAIA, **home)),
        ("pas", 2, seen("A", at=NOW + day, **(MAIA | {"family": "Walker"}), **home)),
        ("pas", 3, seen("A", at=NOW + 2 * day, number="9434765919", family="Walker")),
        ("practice", 4, seen("7", number="9434765919", **MAIA, **home)),
        ("practice", 5, seen("8", number="9434765870", **tom, **home)),
        ("pas", 6, seen("C", number="9434765919", verified=False, **tom, **home)),
        ("pas", 7, seen("C", at=NOW + day, number="9434765870", **tom, **home)),
        ("pas", 8, seen("D", given="Tom", family="Smith")),
        ("pas", 9, SubjectsMerged(subject="C", old="D", at=NOW)),
        ("lab", 10, seen("x", **tom, **home)),
        ("pas", 11, SubjectsMerged(subject="A", old="C", at=NOW)),
    ]


EXPECTED = {
    frozenset({("pas", "A"), ("practice", "7")}),
    frozenset({("pas", "C"), ("pas", "D"), ("practice", "8"), ("lab", "x")}),
}


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_arrival_ends_in_the_same_map(seed):
    """The last message says that A is C; both have verified numbers that differ, so they stay."""
    messages = story()
    random.Random(seed).shuffle(messages)
    size = 1 + seed % 4
    ids = {}
    for start in range(0, len(messages), size):
        ids |= meet(messages[start : start + size], known_at=NOW)
    assert partition(ids) == EXPECTED
    told = identities_of(person_of([ids["pas", "A"]])[ids["pas", "A"]])
    walker = next(each for each in told if each.source == "pas")
    assert (walker.family, walker.given, walker.birth_date) == ("Walker", "", "1980-03-02")
    assert ("Ngata", "Māia") in walker.other_names
