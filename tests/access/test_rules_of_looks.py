"""The rules that find looks for a second look: each by itself, then planted among ordinary ones."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.access.models import Audit, Review, User, Watched, WellKnown
from onesystem.access.privacy import watching
from onesystem.access.privacy.rules import (
    Face,
    Looker,
    Seen,
    reasons,
    strangers,
    unusual_hour,
    unusually_many,
)
from onesystem.vocabulary.kept import to_micros

AT = datetime(2026, 11, 20, 11, tzinfo=UTC)


def seen(**more):
    """A look in the ordinary course of care."""
    given = {
        "row": 1, "at": AT, "local": AT, "actor": "kiri", "organisation": "hospital",
        "purpose": "direct care", "person": 7, "ties": frozenset({"contact"}),
    }  # fmt: skip
    return Seen(**(given | more))


class TestOneLook:
    """What a single look meets by itself."""

    def test_an_ordinary_look_meets_nothing(self):
        """Somebody else, in care, by day."""
        looker = Looker(families=frozenset({"reed"}), postcode="NR11AA", person=1)
        face = Face(families=frozenset({"moss"}), postcodes=frozenset({"NR11AB"}))
        assert reasons(seen(), looker, face) == []

    @pytest.mark.parametrize(
        ("look", "looker", "face", "rule"),
        [
            ({}, {"families": frozenset({"reed"})}, {"families": frozenset({"reed", "x"})},
             "same-name"),
            ({}, {"postcode": "NR11AA"}, {"postcodes": frozenset({"NR11AA"})}, "neighbour"),
            ({}, {"person": 7}, {}, "self"),
            ({}, {}, {"staff": True}, "colleague"),
            ({}, {}, {"well_known": True}, "well-known"),
            ({"ties": frozenset()}, {}, {}, "no-tie"),
            ({"ties": frozenset({"recent"})}, {}, {"left": AT - timedelta(days=8)},
             "after-discharge"),
        ],
    )  # fmt: skip
    def test_each_rule(self, look, looker, face, rule):
        """One reason, one rule."""
        assert reasons(seen(**look), Looker(**looker), Face(**face)) == [rule]

    def test_ones_own_record_is_not_also_a_relative(self):
        """Self says it all."""
        looker = Looker(families=frozenset({"reed"}), postcode="N1", person=7)
        face = Face(families=frozenset({"reed"}), postcodes=frozenset({"N1"}), staff=True)
        assert reasons(seen(), looker, face) == ["self"]

    def test_a_week_after_discharge_is_ordinary(self):
        """Letters and results come back."""
        face = Face(left=AT - timedelta(days=6))
        assert reasons(seen(ties=frozenset({"recent"})), Looker(), face) == []

    def test_purposes_that_need_no_tie(self):
        """A records officer has none."""
        assert reasons(seen(purpose="records management", ties=frozenset()), Looker(), Face()) == []


class TestHabits:
    """What is unusual for somebody."""

    def test_volume(self):
        """Never below fifty people; then three times the usual."""
        assert not unusually_many(50, [])
        assert unusually_many(51, [])
        assert not unusually_many(150, [50, 50, 60])
        assert unusually_many(151, [50, 50, 60])

    def test_hour(self):
        """Only where there is a habit to break."""
        assert not unusual_hour(3, [9] * 29)
        assert unusual_hour(3, [9] * 30)
        assert not unusual_hour(1, [23] * 30)

    @given(hour=st.integers(0, 23), turn=st.integers(0, 23),
           hours=st.lists(st.integers(0, 23), min_size=30, max_size=60))  # fmt: skip
    def test_the_clock_is_round(self, hour, turn, hours):
        """Whoever works shifted hours is judged alike."""
        shifted = [(h + turn) % 24 for h in hours]
        assert unusual_hour(hour, hours) == unusual_hour((hour + turn) % 24, shifted)

    def test_strangers(self):
        """Three different people within an hour, not one three times."""
        times = [AT - timedelta(minutes=m) for m in (50, 30, 0)]
        assert strangers(list(zip(times, (1, 2, 3), strict=True)), AT)
        assert not strangers(list(zip(times, (1, 1, 1), strict=True)), AT)
        assert not strangers([(AT - timedelta(hours=2), 1), (AT, 2), (AT, 3)], AT)


@pytest.fixture
def town(db, district):
    """A thousand people, forty users, and ordinary looks in three weeks, which nobody watched."""
    from onesystem import wiring
    from onesystem.people.models import Identity

    wiring.connect()
    dice = random.Random(20261122)
    names = [f"family{n}" for n in range(400)]
    Identity.objects.bulk_create(
        Identity(id=n, person=n, source="pas", subject=f"S{n}", family=names[n % 400],
                 family_key=names[n % 400], postcode_key=f"TE{n % 250}AA")
        for n in range(1, 1001)
    )  # fmt: skip
    User.objects.bulk_create(
        User(username=f"u{n}", name=f"U {names[(n * 7) % 400]}", roles="ed-nurse",
             organisation="hospital", postcode=f"TE{n} AA")
        for n in range(40)
    )  # fmt: skip
    return dice


def ordinary(dice, count):
    """Looks by day, by anybody, at anybody."""
    looks = sorted(
        (
            AT - timedelta(days=dice.randrange(21), hours=dice.randrange(-5, 3)),
            f"u{dice.randrange(40)}",
            dice.randrange(1, 1001),
        )
        for _ in range(count)
    )
    add(looks)


def add(looks, *, ties=("contact",), act="person.looked", **more):
    """Looks as they lie in the trail; the chain is not what is tested here."""
    start = (Audit.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    detail = orjson.dumps({"ties": ties} | more).decode()
    Audit.objects.bulk_create(
        Audit(id=number, at=at, actor=actor, kind="person", act=act, person=person,
              organisation="hospital", purpose="direct care", detail=detail)
        for number, (at, actor, person) in enumerate(looks, start)
    )  # fmt: skip


class TestPlanted:
    """Recall on what is planted, and how much a privacy officer has to read for nothing."""

    def test_every_planted_look_is_found_and_ordinary_ones_rarely(self, town):
        """All of the planted; of ten thousand ordinary looks at most eighty come onto the list."""
        ordinary(town, 10_000)
        watching.watch_all()
        assert Review.objects.count() <= 80, Counter(Review.objects.values_list("rule", flat=True))
        User.objects.create(username="nosy", name="N Family5", postcode="TE77 AA", identity=900)
        User.objects.create(username="mate", name="M Other", identity=901)
        WellKnown.objects.create(identity=902, since=to_micros(AT), by="t", reason="in the news")
        day = AT + timedelta(days=1)
        add([(AT - timedelta(days=d, minutes=m), "nosy", 300 + m) for d in range(1, 11)
             for m in range(4)])  # fmt: skip
        watching.watch_all()
        Review.objects.filter(actor="nosy").delete()
        add([(day, "nosy", p) for p in (5, 77, 900, 901, 902)])
        add([(day, "nosy", 500)], ties=())
        add([(day + timedelta(hours=15), "nosy", 501)])
        add([(day + timedelta(minutes=m), "nosy", 600 + m) for m in (1, 2, 3)],
            act="access.refused", why="no-tie")  # fmt: skip
        add([(day + timedelta(days=1, minutes=m), "nosy", 700 + m) for m in range(52)])
        watching.watch_all()
        found = {(r.rule, r.person) for r in Review.objects.filter(actor="nosy")}
        planted = {
            ("same-name", 5), ("neighbour", 77), ("self", 900), ("colleague", 901),
            ("well-known", 902), ("no-tie", 500), ("unusual-hour", 501), ("strangers", 603),
            ("unusual-volume", 749),
        }  # fmt: skip
        assert planted <= found

    def test_each_row_is_read_once_and_a_standing_look_is_not_repeated(self, town):
        """Reading again finds nothing."""
        ordinary(town, 2000)
        watching.watch_all()
        before = Review.objects.count()
        assert watching.behind() == 0
        assert Review.objects.count() > 0
        assert watching.watch_all() == 0
        Watched.objects.update(upto=0)
        assert watching.watch_all() == 0
        assert Review.objects.count() == before

    def test_pieces_find_what_the_whole_finds(self, town):
        """However far one run comes."""
        ordinary(town, 2000)
        watching.watch_all()
        whole = set(Review.objects.values_list("rule", "actor", "person"))
        Review.objects.all().delete()
        Watched.objects.update(upto=0)
        while watching.watch(most=300)[1]:
            pass
        assert set(Review.objects.values_list("rule", "actor", "person")) == whole
