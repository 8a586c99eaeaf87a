"""`kill -9` at every write of a feed loses nothing and doubles nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

HERE = Path(__file__).parent
MAPPING = """
name = "visits"
version = 1
[applies_to]
columns = ["id", "who", "place", "in", "out"]
[contact]
key = "id"
subject = "who"
service = "place"
setting = { fixed = "community" }
started = "in"
ended = "out"
"""
ROWS = "id,who,place,in,out\n" + "".join(
    f"{i},p{i % 4},nursing,2021-0{3 + i % 2}-1{i % 9} 09:00,2021-0{3 + i % 2}-1{i % 9} 10:00\n"
    for i in range(24)
)


@pytest.fixture
def template(district, tmp_path):
    """A district folder with its store made, to be copied for every kill."""
    folder = district.path
    (folder / "mappings").mkdir()
    (folder / "mappings" / "visits.toml").write_text(MAPPING)
    (tmp_path / "visits.csv").write_text(ROWS)
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    code = "from onesystem.cli.opened import open_district; open_district()"
    subprocess.run(
        [sys.executable, "-c", code], env=env | {"ONESYSTEM_DISTRICT": str(folder)}, check=True
    )
    return folder


@pytest.fixture
def scratch(tmp_path):
    """In memory where the system has it: a kill asks nothing of the disk that a copy does not."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        yield folder


def test_at_every_write(template, scratch):
    """Each kill is followed by a restart that is sent everything again, and the end is the same.

    ONESYSTEM_FULL=1 kills at every statement inside a transaction too (some minutes).
    """
    every = ["every"] if os.environ.get("ONESYSTEM_FULL") else []
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(HERE / "fault_run.py"), str(template),
         scratch, *every],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["wrong"] == [], done.stderr[-3000:]
    assert result["writes"] > 40
    assert result["messages"] == 37
