"""A look is on the disk before its page leaves, and nobody waits for the disk in line."""

import shutil
import sqlite3
import threading
import time
from concurrent.futures import Future
from contextlib import closing
from types import SimpleNamespace

import pytest
from access_worlds import contact, identity
from django.http import HttpResponse
from django.urls import include, path

from onesystem.access import doors, durable, quick, refusing
from onesystem.access.models import Audit

FULL, NORMAL = 2, 1


@doors.opens_person
def somebody(request, person):
    """A page about a person, for these tests."""
    return HttpResponse(f"record {person}")


urlpatterns = [path("people/<int:person>/", somebody), path("", include("onesystem.web.urls"))]


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store on the disk with a journal, as a district has it."""
    driver = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)
    driver.execute("PRAGMA journal_mode=WAL")
    driver.execute("CREATE TABLE look (who)")
    found = SimpleNamespace(
        vendor="sqlite",
        in_atomic_block=False,
        connection=driver,
        settings_dict={"NAME": tmp_path / "store.sqlite3"},
    )
    monkeypatch.setattr(quick, "store", lambda: found)
    yield found
    driver.close()


def level(store):
    return store.connection.execute("PRAGMA synchronous").fetchone()[0]


class TestSoon:
    def test_the_commit_does_not_wait_and_every_other_does(self, store):
        store.connection.execute("PRAGMA synchronous=FULL")
        seen = []

        def write():
            seen.append(level(store))
            store.connection.execute("INSERT INTO look VALUES ('kiri')")

        look = durable.soon(write)
        assert look.result() is None
        assert (seen, level(store)) == ([NORMAL], FULL)

    def test_what_could_not_be_written_is_told_and_the_next_waits_again(self, store):
        with pytest.raises(sqlite3.OperationalError):
            durable.soon(lambda: store.connection.execute("INSERT INTO nothing VALUES (1)"))
        assert level(store) == FULL

    def test_a_disk_that_fails_is_told_to_whoever_answers(self, store, monkeypatch):
        def broken(_):
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(durable, "bring", broken)
        with pytest.raises(OSError, match="Input/output"):
            durable.soon(lambda: None).result()

    def test_who_comes_while_the_disk_works_shares_its_next_turn(self, store, monkeypatch):
        turns, may = [], threading.Event()

        def bring(journal):
            turns.append(journal)
            assert may.wait(30)

        monkeypatch.setattr(durable, "bring", bring)
        first = durable.soon(lambda: None)
        while not turns:
            time.sleep(0.001)
        later = [durable.soon(lambda: None) for _ in range(5)]
        assert not any(each.done() for each in later)
        may.set()
        for each in (first, *later):
            each.result()
        assert len(turns) == 2

    def test_the_journal_is_carried_before_it_is_long(self, store, tmp_path, monkeypatch):
        """And what is in the store without its journal is what was carried."""
        carried = threading.Event()
        real = durable.carry

        def carry(path):
            real(path)
            carried.set()

        monkeypatch.setattr(durable, "carry", carry)
        monkeypatch.setattr(durable, "_OFTEN", 1)
        insert = "INSERT INTO look VALUES ('kiri')"
        durable.soon(lambda: store.connection.execute(insert)).result()
        assert carried.wait(30)
        shutil.copy(store.settings_dict["NAME"], tmp_path / "alone.sqlite3")
        with closing(sqlite3.connect(tmp_path / "alone.sqlite3")) as alone:
            assert alone.execute("SELECT who FROM look").fetchall() == [("kiri",)]

    def test_a_store_that_is_away_ends_nothing(self, tmp_path):
        durable.carry(str(tmp_path / "no folder" / "store.sqlite3"))

    @pytest.mark.parametrize(
        "other",
        [{"in_atomic_block": True}, {"vendor": "postgresql"}, {"settings_dict": {"NAME": "none"}}],
    )
    def test_elsewhere_the_commit_itself_waits(self, store, other):
        store.__dict__.update(other)
        seen = []
        assert durable.soon(lambda: seen.append(level(store))) is None
        assert seen == [FULL]


class Disk:
    """A disk that keeps everybody waiting until it is told how it went."""

    def __init__(self):
        self.look = Future()

    def soon(self, write):
        write()
        return self.look


@pytest.mark.urls(__name__)
class TestDoor:
    def opened(self, signed_in):
        client = signed_in("ed-nurse")
        identity(7, 7)
        contact(1, 7)
        client.post("/purpose/7/", {"purpose": "direct care", "reason": "triage", "to": "/"})
        return client

    def test_nothing_leaves_where_the_disk_failed(self, signed_in, monkeypatch):
        client = self.opened(signed_in)
        disk = Disk()
        monkeypatch.setattr(refusing.durable, "soon", disk.soon)
        disk.look.set_exception(OSError(5, "Input/output error"))
        answer = client.get("/people/7/")
        assert answer.status_code == 503
        assert b"record 7" not in answer.content

    def test_the_page_leaves_after_its_look(self, signed_in, monkeypatch):
        client = self.opened(signed_in)
        disk = Disk()
        monkeypatch.setattr(refusing.durable, "soon", disk.soon)
        disk.look.set_result(None)
        assert client.get("/people/7/").content.startswith(b"record ")
        assert Audit.objects.filter(act="person.looked").exists()
