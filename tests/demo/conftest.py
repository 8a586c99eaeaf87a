"""A small demo, made once for all tests of this folder."""

import os
import subprocess
import sys
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
    """A demo district of 500 people, made by the command as a user would."""
    folder = tmp_path_factory.mktemp("demo") / "district"
    run(["demo", "make", str(folder), "--people", "500", "--years", "1"])
    return folder


def run(args, **more):
    """The command line in a process of its own, on its own store."""
    own = {"DATABASE_URL", "ONESYSTEM_DISTRICT"}
    env = {k: v for k, v in os.environ.items() if k not in own}
    return subprocess.run(
        [sys.executable, "-m", "onesystem.cli", *args],
        env=env, capture_output=True, text=True, check=more.pop("check", True), **more,
    )  # fmt: skip
