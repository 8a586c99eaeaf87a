"""Runs that go wrong: a clear word, no partial file taken for whole, nothing left running."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from onesystem.cli.twin import twin
from onesystem.twin import Cancelled, model_of, replications

_LONG = {
    "nodes": {"A": {"servers": 20, "service": {"exponential": {"mean": 1}}}},
    "arrivals": {"in": {"node": "A", "rate": 18}},
    "horizon": 1e8,
    "replications": 50,
}


def _file(folder: Path, said: dict[str, Any]) -> str:
    path = folder / "model.json"
    path.write_text(json.dumps(said))
    return str(path)


def _command(*arguments: str) -> list[str]:
    return [
        sys.executable,
        "-c",
        "from onesystem.cli import main; main()",
        "twin",
        "run",
        *arguments,
    ]


@pytest.mark.parametrize(
    ("node", "says"),
    [
        ({"service": 1, "next": "A"}, "can never leave the network"),
        ({"service": 1, "next": {"A": 0.5, "out": 0.4}}, "the shares sum to 0.9, not 1"),
        ({"service": 1, "servers": {"changes": [[8, 1]]}}, "has a gap"),
        ({"service": {"lognormal": {"mean": -2, "cv": 1}}}, "mean is -2; it must be above 0"),
    ],
)
def test_a_model_that_cannot_be_run(tmp_path: Path, node: dict[str, Any], says: str) -> None:
    """The place, the rule and the cure; and no file of contacts."""
    said = _LONG | {"nodes": {"A": node}}
    out = tmp_path / "contacts.parquet"
    made = CliRunner().invoke(twin, ["run", _file(tmp_path, said), "--contacts", str(out)])
    assert made.exit_code != 0
    assert says in str(made.exception) + made.output
    assert not out.exists()


def test_a_queue_without_end_is_named(tmp_path: Path) -> None:
    said = _LONG | {
        "nodes": {"A": {"servers": 9, "service": 1}},
        "horizon": 50,
        "replications": 2,
    }
    made = CliRunner().invoke(twin, ["run", _file(tmp_path, said)])
    assert made.exit_code == 0
    assert "A: the queue grows without end" in made.output
    assert "200%" in made.output


def test_cancelled_from_another_thread() -> None:
    """It stops within a portion of events, and no thread of it is left."""
    stop, before = threading.Event(), threading.active_count()
    threading.Timer(0.2, stop.set).start()
    with pytest.raises(Cancelled, match="was cancelled"):
        list(replications(model_of(json.dumps(_LONG)), stop=stop, workers=2))
    deadline = time.monotonic() + 60
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before


def test_who_reads_no_further_leaves_nothing_running() -> None:
    """The first replication is enough; the others are stopped."""
    said = _LONG | {"horizon": 10, "replications": 400}
    runs = replications(model_of(json.dumps(said)), workers=2)
    next(runs)
    runs.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("ThreadPoolExecutor")]


def _hear() -> None:
    """Ctrl-C counts, though whoever started these tests in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _stop(run: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Send it until the process ends, as a reader would who presses Ctrl-C again."""
    for _ in range(24):
        run.send_signal(how)
        try:
            run.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        return
    run.kill()
    pytest.fail("it does not stop")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_stopped_in_the_middle(tmp_path: Path, how: signal.Signals) -> None:
    """Ctrl-C, or killed: no file under the name that was asked for, and an older one is kept."""
    out = tmp_path / "contacts.parquet"
    out.write_bytes(b"of an older run")
    said = _LONG | {"horizon": 1000}
    run = subprocess.Popen(
        _command(_file(tmp_path, said | {"replications": 100_000}), "--contacts", str(out)),
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ, start_new_session=True,
        preexec_fn=_hear,  # noqa: PLW1509 - it sets a signal and nothing else
    )  # fmt: skip
    part = tmp_path / "contacts.parquet.part"
    deadline = time.monotonic() + 300  # where the engine has to be compiled first
    while not (part.exists() and part.stat().st_size > 100) and time.monotonic() < deadline:
        time.sleep(0.02)
    _stop(run, how)
    assert run.returncode != 0
    assert out.read_bytes() == b"of an older run"
    if how == signal.SIGINT:
        assert sorted(path.name for path in tmp_path.iterdir()) == [out.name, "model.json"]


@pytest.mark.parametrize("workers", [1, 4])
def test_contacts_are_handed_over_in_order(workers: int) -> None:
    """Block by block, one replication after another, as those that are kept."""
    model = model_of(json.dumps(_LONG | {"horizon": 9000, "replications": 3, "warm_up": 500}))
    kept = [each.rows for each in replications(model, contacts=True)]
    taken: list[tuple[int, Any]] = []
    runs = replications(
        model, contacts=lambda number, rows: taken.append((number, rows)), workers=workers
    )
    assert [each.rows for each in runs] == [None] * 3
    numbers = [number for number, _ in taken]
    assert numbers == sorted(numbers)
    for number, rows in enumerate(kept):
        found = np.concatenate([block for which, block in taken if which == number])
        assert np.array_equal(found, rows)


def test_interrupted_while_the_engine_is_compiled(tmp_path: Path) -> None:
    """Ctrl-C ends it soon, with no half engine in the cache and no compiler left running."""
    cache = tmp_path / "cache"
    run = subprocess.Popen(
        _command(_file(tmp_path, _LONG)), stderr=subprocess.PIPE, stdout=subprocess.PIPE,
        env=os.environ | {"XDG_CACHE_HOME": str(cache)}, start_new_session=True,
        preexec_fn=_hear,  # noqa: PLW1509 - it sets a signal and nothing else
    )  # fmt: skip
    while run.poll() is None and not list(cache.glob("onesystem/*.lock")):
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    said = run.communicate(timeout=300)[1]
    assert run.returncode != 0
    assert b"Traceback" not in said
    assert [path.suffix for path in cache.glob("onesystem/*")] == [".lock"]
