"""Weighted populations, against published figures first."""

import json
from datetime import date
from fractions import Fraction
from importlib.resources import files

import jsonschema_rs
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from onesystem.budget.capitation.care_plus import care_plus
from onesystem.budget.capitation.case import RULES, work
from onesystem.budget.capitation.england import global_sum, weighted_list
from onesystem.budget.capitation.practices import REASONS, compared, practices, totals
from onesystem.budget.capitation.rates import NoRate, rate
from onesystem.budget.capitation.shares import shares
from onesystem.budget.capitation.working import exact
from onesystem.cli.capitation import capitation
from onesystem.vocabulary import BadConfig, UserError

DAY = date(2022, 4, 1)


class TestCarePlus:
    """The worked example of PHO A in the Ministry's Care Plus table (CAREPLUS)."""

    def test_girls_under_five(self):
        made = care_plus({"0-4 F": [608, 111, 216, 282]}, DAY)
        assert exact(made.results["eligible"]) == "23.862"
        assert made.lines[0].words == "0-4 F: 608 x 1.5% + 111 x 2.2% + 216 x 2.3% + 282 x 2.6%"

    def test_boys_under_five(self):
        made = care_plus({"0-4 M": [603, 133, 227, 311]}, DAY)
        assert exact(made.results["eligible"]) == "26.959"

    def test_holders_of_a_card_are_taken_off_and_uptake_is_of_the_rest(self):
        both = {"0-4 F": [608, 111, 216, 282], "0-4 M": [603, 133, 227, 311]}
        made = care_plus(both, DAY, high_use=10, taken_up=20)
        assert exact(made.results["residual"]) == "40.821"
        assert made.results["uptake"] == Fraction(20) / Fraction("40.821")

    def test_the_cap_is_five_per_cent_of_everybody(self):
        made = care_plus({"65+ M": [0, 0, 0, 1_000]}, DAY, population=4_000)
        assert made.results["eligible"] == 200

    def test_what_is_no_cell(self):
        with pytest.raises(UserError, match="Did you mean '0-4 M'"):
            care_plus({"0-4 G": [1, 2, 3, 4]}, DAY)
        with pytest.raises(UserError, match="deprivation 1-4"):
            care_plus({"0-4 F": [1, 2, 3]}, DAY)


class TestGlobalSum:
    def test_the_average_client_of_an_accountant(self):
        """Lloyds Bank with Lentells, 22/23: 11,300 weighted patients are 1,126,610 at 99.70."""
        made = global_sum(weighted=Fraction(11_300), registered=Fraction(0), day=DAY,
                          out_of_hours=True)  # fmt: skip
        assert made.results["global sum"] == 1_126_610_00

    def test_out_of_hours_is_473_a_patient_to_a_penny(self):
        """The same page: 4.75%, or 4.73 a patient (its own rounding: 4.75% of 99.70 is 4.7358)."""
        off = rate("out_of_hours", DAY).share("share") * 9970
        assert off == Fraction("473.575")

    def test_london_is_218_a_registered_patient(self):
        """Management in Practice, 9 October 2018."""
        here = {"weighted": Fraction(100), "registered": Fraction(50), "day": DAY}
        more = global_sum(**here, london=True).results["global sum"]
        assert more - global_sum(**here).results["global sum"] == 50 * 218

    def test_a_rate_that_is_missing_names_itself_the_date_and_the_cure(self):
        with pytest.raises(NoRate) as told:
            global_sum(weighted=Fraction(1), registered=Fraction(1), day=date(2019, 4, 1))
        assert told.value.what == "the rate 'price' is not known on 2019-04-01"
        assert "2021-04-01 to 2022-03-31" in told.value.cure
        assert "england.toml" in told.value.cure


class TestPractices:
    """NHS Payments to General Practice, England 2022/23: from the weighted list to the payment."""

    def test_every_published_practice_is_there(self):
        assert len(practices()) == 6_669
        assert sum(each.registered for each in practices()) == 6_213_464_475

    def test_seven_of_ten_national_contracts_are_paid_as_the_rule_says(self):
        """Within one per cent each; together within a hundredth of a per cent."""
        made = totals(compared())
        assert {reason: row["practices"] for reason, row in made.items()} == dict(
            zip(REASONS, (3_253, 198, 119, 2_005, 1_094), strict=True)
        )
        ruled = made["as the rule says"]
        assert ruled["paid"] == 3_106_842_621_55
        assert ruled["expected"] == 3_106_649_556_85
        assert abs(ruled["paid"] / ruled["expected"] - 1) < 0.0001

    def test_a_practice_to_the_penny_with_its_difference(self):
        first = compared()[0]
        assert first.practice.practice == "A81001"
        assert (first.expected, first.practice.global_sum, first.difference) == (
            434_915_37, 438_099_78, 3_184_41,
        )  # fmt: skip

    def test_the_published_average_a_patient_is_the_total_over_the_list(self):
        """To the penny for 97 of 100: the others' lists were rounded after the division."""
        some = [
            each for each in practices() if each.registered and each.each_registered is not None
        ]
        exactly = [
            abs(Fraction(each.total * 100, each.registered) - each.each_registered) <= 1
            for each in some
        ]
        assert sum(exactly) / len(exactly) > 0.96


