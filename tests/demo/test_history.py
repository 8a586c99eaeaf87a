"""The history: held to what the hospitals published, and nothing in it that cannot be."""

import numpy as np
import pytest

from onesystem.demo.columns import as_known
from onesystem.demo.people import NEVER
from onesystem.demo.seconds import DAY, HOUR
from onesystem.demo.streams import word

from .conftest import NOW, imagine


@pytest.fixture(scope="module")
def many():
    """Enough people that chance does not hide a fault."""
    return imagine(people=30_000, years=1)


def window(told):
    last = NOW // DAY * DAY
    return last - 360 * DAY, last


def mean_inside(start, end, source, count, first, last):
    inside = np.clip(np.minimum(end, last) - np.maximum(start, first), 0, None)
    return np.bincount(source, inside, minlength=count) / (last - first)


class TestAgainstThePublishedFigures:
    """Trust by trust, England's returns of September 2023 to August 2024, scaled to the people."""

    def test_attendances_and_the_four_hours(self, many):
        ed, goal = many.streams["E"], many.world.goal
        first, last = window(many)
        ed = ed.where((ed.started >= first) & (ed.started < last))
        made = np.bincount(ed.source, minlength=3) / 360
        assert made == pytest.approx(goal.attendances, rel=0.08)
        over = np.bincount(ed.source, ed.ended - ed.started > 4 * 3600) / np.bincount(ed.source)
        assert over == pytest.approx(goal.over_4_hours, rel=0.1)

    def test_beds(self, many):
        beds, goal = many.streams["S"], many.world.goal
        first, last = window(many)
        full = mean_inside(beds.started, beds.ended, beds.source, 3, first, last)
        assert full == pytest.approx(goal.beds_occupied, rel=0.15)
        late = np.where(beds.ready < NEVER, beds.ready, beds.ended)
        waiting = mean_inside(late, beds.ended, beds.source, 3, first, last)
        assert waiting == pytest.approx(goal.no_criteria_to_reside, rel=0.25)

    def test_admissions(self, many):
        beds, goal = many.streams["S"], many.world.goal
        first, last = window(many)
        urgent = (beds.part == 1) & (beds.requested == NEVER)
        urgent &= (beds.started >= first) & (beds.started < last)
        made = np.bincount(beds.source[urgent], minlength=3) / 360
        assert made == pytest.approx(goal.emergency_admissions, rel=0.12)

    def test_as_many_wait_for_a_hospital(self, many):
        """Norfolk and Waveney's list from referral to treatment, and how long England's wait."""
        goal, now = many.world.goal, NOW
        first = many.streams["O"]
        first = first.where(first.urgency != word("follow-up"))
        until = np.where(first.cancelled, first.ended, first.started)
        waits = first.where((first.requested < now) & (until > now))
        assert len(waits) == pytest.approx(goal.waiting, rel=0.1)
        for weeks, share in ((18, goal.over_18_weeks), (52, goal.over_52_weeks)):
            made = (waits.requested < now - weeks * 7 * DAY).mean()
            assert made == pytest.approx(share, abs=0.03)
        year = (first.requested >= now - 365 * DAY) & (first.requested < now)
        assert year.sum() == pytest.approx(goal.referred, rel=0.08)

    def test_a_third_of_people_wait_for_something_at_the_most(self, many):
        waiting = []
        for made in many.streams.values():
            until = np.where(made.cancelled, made.ended, made.started)
            waiting.append(made.person[(made.requested < NOW) & (until > NOW)])
        assert 0.17 < len(np.unique(np.concatenate(waiting))) / 30_000 < 0.33

    def test_no_ward_is_much_fuller_than_its_beds(self, many):
        """England asks for 92 %, and Norfolk's hospitals publish 94 to 97 %."""
        beds, plan = many.streams["S"], many.world.plan
        hours = np.arange(NOW - 300 * DAY, NOW, 3 * HOUR)
        for hospital in many.world.here.hospitals:
            for ward in plan.use[f"ward-{hospital.code}"]:
                mine, size = beds.where(beds.service == ward), plan.ward_beds[int(ward)]
                inside = np.searchsorted(np.sort(mine.started), hours, side="right")
                inside = inside - np.searchsorted(np.sort(mine.ended), hours, side="right")
                assert np.percentile(inside, 99) <= size + 1
                assert inside.mean() > 0.6 * size

    def test_about_thirty_contacts_a_year(self, many):
        first, last = window(many)
        seen = sum(
            int(((s.started >= first) & (s.started < last)).sum()) for s in many.streams.values()
        )
        assert 22 < seen / 30_000 / (360 / 365) < 34


