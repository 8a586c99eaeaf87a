"""A first twin from open data: every area has one, and it comes to what is published."""

import json
import math
from dataclasses import replace

import pytest
from click.testing import CliRunner

from onesystem.cli.twin_new import new
from onesystem.twin import model_of, model_text, replications, result_of
from onesystem.twin.areas.building import ASSUMED, DERIVED, PUBLISHED, first_twin
from onesystem.twin.areas.facts import area_of, areas, trusts_of, ways_of
from onesystem.twin.network.checks import checked
from onesystem.twin.network.loads import loads
from onesystem.vocabulary.errors import NotFound, UserError

NORFOLK = "E54000022"


def test_every_board_of_england_is_there():
    assert len(areas()) == 42
    people = sum(sum(each.people.values()) for each in areas().values())
    assert people == pytest.approx(56_550_000, rel=0.001)  # England, mid-2020 (ONS)


@pytest.mark.parametrize("name", [NORFOLK, "QMM", "qmm", "norfolk"])
def test_an_area_has_a_code_and_a_name(name):
    assert area_of(name).code == NORFOLK


@pytest.mark.parametrize(
    ("said", "meant"), [("norfok", "Norfolk"), ("Devan", "Devon"), ("QMN", "Q")]
)
def test_an_area_that_is_not_there_is_answered_with_the_nearest(said, meant):
    with pytest.raises(NotFound, match=f"Did you mean '{meant}"):
        area_of(said)


def test_a_name_of_several_areas_asks_for_one():
    with pytest.raises(UserError, match="Name one by its code"):
        area_of("London")


@pytest.mark.parametrize("code", sorted(areas()))
def test_every_area_has_a_twin_that_holds(code):
    model, figures = first_twin(areas()[code])
    assert model_of(model_text(model)) == checked(model)
    for name, load in loads(model).items():
        assert 0.5 < load < 1.1, name
    assert {each.kind for each in figures} == {PUBLISHED, DERIVED, ASSUMED}
    assert all(each.source and not math.isnan(each.value) for each in figures)


def test_ways_on_sum_to_one():
    for trust, _ in trusts_of(areas()[NORFOLK], least=0.05):
        assert sum(ways_of(trust).values()) == pytest.approx(1)


def test_an_area_without_trusts_says_what_to_do():
    with pytest.raises(UserError, match="--least"):
        first_twin(areas()[NORFOLK], least=0.999)


def test_beds_are_as_full_as_published():
    area = areas()[NORFOLK]
    model, _ = first_twin(area)
    model = replace(model, horizon=model.warm_up + 90 * 24, replications=3)
    result = result_of(model, replications(model))
    for trust, _ in trusts_of(area, least=0.05):
        beds = result.nodes[f"Beds, {trust.plain}"]
        assert beds.busy.mean == pytest.approx(trust.occupied, rel=0.08)
        into = result.nodes[f"ED, {trust.plain}"].classes["all"].arrived.mean
        assert into / 90 == pytest.approx(trust.attendances, rel=0.02)


def test_the_command_writes_the_model_and_its_figures(tmp_path):
    out = tmp_path / "first.json"
    told = CliRunner().invoke(new, ["--area", "QMM", "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert json.loads(out.read_text())["name"] == "Norfolk and Waveney: first twin"
    figures = out.with_suffix(".figures.csv").read_text()
    assert "general and acute beds open" in figures
    again = CliRunner().invoke(new, ["--area", "QMM", "--out", str(out)])
    assert again.exit_code == 2
    assert "there already" in again.output
    assert CliRunner().invoke(new, ["--area", "QMM", "--out", str(out), "--force"]).exit_code == 0


def test_the_command_lists_the_areas():
    told = CliRunner().invoke(new, ["--list"])
    assert len(told.output.splitlines()) == 42
    assert "QMM\tE54000022\t1,032,661" in told.output
