"""Published worked figures, to the penny; where a figure was read is in each docstring."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from onesystem.budget.entitlement import barker, cap
from onesystem.budget.entitlement.england import equity_limit
from onesystem.budget.entitlement.local import with_local
from onesystem.budget.entitlement.means import limits_of, tariff_income
from onesystem.budget.entitlement.rates import Rates, england, read
from onesystem.budget.entitlement.reading import case_of
from onesystem.budget.entitlement.rule_sets import charge
from onesystem.vocabulary import BadConfig


def case(**said):
    return case_of({"day": "2025-05-01", "setting": "care home", "cost": 950_00, "age": 82, **said})


def income(amount, kind="state pension", **more):
    return {"kind": kind, "amount": amount, **more}


def savings(amount):
    return [{"kind": "savings", "amount": amount}]


def amounts(made, rule):
    return [line.amount for line in made.lines if line.rule == rule]


@pytest.mark.parametrize(
    ("capital", "pounds"),
    [
        (14_250_00, 0), (14_250_01, 1), (14_251_00, 1), (14_500_00, 1), (14_500_01, 2),
        (14_501_00, 2), (15_000_00, 3), (15_750_00, 6), (18_000_00, 15), (23_250_00, 36),
        (17_050_91, 12),
    ],
)  # fmt: skip
def test_tariff_income_counts_each_step_that_has_begun(capital, pounds):
    """Gloucestershire, fairer contributions: 1 pound for every 250 or part; 15,750 gives 6 is

    Cheshire West and Chester's own example, 15,000 gives 3 is St Helens', 17,050.91 Knowsley's.
    """
    assert tariff_income(capital, limits_of(case(), england())) == pounds * 100


def test_a_penny_above_the_upper_limit_is_the_full_cost():
    """Care Act circular: above 23,250 the person pays in full; at 23,250 there are 36 pounds."""
    at = charge(case(income=[income(260_00)], capital=savings(23_250_00)))
    above = charge(case(income=[income(260_00)], capital=savings(23_250_01)))
    assert (at.full, at.pays) == (False, 260_00 + 36_00 - 30_65)
    assert (above.full, above.pays, above.council) == (True, 950_00, 0)


def test_a_care_home_by_the_law_of_2025():
    """Domain 3.1, from LAC24: income 260.00, capital 18,000, fee 950: 244.35, council 705.65."""
    made = charge(case(income=[income(260_00)], capital=savings(18_000_00)))
    assert (made.pays, made.council, made.nhs) == (244_35, 705_65, 0)


def knowsley_c():
    return case(
        day="2024-09-01", cost=685_37, age=90, capital=savings(17_050_91),
        income=[income(227_55), income(7_25, "savings credit")],
    )  # fmt: skip


def test_knowsley_client_c():
    """Knowsley Council, financial assessments in a care home, example 1: 209.70 a week."""
    made = charge(knowsley_c())
    assert made.pays == 209_70
    assert amounts(made, "capital.tariff") == [12_00]
    assert amounts(made, "income.left-out") == [-6_95]


def test_the_trap_that_would_make_it_208_70():
    """The usual `-(-x // 250)` rounds whole numbers up and Decimal down: a pound short."""
    over = Decimal("17050.91") - Decimal(14250)
    assert -(-over // 250) == 11  # what Knowsley rounds up to 12
    assert charge(knowsley_c()).pays == 20_870 + 100


def test_knowsley_client_a():
    """Knowsley Council, care at home, example 1: 22 years, both premiums, 67.71 a week."""
    made = charge(case(
        day="2024-09-01", setting="home", cost=391_95, age=22, dre=12_60,
        premiums=["disability", "enhanced disability"],
        income=[
            income(167_96, "universal credit"),
            income(108_55, "pip daily living", out=35_90, why="no care at night"),
            income(75_75, "mobility"),
        ],
    ))  # fmt: skip
    assert -sum(amounts(made, "keep.mig")) == 160_30
    assert (made.pays, made.council) == (67_71, 391_95 - 67_71)


def local(text):
    return with_local(england(), read(text, "charges.toml", local=True))


READING = """
[[table]]
name = "minimum income guarantee"
since = 2024-04-08
until = 2025-04-06
source = "Reading Borough Council, appendix B, 2024/25"
[table.amounts]
pension = 23565
"couple pension" = 17990
[[table]]
name = "small charge"
since = 2024-04-08
source = "Reading Borough Council, appendix B, 2024/25"
[table.amounts]
least = 125
"""


def reading(**said):
    return case(day="2024-09-01", setting="home", cost=400_00, **said)


def test_reading_at_home():
    """Domain 3.1 with Reading's figures of 2024/25: 68.80 a week."""
    made = charge(
        reading(dre=10_85, capital=savings(16_000_00),
                income=[income(235_65), income(72_65, "attendance allowance")]),
        rates=local(READING),
    )  # fmt: skip
    assert made.pays == 68_80
    assert amounts(made, "capital.tariff") == [7_00]


