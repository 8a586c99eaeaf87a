"""`onesystem charge` and its published JSON Schemas."""

import json
from importlib.resources import files

import jsonschema_rs
import pytest
from click.testing import CliRunner

from onesystem.budget.entitlement.case import PREMIUMS, SETTINGS
from onesystem.budget.entitlement.kinds import CAPITAL, HOME, INCOME, kinds
from onesystem.cli import main, root

CASE = {
    "day": "2025-05-01", "setting": "care home", "cost": 950_00, "age": 84, "band": "critical",
    "income": [{"kind": "state pension", "amount": 260_00}],
    "capital": [{"kind": "savings", "amount": 18_000_00}],
}  # fmt: skip


def schema(name):
    path = files("onesystem.budget").joinpath(f"schemas/charge-{name}.schema.json")
    return json.loads(path.read_text())


@pytest.fixture
def ask(tmp_path):
    """Run the command on a case in an empty district folder."""

    def asks(said, *more):
        file = tmp_path / "case.json"
        file.write_text(said if isinstance(said, str) else json.dumps(said))
        return CliRunner().invoke(root, ["-d", str(tmp_path), "charge", str(file), *more])

    return asks


def test_the_answer_is_as_its_schema_says(ask):
    answer = json.loads(ask(CASE, "--json").stdout)
    jsonschema_rs.validator_for(schema("result")).validate(answer)
    assert (answer["pays"], answer["council"], answer["nhs"]) == (244_35, 705_65, 0)


def test_the_case_is_as_its_schema_says():
    check = jsonschema_rs.validator_for(schema("case"))
    check.validate(CASE)
    assert not check.is_valid({**CASE, "cost": 9.5})
    assert not check.is_valid({**CASE, "colour": "red"})


def test_the_schema_knows_the_kinds_that_there_are():
    said = schema("case")["properties"]
    assert said["setting"]["enum"] == list(SETTINGS)
    assert said["premiums"]["items"]["enum"] == list(PREMIUMS)
    for of in (INCOME, CAPITAL):
        assert set(said[of]["items"]["properties"]["kind"]["enum"]) == set(kinds(of))
    assert set(said["home"]["properties"]["lives"]["enum"]) == set(kinds(HOME))


@pytest.mark.parametrize("name", ["case", "result"])
def test_the_schemas_are_printed(name):
    assert json.loads(CliRunner().invoke(root, ["charge", "--schema", name]).stdout) == schema(name)


def test_all_that_fits(ask):
    made = json.loads(ask(CASE, "--all", "--json").stdout)
    by = {each["rules"]: each["pays"] for each in made}
    assert by["law"] == 244_35
    assert by["barker-v1"] == 200_00  # board and lodging: 200 a week assumed, of 244.35 that can be
    assert by["cap-86000"] == 260_00 - 30_65  # under 20,000 nothing is counted for capital
    assert "nz" not in by


def test_another_date_and_rule_set(ask):
    made = json.loads(ask(CASE, "--date", "2026-05-01", "--rules", "last-year", "--json").stdout)
    assert (made["rules"], made["day"], made["pays"]) == ("last-year", "2025-05-01", 244_35)


def test_the_working_is_a_table_for_people(ask):
    shown = ask(CASE).stdout
    assert "£244.35" in shown
    assert "personal expenses allowance" in shown


def test_a_districts_own_table_comes_first(ask, tmp_path):
    (tmp_path / "charges.toml").write_text("""
[[table]]
name = "personal expenses allowance"
since = 2025-04-06
source = "Testshire"
[table.amounts]
amount = 4000
""")
    assert json.loads(ask(CASE, "--json").stdout)["pays"] == 260_00 + 15_00 - 40_00


@pytest.mark.parametrize(
    ("said", "more", "words"),
    [
        ("{", (), "no JSON"), ([], (), "a table of keys"),
        ({**CASE, "cost": 1.5}, (), "cost is 1.5"),
        (CASE, ("--rules", "barker"), "no rule set"),
        (CASE, ("--rules", "nz"), "in GBP"),
        (CASE, ("--date", "2001-01-01"), "no rate"), (CASE, ("--date", "soon"), "day is 'soon'"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_and_an_exit_code(said, more, words, tmp_path, capsys):
    file = tmp_path / "case.json"
    file.write_text(said if isinstance(said, str) else json.dumps(said))
    with pytest.raises(SystemExit) as stopped:
        main(["-d", str(tmp_path), "charge", str(file), *more])
    assert stopped.value.code in {9, 10}
    assert words in capsys.readouterr().err


def test_no_case_and_the_list():
    assert "Barker, first stage" in CliRunner().invoke(root, ["charge", "--list"]).stdout
    assert CliRunner().invoke(root, ["charge"]).exit_code != 0
