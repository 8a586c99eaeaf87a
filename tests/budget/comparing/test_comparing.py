"""The same year under every form: what is paid, what a contact moves, and which way it pulls."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

from onesystem.budget.comparing.activity import Row, bought, screened, summed
from onesystem.budget.comparing.asked import asked
from onesystem.budget.comparing.comparing import FEWER, MORE, NEITHER, STEPS, compared
from onesystem.budget.comparing.drawing import HIGH, drawn
from onesystem.budget.comparing.forming import TITLES, terms_of
from onesystem.budget.comparing.year import Year
from onesystem.budget.terms import problems

MONTHS = tuple(date(2025 + (3 + at) // 12, (3 + at) % 12 + 1, 1) for at in range(12))
# 1,200 contacts of which 480 elective, 100.00 each; the year before there were 1,150
YEAR = Year(
    months=MONTHS, contacts=(Fraction(100),) * 12, elective=(Fraction(40),) * 12,
    cost=(1_000_000,) * 12, people=3_000, before=1_150,
)  # fmt: skip


def results(**said):
    return {each.name: each for each in compared(asked(said), YEAR, "GBP").results}


class TestAYear:
    @pytest.mark.parametrize(
        ("name", "paid", "more", "pull"),
        [
            ("block", 115_000_00, 0, FEWER),
            ("fee-for-service", 120_000_00, 100_00, MORE),
            ("cost-and-volume", 116_350_00, 50_00, FEWER),  # (1,200 - 1,150 - 23) x half of 100
            ("marginal-rate", 118_500_00, 70_00, MORE),  # 115,000 + 70% of 5,000
            ("aligned", 117_000_00, 40_00, FEWER),  # 69,000 fixed, 480 elective x 100
            ("capitation", 115_000_00, 0, FEWER),
            ("gain-and-loss-share", 117_500_00, 30_00, FEWER),  # 120,000 cost less half of 5,000
            ("shared-savings", 120_000_00, 100_00, MORE),  # nothing saved, no loss shared
        ],
    )
    def test_is_paid_by_each_form(self, name, paid, more, pull):
        """The plan is the 1,150 contacts of the year before; one more contact costs 60.00."""
        found = results()[name]
        assert (found.paid, found.more, found.pull) == (paid, more, pull)
        assert found.left == paid - 120_000_00
        assert found.each == 60_00

    def test_a_price_at_what_a_contact_costs_pulls_neither_way(self):
        assert results(extra="100")["fee-for-service"].pull == NEITHER

    def test_fewer_contacts_than_planned_are_saved(self):
        """At 1,080 contacts 7,000 of 115,000 are saved: beyond 2%, half of it times quality 80%."""
        found = results(change="-10")["shared-savings"]
        assert found.paid == 108_000_00 + 2_800_00
        assert found.more == 60_00  # 100.00 for it, less 40.00 of the savings
        assert found.pull == NEITHER

    def test_poor_quality_closes_the_gate(self):
        assert results(change="-10", quality="40")["shared-savings"].paid == 108_000_00

    @pytest.mark.parametrize(
        ("year", "paid"), [("2021", 116_000_00), ("2022", 116_500_00), ("2023", 117_000_00)]
    )
    def test_aligned_payment_by_the_rule_of_a_year(self, year, paid):
        """20 elective contacts above plan: half, three quarters, all of 2,000."""
        assert results(aligned=year)["aligned"].paid == paid

    def test_terms_of_every_form_are_sound(self):
        for tolerance in ("0", "2"):
            wanted = asked({"tolerance": tolerance}).filled(YEAR)
            assert [problems(terms_of(name, wanted, YEAR, "GBP")) for name in TITLES] == [[]] * 8

    def test_what_is_paid_is_the_sum_of_the_working(self):
        for each in results(change="7").values():
            lines = [x.amount for x in each.settlement.lines if x.party == "provider"]
            assert sum(lines) == each.paid
            assert all(line.source or not line.party for line in each.settlement.lines)

    def test_curves_go_through_the_year_as_it_is(self):
        made = compared(asked({}), YEAR, "GBP")
        middle = STEPS.index(0)
        assert all(each.curve[middle] == each.paid for each in made.results)
        assert made.costs[middle] == YEAR.spent

    def test_the_chart_keeps_to_its_frame_and_its_words_apart(self):
        chart = drawn(compared(asked({}), YEAR, "GBP"))
        heights = sorted(each.label[1] for each in chart.curves)
        assert all(b - a >= 14.9 for a, b in pairwise(heights))
        assert heights[0] > 0
        assert heights[-1] < HIGH
        assert "Block, Capitation" in {each.words for each in chart.curves}
        assert 3 <= len(chart.ticks) <= 16


class TestTheAddress:
    def test_keeps_only_what_is_not_usual(self):
        found = asked({"provider": "a", "marginal": "70", "gain": "40", "aligned": "2023"})
        assert found.query == "provider=a&gain=40"

    @pytest.mark.parametrize(
        ("name", "value"),
        [("gain", "101"), ("gain", "half"), ("change", "1e9"), ("plan", "-1"), ("from", "soon"),
         ("price", "1/0")],
    )  # fmt: skip
    def test_what_cannot_be_is_said_and_left_out(self, name, value):
        found = asked({name: value})
        assert len(found.problems) == 1
        assert name not in found.changed

    def test_plan_and_price_are_the_years_where_nobody_set_them(self):
        assert (asked({}).filled(YEAR).plan, asked({}).filled(YEAR).price) == (1_150, 100_00)
        said = asked({"plan": "1,200", "price": "99.50"}).filled(YEAR)
        assert (said.plan, said.price) == (1_200, 99_50)


def row(service, began, cost, month=MONTHS[0], there=None):
    return Row(
        organisation="o", service=service, setting="ward", month=month, mode="", began=began,
        there=began if there is None else there, cost=cost, basis="own",
    )  # fmt: skip


class TestABlockTakenApart:
    def test_is_divided_to_the_last_penny(self):
        lines = summed([row("a", 1, 1), row("b", 1, 1), row("c", 1, 1)], lambda r: r.service)
        assert [part.paid for part in bought(100, lines)] == [34, 33, 33]

    def test_that_bought_nothing_is_not_divided(self):
        assert [
            part.paid for part in bought(100, summed([row("a", 0, 0)], lambda r: r.service))
        ] == [0]

    def test_care_that_goes_on_is_counted_by_the_month(self):
        (line,) = summed([row("a", 1, 900, there=9)], lambda r: r.service)
        assert (line.count, line.unit, line.each) == (9, "months of care", 100)

    def test_few_contacts_are_hidden_and_never_one_alone(self):
        rows = [row("a", 3, 30), row("b", 9, 90), row("c", 50, 500)]
        lines = summed(rows, lambda r: r.service)
        shown = {line.key: line.hidden for line in screened(lines, 5)}
        assert shown == {"a": True, "b": True, "c": False}
        assert not any(line.hidden for line in screened(lines, 0))
