"""`onesystem triage check FILE`: what a district loads is held to the rules of what we ship."""

from importlib.resources import files

import pytest
from click.testing import CliRunner

from onesystem.cli.triage import triage
from onesystem.vocabulary import BadConfig

SHIPPED = files("onesystem.care.triage.library")


def check(*paths):
    return CliRunner().invoke(triage, ["check", *map(str, paths)])


@pytest.mark.parametrize("name", ["news2", "crb-65", "fall-at-home"])
def test_what_is_shipped_can_be_used(name):
    told = check(SHIPPED / f"{name}.toml")
    assert told.exit_code == 0, told.output
    assert "every edge was tried. Source: " in told.output


def test_a_mistake_is_named_with_its_place_and_cure(tmp_path):
    file = tmp_path / "ours.toml"
    text = (SHIPPED / "news2.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("pulse <= 40", "puls <= 40"), encoding="utf-8")
    told = check(file)
    assert isinstance(told.exception, BadConfig)
    assert "ours.toml" in str(told.exception)
    assert "puls" in str(told.exception)


def test_an_edge_that_is_never_met_is_found(tmp_path):
    file = tmp_path / "ours.toml"
    text = (SHIPPED / "news2.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("pulse <= 50", "pulse <= 30"), encoding="utf-8")
    assert "never met" in str(check(file).exception)
