"""What the README and the documents show is run: console blocks, and Python blocks after them.

In a `console` block each line that begins with `$ ` is a command; what stands below it, until the
next, has to be part of what it prints (`...` stands for anything). Commands run in an empty folder
in which `messages/` holds a few HL7 v2 messages, `lists/` two lists of people, `series/` two
published series and `logs/` a log of events. A block that follows a `<!-- not run: REASON -->` is
only checked for commands and options that exist.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs" / "tutorials").glob("*.md")),
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
]
BLOCK = re.compile(
    r"(<!-- not run:[^>]*-->\n)?^```(console|python)\n(.*?)^```", re.DOTALL | re.MULTILINE
)
SAMPLES = {
    "series": ("nhsr/ae_attendances.csv", "evidence/sicily.csv"),
    "logs": ("journeys/sepsis.parquet",),
}


def blocks(document):
    """(kind, text, runs) of each block of a document."""
    text = document.read_text(encoding="utf-8")
    return [(kind, body, not skipped) for skipped, kind, body in BLOCK.findall(text)]


def commands(body):
    """(command, what it is said to print) of a console block."""
    steps = []
    for line in body.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif steps:
            steps[-1][1].append(line)
    return steps


@pytest.fixture
def place(tmp_path):
    """The folder in which a document's commands run."""
    messages = ROOT / "tests" / "data" / "hl7v2"
    shutil.copytree(messages, tmp_path / "messages", ignore=shutil.ignore_patterns("LIC*", "*.md"))
    for folder, files in SAMPLES.items():
        (tmp_path / folder).mkdir()
        for file in files:
            shutil.copy(ROOT / "tests" / "data" / file, tmp_path / folder)
    (tmp_path / "lists").mkdir()
    for name in ("a", "b"):
        rows = ["id,first_name,surname,dob"]
        rows += [f"{name}{n},Given{n},Family{n},19{n + 50}-01-02" for n in range(40)]
        (tmp_path / "lists" / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def around():
    """The environment of a reader: our commands on the path, no district and no store named."""
    env = {k: v for k, v in os.environ.items() if k not in {"ONESYSTEM_DISTRICT", "DATABASE_URL"}}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    env["ONESYSTEM_PASSWORD"] = "a long enough password"
    return env


def shell(command, place):
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=place,
        env=around(),
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_what_the_document_shows_works(document, place):
    for kind, body, runs in blocks(document):
        if not runs:
            continue
        if kind == "python":
            done = subprocess.run(
                [sys.executable, "-c", body],
                cwd=place,
                env=around(),
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{body}\n{done.stderr}"
            continue
        for command, expected in commands(body):
            done = shell(command, place)
            printed = done.stdout + done.stderr
            assert done.returncode == 0, f"$ {command}\n{printed}"
            for line in filter(None, (line.strip() for line in expected)):
                pattern = re.escape(line).replace(re.escape("..."), ".*")
                assert re.search(pattern, printed), f"$ {command}\nprints no {line!r}:\n{printed}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_command_that_is_named_exists(document):
    """Commands in text and in blocks that are not run."""
    from onesystem.cli import root

    text = document.read_text(encoding="utf-8")
    known = set(root.list_commands(None))
    text = text.replace("from onesystem import", "")
    named = re.findall(r"(?:^|[`$ /])onesystem (?:-d \S+ )?([a-z]+)\b", text, re.MULTILINE)
    prose = {"is", "runs", "on", "and", "the", "in", "as", "keeps", "reads", "needs", "takes"}
    assert {name for name in named if name not in known and name not in prose} == set()
