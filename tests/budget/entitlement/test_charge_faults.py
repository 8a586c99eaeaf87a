"""What cannot be charged is refused with the rule and the cure, never rounded or guessed."""

from datetime import date

import pytest

from onesystem.budget.entitlement.local import with_local
from onesystem.budget.entitlement.rates import england, read
from onesystem.budget.entitlement.reading import case_of
from onesystem.budget.entitlement.rule_sets import a_year_before, charge, rule_set
from onesystem.vocabulary import BadConfig, UserError

GOOD = {"day": "2026-05-01", "setting": "home", "cost": 300_00, "age": 80}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"cost": 300.5}, "cost is 300.5"), ({"cost": "300"}, "cost is '300'"),
        ({"cost": True}, "cost is True"), ({"cost": -1}, "cost is -1"),
        ({"cost": 10**14}, "cost is 1"), ({"day": "yesterday"}, "day is 'yesterday'"),
        ({"setting": "castle"}, "setting is 'castle'"), ({"age": 17}, "age is 17"),
        ({"premiums": ["wealth"]}, "no premium 'wealth'"), ({"premiums": "carer"}, "no list"),
        ({"incom": []}, "no 'incom'"), ({"income": [{"kind": "state pension"}]}, "no amount"),
        ({"income": [{"kind": "gold", "amount": 1}]}, "kind 'gold'"),
        ({"income": [{"kind": "other", "amount": 1, "out": 2}]}, "more is left out"),
        ({"income": {"kind": "other"}}, "no list"), ({"eligible": "yes"}, "eligible is 'yes'"),
        ({"capital": [{"kind": "savings", "amount": 1, "share": "2"}]}, "share is '2'"),
        ({"capital": [{"kind": "savings", "amount": 1, "share": "x"}]}, "share is 'x'"),
        ({"capital": [{"kind": "savings", "amount": 1.25}]}, "amount is 1.25"),
        ({"capital": [{"kind": "debts", "amount": 1}]}, "kind 'debts'"),
        ({"home": {"value": 1, "lives": "ghost"}}, "lives is 'ghost'"), ({"home": 5}, "no table"),
        ({"nursing": "standard"}, "care home with nursing"), ({"currency": "EUR"}, "currency"),
        ({"accommodation": 400_00}, "more than the whole"), ({"pension_age": 66}, "pension_age"),
        ({"resident": "both"}, "household single"), ({"gifts": [{"amount": 1}]}, "no back"),
    ],
)  # fmt: skip
def test_a_bad_case_is_refused_with_its_cure(said, words):
    with pytest.raises(UserError, match=words) as error:
        case_of({**GOOD, **said})
    assert error.value.cure


@pytest.mark.parametrize("key", ["day", "setting", "cost", "age"])
def test_what_is_missing_is_named(key):
    with pytest.raises(UserError, match=f"no {key}"):
        case_of({k: v for k, v in GOOD.items() if k != key})


def test_a_case_is_a_table():
    with pytest.raises(UserError, match="a table"):
        case_of([])


def test_a_rate_missing_at_a_date_names_rate_date_and_cure():
    old = case_of({**GOOD, "day": "2014-05-01"})
    with pytest.raises(UserError, match="'minimum income guarantee' on 2014-05-01") as error:
        charge(old)
    assert "2015-04-01" in error.value.cure
    assert "charges.toml" in error.value.cure


def test_last_year_is_another_date_and_not_another_law():
    now = case_of({**GOOD, "income": [{"kind": "state pension", "amount": 300_00}]})
    then = case_of({**GOOD, "day": "2025-05-01",
                    "income": [{"kind": "state pension", "amount": 300_00}]})  # fmt: skip
    assert charge(now, "last-year").pays == charge(then).pays == 300_00 - 232_60
    assert charge(now).pays == 300_00 - 241_45
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)


def test_an_unknown_rule_set_is_named():
    with pytest.raises(UserError, match="no rule set 'barker'") as error:
        rule_set("barker")
    assert "barker-v" in error.value.cure


def test_barker_goes_by_the_band_and_says_so():
    with pytest.raises(UserError, match="no band of need"):
        charge(case_of(GOOD), "barker-v1")


LOCAL = """
[[table]]
name = "{name}"
since = 2026-04-06
source = "Our own"
{more}
[table.amounts]
{amounts}
"""


@pytest.mark.parametrize(
    ("name", "amounts"),
    [
        ("minimum income guarantee", "pension = 20000"), ("capital limits", "upper = 2000000"),
        ("capital limits", "step = 10000"), ("capital limits", "a_step = 200"),
        ("personal expenses allowance", "amount = 100"),
        ("savings credit disregard", "single = 0"), ("prescription", "an_item = 2000"),
    ],
)  # fmt: skip
def test_a_local_table_may_only_be_kinder(name, amounts):
    text = LOCAL.format(name=name, amounts=amounts, more="")
    with pytest.raises(BadConfig, match="the law says") as error:
        with_local(england(), read(text, "charges.toml", local=True))
    assert "harsher" in error.value.cure
    flagged = LOCAL.format(name=name, amounts=amounts, more='harsher = "a court said so"')
    with_local(england(), read(flagged, "charges.toml", local=True))


def test_a_kinder_local_table_counts_and_keeps_what_it_leaves_out():
    text = LOCAL.format(name="minimum income guarantee", amounts="pension = 25000", more="")
    rates = with_local(england(), read(text, "charges.toml", local=True))
    day = date(2026, 5, 1)
    assert rates.amount("minimum income guarantee", "pension", day).amount == 250_00
    assert rates.amount("minimum income guarantee", "young", day).amount == 95_40
    assert rates.amount("minimum income guarantee", "pension", day).source == "Our own"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[table]]\nname = 'x'", "has no since"),
        (LOCAL.format(name="x", amounts="a = 1.5", more=""), "a is 1.5"),
        (LOCAL.format(name="x", amounts="a = -1", more=""), "a is -1"),
        (LOCAL.format(name="x", amounts="a = 1", more="colour = 'red'"), "no key 'colour'"),
        (LOCAL.format(name="x", amounts="a = 1", more="assumed = ['b']\nbecause='x'"), "assumes b"),
        (LOCAL.format(name="x", amounts="a = 1", more="assumed = ['a']"), "without saying why"),
        (LOCAL.format(name="x", amounts="a = 1", more="until = 'never'"), "until is no date"),
        (2 * LOCAL.format(name="x", amounts="a = 1", more=""), "two tables 'x'"),
        ("= 1", "cannot be read"),
    ],
)  # fmt: skip
def test_a_bad_table_is_refused_with_its_cure(text, words):
    with pytest.raises(BadConfig, match=words) as error:
        read(text, "charges.toml")
    assert error.value.cure
