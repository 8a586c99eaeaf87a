"""`onesystem pooled`: anybody checks a share-out by it; the schemas say what goes in and out."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pooled_year import agreement

from onesystem.budget.pooled import codec
from onesystem.cli.pooled import pooled
from onesystem.vocabulary import UserError


@pytest.fixture
def files(tmp_path):
    """An agreement and what was spent, as files."""
    one, other = tmp_path / "agreement.json", tmp_path / "spent.json"
    one.write_text(codec.written(agreement()))
    other.write_text(json.dumps({"reablement": 470_00, "home-care": 290_00, "homes": 100_00,
                                 "falls-car": 100_00}))  # fmt: skip
    return [str(one), str(other)]


def schema(name):
    return json.loads(CliRunner().invoke(pooled, ["share", "--schema", name]).output)


def test_a_share_out_is_checked_without_a_district(files):
    result = CliRunner().invoke(pooled, ["share", *files, "--json"])
    told = json.loads(result.output)
    assert told["pays"] == {"hospital": -26_67, "community": -13_33}
    assert [line["rule"] for line in told["lines"]][:3] == ["overspend", "underspends", "risk-pool"]


def test_what_goes_in_and_out_is_as_the_schemas_say(files):
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    for name, path in zip(("agreement", "spent"), files, strict=True):
        said = json.loads(Path(path).read_text(encoding="utf-8"))
        jsonschema_rs.validator_for(schema(name)).validate(said)
    told = CliRunner().invoke(pooled, ["share", *files, "--json"]).output
    jsonschema_rs.validator_for(schema("result")).validate(json.loads(told))


def test_for_people_it_is_lines(files):
    told = CliRunner().invoke(pooled, ["share", *files]).output
    assert "Reablement at home spent more than its plan" in told


@pytest.mark.parametrize(
    ("text", "what"),
    [("nonsense", "is no JSON"), ('{"moon": 1}', "no scheme 'moon'"), ('{"reablement": 1.5}',
     "whole minor units")],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_cure(files, text, what):
    Path(files[1]).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(pooled, ["share", *files])
    assert isinstance(result.exception, UserError)
    assert what in str(result.exception)
