"""A full disk, a lost database and two processes at once lose nothing and double nothing."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from hl7_samples import adt
from test_core_landing import FullDisk
from test_hl7_mllp import Sender, stored

from onesystem import wiring
from onesystem.feeds import rows
from onesystem.feeds.intake import pipeline_of, take_messages
from onesystem.feeds.landing import Arrival
from onesystem.feeds.landing import segment as segments
from onesystem.feeds.models import Message

HERE = Path(__file__).parent


def environment(folder):
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    return env | {"ONESYSTEM_DISTRICT": str(folder), "PYTHONWARNINGS": "ignore"}


def start(folder, *args):
    """A process on a district folder with a store of its own: the listener, or a command."""
    script = (
        ["-m", "onesystem.cli", "-d", str(folder), *args] if args else [str(HERE / "listen_run.py")]
    )
    return subprocess.Popen(
        [sys.executable, *script],
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def with_store(folder):
    code = "from onesystem.cli.opened import open_district; open_district()"
    subprocess.run([sys.executable, "-c", code], env=environment(folder), check=True)


def ended(process):
    process.send_signal(signal.SIGTERM)
    assert process.wait(120) == 0
    process.stdout.close()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own of 24 MB, where the system lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if done.returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder, left):
    """Fill the disk but for so many bytes; the file that does it."""
    ballast = folder / "ballast"
    free = os.statvfs(folder)
    with ballast.open("wb") as out, contextlib.suppress(OSError):
        out.write(b"\0" * (free.f_bavail * free.f_frsize - left))
    return ballast


def test_a_full_disk_is_told_to_the_sender_and_nothing_acknowledged_is_lost(district, small_disk):
    """AR while nothing can be made safe; AA again as soon as there is room, without a restart."""
    with_store(district.path)
    here = shutil.copytree(district.path, small_disk / "district")
    process = start(here)
    sender = Sender(int(process.stdout.readline()))
    told = [
        adt(
            "A01",
            visit=f"V{i}",
            person=f"{i}",
            number=f"N{i}",
            nhs="",
            more=["NTE|1||" + os.urandom(3000).hex()],
        )
        for i in range(60)
    ]
    ballast = fill(small_disk, left=64 << 10)
    sender.send(*told)
    before = sender.codes(60)
    assert {code for code, _ in before} == {b"AA", b"AR"}
    ballast.unlink()
    refused = [i for i, (code, _) in enumerate(before) if code == b"AR"]
    sender.send(*(told[i] for i in refused))
    after = sender.codes(60 + len(refused))[60:]
    assert [code for code, _ in after] == [b"AA"] * len(refused)
    ended(process)
    sender.close()
    kept, contacts = stored(type("Here", (), {"path": here}))
    assert [row[1] for row in kept] == ["read"] * 60
    assert contacts == 60


@pytest.mark.django_db(transaction=True)
def test_a_client_of_rest_is_told_of_a_full_disk(district, monkeypatch):
    from django.test import RequestFactory

    from onesystem.access import Actor
    from onesystem.feeds.fhir import intake, tokens

    wiring.connect()
    token = tokens.issue(source="practice", by=Actor.job("test"))

    def send():
        return intake.created(
            RequestFactory().post(
                "/fhir/Patient",
                b'{"resourceType":"Patient","id":"7"}',
                content_type="application/fhir+json",
                headers={"Authorization": f"Bearer {token}"},
            ),
            "Patient",
        )

    disk = FullDisk(left=20)
    pipeline_of(district).landing.close()
    monkeypatch.setattr(segments, "os", disk)
    assert send().status_code == 507
    assert Message.objects.count() == 0
    disk.left = 1 << 20
    assert send().status_code == 201


@pytest.mark.django_db(transaction=True)
class TestLostDatabase:
    def test_a_backend_that_is_terminated_within_a_batch(self, district, monkeypatch):
        """The batch is written again over a new connection, whole and once."""
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has no connection to lose")
        wiring.connect()
        count, lost = rows.count, []

        def terminated(*args):
            count(*args)
            if len(lost) < 3:
                lost.append(connection.connection.info.backend_pid)
                _terminate(lost[-1])

        monkeypatch.setattr(rows, "count", terminated)
        told = [adt("A01", visit=f"V{i}", person=f"{i}", nhs="") for i in range(20)]
        sent = [Arrival(source="pas", data=each, format="hl7v2") for each in told]
        assert {each.state for each in take_messages(sent)} == {"read"}
        assert len(set(lost)) == 3
        assert {each.state for each in take_messages(sent)} == {"duplicate"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM contacts_contact")
            assert (Message.objects.count(), cursor.fetchone()[0]) == (20, 20)


def _terminate(backend):
    import psycopg

    said = connection.get_connection_params()
    keys = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{k: said[k] for k in keys if said.get(k)}, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])


def test_two_ingests_and_a_listener_at_once(district, tmp_path):
    """All three send the same: each message and each contact is there once."""
    with_store(district.path)
    told = [adt("A01", visit=f"V{i}", person=f"{i}", number=f"N{i}", nhs="") for i in range(80)]
    (tmp_path / "a.hl7").write_bytes(b"\r".join(told))
    (tmp_path / "b.hl7").write_bytes(b"\r".join(reversed(told)))
    listener = start(district.path)
    sender = Sender(int(listener.stdout.readline()))
    files = [
        start(district.path, "ingest", str(tmp_path / name), "--source", "pas")
        for name in ("a.hl7", "b.hl7")
    ]
    for i in range(0, 80, 8):
        sender.send(*told[i : i + 8])
    assert {code for code, _ in sender.codes(80)} == {b"AA"}
    for each in files:
        each.communicate(timeout=300)
        assert each.returncode == 0
    ended(listener)
    sender.close()
    kept, contacts = stored(district)
    assert [row[1] for row in kept] == ["read"] * 80
    assert contacts == 80
    with sqlite3.connect(district.path / "store.sqlite3") as store:
        landed = store.execute("SELECT landed, read FROM feeds_sourcecount").fetchall()
        people = store.execute("SELECT COUNT(*) FROM people_identity").fetchone()[0]
    store.close()
    assert (landed, people) == ([(80, 80)], 80)