@pytest.mark.parametrize(("more", "pays"), [(1_24, 0), (1_25, 1_25), (1_26, 1_26)])
def test_reading_collects_nothing_below_1_25(more, pays):
    """Reading, appendix B: services are free if the assessed contribution is less than 1.25."""
    made = charge(reading(income=[income(235_65 + more)]), rates=local(READING))
    assert made.pays == pays


COUPLE_148_47 = """
[[table]]
name = "minimum income guarantee"
since = 2016-04-11
until = 2018-04-01
source = "Council report, appendix 1, examples of impact on individuals (paperzz 8682845)"
[table.amounts]
"couple pension" = 14847
"""


@pytest.mark.parametrize(
    ("day", "weekly", "pays"),
    [
        ("2016-09-01", (122_00, 60_00, 55_10), 63_63),
        ("2017-09-01", (125_05, 61_50, 55_65), 68_73),
    ],
)
def test_a_couple_over_pension_age(day, weekly, pays):
    """A council's appendix (paperzz 8682845), example 1: 63.63 in 2016/17, 68.73 in 2017/18."""
    kinds = ("state pension", "occupational pension", "attendance allowance")
    made = charge(
        case(day=day, setting="home", age=85, household="couple", dre=25_00,
             capital=[{"kind": "savings", "amount": 9_500_00, "share": "1/2"}],
             income=[income(a, k) for a, k in zip(weekly, kinds, strict=True)]),
        rates=local(COUPLE_148_47),
    )  # fmt: skip
    assert made.pays == pays


LIVERPOOL = """
[[table]]
name = "minimum income guarantee"
since = 2017-04-01
until = 2018-04-01
source = "Liverpool City Council, how much people pay: Pension Credit guarantee plus 25 %"
harsher = "as published; the law of that year leaves 189.00"
[table.amounts]
pension = 18444
"""


def test_liverpool_is_a_published_error_and_not_matched():
    """Liverpool, how much people pay, Dorothy: its own lines give 54.03; the page prints 53.03."""
    dorothy = case(
        day="2017-09-01", setting="home", age=67, dre=24_16,
        income=[
            income(310_00 - 20_52, "attendance allowance", out=26_85, why="night care"),
            income(20_52, "savings credit", out=20_52, why="savings credit"),
        ],
    )  # fmt: skip
    assert charge(dorothy, rates=local(LIVERPOOL)).pays == 54_03  # published: 53.03
    assert 310_00 - 184_44 - 24_16 - 20_52 - 26_85 == 54_03


def test_liverpool_would_be_refused_where_nobody_says_why():
    with pytest.raises(BadConfig, match="pension is 18444, and the law says 18900"):
        local(LIVERPOOL.replace("harsher", "#"))


@pytest.mark.parametrize(
    ("day", "pea"),
    [
        ("2018-05-01", 24_90), ("2021-05-01", 24_90), ("2022-05-01", 25_65),
        ("2023-05-01", 28_25), ("2024-05-01", 30_15), ("2025-05-01", 30_65),
    ],
)  # fmt: skip
def test_personal_expenses_allowances(day, pea):
    """SI 2023/277; DHSC circulars 2018/19, 2024/25; Wirral 2025/26."""
    rate = england().amount("personal expenses allowance", "amount", date.fromisoformat(day))
    assert (rate.amount, rate.assumed) == (pea, "")


@pytest.mark.parametrize(
    ("day", "key", "amount"),
    [
        ("2015-05-01", "pension", 185_45), ("2015-05-01", "couple pension", 141_55),
        ("2019-05-01", "young", 72_40), ("2019-05-01", "couple adult", 71_80),
        ("2022-05-01", "young", 74_60), ("2022-05-01", "adult", 94_15),
        ("2022-05-01", "pension", 194_70), ("2022-05-01", "child", 86_20),
        ("2023-05-01", "young", 82_15), ("2023-05-01", "adult", 103_65),
        ("2023-05-01", "pension", 214_35), ("2023-05-01", "child", 94_90),
        ("2023-05-01", "carer", 49_05), ("2024-05-01", "carer", 52_35),
        ("2025-05-01", "young", 89_15), ("2025-05-01", "adult", 112_50),
        ("2025-05-01", "disability", 49_65), ("2025-05-01", "enhanced disability", 24_25),
        ("2026-05-01", "young", 95_40),
    ],
)  # fmt: skip
def test_national_minimum_income_guarantees(day, key, amount):
    """SI 2014/2672 regulation 7; SI 2023/277; Reading 2023 to 2025; Ruils 2025/26; DHSC 2026."""
    rate = england().amount("minimum income guarantee", key, date.fromisoformat(day))
    assert (rate.amount, rate.assumed) == (amount, "")


