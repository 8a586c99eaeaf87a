"""A process of a served district that has grown says so, and another takes its place."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system tells of it on Linux")
# Forked from a process of its own: one with threads, as a test runner has, is not forked.
_PROGRAM = """
import os
from onesystem.cli.lean import Growth

shared = bytearray(b"x" * (60 << 20))
child = os.fork()
if child == 0:
    growth = Growth()
    {work}
    os._exit(any(growth.too_much() for _ in range(32)))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def makes_room(work):
    """Whether a forked process, having done the work, finds that it has grown too much."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(work=work)],
        capture_output=True,
        text=True,
        check=True,
    )
    return {"0": False, "1": True}[done.stdout.strip()]


def test_one_that_did_little_goes_on():
    """A page or two."""
    assert not makes_room("kept = bytearray(1 << 20)")


def test_one_that_took_more_makes_room():
    """Memory that it did not have."""
    assert makes_room('kept = bytearray(b"x" * (40 << 20))')


def test_one_that_wrote_to_what_was_shared_makes_room():
    """It seems no larger, and shares no longer."""
    assert makes_room("shared[::4096] = bytes(len(shared[::4096]))")


_GAPS = """
import ctypes
from onesystem.cli import lean

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
pieces = [libc.malloc(2000) for _ in range(4000)]
for piece in pieces[::2]:
    libc.free(piece)
print(lean.fill_gaps(), lean.fill_gaps(), hasattr(libc, "mallinfo2"))
"""


def test_no_gap_is_left_for_a_fork_to_write_into():
    """Four megabytes of gaps in a heap are taken; then there is nothing more to take."""
    done = subprocess.run([sys.executable, "-c", _GAPS], capture_output=True, text=True, check=True)
    first, again, glibc = done.stdout.split()
    if glibc != "True":
        pytest.skip("the system's C library does not tell of its heap")
    assert int(first) > 3_500_000
    assert int(again) < 100_000


def test_arrow_brings_no_pandas_and_the_log_no_colours():
    """Sixty megabytes that no page needs; whoever does need it can still load it."""
    script = (
        "import sys\nfrom onesystem.cli import warming\nwarming.prepare()\nimport pyarrow as pa\n"
        "pa.array([1, 2]).to_pylist()\npa.table({'a': [1]}).to_pylist()\n"
        "assert 'pandas' not in sys.modules and 'rich' not in sys.modules\n"
        "import pandas, rich.table\nprint(pandas.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "pandas"


_FILES = """
import re
from pathlib import Path
import numpy
from onesystem.cli import lean

def clean():
    said = Path("/proc/self/smaps_rollup").read_text()
    size = dict(re.findall(r"^(Pss|Pss_Dirty): +([0-9]+) kB", said, re.MULTILINE))
    return int(size["Pss"]) - int(size["Pss_Dirty"])

before = clean()
lean.let_go_of_files()
print(before, clean(), numpy.arange(5).sum())
"""


def test_what_was_only_read_of_libraries_is_let_go_and_comes_back():
    """A library that was loaded takes little until it is used again, and then it works."""
    done = subprocess.run(
        [sys.executable, "-c", _FILES], capture_output=True, text=True, check=True
    )
    before, after, total = map(int, done.stdout.split())
    assert after < before / 2
    assert total == 10
