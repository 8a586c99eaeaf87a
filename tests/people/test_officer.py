"""A records officer's decisions: they stand against evidence, survive a replay, and are undone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from onesystem.access import Actor
from onesystem.people import actions, forget_map, meet, person_of, queries, suggesting
from onesystem.vocabulary import NHS, Identifier, NotFound, NotPermitted, PersonSeen, UserError
from onesystem.vocabulary.identifiers import passes_nhs

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OFFICER = Actor.job("records office")
MAIA = {"family": "Ngata", "given": "Māia", "birth_date": date(1980, 3, 2), "sex": "female"}
HOME = {"address": "1 Mill Road", "postcode": "NR2 3TX", "phone": "01603 123456"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(district):
    return district


def seen(subject, number="", at=NOW, **said):
    numbers = (Identifier(NHS, number, True),) if number else ()
    return PersonSeen(subject=subject, at=at, identifiers=numbers, **said)


def three():
    """Two alike, and one of another name."""
    messages = [
        ("pas", 1, seen("A", **MAIA, **HOME)),
        ("practice", 2, seen("7", **MAIA, **HOME)),
        ("lab", 3, seen("x", family="Walker", given="M", birth_date=date(1980, 2, 3))),
    ]
    ids = meet(messages, known_at=NOW)
    return messages, ids["pas", "A"], ids["practice", "7"], ids["lab", "x"]


def same(*identities):
    return len(set(person_of(identities).values())) == 1


def test_merge_and_undo():
    _, a, b, x = three()
    assert same(a, b)
    assert not same(a, x)
    decision = actions.merge(persons=[a, x], reason="Seen her passport", by=OFFICER)
    assert same(a, b, x)
    assert queries.history(a)[-1].by == "records office"
    actions.undo(decision=decision, by=OFFICER)
    assert same(a, b)
    assert not same(a, x)
    with pytest.raises(UserError, match="undone already"):
        actions.undo(decision=decision, by=OFFICER)


def test_unmerge_holds_against_new_evidence():
    _, a, b, _ = three()
    actions.unmerge(identities=[b], reason="Her twin", by=OFFICER)
    assert not same(a, b)
    later = NOW + timedelta(days=1)
    meet(
        [
            ("pas", 4, seen("A", "9434765919", later, **MAIA, **HOME)),
            ("practice", 5, seen("7", "9434765919", later, **MAIA, **HOME)),
        ],
        known_at=later,
    )
    assert not same(a, b)


def test_keep_apart_holds_through_a_third():
    """Each is like the third; the two who are kept apart never meet in it."""
    _, a, b, x = three()
    actions.keep_apart(identities=[a, x], reason="Different people", by=OFFICER)
    later = NOW + timedelta(days=1)
    ids = meet(
        [
            ("lab", 4, seen("x", at=later, **MAIA, **HOME)),
            ("council", 5, seen("c", at=later, **MAIA, **HOME)),
        ],
        known_at=later,
    )
    assert not same(a, x)
    assert same(a, b) or same(x, b)
    assert person_of([ids["council", "c"]])


def test_decisions_survive_a_replay():
    messages, a, b, x = three()
    actions.unmerge(identities=[b], reason="Her twin", by=OFFICER)
    actions.merge(persons=[a, x], reason="Seen her passport", by=OFFICER)
    before = person_of([a, b, x])
    forget_map()
    meet(messages[::-1], known_at=NOW)
    assert person_of([a, b, x]) == before


def test_the_later_decision_on_a_pair_counts():
    _, a, b, _ = three()
    actions.unmerge(identities=[b], reason="Her twin", by=OFFICER)
    actions.merge(persons=[a, b], reason="No: the same after all", by=OFFICER)
    assert same(a, b)


def test_two_verified_numbers_are_not_merged_even_by_hand():
    ids = meet(
        [
            ("pas", 1, seen("A", "9434765919", **MAIA)),
            ("practice", 2, seen("7", "9434765870", **MAIA)),
        ],
        known_at=NOW,
    )
    with pytest.raises(UserError, match="differ"):
        actions.merge(persons=list(ids.values()), reason="They look alike", by=OFFICER)
    assert not same(*ids.values())
    (suggestion,) = suggesting.suggestions(OFFICER)
    assert sum(line.weight for line in suggestion.evidence) == pytest.approx(suggestion.weight)


def test_the_suggestions_are_paged_and_none_is_lost_or_ruled_out_ones_shown():
    pairs = 12
    for i in range(pairs):  # alike, but each with a verified number of its own
        family = {**MAIA, "family": "Ngata" + "abcdefghijklm"[i] * 3}
        family["birth_date"] = MAIA["birth_date"] + timedelta(days=400 * i)
        numbers = [n for n in range(9434765000, 9434766500) if passes_nhs(str(n))]
        for side in (0, 1):
            person = seen(f"{i}-{side}", str(numbers[2 * i + side]), **family)
            meet([("pas" if side else "lab", 1, person)], known_at=NOW)
    every = [(s.a.identity, s.b.identity) for s in suggesting.suggestions(OFFICER, limit=50)]
    assert len(every) == pairs == suggesting.suggestions_count(OFFICER)
    paged = [
        (s.a.identity, s.b.identity)
        for start in range(0, pairs, 5)
        for s in suggesting.suggestions(OFFICER, limit=5, start=start)
    ]
    assert paged == every
    rest = suggesting.suggestions(OFFICER, without=set(every[:2]), least_first=True)
    assert {(s.a.identity, s.b.identity) for s in rest} == set(every[2:])
    assert [s.weight for s in rest] == sorted(s.weight for s in rest)
    actions.keep_apart(identities=list(every[0]), reason="Twins", by=OFFICER)
    assert suggesting.suggestions_count(OFFICER) == pairs - 1
    assert suggesting.suggestions_count(OFFICER, least=1000.0) == 0


def test_two_people_are_asked_about_once_however_many_records_they_have():
    """A hospital and a practice know each of two women; one pair of records stands for all four."""
    for side, number in (("A", "9434765919"), ("B", "9434765870")):
        for source in ("pas", "practice"):
            meet([(source, 1, seen(side, number, **MAIA))], known_at=NOW)
    (asked,) = suggesting.suggestions(OFFICER)
    assert (asked.pairs, suggesting.suggestions_count(OFFICER)) == (4, 1)
    other = (asked.b.identity, asked.a.identity)
    assert not suggesting.suggestions(OFFICER, without={other})
    two = [asked.a.person, asked.b.person]
    assert len(suggesting.suggestions(OFFICER, person=two[0])) == 1
    decision = actions.keep_persons_apart(persons=two, reason="Twins", by=OFFICER)
    assert not suggesting.suggestions(OFFICER)
    actions.undo(decision=decision, by=OFFICER)
    assert suggesting.suggestions(OFFICER)[0].pairs == 4


def test_a_superseded_number_is_no_conflict():
    old = Identifier(NHS, "9434765919", verified=True, superseded=True)
    new = Identifier(NHS, "9434765870", verified=True)
    both = PersonSeen(subject="A", at=NOW, identifiers=(old, new), **MAIA)
    ids = meet([("pas", 1, both), ("practice", 2, seen("7", "9434765919", **MAIA))], known_at=NOW)
    assert same(*ids.values())


def test_a_decision_needs_a_reason_a_right_and_somebody_there():
    _, a, _, x = three()
    with pytest.raises(UserError, match="reason"):
        actions.merge(persons=[a, x], reason=" ", by=OFFICER)
    with pytest.raises(NotPermitted):
        actions.merge(persons=[a, x], reason="I know", by=Actor("a.visitor"))
    with pytest.raises(NotFound):
        actions.merge(persons=[a, 999_999], reason="I know", by=OFFICER)


@pytest.mark.parametrize(
    "text",
    ["maia ngata", "NGATA, Māia", "nga mai", "Ngata 2/3/1980", "2 Mar 1980", "1980-03-02 maia",
     "943 476 5919", "9434765919", "MRN 77"],
)  # fmt: skip
def test_search(text):
    numbers = (Identifier(NHS, "9434765919", True), Identifier("mrn", "MRN 77"))
    person = PersonSeen(subject="A", at=NOW, identifiers=numbers, **MAIA)
    others = [
        ("pas", i, seen(f"o{i}", family="Nguyen", given=f"Tom{'xyzabc'[i]}", **HOME))
        for i in range(5)
    ]
    ids = meet([("pas", 9, person), *others], known_at=NOW)
    assert [hit.person for hit in queries.search(text, by=OFFICER)] == [ids["pas", "A"]]


def test_a_person_is_shown_with_all_that_sources_say():
    _, a, b, _ = three()
    view = queries.person(b, by=OFFICER, purpose="direct care")
    assert (view.person, view.given, view.postcode) == (a, "Māia", "NR2 3TX")
    assert [i.source for i in view.identities] == ["pas", "practice"]
    with pytest.raises(NotFound):
        queries.person(999_999, by=OFFICER, purpose="direct care")
