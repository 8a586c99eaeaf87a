"""PostgreSQL is killed under a live feed: a replica goes on, a backup goes back to a moment."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from clusters import clusters, url_of
from hl7_samples import adt
from test_hl7_mllp import Sender

__all__ = ["clusters"]
pytestmark = pytest.mark.postgres
HERE = Path(__file__).parent
MIGRATE = "from onesystem.cli.opened import open_district; open_district()"
PENDING = (
    MIGRATE
    + """
from onesystem.district import current
from onesystem.feeds import process_pending
from onesystem.feeds.intake import pipeline_of
process_pending(pipeline_of(current()))
"""
)


def around(folder, url):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ONESYSTEM", "DATABASE"))}
    return kept | {
        "ONESYSTEM_DISTRICT": str(folder), "DATABASE_URL": url, "PYTHONWARNINGS": "ignore",
    }  # fmt: skip


def run(code, folder, url):
    subprocess.run([sys.executable, "-c", code], env=around(folder, url), check=True)


def told(first, last):
    """A message each of people who arrive on the ward."""
    return [
        adt("A01", visit=f"V{i}", person=f"{i}", number=f"N{i}", nhs="") for i in range(first, last)
    ]


def wait_for(count, cluster):
    """Wait until so many messages are read into a store."""
    for _ in range(1800):
        if cluster.ask("SELECT count(*) FROM feeds_message WHERE state = 'read'") == count:
            return
        time.sleep(0.1)
    raise AssertionError(f"{count} messages did not come into the store")


def held(cluster):
    """Messages, contacts, identities, and how many messages were counted."""
    counts = ("feeds_message", "contacts_contact", "people_identity")
    return [cluster.ask(f"SELECT count(*) FROM {table}") for table in counts] + [
        cluster.ask("SELECT landed FROM feeds_sourcecount")
    ]


def test_a_failover_and_a_restore_to_a_moment_lose_no_message(district, clusters):
    """The replica was behind when its primary died; the backup is of a moment before that.

    Sixty messages are acknowledged: twenty that the replica has, twenty that only the primary
    had, and twenty after it was promoted. The store of the backup is then put in place of both.
    """
    primary = clusters("primary").made()
    archive = primary.home
    primary.started(archive_mode="on", archive_command=f"cp %p {archive}/%f")
    run(MIGRATE, district.path, url_of(primary))
    standby = clusters("standby").copied_from(primary)
    backup = clusters("backup").same_as(standby)
    standby.started()

    listener = subprocess.Popen(
        [sys.executable, str(HERE / "listen_run.py")],
        env=around(district.path, url_of(primary, standby)), stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    sender = Sender(int(listener.stdout.readline()))
    try:
        sender.send(*told(0, 20))
        wait_for(20, primary)
        moment = datetime.now(UTC)
        standby.stopped()
        sender.send(*told(20, 40))
        wait_for(40, primary)
        primary.archived()
        primary.killed()
        standby.started()
        standby.promoted()
        assert held(standby)[0] == 20
        sender.send(*told(40, 60))
        assert {code for code, _ in sender.codes(60)} == {b"AA"}
        wait_for(60, standby)
        assert held(standby) == [60] * 4
        listener.send_signal(signal.SIGTERM)
        assert listener.wait(120) == 0
    finally:
        listener.kill()
        listener.wait()
        listener.stdout.close()
        sender.close()

    standby.killed()
    (backup.folder / "standby.signal").rename(backup.folder / "recovery.signal")
    backup.started(
        restore_command=f"cp {archive}/%f %p", recovery_target_time=moment.isoformat(" "),
        recovery_target_action="promote",
    )  # fmt: skip
    backup.recovered()
    assert held(backup) == [20] * 4
    run(PENDING, district.path, url_of(backup))
    assert held(backup) == [60] * 4
