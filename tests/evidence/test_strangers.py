"""Tables as others keep them: with flags, by person, wide, numbered, with words for periods."""

import csv
import json
import random

import numpy as np
import pytest
from click.testing import CliRunner

from onesystem.cli.evaluate import evaluate
from onesystem.evidence.panels import panel_of
from onesystem.evidence.reading import sheet
from onesystem.evidence.steps import steps
from onesystem.evidence.wedge import design, mixed
from onesystem.vocabulary import UserError


@pytest.fixture
def told(tmp_path):
    """The result of a design over rows, as JSON."""

    def ask(name, rows, *words):
        file = tmp_path / "data.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        done = CliRunner().invoke(evaluate, [name, str(file), "--json", *words])
        if done.exception:
            raise done.exception
        return json.loads(done.stdout)

    return ask


def sicilian(data):
    """The published file's own layout: year, month, a running number, a flag."""
    with (data / "evidence" / "sicily.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        ["year", "month", "aces", "time", "smokban", "stdpop"],
        *([r["month"][:4], int(r["month"][5:7]), r["admissions"], i, int(i > 36), r["population"]]
          for i, r in enumerate(rows, 1)),
    ]  # fmt: skip


class TestSeries:
    @pytest.mark.parametrize(
        "words",
        [
            ("--at", "2005-01"), ("--at", "January 2005"), ("--post", "smokban"),
            ("--date", "time", "--every", "month", "--at", "37"),
        ],
    )  # fmt: skip
    def test_the_change_is_said_in_several_ways(self, told, data, words):
        kept = ("--value", "aces", "--denominator", "stdpop", "--no-slope")
        found = told("its", sicilian(data), *kept, *words)
        assert round(found["effects"][0]["estimate"], 3) == 0.885

    def test_numbered_periods_know_no_year(self, told):
        draw = random.Random(3)
        rows = [["t", "y"], *([t, 20 + draw.random() - 5 * (t > 12)] for t in range(1, 25))]
        found = told("its", rows, "--at", "13")
        assert found["main"]["low"] < -5 < found["main"]["high"]
        assert found["translated"] == []

    def test_nobody_says_when(self, told):
        rows = [["t", "y"], *([t, t % 3] for t in range(1, 25))]
        with pytest.raises(UserError, match="--post"):
            told("its", rows)


