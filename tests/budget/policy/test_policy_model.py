"""The Barker package: the announcement's own figures first, then what holds for any setting.

Figures: "Barker: radically reshape health and social care around need", September 2014; Marie
Curie's comment of the same month.
"""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.budget.policy.asked import asked, defaults, limits, of_pairs
from onesystem.budget.policy.checks import checks, share_at, within
from onesystem.budget.policy.drawing import drawn
from onesystem.budget.policy.model import _OURS, FILE, model, read
from onesystem.budget.policy.working import balance, year_of, years
from onesystem.vocabulary import BadConfig, UserError

BARKER = model()
YIELDS = {  # the announcement's list, in millions of pounds
    "prescriptions": 1_000, "pensioner-benefits": 1_400, "pension-age-ni": 475,
    "chc-accommodation": 200, "ni-over-40": 2_000, "ni-higher-earners": 800,
}  # fmt: skip


def told(year, **said):
    return year_of(BARKER, asked(BARKER, {k.replace("_", "-"): v for k, v in said.items()}), year)


@pytest.mark.parametrize(("line", "millions"), YIELDS.items())
def test_each_line_yields_what_the_announcement_says(line, millions):
    assert told(2025).revenue[line] == millions * 1_000_000


def test_stages_sum_to_what_the_announcement_gives():
    """First stage 1.0 + 1.4 + 0.475 + 0.2 = 3.075 bn, second 2.8 bn, both 5.875 bn."""
    assert told(2015).comes_in == 3_075_000_000
    assert told(2025).comes_in == 5_875_000_000


def test_both_bands_cost_five_billion_in_2025_and_make_fourteen():
    """ "around 14 billion by 2025 - around 5 billion more than ... current entitlement"."""
    then = told(2025, moderate_from="2031")
    assert (then.costs, then.care_with) == (5_000_000_000, 14_000_000_000)


def test_every_figure_of_the_sources_comes_out_of_the_model():
    assert [each.about for each in checks(BARKER) if not each.holds] == []


def test_the_envelope_is_reached_in_2025():
    """ "between 11 and 12 per cent of GDP by 2025"."""
    assert within(BARKER, told(2025))
    assert 11 <= share_at(BARKER, asked(BARKER, {})) <= 12


def test_marie_curie_says_three_and_three_billion():
    """A second source: about 3 billion for critical, a further 3 billion for substantial."""
    [option] = [o for o in BARKER.assumption("cost").options if o.name == "marie-curie"]
    assert {b: c[0] for b, c in option.costs.items()} == {
        "critical": 3_000_000_000, "substantial": 3_000_000_000,
    }  # fmt: skip
    assert told(2025, assume_cost="marie-curie").result < 0 < told(2025).result


def test_a_prescription_at_another_charge():
    """580 million items at 2.50 are 1,450 million, 450 of them today's: at 3.00 it is 1,290."""
    assert told(2025, prescriptions="3").revenue["prescriptions"] == 1_290_000_000
    assert told(2025, prescriptions="0").revenue["prescriptions"] == -450_000_000


def test_what_is_not_begun_brings_and_costs_nothing():
    then = told(2018)
    assert then.revenue["ni-over-40"] == 0
    assert then.cost["substantial"] == 0


def test_a_charge_for_an_nhs_service_is_refused():
    """ "rejected extending charges for NHS services, with the exception of prescription"."""
    text = _OURS.read_text(encoding="utf-8").replace('service = "prescriptions"',
                                                     'service = "general practice"')  # fmt: skip
    with pytest.raises(BadConfig, match="charges for an NHS service"):
        read(text)
    assert FILE == "barker.toml"


@pytest.mark.parametrize(
    ("said", "match"),
    [({"prescriptions": "12"}, "Between 0 and 10"), ({"prescriptions": "x"}, "no number"),
     ({"prescriptions": "1e400"}, "no number"), ({"prescriptions": "1/3"}, "no number"),
     ({"critical-from": "2015.5"}, "whole year"), ({"assume-cost": "mine"}, "announcement"),
     ({"pres": "2"}, "no setting"), ({"prescriptions": "nan"}, "no number")],
)  # fmt: skip
def test_a_setting_that_cannot_be(said, match):
    with pytest.raises(UserError, match=match):
        asked(BARKER, said, strict=True)
    assert asked(BARKER, said).changed == {}


def test_what_is_set_as_it_was_is_not_changed():
    assert asked(BARKER, {"prescriptions": "2.50", "ni-over-40": "1.0"}).query == ""


def test_a_pair_sets_something():
    with pytest.raises(UserError, match="sets nothing"):
        of_pairs(["prescriptions"])


def setting(key):
    if key.startswith("assume-"):
        name = key.removeprefix("assume-")
        return st.sampled_from([o.name for o in BARKER.assumption(name).options])
    low, high = limits(BARKER, key)
    if key.endswith("-from") or key.startswith("stage"):
        return st.integers(int(low), int(high)).map(str)
    return st.decimals(float(low), float(high), places=2).map(str)


SETTINGS = st.fixed_dictionaries({}, optional={k: setting(k) for k in defaults(BARKER)})


@given(SETTINGS)
def test_totals_are_the_totals_of_their_lines(said):
    wanted = asked(BARKER, said, strict=True)
    whole = years(BARKER, wanted)
    for year in whole:
        assert year.result == sum(year.revenue.values()) - sum(year.cost.values())
        assert year.share - year.share_without == Fraction(100 * year.costs, year.gdp)
    assert balance(whole)[-1] == sum(year.result for year in whole)
    assert drawn(whole).bars


@given(SETTINGS)
def test_an_address_carries_everything(said):
    wanted = asked(BARKER, said, strict=True)
    again = asked(BARKER, dict(wanted.changed), strict=True)
    assert years(BARKER, again) == years(BARKER, wanted)


def test_the_command_line_says_the_same():
    from click.testing import CliRunner

    from onesystem.cli.policy import policy

    found = json.loads(CliRunner().invoke(policy, ["--json", "--set", "prescriptions=3"]).output)
    assert found["changed"] == {"prescriptions": "3"}
    [year] = [each for each in found["years"] if each["year"] == 2025]
    assert year["revenue"]["prescriptions"] == 1_290_000_000
    assert all(each["holds"] for each in found["checks"])
    assert "Every figure of the sources is reproduced" in CliRunner().invoke(policy, []).output
    assert CliRunner().invoke(policy, ["--csv"]).output.startswith("Year,")
    assert "prescriptions=2.5" in CliRunner().invoke(policy, ["--settings"]).output


def test_the_answer_has_the_form_that_is_published():
    from importlib.resources import files

    import jsonschema_rs
    from click.testing import CliRunner

    from onesystem.cli.policy import policy

    path = files("onesystem.budget").joinpath("schemas/policy-result.schema.json")
    schema = json.loads(path.read_text(encoding="utf-8"))
    answer = json.loads(CliRunner().invoke(policy, ["--json"]).output)
    assert jsonschema_rs.validator_for(schema).is_valid(answer)
