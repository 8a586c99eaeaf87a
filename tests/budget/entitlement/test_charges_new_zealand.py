"""New Zealand's residential care subsidy, by its published thresholds."""

import pytest

from onesystem.budget.entitlement.reading import case_of
from onesystem.budget.entitlement.rule_sets import charge
from onesystem.vocabulary import UserError


def case(**said):
    return case_of({
        "day": "2025-08-01", "setting": "care home", "cost": 1_800_00, "age": 82, "currency": "NZD",
        "maximum": 1_500_00, "resident": "single", **said,
    })  # fmt: skip


def savings(amount):
    return [{"kind": "savings", "amount": amount}]


@pytest.mark.parametrize(
    ("day", "a", "b"),
    [
        ("2009-07-01", 190_000, 95_000), ("2017-08-01", 224_654, 123_025),
        ("2019-07-01", 230_495, 126_224), ("2020-07-01", 236_336, 129_423),
        ("2023-07-01", 273_628, 149_845), ("2025-06-30", 284_636, 155_873),
        ("2025-07-01", 291_825, 159_810),
    ],
)  # fmt: skip
def test_assets_count_all_or_nothing(day, a, b):
    """Neighbourhood Support 2009, Gibson Sheat 2017, Seniorline 2019, RSA 2020, Business

    Whanganui 2023, Collins & May to June 2025, the Act's schedule 2 for July 2025.
    """
    for resident, household, limit in (("single", "single", a), ("both", "couple", a),
                                       ("one", "couple", b)):  # fmt: skip
        said = {"day": day, "resident": resident, "household": household}
        at, over = (charge(case(**said, capital=savings(limit * 100 + more)), "nz")
                    for more in (0, 1))  # fmt: skip
        assert (at.full, at.pays) == (False, 0)
        assert (over.full, over.pays) == (True, 1_500_00)


def test_a_couple_with_one_in_care_may_choose_a():
    """Seniorline: they can choose the higher threshold, but house and car then count."""
    couple = {"resident": "one", "household": "couple", "capital": savings(200_000_00),
              "home": {"value": 80_000_00, "lives": "partner"}}  # fmt: skip
    assert charge(case(**couple), "nz").full
    assert not charge(case(**couple, choice="a"), "nz").full
    dear = {**couple, "home": {"value": 100_000_00, "lives": "partner"}}
    assert charge(case(**dear, choice="a"), "nz").full


@pytest.mark.parametrize(("day", "limit"), [("2023-08-01", 7_500_00), ("2025-08-01", 8_000_00)])
def test_gifts_above_the_limit_of_their_year_come_back(day, limit):
    """Business Whanganui: 7,500 in 2023; Collins & May: 8,000; 27,000 a year before five years."""
    gifts = [{"amount": limit, "back": 4}, {"amount": limit + 100, "back": 1},
             {"amount": 27_000_00 + 200, "back": 5}]  # fmt: skip
    made = charge(case(day=day, gifts=gifts), "nz")
    over = [line.amount for line in made.lines if line.rule == "nz.gifts"]
    assert over == [100, 0, 200]


def test_a_prepaid_funeral_counts_only_above_10_000_each():
    """Seniorline: pre-paid funeral expenses up to 10,000 for each partner are not counted."""
    one = charge(case(funeral=10_500_00), "nz")
    two = charge(case(funeral=20_500_00, household="couple", resident="both"), "nz")
    for made in (one, two):
        assert [x.amount for x in made.lines if x.rule == "nz.funeral"] == [500_00]


def test_income_is_contributed_with_what_is_exempt():
    """Seniorline: earnings of a partner, war disablement pension and half of private schemes."""
    made = charge(case(kept=50_00, income=[
        {"kind": "state pension", "amount": 520_00},
        {"kind": "occupational pension", "amount": 101_01},
        {"kind": "war pension", "amount": 40_00}, {"kind": "earnings", "amount": 90_00},
    ]), "nz")  # fmt: skip
    assert made.pays == 520_00 + 50_51 - 50_00
    assert made.pays + made.nhs == made.cost


def test_nobody_pays_more_than_the_maximum_of_the_territory():
    made = charge(case(capital=savings(900_000_00), maximum=0, territory="lowest"), "nz")
    assert made.pays == 1_460_27
    with pytest.raises(UserError, match="neither territory nor maximum"):
        charge(case(maximum=0), "nz")


@pytest.mark.parametrize(("age", "household", "full"), [(55, "single", False), (55, "couple", True),
                                                        (49, "single", True)])  # fmt: skip
def test_single_people_of_50_to_64_have_no_asset_test(age, household, full):
    """Neighbourhood Support 2009: no asset test of single people aged 50 to 64."""
    resident = "single" if household == "single" else "both"
    made = charge(case(age=age, household=household, resident=resident,
                       capital=savings(900_000_00)), "nz")  # fmt: skip
    assert made.full is full


def test_a_loan_is_named_where_only_the_home_is_too_much():
    """Seniorline: residential care loan where other assets are 15,000 or less."""
    said = {"home": {"value": 400_000_00}}
    rules = [x.rule for x in charge(case(capital=savings(15_000_00), **said), "nz").lines]
    assert "nz.loan" in rules
    rules = [x.rule for x in charge(case(capital=savings(15_000_01), **said), "nz").lines]
    assert "nz.loan" not in rules


def test_a_year_without_thresholds_is_named_with_its_cure():
    with pytest.raises(UserError, match="no rate 'asset thresholds' on 2021-08-01") as error:
        charge(case(day="2021-08-01"), "nz")
    assert "charges.toml" in error.value.cure


def test_thresholds_that_are_not_known_yet_are_marked():
    made = charge(case(day="2026-11-01"), "nz")
    assert any("1 July 2026" in words for words in made.assumptions)


def test_currencies_are_never_mixed():
    with pytest.raises(UserError, match="in NZD"):
        charge(case_of({"day": "2025-08-01", "setting": "home", "cost": 1, "age": 80}), "nz")
    with pytest.raises(UserError, match="in GBP"):
        charge(case(), "law")
