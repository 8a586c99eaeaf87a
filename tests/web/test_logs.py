"""A log names no one."""

import subprocess
import sys

SCRIPT = """
import structlog
from onesystem.web import logs
logs.configure()
def read(family):
    born = "-".join(["1950", "02", "03"])
    raise ValueError("the record cannot be read")
try:
    read("Fitzwilliam")
except ValueError:
    structlog.get_logger("x").exception("a page failed", person=17)
"""


def test_a_traceback_in_the_log_shows_no_values():
    """The values of variables are people's names: only files and lines are told."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert "the record cannot be read" in done.stderr
    assert "person=17" in done.stderr
    assert "1950-02-03" not in done.stderr
    assert done.stdout == ""
