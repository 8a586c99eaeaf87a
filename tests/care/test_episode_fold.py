"""Packages as dated data, and an episode as a fold: money, limits, ends. No store."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.episodes import rules
from onesystem.care.episodes.delaying import days_kept
from onesystem.care.episodes.episode import (
    ENDED,
    HOME,
    OUTCOMES,
    PLANNED,
    Did,
    day_of,
    fold,
    undoable,
)
from onesystem.care.episodes.money import working
from onesystem.care.episodes.numbers import key_of, number_of
from onesystem.care.episodes.packages import Ask, packages, read
from onesystem.care.episodes.rules import Beyond
from onesystem.vocabulary import BadConfig, UserError

DAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHIPPED = packages(Path("/nowhere"))
CELLULITIS = SHIPPED.package("cellulitis")
KINDS = SHIPPED.kinds_on(DAY)


def did(verb, minutes=0, by="kiri", act="", **said):
    at = START + timedelta(minutes=minutes)
    return Did(verb=verb, act=act or f"{verb}{minutes}", by=by, at=at, said=said)


def proposed(package=CELLULITIS, **more):
    return did(
        "proposed", -60, package=package.name, since=package.since.isoformat(),
        title=package.title, purpose=package.purpose, service="nursing", cap=package.cap,
        days=package.days, reviews=package.reviews, **more,
    )  # fmt: skip


def line(number, kind="nurse-visit", a_day=1, days=2, minutes=-60, **more):
    known = KINDS[kind]
    return did(
        "line", minutes, line=number, kind=kind, title=known.title, unit=known.unit,
        service="nursing", a_day=a_day, days=days, price=known.price, **more,
    )  # fmt: skip


STARTED = did("started", 0, at=START.isoformat())


class TestPackages:
    """What is shipped is whole, affordable, and says where it is from."""

    @pytest.mark.parametrize("package", SHIPPED.on(DAY), ids=lambda p: p.name)
    def test_each_fits_its_own_rules(self, package):
        rules.amounts(package.lines, KINDS, package.days)
        rules.lasts(package, package.days)
        asked = sum(KINDS[ask.kind].price * ask.amount for ask in package.lines)
        assert 0 < asked <= package.cap
        assert package.source
        assert package.flags

    def test_every_condition_that_canterbury_names_is_there(self):
        named = {"cellulitis", "dvt", "chest-pain", "pneumonia", "copd", "migraine",
                 "pyelonephritis", "dehydration"}  # fmt: skip
        assert named <= {p.name for p in SHIPPED.on(DAY) if p.purpose == "acute demand"}

    def test_enablement_is_up_to_six_weeks_and_four_visits_a_day(self):
        package = SHIPPED.package("enablement")
        assert (package.most_days, KINDS["enablement-visit"].most_a_day) == (42, 4)

    def test_every_price_names_its_source(self):
        assert [kind.name for kind in KINDS.values() if not kind.source] == []

    def test_a_district_changes_what_it_says(self, tmp_path):
        (tmp_path / "packages.toml").write_text(
            '[[package]]\nname = "cellulitis"\ncap = 70000\n'
            '[[package]]\nname = "migraine"\noff = true\n'
            '[[kind]]\nname = "nurse-visit"\nprice = 6200\nsince = 2027-04-01\n'
        )
        mine = packages(tmp_path)
        assert mine.package("cellulitis").cap == 70000
        assert mine.package("cellulitis").flags == CELLULITIS.flags
        assert "migraine" not in {p.name for p in mine.on(DAY)}
        assert mine.kinds_on(DAY)["nurse-visit"].price == 5965
        assert mine.kinds_on(date(2027, 4, 1))["nurse-visit"].price == 6200

    def test_a_new_version_of_a_package_leaves_the_old_one(self, tmp_path):
        (tmp_path / "packages.toml").write_text(
            '[[package]]\nname = "dvt"\ncap = 50000\nsince = 2027-01-01\n'
        )
        mine = packages(tmp_path)
        caps = [next(p for p in mine.on(day) if p.name == "dvt").cap
                for day in (DAY, date(2027, 1, 1))]  # fmt: skip
        assert caps == [40000, 50000]
        assert mine.package("dvt", date(2026, 11, 1)).cap == 40000

    @pytest.mark.parametrize(
        ("said", "names"),
        [
            ({"package": [{"name": "dvt", "cap": "much"}]}, "cap is 'much'"),
            ({"package": [{"name": "dvt", "capp": 1}]}, "no key 'capp'"),
            ({"package": [{"cap": 1}]}, "package 1 has no name"),
            ({"package": [{"name": "dvt", "lines": [{"kind": "nurse", "a_day": 1, "days": 1}]}]},
             "kind 'nurse'"),
            ({"package": [{"name": "dvt", "days": 9}]}, "9 days are more than 5"),
            ({"package": [{"name": "dvt", "for": "fun"}]}, "for is 'fun'"),
            ({"package": [{"name": "dvt", "escalations": ["shout"]}]}, "escalation 'shout'"),
            ({"kind": [{"name": "meal", "settings": ["moon"]}]}, "no setting 'moon'"),
            ({"colour": 1}, "no key 'colour'"),
        ],
    )  # fmt: skip
    def test_a_mistake_is_named_with_its_place(self, said, names):
        from onesystem.care.episodes.packages import _OURS
        from onesystem.vocabulary.declared import parsed

        with pytest.raises(BadConfig, match=r"packages\.toml") as told:
            read(parsed(_OURS.read_text(), "packages.toml"), said)
        assert names in str(told.value)


class TestFold:
    """What stands follows from what was done, in whatever order it is heard."""

    def test_an_episode_from_beginning_to_end(self):
        told = [proposed(), line(1), did("ordered", -59, line=1, request=77)]
        assert fold("AH-1", told).state == PLANNED
        told += [STARTED, did("visited", 30, line=1), did("reviewed", 60, words="better")]
        now = fold("AH-1", told)
        assert (now.state, now.lines[0].request, now.steps) == (HOME, 77, 6)
        assert now.next_review == START + timedelta(hours=25)
        assert day_of(now, START + timedelta(hours=25)) == (2, 5)
        told.append(did("ended", 3000, outcome="stayed home", at=START.isoformat()))
        assert (fold("AH-1", told).state, fold("AH-1", told).outcome) == (ENDED, "stayed home")

    def test_nothing_stands_before_it_was_proposed(self):
        assert fold("AH-1", [STARTED, line(1)]) is None

    def test_the_first_end_stands(self):
        told = [proposed(), STARTED, did("ended", 10, outcome="admitted"),
                did("ended", 20, outcome="stayed home")]  # fmt: skip
        assert fold("AH-1", told).outcome == "admitted"

    def test_an_end_is_taken_back(self):
        end = did("ended", 10, outcome="admitted", act="e1")
        told = [proposed(), STARTED, end]
        assert undoable(told, "kiri") == end
        assert undoable(told, "moana") is None
        told.append(did("undone", 11, act="u1"))
        told[-1] = replace(told[-1], said={"act": "e1"})
        assert fold("AH-1", told).state == HOME

    def test_an_escalation_is_open_until_it_is_settled(self):
        told = [proposed(), STARTED, did("escalated", 5, act="x", what="same-day")]
        assert len(fold("AH-1", told).open_escalations) == 1
        told.append(did("settled", 9, escalation="x", words="seen"))
        assert fold("AH-1", told).open_escalations == ()

    @given(st.randoms(use_true_random=False))
    def test_the_order_in_which_it_is_heard_is_nothing(self, chance):
        told = [
            proposed(), line(1), line(2, "meal", days=3), did("ordered", -50, line=1, request=4),
            STARTED, did("visited", 30, line=1), did("reviewed", 60), did("extended", 61, days=2),
            did("escalated", 70, act="x", what="advice"), did("settled", 80, escalation="x"),
            did("stopped", 90, line=2, reason="eats at her daughter's"),
            did("ended", 95, outcome="admitted", act="e"), Did(
                verb="undone", act="u", by="kiri", at=START + timedelta(minutes=96),
                said={"act": "e"}),
            did("ended", 99, outcome="stayed home"),
        ]  # fmt: skip
        heard = list(told)
        chance.shuffle(heard)
        assert fold("AH-1", heard) == fold("AH-1", told)


class TestDelay:
    """Each day that somebody is kept in hospital wants a reason."""

    @pytest.mark.parametrize(
        ("ready", "planned", "today", "given", "days", "open_days"),
        [
            (None, 25, 24, [], [], []),
            (None, 25, 25, [], [], []),  # the day is not over
            (None, 24, 26, [], [25, 26], [25, 26]),
            (23, 25, 24, [], [24], [24]),
            (23, 25, 26, [25], [24, 25, 26], [24, 26]),
            (10, 25, 23, [], [23], [23]),  # nobody asks for days before the package was agreed
            (26, 25, 25, [], [], []),  # ready only tomorrow
        ],
    )
    def test_which(self, ready, planned, today, given, days, open_days):
        def moment(day):
            return None if day is None else datetime(2026, 11, day, 11, tzinfo=UTC)

        told = [replace(proposed(planned=moment(planned).isoformat()), at=moment(23))]
        told += [did("delayed", n, day=f"2026-11-{d}", reason="x") for n, d in enumerate(given)]
        found = days_kept(
            fold("AH-1", told), ready=moment(ready), at=moment(today), zone="Europe/London"
        )
        assert [[day.day for day in some] for some in found] == [days, open_days]

    def test_who_is_home_is_kept_nowhere(self):
        now = fold("AH-1", [proposed(), STARTED])
        assert days_kept(now, ready=START, at=START, zone="Europe/London") == ([], [])


class TestMoney:
    """The working, line by line, in whole pence."""

    def test_what_is_done_is_spent_and_the_rest_committed(self):
        told = [proposed(), line(1, days=3), line(2, "meal", days=5), STARTED,
                did("visited", 10, line=1)]  # fmt: skip
        worked = working(fold("AH-1", told))
        assert [(w.done, w.committed, w.spent) for w in worked.lines] == [
            (1, 11930, 5965), (0, 2750, 0),
        ]  # fmt: skip
        assert (worked.total, worked.left, worked.share) == (20645, 39355, 34)

    def test_what_was_not_done_is_released(self):
        told = [proposed(), line(1, days=3), line(2, days=1), STARTED, did("visited", 1, line=1)]
        stopped = working(fold("AH-1", [*told, did("stopped", 5, line=1, reason="no need")]))
        assert stopped.total == 5965 * 2
        ended = working(fold("AH-1", [*told, did("ended", 9, outcome="admitted")]))
        assert (ended.committed, ended.spent) == (0, 5965)

    def test_more_than_was_ordered_is_spent_all_the_same(self):
        worked = working(fold("AH-1", [proposed(), line(1, days=1), STARTED]), {1: 3})
        assert (worked.committed, worked.spent) == (0, 3 * 5965)

    def test_over_the_cap_is_refused_with_the_rule(self):
        now = fold("AH-1", [proposed(), line(1, "iv-therapy", days=5), STARTED])
        with pytest.raises(UserError, match=r"£5\.00 over the cap of £600\.00.*money cap"):
            rules.within_cap(CELLULITIS, 60000, 60000, 500)
        with pytest.raises(UserError, match="general practitioner"):
            rules.added(
                now, CELLULITIS, KINDS["iv-therapy"], Ask(kind="iv-therapy", a_day=1, days=3)
            )

    def test_a_named_role_goes_beyond_it_with_a_reason(self):
        now = fold("AH-1", [proposed(), line(1, "iv-therapy", days=5), STARTED])
        ask = Ask(kind="iv-therapy", a_day=1, days=3)
        beyond = Beyond({"coordinator"}, "allergic to the tablets")
        to = rules.added(now, CELLULITIS, KINDS["iv-therapy"], ask, beyond)
        assert to == 8 * 9364
        for roles, reason in (({"paramedic"}, "a reason"), ({"coordinator"}, " ")):
            with pytest.raises(UserError):
                rules.added(now, CELLULITIS, KINDS["iv-therapy"], ask, Beyond(roles, reason))


@pytest.mark.parametrize(
    ("does", "says"),
    [
        (lambda e: rules.extends(e, CELLULITIS, 3, "slow"), "8 days are more than the 7"),
        (lambda e: rules.extends(e, CELLULITIS, 0, "slow"), "nothing to extend by"),
        (lambda e: rules.extends(e, CELLULITIS, 1, " "), "no reason"),
        (lambda e: rules.ends(e, ""), "without an outcome"),
        (lambda e: rules.ends(e, "not started"), "it was started"),
        (lambda e: rules.visited(e, 7), "does not stand"),
        (lambda e: rules.unchanged(e, 1, "the visit"), "kiri was quicker"),
        (lambda e: rules.amounts([Ask(kind="nurse-visit", a_day=5, days=1)], KINDS, 5), "5 a day"),
        (lambda e: rules.amounts([Ask(kind="nurse-visit", a_day=1, days=6)], KINDS, 5), "6 days"),
        (lambda e: rules.amounts([], KINDS, 5), "package is empty"),
        (lambda e: rules.amounts([Ask(kind="nurse", a_day=1, days=1)], KINDS, 5), "nothing called"),
        (lambda e: rules.eligible(CELLULITIS, ["Sepsis"], [], asked=True), "red flags"),
        (lambda e: rules.eligible(CELLULITIS, [], [], asked=False), "not asked about"),
        (lambda e: rules.eligible(CELLULITIS, [], ["Is 18"], asked=True), "not met: Is 18"),
    ],
)  # fmt: skip
def test_what_may_not_be_says_why(does, says):
    with pytest.raises(UserError, match=says):
        does(fold("AH-1", [proposed(), line(1), STARTED]))


def test_after_the_end_nothing_more_is_done():
    now = fold("AH-1", [proposed(), line(1), STARTED, did("ended", 9, outcome="died")])
    for does in (
        lambda: rules.ends(now, "admitted"),
        lambda: rules.visited(now, 1),
        lambda: rules.extends(now, CELLULITIS, 1, "slow"),
        lambda: rules.added(now, CELLULITIS, KINDS["meal"], Ask(kind="meal", a_day=1, days=1)),
    ):
        with pytest.raises(UserError, match="ended already"):
            does()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["line", "start", "visit", "extend", "stop", "end", "undo"]),
        st.sampled_from(sorted(KINDS)), st.integers(0, 4), st.integers(0, 30),
        st.sampled_from(["", *OUTCOMES]), st.booleans(),
    ),
    max_size=40,
)  # fmt: skip


@given(ACTS)
def test_no_sequence_goes_over_the_cap_unnoticed_or_ends_without_an_outcome(acts):
    """Whatever is tried: only what a rule lets through is said, as `actions` does it."""
    told, number, beyond_to = [proposed()], 0, 0
    for minute, (what, kind, a_day, days, outcome, named) in enumerate(acts, 1):
        now = fold("AH-1", told)
        beyond = Beyond({"coordinator"}, "agreed by the lead") if named else None
        try:
            if what == "line":
                ask = Ask(kind=kind, a_day=a_day, days=days)
                to = rules.added(now, CELLULITIS, KINDS[kind], ask, beyond)
                beyond_to, number = max(beyond_to, to), number + 1
                told.append(line(number, kind, a_day, days, minutes=minute, beyond=to))
            elif what == "start" and now.state == PLANNED:
                told.append(did("started", minute))
            elif what == "visit":
                rules.visited(now, days)
                told.append(did("visited", minute, line=days))
            elif what == "extend":
                rules.extends(now, CELLULITIS, days, "slow", beyond)
                told.append(did("extended", minute, days=days))
            elif what == "stop":
                rules.open_(now, does="stop it")
                told.append(did("stopped", minute, line=days, reason="no need"))
            elif what == "end":
                rules.ends(now, outcome)
                told.append(did("ended", minute, outcome=outcome))
            elif what == "undo" and (last := undoable(told, "kiri")):
                back = did("undone", minute)
                told.append(replace(back, said={"act": last.act}))
        except UserError:
            continue
        now = fold("AH-1", told)
        assert working(now).total <= max(CELLULITIS.cap, beyond_to)
        assert (now.state == ENDED) == (now.outcome in OUTCOMES)
    random.Random(1).shuffle(told)
    assert fold("AH-1", told) == fold("AH-1", sorted(told, key=lambda each: each.at))


def test_numbers_are_read_back():
    assert number_of(key_of(12345678)) == 12345678
    assert [number_of(key) for key in ("AH-1", "R12345678", "AH-1234567x", "")] == [0, 0, 0, 0]
