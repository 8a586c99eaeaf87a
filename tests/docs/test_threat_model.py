"""The threat model is true: each line names a test that is there, or says that a risk is left."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/explanation/threat-model.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py(?:::\w+)+)`")


def lines():
    """The lines of the tables of paths: path, what stops it, what holds it."""
    paths = PAGE.read_text(encoding="utf-8").split("\n## Paths, and what stops each")[1]
    paths = paths.split("\n## ")[0]
    rows = [row.strip("|").split("|") for row in paths.splitlines() if row.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows if row[0].strip() != "path"]


@cache
def named_in(file):
    """The tests of a file, as pytest names them."""
    found = set()
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{n.name}" for n in node.body if isinstance(n, ast.FunctionDef)}
    return found


def test_each_line_names_a_test_that_is_there_or_a_risk_that_is_left():
    wrong = []
    for path, stops, held in lines():
        if held == "residual":
            if not stops.startswith("residual risk: "):
                wrong.append(f"{path}: says nothing about the risk that is left")
            continue
        named = NAMED.fullmatch(held)
        file, _, test = named[1].partition("::") if named else ("", "", "")
        if not named or not (ROOT / file).is_file() or test not in named_in(file):
            wrong.append(f"{path}: there is no test {held}")
    assert wrong == []
    assert len(lines()) > 60


def test_each_attack_that_is_tried_is_in_the_model():
    """A test of tests/attack that no file of the page names is an attack that nobody is told of."""
    page = PAGE.read_text(encoding="utf-8")
    files = sorted(file.name for file in (ROOT / "tests/attack").glob("test_*.py"))
    assert [name for name in files if f"tests/attack/{name}" not in page] == []