def test_what_was_announced_for_2026_fits_what_is_assumed():
    """DHSC, 12 February 2026: at least 400 pounds more a year, 510 with the disability premium."""

    def year(day):
        get = england().tables_on("minimum income guarantee", date.fromisoformat(day))[0].amounts
        return get["adult"], get["adult"] + get["disability"]

    (adult, with_premium), (before, before_with) = year("2026-05-01"), year("2025-05-01")
    assert (adult - before) * 52 >= 400_00
    assert round((with_premium - before_with) * 52 / 100_0) * 10 == 510


@pytest.mark.parametrize(
    ("day", "standard", "higher"),
    [
        ("2019-05-01", 180_31, 248_06), ("2020-05-01", 183_92, 253_02),
        ("2021-05-01", 187_60, 258_08), ("2022-05-01", 209_19, 287_78),
        ("2023-05-01", 219_71, 302_25), ("2024-05-01", 235_88, 324_50),
        ("2025-05-01", 254_06, 349_50), ("2026-05-01", 267_68, 368_24),
    ],
)  # fmt: skip
def test_funded_nursing_care(day, standard, higher):
    """DHSC announcements of each year; National Careline's tables of 2022 to 2024."""
    for key, amount in (("standard", standard), ("higher", higher)):
        made = charge(case(day=day, nursing=key, cost=1_200_00))
        assert made.nhs == amount
        assert made.pays + made.council + made.nhs == 1_200_00


def test_deferred_payment_limit():
    """Deferred payment guidance: 90 % of the value, less 14,250, less prior charges."""
    assert equity_limit(200_000_00, 90, 14_250_00, 0) == 165_750_00
    assert equity_limit(200_000_00, 90, 14_250_00, 30_000_00) == 135_750_00
    assert equity_limit(10_000_00, 90, 14_250_00, 0) == 0


def test_a_home_and_a_deferred_payment():
    made = charge(case(weeks=20, income=[income(230_25)], capital=savings(9_000_00),
                       home={"value": 200_000_00}))  # fmt: skip
    assert (made.full, made.pays) == (True, 950_00)
    assert amounts(made, "home.counted") == [180_000_00]
    assert amounts(made, "later.limit") == [165_750_00]
    assert amounts(made, "later.week") == [950_00 - (230_25 - 144_00)]


@pytest.mark.parametrize(("weeks", "full"), [(1, False), (12, False), (13, True)])
def test_the_home_is_left_out_for_twelve_weeks(weeks, full):
    made = charge(case(weeks=weeks, income=[income(230_25)], home={"value": 200_000_00}))
    assert made.full is full


@pytest.mark.parametrize("lives", ["partner", "relative 60", "relative incapacitated", "child"])
def test_the_home_is_left_out_while_somebody_who_counts_lives_there(lives):
    made = charge(case(income=[income(230_25)], home={"value": 200_000_00, "lives": lives}))
    assert made.pays == 230_25 - 30_65


def test_the_plan_of_2021_has_tariff_income_to_100_000():
    """The 2021 plan: 1 pound per 250 between 20,000 and 100,000: 60,000 gives 160, 100,000 320."""
    for capital, pounds in ((60_000_00, 160), (100_000_00, 320), (20_000_00, 0)):
        made = charge(case(capital=savings(capital)), "cap-86000")
        assert amounts(made, "capital.tariff") == [pounds * 100]
    assert charge(case(capital=savings(100_000_01)), "cap-86000").pays == 950_00


def test_a_self_funder_reaches_86_000_in_107_and_a_half_weeks():
    """Domain 3.1: 1,000 a week, daily living 200, meters 800 a week."""
    assert cap.weeks_to_cap(cap.PLANS["cap-86000"], 1_000_00) == Fraction(215, 2)
    rich = case(cost=1_000_00, capital=savings(500_000_00))
    made = charge(rich, "cap-86000")
    assert amounts(made, "cap-86000.metered") == [800_00]


