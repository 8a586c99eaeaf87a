"""`onesystem plan option` and `plan run` at a terminal."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from options_tried import begun, twin

from onesystem.cli import opened
from onesystem.cli.plan_option import option
from onesystem.cli.plan_run import run
from onesystem.plan.options import queries


def said(command, *words):
    result = CliRunner().invoke(command, list(words), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_library_is_listed_priced_and_told_one_by_one():
    assert said(option).count("\n") == 13
    text = said(option, "ambulance-to-practice")
    assert "321 people to their practice and conveyed 4,219" in text
    assert "5.5% of people" in text
    rows = list(csv.DictReader(io.StringIO(said(option, "--csv", "--people", "500000"))))
    assert len(rows) == 12
    told = {each["key"]: each for each in json.loads(said(option, "--json"))}
    assert told["beds"]["set_up"] == 150_000_000
    assert sum(told["enablement"]["by_funder"].values()) == told["enablement"]["running"]


@pytest.fixture
def three(joined, monkeypatch):
    monkeypatch.setattr(opened, "open_district", lambda: joined)
    monkeypatch.setattr(queries, "people", lambda: 100_000)
    twin(joined)
    return begun("acute-demand-home", "beds")


def test_a_plans_options_are_run_and_kept(three):
    assert said(run).startswith("winter-without-gridlock")
    text = said(run, three)
    assert "Acute demand at home and More beds" in text
    assert "by the evidence" in text
    assert queries.last_run(three).number == 1
    found = json.loads(said(run, three, "--option", "beds", "--json"))
    assert [each["keys"] for each in found["sets"]] == [["beds"]]
    assert said(run, three, "--csv").startswith("\ufeffoptions,of,which")
