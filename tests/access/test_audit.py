"""The trail: append-only, chained, never anonymous."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from django.db import DatabaseError, connection, transaction

from onesystem.access import Actor, record, verify_trail
from onesystem.access.guards import lower_guards, raise_guards
from onesystem.access.models import Audit

pytestmark = pytest.mark.django_db
OFFICER = Actor("hine", frozenset({"privacy-officer"}))


def looks(n):
    return [
        record(by=OFFICER, act="person.looked", person=7, purpose="direct care") for _ in range(n)
    ]


class TestChain:
    def test_rows_count_from_one_and_the_chain_holds(self):
        assert looks(3) == [1, 2, 3]
        assert verify_trail() == []

    def test_an_empty_trail_holds(self):
        assert verify_trail() == []

    def test_what_was_written_is_what_is_read(self):
        record(
            by=Actor.job("feeds"),
            act="messages.read",
            what="pas\0\ud800",
            detail={"read": 12, "at": "ward"},
        )
        row = Audit.objects.get()
        assert (row.actor, row.kind, row.what) == ("feeds", "job", "pas?")
        assert row.detail == '{"at":"ward","read":12}'
        assert verify_trail() == []

    def test_an_act_without_an_actor_is_refused(self):
        with pytest.raises(TypeError, match="a person or a named job"):
            record(by=None, act="person.looked")
        with pytest.raises(ValueError, match="a person or a named job"):
            Actor("  ")

    def test_a_rolled_back_act_leaves_no_row_and_no_gap(self):
        looks(1)
        with transaction.atomic():
            looks(1)
            transaction.set_rollback(True)
        assert looks(1) == [2]
        assert verify_trail() == []


class TestGuards:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE access_audit SET actor = 'nobody' WHERE id = 2",
            "DELETE FROM access_audit WHERE id = 2",
            "DELETE FROM access_audit",
        ],
    )
    def test_the_database_refuses(self, sql):
        looks(3)
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
        assert verify_trail() == []


class TestTampering:
    """Someone who may drop the triggers can change rows, but not without being seen."""

    @pytest.mark.parametrize(
        ("sql", "said"),
        [
            ("UPDATE access_audit SET actor = 'nobody' WHERE id = 2", "row 2 is not as it was"),
            ("UPDATE access_audit SET person = 8 WHERE id = 3", "row 3 is not as it was"),
            ("DELETE FROM access_audit WHERE id = 2", "row 2 is missing"),
            ("DELETE FROM access_audit WHERE id = 4", "ends at row 3, and should end at row 4"),
        ],
    )
    def test_shows(self, sql, said):
        looks(4)
        lower_guards(connection)
        with connection.cursor() as cursor:
            cursor.execute(sql)
        raise_guards(connection)
        assert said in verify_trail()[0]


WRITER = """
import sys
from onesystem.cli.opened import open_district
open_district()
from onesystem import access
for _ in range(25):
    access.record(by=access.Actor.job(sys.argv[1]), act="counted")
print(access.verify_trail())
"""


def test_processes_that_write_at_the_same_time_keep_one_chain(district):
    """Four processes on one district folder; the last to end sees all rows, in one chain."""
    folder = district.path
    env = {**os.environ, "ONESYSTEM_DISTRICT": str(folder), "DATABASE_URL": ""}
    first = subprocess.run([sys.executable, "-c", WRITER, "first"], env=env, check=True)
    assert first.returncode == 0
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, f"job-{n}"], env=env, stdout=subprocess.PIPE, text=True
        )
        for n in range(3)
    ]
    said = [writer.communicate()[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert set(said) == {"[]\n"}
    with closing(sqlite3.connect(folder / "store.sqlite3")) as store:
        assert store.execute("SELECT count(*), max(id) FROM access_audit").fetchone() == (100, 100)


@pytest.mark.django_db(transaction=True)
def test_connections_that_write_at_the_same_time_keep_one_chain():
    if connection.vendor != "postgresql":
        pytest.skip("a store in memory has one connection; the processes above test SQLite")

    def write():
        try:
            looks(10)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Audit.objects.count() == 40
    assert verify_trail() == []
