"""What personal budgets go by: published figures first, then what holds for any sums.

The announcement of Integrated Personal Commissioning, 9 July 2014, is the source of the floor, of
what is outside, of the four groups and of how many held a budget.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.budget.personal import programme as written
from onesystem.budget.personal.buying import listed, may_buy
from onesystem.budget.personal.clocks import due
from onesystem.budget.personal.cohorts import flags
from onesystem.budget.personal.indication import Need, Purse, indicate
from onesystem.budget.personal.numbers import day_of, minor_of, whole
from onesystem.budget.personal.programme import book, read
from onesystem.budget.personal.receipts import MOST, check_hash, checked
from onesystem.budget.personal.sharing import may_keep, shares, unspent
from onesystem.budget.personal.standing import STATES, VERBS, after
from onesystem.budget.personal.uptake import against, here_of
from onesystem.vocabulary import BadConfig, UserError
from onesystem.vocabulary.declared import parsed

DAY = date(2026, 11, 23)
OURS = parsed(written._OURS.read_text(encoding="utf-8"), "ours")
BOOK = read(OURS, {})
FLOORED, BARE = (BOOK.one("programme", name, DAY) for name in ("integrated", "local"))
PURSES = (Purse(line="nhs", kind="health"), Purse(line="council", kind="social care"))


class TestFloor:
    """ "a nominal budget - at least £1,000"."""

    def test_less_is_brought_up_as_the_purses_are(self):
        needs = [Need(words="a", purse="nhs", a_week=1250),
                 Need(words="b", purse="council", a_week=500)]  # fmt: skip
        found = indicate(needs, PURSES, FLOORED, "GBP")
        assert (found.total, dict(found.by_purse)) == (100_000, {"nhs": 71_429, "council": 28_571})

    def test_more_stays_as_it_is(self):
        found = indicate([Need(words="a", purse="nhs", a_week=100_000)], PURSES, FLOORED, "GBP")
        assert found.total == 5_200_000

    def test_nothing_assessed_is_shared_alike(self):
        found = indicate([], PURSES, FLOORED, "GBP")
        assert dict(found.by_purse) == {"nhs": 50_000, "council": 50_000}

    def test_a_programme_without_one_has_none(self):
        assert indicate([], PURSES, BARE, "GBP").total == 0

    @given(st.lists(st.integers(0, 10**7), min_size=2, max_size=6), st.data())
    def test_lines_sum_to_the_budget_and_each_purse(self, weekly, data):
        needs = [
            Need(words="n", purse=data.draw(st.sampled_from(["nhs", "council"])), a_week=w,
                 weeks=data.draw(st.integers(0, 53)))
            for w in weekly
        ]  # fmt: skip
        found = indicate(needs, PURSES, FLOORED, "GBP")
        assert found.total >= FLOORED.floor
        for line, sum_ in found.by_purse.items():
            assert sum(each.amount for each in found.lines if each.purse == line) == sum_
        assert found.total == max(FLOORED.floor, sum(n.amount for n in needs))

    @pytest.mark.parametrize(
        ("needs", "purses", "match"),
        [([], (), "no purse pays"), ([], PURSES[:1], "from health and from social care"),
         ([], (*PURSES, PURSES[0]), "named twice"),
         ([Need(words="a", purse="other", a_week=1)], PURSES, "paid by no purse"),
         ([Need(words=" ", purse="nhs", a_week=1)], PURSES, "no words"),
         ([Need(words="a", purse="nhs", a_week=-1)], PURSES, "negative"),
         ([Need(words="a", purse="nhs", a_week=1, weeks=54)], PURSES, "too many weeks"),
         ([], (Purse(line="x", kind="luck"), *PURSES), "no purse for 'luck'")],
    )  # fmt: skip
    def test_what_does_not_fit_is_refused(self, needs, purses, match):
        with pytest.raises(UserError, match=match):
            indicate(needs, purses, FLOORED, "GBP")


class TestShares:
    @given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.data())
    def test_sum_to_the_payment_and_leave_no_purse_below_nothing(self, left, data):
        purses = {str(n): sum_ for n, sum_ in enumerate(left)}
        amount = data.draw(st.integers(0, sum(left)))
        found = shares(amount, purses, "GBP")
        assert sum(found.values()) == amount
        assert all(0 <= found[line] <= sum_ for line, sum_ in purses.items())

    @given(
        st.lists(st.integers(1, 10**6), min_size=2, max_size=4),
        st.lists(st.integers(0, 10**6), max_size=6),
    )
    def test_all_reach_nothing_together(self, left, amounts):
        """Whatever is spent in whichever order, no purse is empty before the others are."""
        purses = {str(n): sum_ for n, sum_ in enumerate(left)}
        for asked in [*amounts, 10**8]:
            amount = min(asked, sum(purses.values()))
            for line, part in shares(amount, purses, "GBP").items():
                purses[line] -= part
        assert set(purses.values()) == {0}

    def test_more_than_is_left_is_refused(self):
        with pytest.raises(UserError, match=r"more than the £0\.10"):
            shares(11, {"a": 5, "b": 5}, "GBP")

    @given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
    def test_what_is_left_stays_or_goes_back(self, paid, spent, keep):
        stays, back = unspent(paid=paid, spent=spent, keep=keep)
        assert stays + back == max(0, paid - spent)
        assert stays <= keep

    def test_eight_weeks_of_a_year_are_rounded_down(self):
        assert may_keep(50_000, 8) == 7_692


class TestBuying:
    @pytest.mark.parametrize("item", ["general-practice", "emergency"])
    def test_what_the_announcement_leaves_out(self, item):
        """ "GP and emergency care is not included"."""
        found = may_buy(BOOK, item, 1, DAY, "GBP")
        assert (found.rule, found.reason) == ("no", "outside")
        assert found.next

    def test_a_price_above_the_limit_is_asked_for(self):
        assert may_buy(BOOK, "small-equipment", 25_000, DAY, "GBP").rule == "yes"
        assert may_buy(BOOK, "small-equipment", 25_001, DAY, "GBP").rule == "ask"

    def test_what_is_not_in_force_names_the_day_and_the_cure(self):
        with pytest.raises(UserError, match=r"not in force on 1 January 2015: say since when"):
            may_buy(BOOK, "respite", 1, date(2015, 1, 1), "GBP")
        with pytest.raises(UserError, match="Did you mean 'respite'"):
            may_buy(BOOK, "respit", 1, DAY, "GBP")

    def test_every_refusal_has_a_reason_and_a_way_on(self):
        reasons = {each.name: each for each in BOOK.every("reason")}
        assert all(reasons[item.reason].next for item in listed(BOOK, DAY)["no"])


class TestWritten:
    def said(self, **more):
        return read(OURS, more)

    def test_a_district_changes_a_price_from_a_day_on(self):
        found = self.said(
            item=[{"name": "small-equipment", "since": date(2026, 12, 1), "most": 100}]
        )
        assert found.one("item", "small-equipment", DAY).most == 25_000
        assert found.one("item", "small-equipment", date(2026, 12, 1)).most == 100

    def test_a_district_takes_something_away(self):
        found = self.said(item=[{"name": "travel", "off": True}])
        assert "travel" not in found.on("item", DAY)

    @pytest.mark.parametrize(
        ("more", "match"),
        [({"item": [{"name": "x", "title": "X", "since": DAY, "source": "s", "rule": "maybe"}]},
          "rule is 'maybe'"),
         ({"item": [{"name": "x", "title": "X", "since": DAY, "source": "s", "rule": "no"}]},
          "refused without a reason"),
         ({"item": [{"title": "X"}]}, "has no name"),
         ({"item": [{"name": "travel", "colour": "red"}]}, "no key 'colour'"),
         ({"clock": [{"name": "spend", "days": "5"}]}, "days is '5'"),
         ({"clock": [{"name": "new", "title": "New", "since": DAY, "source": "s"}]}, "clock new"),
         ({"rules": []}, "no key 'rules'")],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_with_the_cure(self, more, match):
        with pytest.raises(BadConfig, match=match):
            self.said(**more)

    def test_a_folder_without_a_file_has_ours(self, tmp_path):
        assert book(tmp_path).one("programme", "integrated", DAY).floor == 100_000
        (tmp_path / "personal.toml").write_text('[[programme]]\nname = "integrated"\nfloor = 5\n')
        assert book(tmp_path).one("programme", "integrated", DAY).floor == 5


class TestGroups:
    """The four groups of the first wave, April 2015."""

    def test_there_are_four(self):
        assert len(BOOK.on("cohort", DAY)) == 4

    def found(self, born, *conditions):
        some = flags(BOOK.on("cohort", DAY).values(), born, conditions, DAY)
        return [each.cohort.name for each in some]

    def test_by_age_and_by_what_conditions_are_called(self):
        assert self.found("1940-01-01", "Type 2 diabetes mellitus") == ["long-term"]
        assert self.found("2015-01-01", "Cerebral palsy") == ["children"]
        assert self.found("1990-01-01", "Cerebral palsy") == []
        assert self.found("1990-01-01", "Bipolar disorder") == ["mental-health"]
        assert self.found("1990-01-01", "Down syndrome", "Asthma") == [
            "long-term", "learning-disability",
        ]  # fmt: skip

    def test_without_a_birth_date_nobody_is_left_out(self):
        assert self.found("", "Schizophrenia") == ["mental-health"]


def test_uptake_is_told_at_the_size_of_the_district():
    """Five million of 54,316,600 is 9.2 per cent; of a million people that is 92,053."""
    goals = {each.name: each for each in BOOK.every("goal")}
    assert here_of(goals["five-million"], 1_000_000) == 92_053
    assert here_of(goals["health-2014"], 1_000_000) == 46
    [first, *_] = against([goals["five-million"]], 1_000_000, 9_205)
    assert first.share == 10


def test_a_clock_says_by_when():
    asked = datetime(2026, 11, 20, 9, tzinfo=UTC)
    until = due(BOOK, "spend", asked, DAY)
    assert until - asked == timedelta(days=5)


class TestReceipts:
    def test_is_told_by_its_first_bytes(self):
        assert checked(b"%PDF-1.4 ...").ending == "pdf"
        assert checked(b"\xff\xd8\xff\xe0").kind == "image/jpeg"

    @pytest.mark.parametrize(("body", "match"), [
        (b"", "empty"), (b"<html><script>", "not a picture"), (b"MZ\x90", "not a picture"),
        (b"%PDF-" + b"x" * MOST, r"has 5\.0 MB"),
    ])  # fmt: skip
    def test_what_is_none_is_refused(self, body, match):
        with pytest.raises(UserError, match=match):
            checked(body)

    def test_one_that_was_changed_is_not_served(self):
        file = checked(b"%PDF-1.4")
        check_hash(file.body, file.sha256)
        with pytest.raises(UserError, match="hash differs"):
            check_hash(file.body + b" ", file.sha256)


class TestTyped:
    @pytest.mark.parametrize(("said", "minor"), [
        ("", 0), ("12", 1200), ("12.5", 1250), ("£1,234.56", 123_456), (None, 0), ("0.01", 1),
    ])  # fmt: skip
    def test_money(self, said, minor):
        assert minor_of(said) == minor

    @pytest.mark.parametrize("said", ["x", "1.005", "-1", "1e9", "nan", "inf", "99999999"])
    def test_what_is_none(self, said):
        with pytest.raises(UserError, match="no sum of money"):
            minor_of(said)

    @pytest.mark.parametrize(
        ("read_", "said"), [(day_of, "31/01/2026"), (whole, "१"), (whole, "-1")]
    )
    def test_days_and_numbers(self, read_, said):
        with pytest.raises(UserError):
            read_(said)


def test_no_verb_leads_out_of_the_end():
    for verb, (before, then) in VERBS.items():
        assert "ended" not in before
        assert then in {*STATES, ""}
        if before and "ended" not in before:
            with pytest.raises(UserError, match="while it is: ended"):
                after("ended", verb)
