"""`onesystem evaluate` as somebody at a terminal meets it."""

import json

import pytest
from click.testing import CliRunner

from onesystem.cli.evaluate import evaluate
from onesystem.vocabulary import UserError


@pytest.fixture
def call(data):
    """Run a command over a textbook file."""
    folder = data / "evidence"

    def calls(*words, given=None):
        words = [str(folder / w) if w.endswith(".csv") else w for w in words]
        done = CliRunner().invoke(evaluate, words, input=given, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return calls


SICILY = ("sicily.csv", "--value", "admissions", "--denominator", "population")


def test_a_time_series_in_words(call):
    text = call("its", *SICILY, "--at", "2005-01-01", "--no-slope", "--days", "6")
    assert "The outcome fell by 0.286 admissions per 1,000" in text
    assert "rate ratio" in text
    assert "days a year" in text
    assert "What it cannot say" in text


@pytest.mark.parametrize(
    ("words", "design"),
    [
        (("its", *SICILY, "--at", "2005-01-01"), "its"),
        (("its", *SICILY, "--at", "2005-01-01", "--control", "admissions",
          "--control-denominator", "population"), "controlled"),
        (("changepoint", *SICILY, "--most", "1", "--declared", "2005-01-01"), "changepoint"),
        (("did", "cigarettes.csv", "--value", "packs", "--treated", "California", "--at", "1989"),
         "did"),
        (("synth", "cigarettes.csv", "--value", "packs", "--treated", "California", "--at",
          "1989"), "synth"),
        (("rd", "drinking_age.csv", "--value", "all", "--threshold", "21", "--grouped",
          "--covariate", "suicide"), "rd"),
    ],
)  # fmt: skip
def test_every_design_gives_whole_json(call, words, design):
    found = json.loads(call(*words, "--json"))
    assert found["design"] == design
    assert found["main"]["low"] <= found["main"]["high"]
    assert {c["verdict"] for c in found["checks"]} <= {"passed", "doubtful", "failed"}
    assert found["limits"]
    assert found["source"]


def test_staggered_starts_and_a_wedge_from_stdin(call):
    rows = ["unit,period,value,start,treated"]
    for i in range(12):
        start = (3, 5, "")[i % 3]
        for t in range(8):
            on = start != "" and t >= start
            rows.append(f"u{i},{t},{10 + i % 4 + t + (-3 if on else 0) + (i * t) % 2},{start},"
                        f"{int(on)}")  # fmt: skip
    text = "\n".join(rows)
    found = json.loads(call("did", "-", "--json", given=text))
    assert found["design"] == "staggered"
    assert found["main"]["estimate"] == pytest.approx(-3, abs=0.5)
    found = json.loads(call("wedge", "-", "--drawn", "--json", given=text))
    assert found["facts"]["p_permuted"] < 0.05


def test_power_before(call):
    text = call("power", "its", *SICILY, "--periods", "24")
    assert "would be found with a chance of 80%" in text
    text = call("power", "wedge", "--per-step", "6", "--steps", "4", "--size", "100", "--sd", "0.2",
                "--icc", "0.05", "--json")  # fmt: skip
    assert 0.01 < json.loads(text)["smallest"] < 0.03
    assert "80%" in call("power", "did", "--treated", "10", "--untreated", "10", "--sd", "4")
    assert "80%" in call("power", "rd", "--below", "200", "--above", "200", "--sd", "4")
    assert "80%" in call("power", "synth", "cigarettes.csv", "--unit", "state", "--value", "packs",
                         "--periods", "8")  # fmt: skip
    found = call("power", "changepoint", "--periods", "24", "--level", "10", "--effect", "-8",
                 "--times", "30")  # fmt: skip
    assert found.startswith("-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rd", "drinking_age.csv", "--threshold", "21"), "Name it with --value"),
        (("its", "sicily.csv", "--value", "admisions", "--at", "2005-01-01"), "Did you mean"),
        (("its", "nowhere.csv", "--at", "2005-01-01"), "there is no file"),
        (("its", *SICILY, "--waves", "0", "--errors", "naive", "--no-slope", "--at",
          "2005-01-01"), "follow one another"),
        (("did", "cigarettes.csv", "--value", "packs", "--treated", "Californa", "--at", "1989"),
         "Did you mean 'California'"),
        (("power", "did", "--treated", "1", "--untreated", "1", "--sd", "4"), "at least three"),
    ],
)  # fmt: skip
def test_mistakes_have_a_cure(call, words, said):
    with pytest.raises(UserError, match=said):
        call(*words)