@pytest.mark.parametrize(
    ("metered", "pays", "counts"),
    [
        (0, 1_000_00, 800_00), (107 * 800_00, 600_00, 400_00), (86_000_00, 200_00, 0),
        (90_000_00, 200_00, 0),
    ],
)  # fmt: skip
def test_past_the_cap_only_daily_living_is_paid(metered, pays, counts):
    made = charge(case(cost=1_000_00, capital=savings(500_000_00), metered=metered), "cap-86000")
    assert made.pays == pays
    assert amounts(made, "cap-86000.metered") == [counts]


def test_of_who_is_supported_only_their_own_part_is_metered():
    """Amendment of 2021: contributions of the council do not count towards the cap."""
    made = charge(case(cost=1_000_00, income=[income(260_00)], capital=savings(60_000_00)),
                  "cap-86000")  # fmt: skip
    assert made.pays == 260_00 + 160_00 - 30_65
    assert amounts(made, "cap-86000.metered") == [made.pays - 200_00]


def test_dilnot_takes_no_more_than_35_000_nor_than_30_per_cent():
    """Dilnot 2011: cap 35,000; nobody loses over 30 % of assets."""
    plan = cap.PLANS["dilnot"]
    assert cap.cap_of(case(), plan) == 35_000_00
    assert cap.cap_of(case(start_assets=110_000_00), plan) == 33_000_00
    assert cap.cap_of(case(start_assets=500_000_00), plan) == 35_000_00


@pytest.mark.parametrize(
    ("rules", "free"),
    [
        ("barker-v1", {"critical"}), ("barker-v2", {"critical", "substantial"}),
        ("barker-v3", {"critical", "substantial"}),
    ],
)  # fmt: skip
def test_barker_frees_care_by_the_band_of_need(rules, free):
    """Barker F1 to F3: critical first, then substantial; moderate means-tested by 2025."""
    for band in ("low", "moderate", "substantial", "critical"):
        made = charge(case(setting="home", band=band, income=[income(400_00)]), rules)
        assert (made.pays == 0) is (band in free), band
    moderate = charge(case(setting="home", band="moderate", eligible=False,
                           income=[income(400_00)]), rules)  # fmt: skip
    assert moderate.full is (rules != "barker-v3")


def test_near_the_end_of_life_need_counts_as_critical():
    """Barker F4."""
    made = charge(case(setting="home", band="low", end_of_life=True, income=[income(400_00)]),
                  "barker-v1")  # fmt: skip
    assert made.pays == 0


def test_board_and_lodging_is_at_most_12_000_a_year():
    """Barker F7: means-tested, up to 12,000 a year; by the week it is never more."""
    assert barker.weekly_cap() == 230_76
    assert barker.weekly_cap() * 52 <= 12_000_00
    rich = case(cost=1_500_00, chc=True, accommodation=400_00, capital=savings(500_000_00))
    made = charge(rich, "barker-v1")
    assert (made.pays, made.council, made.nhs) == (230_76, 0, 1_500_00 - 230_76)
    poor = case(cost=1_500_00, chc=True, accommodation=400_00, income=[income(230_25)])
    assert charge(poor, "barker-v1").pays == 230_25 - 30_65
    assert charge(rich, "law").pays == 0


@pytest.mark.parametrize("rules", ["law", "barker-v1", "barker-v2", "barker-v3", "cap-86000"])
def test_nothing_is_charged_on_an_nhs_line(rules):
    """Barker F15: no charge on an NHS service, with the exception of prescriptions."""
    made = charge(case(setting="nhs", band="critical", capital=savings(900_000_00)), rules)
    assert (made.pays, made.nhs) == (0, 950_00)


def test_prescriptions_at_2_50_for_all_but_low_income():
    """Barker F8: 8.05 becomes 2.50, the cap of a year is kept, only low income is exempt."""
    old = {"day": "2014-10-01", "setting": "prescription", "cost": 600_00}
    adult = case_of({**old, "age": 40, "items": 12})
    assert (charge(adult).pays, charge(adult, "barker-v1").pays) == (96_60, 30_00)
    aged = case_of({**old, "age": 70, "items": 12})
    assert (charge(aged).pays, charge(aged, "barker-v1").pays) == (0, 30_00)
    poor = case_of({**old, "age": 70, "items": 12, "low_income": True})
    assert charge(poor, "barker-v1").pays == 0
    many = case_of({**old, "age": 40, "items": 60})
    assert (charge(many).pays, charge(many, "barker-v1").pays) == (104_00, 104_00)


def test_the_tables_do_not_overlap_and_their_assumptions_say_why():
    rates = england()
    assert isinstance(rates, Rates)
    assert all(t.because for t in rates.tables if t.assumed)
    assert all(t.source for t in rates.tables)
