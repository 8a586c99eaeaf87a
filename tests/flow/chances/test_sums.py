"""Splits sum to the whole, chance is taken off, small numbers stay hidden, files tell mistakes."""

from collections import Counter
from datetime import date
from math import exp, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tellings import DAY, Finding, kind

from onesystem.flow.chances import linking
from onesystem.flow.chances.comparing import avoidable, by_chance, compared
from onesystem.flow.chances.declaration import read
from onesystem.flow.chances.library import kinds
from onesystem.flow.chances.question import Period
from onesystem.flow.chances.seeing import Eyes, cell_of, values_of
from onesystem.vocabulary import BadConfig, UserError

stays = st.lists(
    st.tuples(
        st.integers(1, 5), st.sampled_from(["ward a", "ward b", ""]), st.integers(1, 20),
        st.integers(0, 200), st.sampled_from(["home", "care home", ""]),
        st.sampled_from(["P1", "P2", ""]),
    ),
    max_size=12,
)  # fmt: skip


def stayed(rows):
    """Stays that were ready on a day at ten, and went on for so many hours."""
    return [
        {"person": str(person), "service": service, "setting": "ward", "started": f"{day} 09:00",
         "ready": f"{day} 10:00", "ended": f"{day + (10 + hours) // 24} {(10 + hours) % 24}:00",
         "outcome": outcome, "practice": practice, "organisation": service[-1:] or "c"}
        for person, service, day, hours, outcome, practice in rows
    ]  # fmt: skip


class TestSplitsSumToTheWhole:
    @settings(max_examples=8)
    @given(stays)
    def test_every_split_of_contacts_time_and_money(self, rows):
        found = Finding("ready-not-gone", stayed(rows))
        cells = found.cells()
        whole = cells[""].get("", [0, 0, 0, 0])
        assert whole[0] == len(found.rows)
        assert whole[2] == sum(row["lost"] for row in found.rows)
        assert whole[1] == len({row["person"] for row in found.rows})
        for split in ("service", "organisation", "practice", "cause", "other", "service+cause"):
            for place in (0, 2, 3):
                assert sum(cell[place] for cell in cells[split].values()) == whole[place]
            assert all(cell[1] <= cell[0] for cell in cells[split].values())

    def test_within_a_service_the_causes_sum_to_the_service(self):
        rows = [(1, "ward a", 3, 30, "home", ""), (2, "ward a", 3, 50, "", ""),
                (3, "ward b", 3, 30, "home", "")]  # fmt: skip
        told = {"cells": Finding("ready-not-gone", stayed(rows)).cells()}
        causes = values_of(told, "cause", "ward a")
        assert sorted(causes) == ["home", "not told"]
        parts = [cell_of(told, "cause", cause, "ward a") for cause in causes]
        assert [sum(part[i] for part in parts) for i in (0, 2, 3)] == [
            cell_of(told, "", "", "ward a")[i] for i in (0, 2, 3)
        ]


class TestWhatChanceGives:
    @pytest.mark.parametrize("mean", [0.3, 1.0, 4.0, 7.5, 20.0])
    def test_it_is_the_mean_of_what_lies_above_the_mean(self, mean):
        direct = sum(
            (n - mean) * exp(-mean) * mean**n / factorial(n) for n in range(120) if n > mean
        )
        assert by_chance(mean) == pytest.approx(direct)

    def test_nobody_is_above_nothing(self):
        assert by_chance(0) == 0

    @settings(max_examples=30)
    @given(
        st.dictionaries(
            st.text("ABC", min_size=1, max_size=3),
            st.tuples(
                st.dictionaries(st.sampled_from([0, 40, 80]), st.integers(1, 500), min_size=1),
                st.integers(0, 60),
            ),
            min_size=1, max_size=6,
        )
    )  # fmt: skip
    def test_expected_sums_to_observed_and_nothing_is_more_than_all(self, district):
        people = {name: bands for name, (bands, _) in district.items()}
        observed = {name: {min(bands): had} for name, (bands, had) in district.items()}
        practices = compared(observed, people)
        total = sum(each.observed for each in practices)
        assert sum(each.expected for each in practices) == pytest.approx(total)
        found = avoidable(practices)
        assert 0 <= found.low <= found.number <= found.above <= total + 1e-9
        assert found.number <= found.high or not found.above
        assert found.best >= 0

    def test_a_practice_of_older_people_is_expected_to_have_more(self):
        people = {"old": {80: 100}, "young": {0: 900, 80: 100}}
        practices = compared({"old": {80: 10}, "young": {80: 10}}, people)
        assert [each.expected for each in practices] == [pytest.approx(10), pytest.approx(10)]

    def test_of_no_practice_nothing(self):
        assert avoidable(compared({}, {})).number == 0


