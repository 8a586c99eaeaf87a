"""Only one process serves a district, and a child that dies is started again."""

import os
import signal
import subprocess
import sys
import time

import pytest

from onesystem.cli.supervisor import hold, serving
from onesystem.vocabulary import Busy


def test_a_second_serve_of_the_same_district_is_refused(tmp_path):
    lock = hold(tmp_path)
    with pytest.raises(Busy, match="served already"):
        hold(tmp_path)
    assert serving(tmp_path)
    os.close(lock)
    assert not serving(tmp_path)


KEEPER = """
import os, sys, time
from onesystem.cli.supervisor import Child, keep
def work():
    with open(sys.argv[1], "a") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(60)
keep([Child("worker", work)])
"""


def pids(file, count):
    """Wait until the child has been started `count` times."""
    for _ in range(600):
        lines = file.read_text().split() if file.exists() else []
        if len(lines) >= count:
            return [int(line) for line in lines]
        time.sleep(0.05)
    raise AssertionError(f"the child was not started {count} times")


def test_a_child_that_is_killed_is_started_again_and_all_end_together(tmp_path):
    file = tmp_path / "pids"
    parent = subprocess.Popen([sys.executable, "-c", KEEPER, str(file)], stderr=subprocess.DEVNULL)
    try:
        (first,) = pids(file, 1)
        os.kill(first, signal.SIGKILL)
        _, second = pids(file, 2)
        parent.terminate()
        assert parent.wait(timeout=60) == 0
        with pytest.raises(ProcessLookupError):
            os.kill(second, 0)
    finally:
        parent.kill()
        parent.wait()


ONCE = """
import sys
from onesystem.cli.supervisor import Child, keep
def say():
    with open(sys.argv[1], "a") as file:
        file.write("1\\n")
keep([Child("once", say, once=True)])
"""


def test_a_child_that_runs_once_is_left_to_end(tmp_path):
    file = tmp_path / "runs"
    parent = subprocess.Popen([sys.executable, "-c", ONCE, str(file)])
    try:
        pids(file, 1)
        time.sleep(1.5)  # a child that ends soon would be started again after a second
        assert file.read_text().split() == ["1"]
        parent.terminate()
        assert parent.wait(timeout=60) == 0
    finally:
        parent.kill()
        parent.wait()
