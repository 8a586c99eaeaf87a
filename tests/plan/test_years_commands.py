"""Plans of staff and money at the command line, without a district."""

import json

import pytest
from click.testing import CliRunner
from plan_made import money, staff

from onesystem.cli.plan import plan as command
from onesystem.plan.money import codec as monies
from onesystem.plan.workforce import codec as staffs
from onesystem.vocabulary import UserError


def run(*args):
    return CliRunner().invoke(command, list(args), catch_exceptions=False)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "money.json").write_text(monies.written(money()), encoding="utf-8")
    (tmp_path / "staff.json").write_text(staffs.written(staff()), encoding="utf-8")
    return tmp_path


def test_a_file_is_worked_out(files):
    told = json.loads(run("money", "--file", f"{files}/money.json", "--json").stdout)
    assert told["rows"][0]["cost"] == 130_000_000_00
    assert [x["name"] for x in told["efficiency"]] == [
        "Simple sum", "Compound rise", "Compound fall",
    ]  # fmt: skip
    rows = run("money", "--file", f"{files}/money.json", "--bridge", "--csv").stdout.splitlines()
    assert rows[0].startswith("year,before,demand,pay,price,interaction,efficiency,reinvested")
    assert len(rows) == 6


def test_other_rates_are_tried(files):
    told = run("money", "--file", f"{files}/money.json", "--efficiency", "4")
    assert "simple sum 20.00 %; compound rise 21.67 %; compound fall 18.46 %" in told.output
    with pytest.raises(UserError, match="is no figure"):
        run("money", "--file", f"{files}/money.json", "--pay", "lots")


def test_staff_of_a_file_with_a_workbook(files):
    made = files / "staff.xlsx"
    told = run("workforce", "--file", f"{files}/staff.json", "--role", "nurse", "--times", "2",
               "--csv", "--workbook", str(made))  # fmt: skip
    assert "200 places a year; they begin to work in" in told.stderr
    assert told.stdout.startswith("year,opens,retire,leave")
    assert made.read_bytes()[:2] == b"PK"


def test_a_broken_plan_says_what_is_wrong(tmp_path):
    (tmp_path / "broken.json").write_text('{"slug": "x"}', encoding="utf-8")
    with pytest.raises(UserError, match="this is no plan"):
        run("money", "--file", f"{tmp_path}/broken.json")
    with pytest.raises(UserError, match="this is no plan"):
        run("workforce", "--file", f"{tmp_path}/broken.json")


def test_the_figures_of_2014(tmp_path):
    rows = json.loads(run("workforce", "--examples", "--json").stdout)
    assert {"2,000", "471", "August 2018"} <= {row["value"] for row in rows}
