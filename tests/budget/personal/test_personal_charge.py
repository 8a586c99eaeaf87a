"""What a person pays comes off social care's purse; late answers are told; clocks count their days.

Care Act 2014, section 26: a personal budget specifies the cost of meeting the needs, what of it the
adult must pay, and what the council must pay.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_data import give_purpose
from personal_data import HEALTH, HOLDER, KEEPER, OTHER, SOCIAL, a_year

from onesystem.access import Actor, Asker
from onesystem.access.models import Notice, User
from onesystem.budget.entitlement import actions as charges
from onesystem.budget.entitlement import needs as care_needs
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.personal import actions, asking, paying, queries, reminding
from onesystem.budget.personal.clocks import due
from onesystem.budget.personal.indication import Charge, Need, Purse, indicate
from onesystem.budget.personal.programme import book
from onesystem.budget.personal.rows import PersonalAsk
from onesystem.vocabulary import UserError
from onesystem.vocabulary.working_days import after, easter, holidays, working_day

_NOWHERE = Path("nowhere")
PURSES = [Purse(line="phb", kind="health"), Purse(line="asc", kind="social care")]
NEEDS = [Need(words="Help to wash", purse="asc", a_week=5_000),
         Need(words="Physiotherapy", purse="phb", a_week=1_250)]  # fmt: skip
ASSESSOR = Asker(
    actor=Actor(name="assessor", roles=frozenset({"finance-assessor"}), organisation="council"),
    purpose="financial assessment",
)  # fmt: skip


@pytest.fixture
def programme(tmp_path):
    return book(tmp_path).one("programme", "integrated", date(2026, 11, 1))


class TestOff:
    def test_the_person_pays_their_part_of_social_care_and_none_of_health(self, programme):
        """50.00 and 12.50 a week are 3,250.00 a year; the person pays 20.00 a week: 1,040.00."""
        found = indicate(NEEDS, PURSES, programme, "GBP", Charge(a_week=2_000, source="a letter"))
        assert (found.cost, found.pays, found.total) == (325_000, 104_000, 221_000)
        assert found.by_purse == {"phb": 65_000, "asc": 156_000}
        [line] = [x for x in found.lines if x.rule == "charge"]
        assert (line.amount, line.purse) == (-104_000, "asc")
        assert line.source == "£20.00 a week for 52 weeks. a letter"

    def test_nobody_pays_more_than_social_care_would_give(self, programme):
        found = indicate(NEEDS, PURSES, programme, "GBP", Charge(a_week=50_000))
        assert (found.pays, found.by_purse["asc"], found.by_purse["phb"]) == (260_000, 0, 65_000)

    def test_the_floor_is_of_the_cost(self, programme):
        """6.50 a week from each are 676.00, up to 1,000.00; then the person pays 104.00 of it."""
        small = [Need(words="a", purse="asc", a_week=650), Need(words="b", purse="phb", a_week=650)]
        found = indicate(small, PURSES, programme, "GBP", Charge(a_week=200))
        assert (found.cost, found.total, found.by_purse["asc"]) == (100_000, 89_600, 39_600)

    def test_less_than_nothing_is_refused(self, programme):
        with pytest.raises(UserError, match="less than nothing"):
            indicate(NEEDS, PURSES, programme, "GBP", Charge(a_week=-1))

    @settings(max_examples=300, deadline=None)
    @given(
        st.integers(0, 90_000),
        st.integers(0, 90_000),
        st.integers(0, 90_000),
        st.integers(0, 90_000),
    )
    def test_what_all_pay_is_the_cost(self, health, social, second, charge):
        programme = book(_NOWHERE).one("programme", "local", date(2026, 11, 1))
        purses = [*PURSES, Purse(line="two", kind="social care")]
        some = [Need(words="n", purse=p, a_week=w)
                for p, w in (("phb", health), ("asc", social), ("two", second))]  # fmt: skip
        found = indicate(some, purses, programme, "GBP", Charge(a_week=charge))
        assert found.cost == 52 * (health + social + second)
        assert found.by_purse["phb"] == 52 * health
        assert min(found.by_purse.values()) >= 0
        assert sum(x.amount for x in found.lines) == found.total


def sign_a_charge(person):
    """The person pays by the letter; gives what a week."""
    finding = care_needs.care_act(impairment=True, unable=["nutrition", "toilet"], impact=True)
    charges.agree_need(person=person, by=ASSESSOR, finding=finding, scheme="care act", seen=0,
                       starts=charges.today())  # fmt: skip
    case = {"day": "2025-05-01", "setting": "care home", "cost": 950_00, "age": 75,
            "income": [{"kind": "state pension", "amount": 260_00}],
            "capital": [{"kind": "savings", "amount": 18_000_00}]}  # fmt: skip
    charges.say_means(person=person, by=ASSESSOR, case=case, seen=1)
    stands = charges.sign(person=person, by=ASSESSOR, seen=2)
    return stands.letter.said["result"]["pays"]


def assess(person, **more):
    starts, ends = a_year()
    return actions.assess(
        person=person, programme="integrated", starts=starts, ends=ends, by=KEEPER,
        purses=[HEALTH, SOCIAL], **more,
        needs=[Need(words="Help to wash", purse="asc", a_week=30_000),
               Need(words="Physiotherapy", purse="phb", a_week=1_250)],
    )  # fmt: skip


class TestKept:
    def test_the_letter_is_what_comes_off(self, purses, somebody):
        """The case of the Care Act's worked charge: 244.35 a week."""
        assert sign_a_charge(somebody) == 244_35
        row = queries.one(assess(somebody))
        assert paying.pays(row) == 52 * 244_35
        assert row.indicative == 52 * (30_000 + 1_250 - 244_35)
        [line] = [x for x in queries.working(row) if x["rule"] == "charge"]
        assert "section 26" in line["source"]

    def test_the_keeper_may_say_another_sum_and_it_says_so(self, purses, somebody):
        sign_a_charge(somebody)
        row = queries.one(assess(somebody, charge=1_000))
        assert paying.pays(row) == 52_000
        [line] = [x for x in queries.working(row) if x["rule"] == "charge"]
        assert "says another sum" in line["source"]
        nothing = actions.reassess
        nothing(budget=row.pk, by=KEEPER, purses=[HEALTH, SOCIAL], charge=0,
                needs=[Need(words="Wash", purse="asc", a_week=500),
                       Need(words="Walk", purse="phb", a_week=1_250)])  # fmt: skip
        assert paying.pays(queries.one(row.pk)) == 0

    def test_the_ledger_sets_aside_what_the_purses_give(self, purses, somebody):
        number = assess(somebody, charge=25_000)
        row = queries.one(number)
        assert {p.line: p.indicative for p in row.purses.all()} == {"phb": 65_000, "asc": 260_000}
        actions.agree(budget=number, by=KEEPER, sums={"phb": 65_000, "asc": 260_000},
                      ways={"notional": 325_000})  # fmt: skip
        actions.sign(budget=number, by=HOLDER)
        assert ledger.available("asc") == 300_000 - 260_000

    def test_a_budget_under_the_floor_is_none_where_the_person_pays_the_rest(
        self, purses, somebody
    ):
        starts, ends = a_year()
        number = actions.assess(
            person=somebody, programme="integrated", starts=starts, ends=ends, by=KEEPER,
            purses=[HEALTH, SOCIAL], charge=500,
            needs=[Need(words="Wash", purse="asc", a_week=600),
                   Need(words="Walk", purse="phb", a_week=1_400)],
        )  # fmt: skip
        row = queries.one(number)
        assert (row.indicative, paying.pays(row)) == (78_000, 26_000)
        sums = {p.line: p.indicative for p in row.purses.all()}
        actions.agree(budget=number, by=KEEPER, sums=sums,
                      ways={"notional": 78_000})  # fmt: skip

    def test_a_letter_signed_since_is_told_on_the_page(self, purses, somebody, client):
        number = assess(somebody)
        assert not paying.changed(queries.one(number), somebody)
        sign_a_charge(somebody)
        assert paying.changed(queries.one(number), somebody)
        client.force_login(User.objects.get(username="sol"))
        give_purpose(client, somebody, "care coordination")
        page = client.get(f"/people/{somebody}/budget/").content.decode()
        assert "A charge was signed" in page
        assert "244.35" in page


