"""The checklist names tests that exist, and the page says what it says."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from onesystem.access.checklist import LINES, page
from onesystem.cli.audit import audit

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reference/access-checklist.md"


@pytest.mark.parametrize("test", sorted({test for line in LINES for test in line.tests}))
def test_the_test_exists(test):
    file, _, name = test.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^(class|def) {name}\b", text, re.MULTILINE)


def test_the_page_says_it():
    if os.environ.get("WRITE"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_command_prints_every_line():
    said = CliRunner().invoke(audit, ["checklist"]).output
    assert all(line.what in said for line in LINES)