class TestSmallNumbers:
    EYES = Eyes(below=5, chance="secret and period")

    def test_groups_of_few_people_are_hidden_whole(self):
        assert self.EYES.sums([9, 4, DAY, 100], key="a").hidden
        assert self.EYES.sums([4, 4, DAY, 100], key="a").hidden
        assert not self.EYES.sums([9, 9, DAY, 100], key="a").hidden
        assert self.EYES.count(3, key="a") is None

    @given(st.integers(7, 400), st.text(max_size=5))
    def test_money_does_not_give_the_count_away(self, count, key):
        """A price times a count is told as the price times the moved count."""
        seen = self.EYES.sums([count, count, count * DAY, count * 14038], key=key)
        assert seen.contacts % 3 == 0
        assert seen.money == pytest.approx(seen.contacts * 14000, rel=0.01)
        assert seen == self.EYES.sums([count, count, count * DAY, count * 14038], key=key)

    def test_the_same_people_give_the_same_count_by_any_name(self):
        cell = [20, 20, DAY, 100]
        assert len({self.EYES.sums(cell, key=name).contacts for name in "abcdefgh"}) == 1

    def test_those_who_may_see_people_see_everything(self):
        seen = Eyes(below=0).sums([1, 1, DAY // 2, 99], key="a")
        assert (seen.contacts, seen.days, seen.money) == (1, 0.5, 99)


def test_the_contacts_behind_are_the_largest_of_each_service_and_cause():
    from onesystem.flow.chances import summing

    rows = [(1, "ward a", 3, hours, "home", "") for hours in range(10, 130)]
    found = Finding("ready-not-gone", stayed(rows))
    listed = summing.behind(found.ground.duck)
    assert len(listed) == summing.EACH
    assert Counter(row[4] for row in listed) == {"ward a": summing.EACH}
    lost = [row[8] for row in listed]
    assert lost == sorted(lost, reverse=True)
    assert lost[-1] > min(row["lost"] for row in found.rows)


class TestFilesOfKinds:
    def test_every_shipped_one_has_its_words_and_source(self, tmp_path):
        found = kinds(tmp_path)
        assert len(found) == 7
        assert all(each.source and each.limits and each.terms for each in found.values())

    def test_one_of_the_district_takes_its_place(self, tmp_path):
        (tmp_path / "opportunities").mkdir()
        ours = kinds(tmp_path)["repeated-tests"]
        text = f"""
            rule = "repeated"
            title = "Ours"
            words = "w"
            counted = "tests"
            out_of = "tests"
            limits = "l"
            source = "{ours.source}"
            [[terms]]
            since = 2027-04-01
            window_days = 14
            [[terms]]
            since = 2026-01-01
            window_days = 28
        """
        (tmp_path / "opportunities" / "repeated-tests.toml").write_text(text)
        mine = kinds(tmp_path)["repeated-tests"]
        assert mine.title == "Ours"
        asked = ((2025, 1, 1), (2026, 5, 1), (2027, 3, 31), (2027, 4, 1))
        days = [mine.on(date(*day))["window_days"] for day in asked]
        assert days == [28, 28, 28, 14]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("rule = 'ready", "cannot be read"),
            ("rule = 'redy'", "no rule 'redy'"),
            ("rule = 'ready'\nwindow = 3", "no key 'window'"),
            ("rule = 'ready'\ntitle = 'x'", "has no words"),
        ],
    )
    def test_a_mistake_is_told(self, text, said):
        with pytest.raises(BadConfig, match=said):
            read(text, "mine")

    @pytest.mark.parametrize(
        ("terms", "said"),
        [
            ("", "has no terms"),
            ("[[terms]]\nnext_days = 2", "since is None"),
            ("[[terms]]\nsince = 2026-01-01\nnext_days = 'two'", "next_days is 'two'"),
            ("[[terms]]\nsince = 2026-01-01\ngrace_minutes = 4", "Write a table"),
            ("[[terms]]\nsince = 2026-01-01\nnext_ignores = 'x'", "Write a list"),
        ],
    )
    def test_so_is_one_in_its_terms(self, terms, said):
        head = "\n".join(
            f"{key} = 'x'" for key in ("title", "words", "counted", "out_of", "limits", "source")
        )
        with pytest.raises(BadConfig) as caught:
            read(f"rule = 'ready'\n{head}\n{terms}", "mine")
        assert said in f"{caught.value} {caught.value.cure}"


class TestPeriods:
    def test_from_an_address_the_last_day_is_in_it(self):
        asked = Period.of({"from": "2026-01-01", "to": "2026-01-31"}, today=date(2026, 6, 1))
        assert (asked.start, asked.end, asked.days) == (date(2026, 1, 1), date(2026, 2, 1), 31)

    def test_without_a_first_day_it_is_a_year(self):
        assert Period.of({"to": "2024-02-28"}, today=date(2026, 6, 1)).start == date(2023, 2, 28)

    @pytest.mark.parametrize(
        "query", [{"from": "x"}, {"from": "2026-02-01", "to": "2026-01-01"}, {"from": "2001-01-01"}]
    )
    def test_what_cannot_be_is_told(self, query):
        with pytest.raises(UserError):
            Period.of(query, today=date(2026, 6, 1))


def test_journeys_are_asked_for_by_what_they_can_be_asked_by():
    found = {"start": "2026-01-01", "end": "2026-02-01"}
    told = {"journeys": dict(kind("conveyed-minor").journeys)}
    assert linking.journeys(told, found).startswith("/journeys/?setting=ambulance&after=7&start=")
    assert "setting" not in linking.journeys(told, found, split="service", value="ed")
    assert "reason=Fall" in linking.journeys(told, found, split="cause", value="Fall")
    assert linking.journeys(told, found, split="cause", value="not told") == ""
    assert linking.journeys(told, found, split="other", value="discharged home") == ""
