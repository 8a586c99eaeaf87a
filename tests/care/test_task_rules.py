"""Tasks as words and rules: how often, how they stand, in which order; no store, no clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.tasks import listing, rules
from onesystem.care.tasks.listing import Line, Wanted
from onesystem.care.tasks.observing import observed, resource
from onesystem.care.tasks.series import seen
from onesystem.care.tasks.task import Said, Task, fold, series_of, turn, turn_key
from onesystem.vocabulary import UserError, to_local

ZONE = "Europe/London"
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
RULES = st.sampled_from(["1d", "2d", "3d", "7d", "14d", "mo,we,fr", "su", "mo,tu,we,th,fr"])
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)  # a Thursday


def task(key="t", **more):
    said = {
        "words": "Dress the leg", "team": "nursing", "earliest": NOON - timedelta(hours=12),
        "due": NOON + timedelta(hours=12), **more,
    }  # fmt: skip
    return Task(key=key, **said)


@pytest.mark.parametrize(
    ("said", "kept", "words"),
    [
        ("", "", ""),
        ("daily", "1d", "every day"),
        ("Every 3 days", "3d", "every 3 days"),
        ("weekly", "7d", "every week"),
        ("weekdays", "mo,tu,we,th,fr",
         "on Mondays, Tuesdays, Wednesdays, Thursdays, Fridays"),
        ("fr, mo", "mo,fr", "on Mondays, Fridays"),
    ],
)  # fmt: skip
def test_how_often(said, kept, words):
    assert rules.rule_of(said) == kept
    assert rules.rule_of(kept) == kept
    assert rules.words_of(kept) == words


@pytest.mark.parametrize("said", ["sometimes", "every 0 days", "every 400 days", "mo;tu", "7"])
def test_what_does_not_say_how_often_says_so(said):
    with pytest.raises(UserError, match="does not say how often"):
        rules.rule_of(said)


@given(RULES, DAYS, DAYS)
def test_the_next_day_of_a_series_is_the_first_that_falls_on_it(rule, first, after):
    following = rules.next_after(rule, first, after, None)
    assert following > after
    assert rules.falls_on(rule, first, following)
    between = rules.days_between(rule, first, after + timedelta(days=1), following)
    assert list(between) == [following]


@given(RULES, DAYS, st.integers(0, 60))
def test_a_series_ends_on_its_last_day(rule, first, days):
    until = first + timedelta(days=days)
    following = rules.next_after(rule, first, until, until)
    assert following is None


@given(DAYS, st.booleans())
def test_a_turn_keeps_its_hour_by_the_clocks(day, timed):
    """09:00 in summer is 09:00 in winter."""
    due = datetime(2026, 1, 1, 9 if timed else 0, tzinfo=UTC)
    head = task(due=due, earliest=datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=not timed),
                timed=timed, repeats="1d")  # fmt: skip
    made = turn(head, day, ZONE)
    assert to_local(made.due, ZONE).hour == due.hour
    assert (to_local(made.due, ZONE).date() - day).days == (0 if timed else 1)
    assert to_local(made.earliest, ZONE).date() == day
    assert series_of(turn_key("t", day)) == ("t", day)


@pytest.mark.parametrize(
    ("hours", "more", "stands"),
    [
        (-13, {}, "coming"),
        (0, {}, "ready"),
        (13, {}, "overdue"),
        (12.5, {"visit": True, "timed": True}, "ready"),  # half an hour late is not late
        (13.5, {"visit": True, "timed": True}, "overdue"),
        (13, {"state": "done"}, "done"),
        (13, {"state": "started"}, "started"),
    ],
)
def test_how_a_task_stands_follows_from_the_clock(hours, more, stands):
    assert task(**more).standing(NOON + timedelta(hours=hours)) == stands


PLANNED = {"words": "Dress", "team": "nursing", "due": NOON.isoformat(),
           "earliest": NOON.isoformat(), "visit": True}  # fmt: skip
VERBS = st.sampled_from(["planned", "changed", "started", "done", "missed", "cancelled",
                         "reopened", "announced", "unheard of"])  # fmt: skip


def told(verb, number):
    said = {
        "planned": PLANNED, "changed": {"owner": f"u{number}"}, "started": {"at": NOON.isoformat()},
        "done": {"at": (NOON + timedelta(hours=1)).isoformat()},
        "missed": {"outcome": "declined"}, "announced": {"next": "x"},
    }  # fmt: skip
    return Said(verb=verb, act=f"a{number:03}", by=f"u{number}",
                at=NOON + timedelta(minutes=number), said=said.get(verb, {}))  # fmt: skip


@given(st.lists(VERBS, max_size=8), st.randoms())
def test_a_task_does_not_depend_on_the_order_in_which_it_is_heard(verbs, chance):
    acts = [told(verb, number) for number, verb in enumerate(["planned", *verbs])]
    shuffled = [*acts]
    chance.shuffle(shuffled)
    assert fold("t", acts) == fold("t", shuffled)


@given(st.lists(VERBS, max_size=8))
def test_what_is_closed_stays_closed_until_it_is_taken_back(verbs):
    closed = None
    for number in range(len(verbs) + 1):
        acts = [told(verb, n) for n, verb in enumerate(["planned", *verbs[:number]])]
        made = fold("t", acts)
        if closed and verbs[number - 1] != "reopened":
            assert made.state == closed
        closed = None if made.live else made.state
    assert fold("t", [told(verb, n) for n, verb in enumerate(verbs) if verb != "planned"]) is None


class TestSeries:
    """
    Mo    Tu   We  Th       every day; it is Thursday noon
    done  -    -   ready    two passed unseen; tomorrow's comes
    """

    head = task("s", repeats="1d", visit=True, due=datetime(2026, 11, 23, 9, tzinfo=UTC),
                earliest=datetime(2026, 11, 23, tzinfo=UTC), timed=True)  # fmt: skip

    def day(self, number, **more):
        which = date(2026, 11, 23) + timedelta(days=number)
        made = turn(self.head, which, ZONE)
        return Task(**{**{f: getattr(made, f) for f in made.__slots__}, **more})

    def stands(self, *rows):
        found = seen([self.head, *rows], now=NOON, zone=ZONE)
        return sorted((str(each.task.day), each.standing, each.passed) for each in found)

    def test_only_the_last_turn_can_be_done(self):
        assert self.stands(self.day(0, state="done")) == [
            ("2026-11-23", "done", 0), ("2026-11-26", "overdue", 2), ("2026-11-27", "coming", 0),
        ]  # fmt: skip

    def test_nothing_was_ever_done(self):
        assert self.stands() == [("2026-11-26", "overdue", 3), ("2026-11-27", "coming", 0)]

    def test_a_turn_that_was_given_away_passes_too(self):
        rows = [self.day(1, owner="kiri"), self.day(3, state="started")]
        assert self.stands(*rows) == [
            ("2026-11-24", "passed", 0), ("2026-11-26", "started", 0), ("2026-11-27", "coming", 0),
        ]  # fmt: skip

    def test_a_series_that_ended_leaves_what_was_done(self):
        done = self.day(0, state="done")
        head = Task(**{**{f: getattr(self.head, f) for f in done.__slots__}, "state": "cancelled"})
        found = seen([head, done, self.day(2)], now=NOON, zone=ZONE)
        assert [each.standing for each in found] == ["done"]

    def test_a_turn_alone_stands_by_itself(self):
        [only] = seen([self.day(3)], now=NOON, zone=ZONE)
        assert only.standing == "overdue"


def line(key="t", standing="ready", **more):
    fields = {"owner", "team", "visit", "due", "timed", "state", "earliest", "words"}
    of_task = {k: v for k, v in more.items() if k in fields}
    rest = {k: v for k, v in more.items() if k not in fields}
    return Line(task=task(key, **of_task), standing=standing, passed=0, person=7, **rest)


@pytest.mark.parametrize(
    ("asked", "made", "shown"),
    [
        ({}, {}, True),
        ({"whose": "mine"}, {}, False),
        ({"whose": "mine"}, {"owner": "kiri"}, True),
        ({"whose": "nobody"}, {"owner": "kiri"}, False),
        ({"kind": "visits"}, {}, False),
        ({"kind": "tasks"}, {}, True),
        ({"team": "rehab"}, {}, False),
        ({"when": "overdue"}, {}, False),
        ({"when": "overdue"}, {"standing": "overdue"}, True),
        ({"when": "all"}, {"standing": "coming"}, True),
        ({"when": "closed"}, {"standing": "done", "state": "done"}, True),
        ({"when": "closed"}, {}, False),
        ({"q": "leg nr1"}, {"postcode": "NR1 1AA"}, True),
        ({"q": "arm"}, {}, False),
        ({"when": "today"}, {"standing": "coming", "earliest": NOON + timedelta(hours=1)}, True),
        ({"when": "today"},
         {"standing": "coming", "earliest": NOON + timedelta(days=1),
          "due": NOON + timedelta(days=2)}, False),
    ],
)  # fmt: skip
def test_what_the_list_shows(asked, made, shown):
    wanted = Wanted.of(asked)
    assert listing.fits(line(**made), wanted, me="kiri", now=NOON, zone=ZONE) is shown
    assert Wanted.of({"when": "never", "whose": "x", "kind": "y"}) == Wanted()


PLACES = st.sampled_from(["", "NR1 1AA", "NR1 1AB", "NR12 8XY", "PE30 4IO", "8011", "8013"])


@given(st.lists(st.tuples(PLACES, st.booleans()), max_size=8))
def test_a_round_leaves_nobody_out(places):
    lines = [line(f"t{n}", postcode=at, timed=timed, due=NOON + timedelta(hours=n))
             for n, (at, timed) in enumerate(places)]  # fmt: skip
    found = listing.ordered(lines, ZONE)
    assert sorted(each.task.key for each in found) == sorted(each.task.key for each in lines)
    hours = [each.task.due for each in found if each.task.timed]
    assert hours == sorted(hours)


def test_a_round_goes_from_place_to_place():
    there = ["PE30 4IO", "NR1 1AB", "PE30 4AA", "NR1 1AA"]
    lines = [line(f"t{n}", postcode=at) for n, at in enumerate(there)]
    found = [each.postcode for each in listing.ordered(lines, ZONE)]
    assert [at[:2] for at in found] in (["NR", "NR", "PE", "PE"], ["PE", "PE", "NR", "NR"])


@pytest.mark.parametrize(
    ("said", "match"),
    [({"weight": "705"}, "out of reach"), ({"weight": "heavy"}, "no figure"),
     ({"pressure": "130"}, "no figure"), ({"pressure": "80/130"}, "out of reach"),
     ({"pain": "11"}, "out of reach"), ({"oxygen": "9/8"}, "no figure")],
)  # fmt: skip
def test_a_slip_of_the_finger_is_refused(said, match):
    with pytest.raises(UserError, match=match):
        observed(said)


def test_what_was_measured_is_fhir():
    [weight, pressure] = observed({"weight": "70,5", "pressure": "130/80", "pulse": " "})
    made = resource(weight, at="2026-11-26T12:00:00+00:00", subject={})
    assert made["valueQuantity"] == {
        "value": 70.5, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg",
    }  # fmt: skip
    parts = resource(pressure, at="2026-11-26T12:00:00+00:00", subject={})["component"]
    assert [each["valueQuantity"]["value"] for each in parts] == [130, 80]