class TestWeightedList:
    def test_weights_move_money_and_make_none(self):
        made = weighted_list(
            {"young": {"male 5-14": Fraction(100)}, "old": {"female 85+": Fraction(100)}}, DAY
        )
        assert sum(made.results.values()) == 200
        assert made.results["old"] / made.results["young"] == Fraction("6.72")
        assert "not read in a source" in made.notes[1]

    def test_who_joined_counts_for_more(self):
        """Management in Practice, 9 October 2018: 46% more in the first year."""
        lists = {"a": {"male 5-14": Fraction(100)}, "b": {"male 5-14": Fraction(100)}}
        made = weighted_list(lists, DAY, joined={"a": Fraction(1)})
        assert made.results["a"] / made.results["b"] == Fraction("1.46")

    def test_nobody_and_no_cell(self):
        with pytest.raises(UserError, match="nobody is on any list"):
            weighted_list({"a": {}}, DAY)
        with pytest.raises(UserError, match="no cell 'girls 0-4'"):
            weighted_list({"a": {"girls 0-4": Fraction(1)}}, DAY)


WEIGHTS = {"young": Fraction(1), "old": Fraction(4)}
counts = st.fixed_dictionaries({name: st.integers(0, 10**6).map(Fraction) for name in WEIGHTS})


class TestShares:
    def test_by_people_times_weight_times_adjuster(self):
        people = {"a": {"young": Fraction(100), "old": Fraction(25)}, "b": {"young": Fraction(200)}}
        made = shares(people, WEIGHTS, sum_=1_000, currency="NZD")
        assert made.results == {"a": 500, "b": 500}
        rural = shares(people, WEIGHTS, sum_=1_000, currency="NZD",
                       adjusters={"rural": {"a": Fraction(3, 2)}})  # fmt: skip
        assert rural.results == {"a": 600, "b": 400}

    def test_nobody_falls_below_a_floor(self):
        """PBFF: no district's allocation falls."""
        people = {n: {"young": Fraction(1)} for n in "abc"}
        made = shares(people, WEIGHTS, sum_=900, currency="NZD", floors={"a": 500})
        assert made.results == {"a": 500, "b": 200, "c": 200}
        with pytest.raises(UserError, match="floors are more than the sum"):
            shares(people, WEIGHTS, sum_=900, currency="NZD", floors={"a": 901})

    @given(
        people=st.dictionaries(st.text(min_size=1, max_size=3), counts, min_size=1, max_size=8),
        sum_=st.integers(0, 10**13),
    )
    def test_the_parts_sum_to_the_whole(self, people, sum_):
        if not any(count for groups in people.values() for count in groups.values()):
            return
        made = shares(people, WEIGHTS, sum_=sum_, currency="NZD")
        assert sum(made.results.values()) == sum_
        assert all(part >= 0 for part in made.results.values())


CASES = [
    {"rule": "england global sum", "day": "2022-04-01", "weighted": 4579.78,
     "registered": "4029.25"},
    {"rule": "england weighted list", "day": "2022-04-01",
     "practices": {"a": {"male 0-4": 5}, "b": {"female 85+": 7}}, "joined": {"a": "1/3"}},
    {"rule": "nz care plus", "day": "2010-07-01", "enrolled": {"0-4 F": [608, 111, 216, 282]}},
    {"rule": "population shares", "people": {"a": {"young": 3}, "b": {"young": 4}},
     "weights": {"young": "1.5"}, "sum": 100},
]  # fmt: skip


def schema(name):
    text = (files("onesystem.budget") / f"schemas/capitation-{name}.schema.json").read_text()
    return jsonschema_rs.validator_for(json.loads(text))


class TestCommand:
    @pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
    def test_json_in_and_out_is_as_the_schemas_say(self, case):
        schema("case").validate(case)
        told = CliRunner().invoke(capitation, ["--json", "-"], input=json.dumps(case))
        assert told.exit_code == 0, told.output
        schema("result").validate(json.loads(told.output))
        plain = CliRunner().invoke(capitation, ["-"], input=json.dumps(case))
        assert plain.exit_code == 0

    def test_a_number_of_a_file_is_exact(self):
        made = work(CASES[0])
        assert made.results["global sum"] == 434_915_37

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"rule": "x"}, "there is no rule"),
            ({"rule": "nz care plus"}, "lacks day, enrolled"),
            ({**CASES[0], "day": "soon"}, "no day"),
            ({**CASES[0], "weighted": -1}, "no count of people"),
            ({**CASES[0], "weighted": "many"}, "no number"),
            ({**CASES[2], "enrolled": {"0-4 F": [1.5, 1, 1, 1]}}, "no whole number"),
            ({**CASES[2], "enrolled": 5}, "cannot be read"),
            ({**CASES[3], "weights": {"old": 1}}, "no weight for 'young'"),
            ({**CASES[3], "people": {"a": {"young": 0}}}, "nobody is left"),
        ],
    )
    def test_what_cannot_be_read_is_refused_with_the_cure(self, wrong, told):
        with pytest.raises(UserError, match=told) as error:
            work(wrong)
        assert error.value.cure

    def test_no_case_and_no_json(self):
        run = CliRunner().invoke
        assert isinstance(run(capitation, []).exception, BadConfig)
        assert isinstance(run(capitation, ["-"], input="{").exception, BadConfig)
        assert isinstance(run(capitation, ["-"], input="[]").exception, BadConfig)
        assert all(rule in run(capitation, ["--list"]).output for rule in RULES)
        assert '"oneOf"' in run(capitation, ["--schema", "case"]).output
        assert run(capitation, ["--practices"]).output.count("\n") == 6_670
