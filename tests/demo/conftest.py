"""A small demo, made once for all tests of this folder."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from onesystem.demo import keeping
from onesystem.demo.history import Span, begin
from onesystem.demo.keeping import Told
from onesystem.demo.progress import Made
from onesystem.demo.seconds import DAY
from onesystem.demo.sent import LIVE

NOW = int(datetime(2026, 11, 20, 15, 30, tzinfo=UTC).timestamp())


def imagine(people=4000, years=1, seed=1, district="norfolk-waveney"):
    """A demo's world and streams, before any source writes them."""
    made = Made(district, people, years, seed, NOW)
    world, today = keeping.fresh(made), NOW // DAY
    streams = begin(world, Span(today - round(years * 365.25), today + 2))
    return Told(made, world, streams, NOW - LIVE, 0, today + 2)


@pytest.fixture(scope="session")
def imagined():
    """Four thousand people and a year. Tests that tell it on take a copy of their own."""
    return imagine()


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory):
    """A demo district of 500 people, made by the command as a user would.

    Its making is killed twice, within a part of a room: what the tests find is what a making that
    was killed leaves in the end.
    """
    folder = tmp_path_factory.mktemp("demo") / "district"
    make = ["demo", "make", str(folder), "--people", "500", "--years", "1"]
    for before in ("care: services", "plan"):
        kill_within(make, folder, before)
    run(make)
    return folder


def kill_within(make, folder, before):
    """Kill the making once a part is under way that comes after a step, with its clock set back."""
    process = subprocess.Popen([sys.executable, "-m", "onesystem.cli", *make], env=own_env(),
                               stderr=subprocess.DEVNULL)  # fmt: skip
    while before not in done_of(folder) or not (folder / "clock.before").exists():
        assert process.poll() is None, f"the demo was made before it was killed after {before}"
        time.sleep(0.01)
    process.kill()
    process.wait()


def done_of(folder):
    noted = folder / "demo.json"
    return json.loads(noted.read_text())["done"] if noted.exists() else []


def own_env():
    """This process's, but for what names a store or a district."""
    own = {"DATABASE_URL", "ONESYSTEM_DISTRICT"}
    return {k: v for k, v in os.environ.items() if k not in own}


def run(args, **more):
    """The command line in a process of its own, on its own store."""
    return subprocess.run(
        [sys.executable, "-m", "onesystem.cli", *args],
        env=own_env(), capture_output=True, text=True, check=more.pop("check", True), **more,
    )  # fmt: skip