class TestWhatCannotBe:
    def test_times_are_in_order(self, imagined):
        for made in imagined.streams.values():
            begun = made.started < NEVER
            assert (made.started[begun] <= made.ended[begun]).all(), made.series
            asked = begun & (made.requested < NEVER)
            assert (made.requested[asked] <= made.started[asked]).all(), made.series
            ready = begun & (made.ready < NEVER)
            assert (made.ready[ready] <= made.ended[ready]).all(), made.series

    def test_nobody_comes_after_death_or_before_birth(self, imagined):
        people = imagined.world.people
        for made in imagined.streams.values():
            begun = made.started < NEVER
            who, at = made.person[begun], made.started[begun]
            assert (at < people.died[who]).all()
            assert (at >= people.birth[who] * DAY).all()

    def test_a_bed_holds_one_person(self, imagined):
        for series in "SR":
            made = imagined.streams[series]
            order = np.lexsort((made.started, made.bed, made.service))
            same = (np.diff(made.service[order]) == 0) & (np.diff(made.bed[order]) == 0)
            overlap = made.started[order][1:] < made.ended[order][:-1]
            assert not (same & overlap).any()

    def test_keys_are_unique(self, imagined):
        for made in imagined.streams.values():
            keys = made.number * 4 + made.part
            assert len(np.unique(keys)) == len(keys)

    def test_a_ward_stay_is_caused_by_the_attendance_before(self, imagined):
        ed, beds = imagined.streams["E"], imagined.streams["S"]
        by_ed = (beds.part == 1) & (beds.cause > 0)
        ended = dict(zip(ed.number.tolist(), ed.ended.tolist(), strict=True))
        links = [
            ended[c] == s
            for c, s in zip(beds.cause[by_ed].tolist(), beds.started[by_ed].tolist(), strict=True)
            if c in ended
        ]
        assert len(links) > 50
        assert all(links)


class TestShape:
    def test_practices_are_shut_at_the_weekend(self, imagined):
        gp = imagined.streams["G"]
        days = (gp.started[gp.started < NEVER] // DAY + 3) % 7
        assert not (days >= 5).any()

    def test_the_deprived_come_to_the_ed_more(self, many):
        people, ed = many.world.people, many.streams["E"]
        come = np.bincount(ed.person, minlength=len(people))
        poor, rich = people.decile <= 2, people.decile >= 9
        assert come[poor].mean() > 1.15 * come[rich].mean()

    def test_the_old_have_more_nursing(self, many):
        people, visits = many.world.people, many.streams["N"]
        come = np.bincount(visits.person, minlength=len(people))
        age = people.age(NOW // DAY)
        assert come[age > 80].mean() > 8 * come[(age > 20) & (age < 50)].mean()


def test_what_is_known_holds_nothing_of_the_future(imagined):
    cut = NOW - 100 * DAY
    for made in imagined.streams.values():
        known = as_known(made, cut)
        for name in ("started", "ready", "ended"):
            times = getattr(known, name)
            assert ((times <= cut) | (times == NEVER)).all()
        assert (known.first <= cut).all()
        assert not known.outcome[known.ended == NEVER].any()