def late(live):
    number = asking.ask(budget=live, kind="question", words="May I?", by=HOLDER)
    PersonalAsk.objects.filter(pk=number).update(due=1)
    return number


class TestLate:
    def test_who_owes_it_and_who_waits_are_told_once(self, live):
        number = late(live)
        assert reminding.waits()
        assert reminding.remind() == 1
        told = {
            n.topic: (n.username, n.words)
            for n in Notice.objects.filter(topic__startswith="personal.late")
        }
        words = reminding.words_of(PersonalAsk.objects.get(pk=number))
        assert told == {"personal.late": ("sol", words), "personal.late-for": ("maia", words)}
        assert "May I" not in words
        assert not reminding.waits()
        assert reminding.remind() == 0

    def test_what_is_answered_or_not_due_is_not_told(self, live):
        asking.answer(ask=late(live), words="Yes", by=OTHER)
        asking.ask(budget=live, kind="question", words="And this?", by=HOLDER)
        assert not reminding.waits()


class TestDays:
    def test_easter_and_the_bank_holidays_of_2026(self):
        """gov.uk, UK bank holidays, England and Wales: Boxing Day 2026 moves to Monday the 28th."""
        assert easter(2026) == date(2026, 4, 5)
        assert sorted(holidays(2026, "England")) == [
            date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4),
            date(2026, 5, 25), date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28),
        ]  # fmt: skip

    def test_christmas_on_a_saturday_moves_both(self):
        """gov.uk: in 2021 the substitutes were Monday 27 and Tuesday 28 December."""
        assert {date(2021, 12, 27), date(2021, 12, 28)} <= holidays(2021, "England")

    def test_new_zealand_s_of_2026(self):
        """employment.govt.nz: Anzac Day 2026, a Saturday, is observed on Monday 27 April."""
        found = holidays(2026, "New Zealand")
        assert {date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 6), date(2026, 4, 27),
                date(2026, 6, 1), date(2026, 7, 10), date(2026, 10, 26), date(2026, 12, 25),
                date(2026, 12, 28)} <= found  # fmt: skip

    def test_a_question_is_answered_within_working_days(self, tmp_path):
        """Asked on the Thursday before Easter: Friday and Monday do not count."""
        asked = datetime(2026, 4, 2, 15, tzinfo=UTC)
        until = due(book(tmp_path), "question", asked, asked.date(), zone="Europe/London")
        assert until == datetime(2026, 4, 9, 23, tzinfo=UTC)  # the end of the 9th, in summer time
        assert book(tmp_path).one("clock", "question", asked.date()).length == "3 working days"
        assert book(tmp_path).one("clock", "spend", asked.date()).length == "5 calendar days"

    @settings(max_examples=200, deadline=None)
    @given(st.dates(date(2024, 1, 1), date(2031, 12, 31)), st.integers(0, 40))
    def test_so_many_working_days_lie_between(self, day, count):
        end = after(day, count, "England")
        between = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
        assert sum(working_day(each, "England") for each in between) == count
