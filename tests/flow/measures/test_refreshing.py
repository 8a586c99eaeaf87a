"""The refresh of touched people equals working everything out anew, cell by cell."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onesystem import contacts, people
from onesystem.access import Actor
from onesystem.flow import measures
from onesystem.flow.measures import keeping, library, packing, refreshing, remembering, store
from onesystem.flow.measures.columns import computing
from onesystem.flow.measures.columns.given import unpacked
from onesystem.vocabulary import Act, BadConfig, ContactEvent, Identifier, PersonSeen

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
SOME = (
    "ed-4-hours", "ed-attendances", "beds-at-midnight", "emergency-readmission-30",
    "acute-bed-days", "fragmentation", "people-waiting", "cost-gini",
)  # fmt: skip
TABLES = ("flow_cell", "flow_living", "flow_who")
PLACES = ("ed", "ward-a", "ward-b", "gp")
JOB = Actor.job("tests")

EVENTS = st.lists(
    st.tuples(
        st.integers(1, 6),  # visit
        st.integers(0, 2),  # subject
        st.sampled_from(PLACES),
        st.integers(0, 60),  # days ago
        st.one_of(st.none(), st.integers(-60, 9_000)),  # minutes it lasted
        st.booleans(),  # cancelled
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@pytest.fixture
def few(district, monkeypatch):
    """A library of one measure of each shape: the others are no different."""
    every = {name: library.shipped()[name] for name in SOME}
    monkeypatch.setattr(library, "library", lambda: every)
    return every


def meet():
    """Three people, each known to the hospital."""
    made = [
        ("pas", 1, PersonSeen(
            subject=f"S{n}", at=NOW, family=f"Name{n}", given="Ann",
            birth_date=date(1940 + n * 20, 2, 1), practice=f"D8200{n % 2}",
            identifiers=(Identifier("pas", f"S{n}"),),
        ))
        for n in range(3)
    ]  # fmt: skip
    return people.meet(made, known_at=NOW)


def take(told, ids, at):
    """Events of visits, as the hospital tells them."""
    events = []
    for number, (visit, subject, place, days_ago, lasted, cancelled) in enumerate(told):
        start = NOW - timedelta(days=days_ago)
        recorded = at + timedelta(seconds=number)
        events.append((
            "pas", ids["pas", f"S{subject}"], 1,
            ContactEvent(
                visit=f"V{visit}", subject=f"S{subject}", act=Act.STATE, at=start,
                recorded=recorded, service=place, started=start, mode="from ED",
                ended=None if lasted is None else start + timedelta(minutes=lasted),
                cancelled=cancelled,
            ),
        ))  # fmt: skip
    with transaction.atomic():
        contacts.take(events, known_at=at)


def lines(raw):
    """What a person gave, line by line."""
    told = unpacked([(0, raw)], {})
    columns = (told.kept, told.day, told.service, told.band, told.numerator, told.denominator)
    for kept_, day, service, *rest in zip(*(c.tolist() for c in columns), strict=True):
        yield kept_, day, told.services[service], *rest


def kept():
    """All that is kept, comparable."""
    found = {table: sorted(map(str, store.rows(f"SELECT * FROM {table}"))) for table in TABLES}
    found["behind"] = sorted(
        (k, d, s, packing.people_in(bytes(raw)))
        for k, d, s, raw in store.rows("SELECT kept, day, service, people FROM flow_behind")
    )
    found["gave"] = sorted(
        (person, sorted(lines(bytes(raw))))
        for person, raw in store.rows("SELECT person, body FROM flow_gave")
    )
    return found


@pytest.mark.django_db(transaction=True)
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(first=EVENTS, then=EVENTS, joined=st.booleans())
def test_refreshing_equals_working_out_anew(few, first, then, joined):
    """Inserts, corrections, cancellations, a merge, and a day that ends."""
    with transaction.atomic():
        contacts.erase()
        for table in (
            "flow_cell",
            "flow_behind",
            "flow_gave",
            "flow_living",
            "flow_working",
            "flow_who",
            "flow_reached",
            "people_mapped",
            "people_decision",
        ):
            store.run(f"DELETE FROM {table}")
    ids = meet()
    take(first, ids, NOW)
    measures.compute(at=NOW)
    take(then, ids, NOW + timedelta(hours=1))
    if joined:
        both = [ids["pas", "S0"], ids["pas", "S1"]]
        persons = sorted(set(people.person_of(both).values()))
        if len(persons) == 2:
            from onesystem.people import actions

            actions.merge(persons=persons, reason="the same", by=JOB)
    later = NOW + timedelta(days=1)
    while refreshing.refresh(at=later).left:
        pass
    refreshed = kept()
    with refreshing.locked():
        keeping.compute(at=later)
    assert kept() == refreshed


@pytest.mark.django_db(transaction=True)
def test_a_large_log_is_cut_into_files_and_says_the_same(few, monkeypatch):
    """What is read by people of a small log is read by files of a large one."""
    ids = meet()
    told = [(v, v % 3, PLACES[v % 4], v * 2, 90 * v, False) for v in range(1, 24)]
    take(told, ids, NOW)
    measures.compute(at=NOW)
    by_people = kept()
    monkeypatch.setattr(computing, "_READ_BY_PEOPLE", 0)
    monkeypatch.setattr(computing, "_PORTION", 4)
    monkeypatch.setattr(computing, "_OF_A_FILE", 2)
    measures.compute(at=NOW)
    assert kept() == by_people


@pytest.mark.django_db(transaction=True)
def test_figures_and_who_is_behind_them(few):
    """A figure, its group in words, and the contacts behind it."""
    ids = meet()
    take([(1, 0, "ed", 3, 100, False), (2, 1, "ed", 3, 300, False)], ids, NOW)
    measures.compute(at=NOW)
    (all_of_it,) = measures.figures(
        "ed-4-hours", every="week", start=date(2026, 6, 15), end=date(2026, 6, 21), asker=JOB
    )
    assert all_of_it.numerator == (1,)
    assert all_of_it.value == (50.0,)
    assert all_of_it.people == (2,)
    (ed,) = measures.figures(
        "ed-4-hours", by=("service",), every="week", start=date(2026, 6, 15),
        end=date(2026, 6, 21), asker=JOB,
    )  # fmt: skip
    assert ed.names == {"service": "Emergency department"}
    rows = measures.contacts_behind(
        "ed-4-hours", period=date(2026, 6, 15), group={"service": "ed"}, asker=JOB
    )
    assert [row.identity for row in rows] == [ids["pas", "S0"]]


@pytest.mark.django_db(transaction=True)
def test_the_most_of_a_period_is_that_of_its_fullest_day(few, monkeypatch):
    """Two in a ward on one night and one on the next: two; asked by day, each day its own."""
    peak = {"beds-peak": library.shipped()["beds-peak"]}
    monkeypatch.setattr(library, "library", lambda: peak)
    ids = meet()
    take([(1, 0, "ward-a", 4, 2_880, False), (2, 1, "ward-b", 4, 1_440, False)], ids, NOW)
    measures.compute(at=NOW)
    asked = {"start": date(2026, 6, 15), "end": date(2026, 6, 19), "asker": JOB}
    (week,) = measures.figures("beds-peak", every="week", **asked)
    assert week.value == (2.0,)
    assert week.total == 2.0
    (by_day,) = measures.figures("beds-peak", every="day", **asked)
    assert by_day.value == (0.0, 2.0, 1.0, 0.0)


@pytest.mark.django_db(transaction=True)
def test_how_unevenly_people_cost(few, monkeypatch):
    """One in ED and one in a ward for a week, of three: the ward's is all but a twentieth of it."""
    uneven = {n: m for n, m in library.shipped().items() if m.spread}
    monkeypatch.setattr(library, "library", lambda: uneven)
    ids = meet()
    take([(1, 0, "ed", 3, 100, False), (2, 1, "ward-a", 9, 10_080, False)], ids, NOW)
    measures.compute(at=NOW)
    asked = {"every": "year", "start": date(2026, 1, 1), "end": date(2027, 1, 1), "asker": JOB}
    ed, ward = library.prices()["unit-costs"]["ED"], 7 * library.prices()["night-costs"]["ward"]
    (index,) = measures.figures("cost-gini", **asked)
    assert index.value[0] == pytest.approx(1 - (ed + (ed + (ed + ward))) / (3 * (ed + ward)))
    assert index.numerator == (ed + ward,)
    assert index.total == index.value[0]
    low, high = index.intervals[0]
    assert 0 <= low < index.value[0] < high <= 1
    (tenth,) = measures.figures("cost-top-10", **asked)
    assert tenth.value[0] == pytest.approx(100 * 0.3 * ward / (ed + ward))
    by_practice = measures.figures("cost-top-1", by=("practice",), **asked)
    assert len(by_practice) == 2
    analyst = Actor(name="ana", roles=frozenset({"analyst"}), kind="person")
    (hidden,) = measures.figures("cost-gini", **(asked | {"asker": analyst}))
    assert hidden.value == hidden.intervals == (None,)
    assert tenth.intervals == ()
    with pytest.raises(BadConfig, match="not kept by service"):
        measures.figures("cost-gini", by=("service",), **asked)


