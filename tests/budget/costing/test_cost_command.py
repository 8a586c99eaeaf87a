"""`onesystem cost`: contacts as JSON in, lines out, by the published schemas; the page of rules."""

import json
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest
from click.testing import CliRunner

from onesystem.budget.costing import checks, loading
from onesystem.budget.costing.rates import KINDS, UNITS
from onesystem.cli.cost import cost
from onesystem.vocabulary import BadConfig

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "costs.md"
CALL = {
    "id": "call", "setting": "general practice", "mode": "telephone",
    "started": "2026-05-01T09:00:00+01:00", "ended": "2026-05-01T09:11:00+01:00",
}  # fmt: skip
HOME = {"id": 2, "setting": "care home", "started": "2026-09-20T10:00:00Z"}
MEAL = {"id": 3, "setting": "meals", "started": "2026-05-01T12:00:00Z"}


def schema(name):
    path = files("onesystem.budget") / "schemas" / f"cost-{name}.schema.json"
    return jsonschema_rs.validator_for(json.loads(path.read_text(encoding="utf-8")))


def run(told, *options):
    text = told if isinstance(told, str) else json.dumps(told)
    return CliRunner().invoke(cost, ["lines", "-", *options], input=text, catch_exceptions=False)


def test_contacts_in_and_lines_out_by_the_schemas():
    told = {"day": "2026-11-01", "contacts": [CALL, HOME, MEAL]}
    assert schema("contacts").is_valid(told)
    made = json.loads(run(told, "--json").output)
    assert [error.message for error in schema("lines").iter_errors(made)] == []
    for contact in made["contacts"]:
        for portion in contact["portions"]:
            assert portion["minor"] == sum(line["minor"] for line in portion["lines"])
        assert contact["minor"] == sum(portion["minor"] for portion in contact["portions"])
    assert made["minor"] == sum(contact["minor"] for contact in made["contacts"])
    assert [p["month"] for p in made["contacts"][1]["portions"]] == ["2026-09", "2026-10"]
    assert made["contacts"][2]["portions"][0]["basis"] == "none"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("{", "no JSON"),
        ([], "there are no contacts"),
        ({"day": "soon", "contacts": []}, "'soon' is no day"),
        ({"day": "2026-11-01", "contacts": [CALL, CALL]}, "'call' is there twice"),
        ({"day": "2026-11-01", "contacts": [{"setting": "ED"}]}, "a contact has no id"),
        ({"day": "2026-11-01", "contacts": [{**CALL, "setting": "GP"}]}, "of the setting 'GP'"),
        ({"day": "2026-11-01", "contacts": [{**CALL, "began": 1}]}, "says 'began'"),
        (
            {"day": "2026-11-01", "contacts": [{**CALL, "started": "2026-05-01T09:00:00"}]},
            "started = '2026-05-01T09:00:00' is no moment",
        ),
    ],
)
def test_bad_contacts_are_refused_by_name(told, words):
    with pytest.raises(BadConfig, match=words):
        run(told)


def test_the_schemas_are_printed():
    for name in ("contacts", "lines"):
        shown = CliRunner().invoke(cost, ["lines", "--schema", name]).output
        assert json.loads(shown)["$id"] == f"onesystem:cost-{name}"


def test_every_key_of_the_file_is_in_the_reference():
    said = REFERENCE.read_text(encoding="utf-8")
    keys = {key for keys in checks._OF_KIND.values() for key in keys}
    rules = loading.shipped()
    groups = {s.group for s in rules.staff} | {n.code for n in rules.national}
    missing = {word for word in (*KINDS, *UNITS, *keys, *groups) if f"`{word}`" not in said}
    assert missing == set()
