"""The forms in which engines differ stand in one module, and the reference is not behind."""

import ast
import subprocess
import sys
from pathlib import Path

import onesystem.flow.measures as room

PLACE = Path(room.__file__).parent
ROOT = PLACE.parents[3]


def raw_forms(text):
    """Names of the forms that only `portable` may use, in a module's text."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr in {"delta", "nunique", "date_diff"}:
            yield node.attr
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv):
            yield "division"
        if isinstance(node, ast.Attribute) and node.attr in {"floor", "round"}:
            yield "rounding"


def test_expressions_use_no_raw_form():
    assert list(raw_forms((PLACE / "expression.py").read_text(encoding="utf-8"))) == []


def test_the_lint_knows_them():
    assert set(raw_forms("a.delta(b); a / b; x.nunique().over(w)")) == {
        "delta", "division", "nunique",
    }  # fmt: skip


def test_the_reference_of_measures_is_made_of_the_library():
    made = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "measures.py")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


def test_pages_load_no_engine():
    """What a page imports to read figures brings in no engine and no numpy."""
    code = (
        "import sys, onesystem.flow.measures.queries, onesystem.flow.measures.behind;"
        "print([m for m in ('duckdb', 'pyarrow', 'ibis', 'numpy') if m in sys.modules])"
    )
    import os

    here = dict(os.environ, DJANGO_SETTINGS_MODULE="onesystem.web.settings")
    made = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        capture_output=True, text=True, check=True, env=here,
    )  # fmt: skip
    assert made.stdout.strip() == "[]"