@pytest.mark.django_db(transaction=True)
def test_who_may_not_see_people_sees_no_small_number(few):
    ids = meet()
    take([(1, 0, "ed", 3, 100, False), (2, 1, "ed", 3, 300, False)], ids, NOW)
    measures.compute(at=NOW)
    analyst = Actor(name="ana", roles=frozenset({"analyst"}), kind="person")
    (seen,) = measures.figures(
        "ed-4-hours", every="week", start=date(2026, 6, 15), end=date(2026, 6, 21), asker=analyst
    )
    assert seen.hidden == (True,)
    assert seen.value == (None,)


@pytest.mark.django_db(transaction=True)
def test_a_new_group_is_offered_as_soon_as_it_is_there(few):
    """What pages offer to choose from is remembered until the cells are written to."""

    def practices():
        return {code for code, _ in measures.values_of("ed-4-hours", "practice", asker=JOB)}

    ids = meet()
    take([(1, 0, "ed", 3, 100, False)], ids, NOW)
    measures.compute(at=NOW)
    assert practices() == practices() == {"D82000"}
    take([(2, 1, "ed", 2, 300, False)], ids, NOW + timedelta(hours=1))
    assert practices() == {"D82000"}
    refreshing.refresh(at=NOW)
    assert practices() == {"D82000", "D82001"}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_remembered_of_cells_that_are_being_written(few):
    asked = []
    measures.compute(at=NOW)
    store.set_marks(computing=1)
    for _ in range(2):
        remembering.remembered(asked.append, "groups")
    assert asked == ["groups"] * 2
    store.set_marks(computing=0)
    for _ in range(2):
        remembering.remembered(asked.append, "groups")
    assert asked == ["groups"] * 3
    store.new_edition()
    remembering.remembered(asked.append, "groups")
    assert asked == ["groups"] * 4