class TestPanels:
    def rows(self, flag):
        draw = random.Random(5)
        return [
            ["shop", "state", "year", "y", flag[0]],
            *([f"s{s}", "NJ" if s < 4 else "PA", year, draw.random() + 3 * (s < 4 and year >= 2004),
               flag[1](s, year)] for s in range(8) for year in range(2000, 2008)),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("flag", "words"),
        [
            (("first.treat", lambda s, _: 2004 if s < 4 else 0), ()),
            (("treated", lambda s, year: int(s < 4 and year >= 2004)), ()),
            (("treat", lambda s, _: int(s < 4)), ("--at", "2004")),
            (("exposure flag", lambda s, _: "Yes" if s < 4 else "No"),
             ("--treated", "exposure flag", "--at", "2004")),
        ],
    )  # fmt: skip
    def test_who_began_when(self, told, flag, words):
        found = told("did", self.rows(flag), "--unit", "shop", "--value", "y", *words)
        assert found["facts"]["treated"] == 4
        assert found["main"]["low"] < 3 < found["main"]["high"]

    def test_a_flag_of_the_group_and_one_of_the_time(self, told):
        rows = [[*r, p] for r, p in zip(
            self.rows(("treat", lambda s, _: int(s < 4))),
            ["post", *(int(y >= 2004) for _ in range(8) for y in range(2000, 2008))], strict=True,
        )]  # fmt: skip
        found = told("did", rows, "--unit", "shop", "--value", "y")
        assert found["main"]["low"] < 3 < found["main"]["high"]

    def test_who_goes_back_is_named(self, told):
        rows = self.rows(("treated", lambda s, year: int(s < 4 and year == 2004)))
        with pytest.raises(UserError, match="s0 goes back to untreated in 2005"):
            told("did", rows, "--unit", "shop", "--value", "y")

    def test_a_column_a_place(self, told):
        draw = random.Random(1)
        rows = [["Year", "Ours", "A", "B", "C"]]
        for year in range(1980, 2000):
            a, b, c = (50 + draw.random() * 4 for _ in "abc")
            rows.append([year, (a + b) / 2 - 9 * (year >= 1990), a, b, c])
        found = told("synth", rows, "--treated", "Ours", "--at", "1990")
        assert found["main"]["estimate"] == pytest.approx(-9, abs=0.1)

    @pytest.mark.parametrize("words", [("before", "after"), ("pre", "post"), ("wave 2", "wave 10")])
    def test_words_are_put_in_order(self, words):
        first, second = words
        text = (
            f"unit,period,y,treated\na,{second},5,1\na,{first},1,1\nb,{first},1,0\nb,{second},1,0\n"
        )
        found = panel_of(sheet(text.encode()), at=second)
        assert [str(p) for p in found.periods] == [first, second]

    def test_quarters_are_in_the_order_of_time(self):
        """By their letters Q12011 would come before Q42010."""
        text = b"State,Quarter,Rate\na,Q42010,1\na,Q12011,2\nb,Q12011,2\nb,Q42010,1\n"
        found = panel_of(sheet(text), when="Quarter", value="Rate", treated=("a",), at="Q12011")
        assert found.values.tolist() == [[1, 2], [1, 2]]
        assert found.begins.tolist() == [1, 2]

    def test_of_two_that_may_be_the_place_the_one_that_stands_once_a_period(self):
        text = b"G,id,cluster,period,Y\n" + b"".join(
            b"%d,%d,%d,%d,%d\n" % (2 if i < 3 else 0, i, i // 2, t, i * t)
            for i in range(6) for t in (1, 2)
        )  # fmt: skip
        assert panel_of(sheet(text)).units == tuple("012345")

    def test_floats_that_are_years(self):
        text = b"place,year,y\na,1955.0,1\na,1956.0,2\nb,1955.0,1\nb,1956.0,5\n"
        assert panel_of(sheet(text), treated=("a",), at="1956").periods == (1955, 1956)


class TestPeople:
    def rows(self):
        draw = random.Random(8)
        return [
            ["treated", "post", "y", "ward"],
            *([t, p, f"{draw.gauss(5 + t + p + 2 * t * p, 1):.4f}", draw.randrange(12) * 2 + t]
              for t in (0, 1) for p in (0, 1) for _ in range(60)),
        ]  # fmt: skip

    def test_four_means_are_a_regression_with_the_product(self, told):
        import statsmodels.api as sm

        rows = self.rows()
        t, p, y, ward = (np.array(c, float) for c in zip(*rows[1:], strict=True))
        fit = sm.OLS(y, np.column_stack([np.ones_like(t), t, p, t * p]))
        found = told("did", rows)["main"]
        assert found["estimate"] == pytest.approx(fit.fit().params[3])
        hc3 = fit.fit(cov_type="HC2")  # with groups alone it is the sum of s2 / n
        assert found["se"] == pytest.approx(hc3.bse[3], rel=1e-9)
        clustered = told("did", rows, "--cluster", "ward")["main"]
        theirs = fit.fit(cov_type="cluster", cov_kwds={"groups": ward.astype(int)})
        assert clustered["se"] == pytest.approx(theirs.bse[3], rel=1e-9)

    def test_a_group_of_one_is_refused(self, told):
        with pytest.raises(UserError, match="1 treated are seen after"):
            told("did", [r for i, r in enumerate(self.rows()) if i < 182])

    def test_a_wedge_of_people_is_the_mixed_model_of_people(self):
        from statsmodels.regression.mixed_linear_model import MixedLM

        rng = np.random.default_rng(5)
        level = rng.normal(0, 0.8, 9)
        rows = [
            (str(c), p, p > c // 2, float(level[c] + 0.7 * (p > c // 2) + rng.normal()), 1.0)
            for c in range(9) for p in range(6) for _ in range(int(rng.integers(2, 9)))
        ]  # fmt: skip
        data = steps(rows)
        ours = mixed(data.mean, design(data), data.cluster, data.size, within=data.within)
        y = np.array([r[3] for r in rows])
        x = np.column_stack([[float(r[2]) for r in rows],
                             *([float(r[1] == p) for r in rows] for p in range(6))])  # fmt: skip
        theirs = MixedLM(y, x, groups=[r[0] for r in rows]).fit(reml=True)
        assert ours.beta[0] == pytest.approx(theirs.fe_params[0], abs=1e-4)
        same = np.equal.outer([r[0] for r in rows], [r[0] for r in rows])
        v = ours.sigma2 * np.eye(len(y)) + ours.tau2 * same
        assert ours.cov[0, 0] == pytest.approx(np.linalg.inv(x.T @ np.linalg.solve(v, x))[0, 0])
        assert (ours.sigma2, ours.tau2) == pytest.approx(
            (theirs.scale, float(theirs.cov_re[0, 0])), rel=1e-2
        )


class TestWedges:
    def test_a_start_says_who_is_treated(self, told):
        draw = random.Random(2)
        rows = [["ward", "month", "falls", "start"],
                *([f"w{w}", m, draw.random() - 2 * (m >= w // 2 + 2), w // 2 + 2]
                  for w in range(8) for m in range(1, 7))]  # fmt: skip
        found = told("wedge", rows, "--value", "falls")
        assert found["main"]["low"] < -2 < found["main"]["high"]


class TestThresholds:
    def rows(self, *, on=lambda x: x >= 50):
        draw = random.Random(6)
        scores = [draw.uniform(0, 100) for _ in range(300)]
        return [["score", "treated", "y"],
                *([f"{x:.3f}", int(on(x)), f"{x / 20 + 4 * on(x) + draw.gauss(0, 1):.3f}"]
                  for x in scores)]  # fmt: skip

    @pytest.mark.parametrize("on", [lambda x: x >= 50, lambda x: x < 50])
    def test_the_treated_show_it(self, told, on):
        found = told("rd", self.rows(on=on))
        assert found["main"]["low"] < 4 < found["main"]["high"]

    def test_a_score_that_does_not_rule(self, told):
        rows = self.rows()
        rows[5][1] = 1 - rows[5][1]
        with pytest.raises(UserError, match="does not decide alone"):
            told("rd", rows)

    def test_rows_without_an_outcome_are_counted(self, told, capsys):
        rows = self.rows()
        rows[7][2] = ""
        assert told("rd", rows, "--threshold", "50")["main"]["estimate"] > 3


class TestNamesOfColumns:
    ROWS = (["ward", "month", "treated", "falls"],
            *([f"w{w}", m, int(m > w), w + m] for w in range(6) for m in range(6)))  # fmt: skip

    @pytest.mark.parametrize(
        ("design", "words"),
        [("wedge", ("--size", "bedz")), ("did", ("--unit", "ward", "--cluster", "bedz")),
         ("did", ("--treated", "treated", "--post", "treated", "--cluster", "bedz")),
         ("synth", ("--unit", "ward", "--predictor", "bedz=1:2"))],
    )  # fmt: skip
    def test_a_name_that_no_column_has_is_told(self, told, design, words):
        with pytest.raises(UserError, match="there is no column 'bedz'"):
            told(design, self.ROWS, *words, "--value", "falls")

    def test_a_predictor_without_a_name(self, told):
        with pytest.raises(UserError, match="'=1:2' names no column"):
            told("synth", self.ROWS, "--predictor", "=1:2", "--value", "falls", "--unit", "ward",
                 "--treated", "w1", "--at", "2")  # fmt: skip
