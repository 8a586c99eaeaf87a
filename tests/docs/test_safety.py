"""The safety documents cannot drift: what they name exists, and what they work out is right."""

import re
import runpy
from functools import cache
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parents[2]
SAFETY = ROOT / "docs" / "safety"
DOCUMENTS = sorted(SAFETY.glob("*.md"))
NODE = re.compile(r"`(tests/[\w/]+\.py)::((?:\w+::)*\w+)`")
LOG = (SAFETY / "hazard-log.md").read_text(encoding="utf-8")
RISK = re.compile(r"likelihood ([\w ]+), severity (\w+): (\d)")


@cache
def names_in(path):
    """The tests of a file, and the classes they are in."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return set(re.findall(r"(?m)^ *(?:def|class) (\w+)", text))


def matrix():
    """The class of each risk, as the table of the hazard log has it."""
    head, *rows = re.findall(r"(?m)^\| likelihood .*$|^\| (?:very )?\w+ \| \d.*$", LOG)
    severities = [cell.strip() for cell in head.strip("|").split("|")][1:]
    return {
        (likelihood, severity): int(level)
        for row in rows
        for likelihood, *levels in [[cell.strip() for cell in row.strip("|").split("|")]]
        for severity, level in zip(severities, levels, strict=True)
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_control_is_a_test_or_a_page(document):
    text = document.read_text(encoding="utf-8")
    named = NODE.findall(text)
    missing = [
        f"{path}::{node}"
        for path, node in named
        if not (ROOT / path).exists() or not set(node.split("::")) <= names_in(path)
    ]
    assert missing == []
    for page in re.findall(r"page `(/[^`]*)`", text):
        try:
            resolve(page)
        except Resolver404:
            missing.append(page)
    assert missing == []
    # What looks like a test and is written otherwise would be passed over above.
    assert text.count("`tests/") == len(named)


def hazards():
    """The hazards by their headings, each with its rows."""
    for part in re.split(r"(?m)^### ", LOG)[1:]:
        title, _, body = part.partition("\n")
        rows = re.findall(r"(?m)^\| ([\w' ]+) \| (.+) \|$", body)
        yield title, dict(rows)


@pytest.mark.parametrize(
    ("title", "rows"), list(hazards()), ids=[title.split()[0] for title, _ in hazards()]
)
def test_a_hazard_is_whole_and_its_class_is_the_matrixs(title, rows):
    asked = {"Causes", "Effect", "Initial risk", "Controls", "Residual risk", "Owner", "Status"}
    assert asked <= rows.keys()
    assert NODE.search(rows["Controls"])
    initial, residual = (RISK.match(rows[f"{when} risk"]) for when in ("Initial", "Residual"))
    levels = matrix()
    assert len(levels) == 25
    for risk in (initial, residual):
        assert levels[risk[1], risk[2]] == int(risk[3]), title
    assert int(residual[3]) <= int(initial[3])
    # An undesirable risk is not called controlled.
    assert rows["Status"].startswith("open" if int(residual[3]) > 2 else ("controlled", "open"))


def test_hazards_are_numbered_and_every_part_of_the_loop_has_some():
    titles = [title for title, _ in hazards()]
    assert [title.split()[0] for title in titles] == [f"H{n}" for n in range(1, len(titles) + 1)]
    parts = re.findall(r"(?m)^## (.+)$", LOG)
    assert [p for p in parts if p in {"Join", "See", "Try", "Agree", "Deliver", "Prove"}] == [
        "Join", "See", "Try", "Agree", "Deliver", "Prove",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def licences():
    """The tool that writes the page of licences."""
    return runpy.run_path(str(ROOT / "tools" / "licences.py"))


def test_the_page_of_licences_is_as_it_would_be_written(licences):
    """Where it is not: python tools/licences.py"""
    assert (SAFETY / "licences.md").read_text(encoding="utf-8") == licences["made"]()


def test_nothing_at_run_time_is_under_the_gpl_or_the_agpl_alone(licences):
    needed = licences["packages"]("pdf", "spark", "peers")
    told = {name: licences["licence_of"](name) for name in needed}
    assert len(needed) > 60
    assert [name for name in needed if licences["is_copyleft"](told[name])] == []
    assert [name for name, licence in told.items() if licence.startswith("not ")] == []


@pytest.mark.parametrize(
    ("licence", "alone"),
    [
        ("GPL-3.0-only", True),
        ("AGPL-3.0-or-later", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("GNU Affero General Public License v3", True),
        ("GPL-2.0-or-later OR MIT", False),
        ("LGPL-3.0-only", False),
        ("MIT", False),
    ],
)
def test_a_licence_that_is_the_gpl_alone_is_known(licences, licence, alone):
    assert licences["is_copyleft"](licence) is alone


def test_every_folder_of_data_says_whose_they_are(licences):
    told = {folder for folder, _, _ in licences["data"]()}
    told |= {"src/onesystem/record/keeping/data"}  # each row names its source
    kinds = {".parquet", ".csv", ".zst", ".gz", ".dict"}
    shipped = {
        file.parent.relative_to(ROOT).as_posix()
        for file in (ROOT / "src").rglob("*")
        if file.suffix in kinds
    }
    assert shipped - told == set()
