"""`onesystem plan case` and `plan skill`: any area, all of them, one's own files; no traceback."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from test_own_people import PEOPLE

from onesystem.cli.plan_case import case
from onesystem.cli.plan_skill import skill
from onesystem.vocabulary import UserError


def run(*said, command=case):
    return CliRunner().invoke(command, said, catch_exceptions=False)


def test_says_what_doing_nothing_leads_to():
    told = run("--area", "E54000022")
    assert "Norfolk and Waveney (QMM), doing nothing, 2026 to 2046" in told.output
    assert "General and acute beds" in told.output


def test_any_of_the_42_boards_works():
    told = run("--all", "--csv", "--years", "5")
    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert len({row["Area"] for row in rows}) == 42
    assert "42 cases in" in told.stderr


def test_writes_what_is_asked(tmp_path):
    report, book = tmp_path / "case.html", tmp_path / "case.xlsx"
    told = run("--area", "Canterbury", "--set", "growth-emergency=2", "--json",
               "--report", str(report), "--workbook", str(book))  # fmt: skip
    data = json.loads(told.stdout)
    assert data["area"]["code"] == "NZ-CANTERBURY"
    assert next(a for a in data["assumptions"] if a["key"] == "growth-emergency")["value"] == 2
    assert "The case for change: Canterbury" in report.read_text(encoding="utf-8")
    assert book.read_bytes()[:2] == b"PK"


def test_reads_a_folder_of_ones_own(tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "area.toml").write_text('name = "My town"\nyear = 2023\n', encoding="utf-8")
    assert "My town (own)" in run("--own", str(tmp_path)).output


def test_names_every_area():
    lines = run("--list").output.splitlines()
    assert len(lines) == 73
    assert "2014-devon" in "\n".join(lines)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ((), "No area is named"),
        (("--area", "QMM", "--all"), "one of"),
        (("--area", "Norfok"), "Did you mean"),
        (("--area", "QMM", "--set", "growth"), "KEY=NUMBER"),
        (("--area", "QMM", "--set", "gruth-ed=1"), "no assumption"),
        (("--area", "QMM", "--report", "case.doc"), "neither .html nor .pdf"),
        (("--all", "--workbook", "all.xlsx"), "of one area"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_cure(said, words):
    with pytest.raises(UserError, match=words):
        run(*said)


def test_skill_prints_errors_beside_naive_ones():
    text = run(command=skill).output
    assert "growth goes on" in text
    assert "foreseen +40%" in text
    told = json.loads(run("--json", command=skill).output)
    assert len(told["people"]) == 12
    assert {row["measure"] for row in told["series"]} >= {"attendances", "waiting"}
