"""The large side of a full computation: what one portion, one file or one batch ends with."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from onesystem.flow.measures import packing
from onesystem.flow.measures.columns import computing
from onesystem.flow.measures.columns.given import in_order

DIGESTS = """
import django
django.setup()
from onesystem.flow.measures import keeping, library
print({name: keeping.digest(each) for name, each in library.shipped().items()})
"""


def batches(rows, size):
    """Rows as batches of so many, sorted as DuckDB gives them."""
    table = pa.table({
        "kept": pa.array([r[0] for r in rows], pa.int32()),
        "week": pa.array([r[1] for r in rows], pa.int32()),
        "service": pa.array([r[2] for r in rows], pa.int32()),
        "person": pa.array([r[3] for r in rows], pa.int64()),
    })  # fmt: skip
    return table.to_batches(max_chunksize=size)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_run_may_go_over_batches(size):
    rows = [
        (1, 10, 0, 3), (1, 10, 0, 5), (1, 10, 1, 3), (1, 11, 1, 3),
        (2, 11, 1, 1), (2, 11, 1, 2), (2, 11, 1, 9),
    ]  # fmt: skip
    found = [(key, np.concatenate(p).tolist()) for key, p in computing._runs(batches(rows, size))]
    assert found == [
        ((1, 10, 0), [3, 5]),
        ((1, 10, 1), [3]),
        ((1, 11, 1), [3]),
        ((2, 11, 1), [1, 2, 9]),
    ]


def test_nobody_behind_anything_is_no_run():
    assert list(computing._runs([])) == []


def test_more_people_than_memory_holds_are_put_aside(district):
    """Three million lines in a memory that holds a third of them."""
    with computing.aside() as folder:
        whole = computing.Whole(None, Path(folder), memory="48MB")
        whole._words["service"].of(["service-0", "service-1"])
        for first in range(0, 3_000_000, 100_000):
            i = np.arange(first, first + 100_000)
            whole._behind.add([i % 3, i % 100, i % 2, i * 7919 % 10_000_019])
        seen = sum(len(packing.people_in(raw)) for rows in whole.behind() for *_, raw in rows)
    assert seen == 3_000_000


def test_what_a_killed_process_left_is_taken_away(district):
    left = district.path / "measures-killed"
    left.mkdir()
    (left / "behind.tmp").write_bytes(b"x")
    with computing.aside() as folder:
        assert not left.exists()
    assert not list(district.path.glob("measures-*")), folder


def test_a_definition_is_the_same_in_every_process():
    """Sets are held in another order by each; what is kept must not be worked out anew for it."""
    told = {
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert "ambulatory-sensitive-admissions" in told.pop()


@given(
    code=arrays(np.int64, st.integers(0, 60), elements=st.integers(0, 5)),
    times=st.sampled_from([1, 10**6, 1 << 59]),
)
def test_numbers_are_put_in_order_as_they_come(code, times):
    """Whether or not there is room for their places in the numbers themselves."""
    order, sorted_ = in_order(code * times)
    assert order.tolist() == np.argsort(code, kind="stable").tolist()
    assert sorted_.tolist() == sorted((code * times).tolist())
