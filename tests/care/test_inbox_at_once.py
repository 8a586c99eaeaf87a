"""Two coordinators do something at the same time: one does it, the other is told who did what.

On a store in memory there is one connection, so SQLite is tried by processes on a file; on
PostgreSQL threads do it, each on a connection of its own.
"""

import json
import os
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection
from inbox_data import coordinator, send

from onesystem.care.requests import inbox_acting, queries
from onesystem.care.requests.inbox_acting import Pick, Words

_BEGIN = """
import json, sys, time
from onesystem.wiring import open_district
here = open_district(migrate=sys.argv[1] == "make")
from inbox_data import coordinator, send
from onesystem.care.requests import inbox_acting, queries
from onesystem.care.requests.inbox_acting import Pick, Words
"""
_MAKE = """
from page_data import adt
from onesystem import feeds, people
from onesystem.district import now
feeds.take_messages([feeds.Arrival(source="pas", data=adt(1, at=f"{now():%Y%m%d%H%M}"), name="x")],
                    district=here)
[person] = {person for _, person, _ in people.births()}
print(json.dumps([send(person) for _ in range(6)]))
"""
_ACT = """
name, begin, requests = sys.argv[2], float(sys.argv[3]), json.loads(sys.argv[4])
by = coordinator(name)
time.sleep(max(0, begin - time.time()))
told = inbox_acting.act("accept", [Pick(each, 1) for each in requests], service="nursing", by=by,
                        words=Words())
print(json.dumps([[each.done, each.what] for each in told]))
"""


def run(folder, code, *args):
    """A process of its own on the district of that folder."""
    return subprocess.Popen(
        [sys.executable, "-c", _BEGIN + code, *args],
        stdout=subprocess.PIPE,
        env={**os.environ, "ONESYSTEM_DISTRICT": str(folder), "DATABASE_URL": "",
             "DJANGO_SETTINGS_MODULE": "onesystem.web.settings",
             "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip


def said(process):
    """What it printed last."""
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(out.decode().splitlines()[-1])


def one_each(colin, cora):
    """Each request was accepted by one of the two, and the other was told by whom."""
    for mine, theirs in zip(colin, cora, strict=True):
        assert [mine[0], theirs[0]].count(True) == 1
        loser, winner = (theirs, "colin") if mine[0] else (mine, "cora")
        assert f"{winner} accepted this request at" in loser[1]


def test_processes_that_accept_at_the_same_time(district):
    folder = district.path
    requests = said(run(folder, _MAKE, "make"))
    begin = str(time.time() + 6)  # both have begun by then
    both = [run(folder, _ACT, "act", name, begin, json.dumps(requests))
            for name in ("colin", "cora")]  # fmt: skip
    one_each(*map(said, both))


@pytest.mark.django_db(transaction=True)
def test_connections_that_accept_at_the_same_time(joined, somebody):
    if connection.vendor != "postgresql":
        pytest.skip("a store in memory has one connection; the processes above test SQLite")
    requests = [send(somebody) for _ in range(6)]
    told, gate = {}, threading.Barrier(2)

    def accept(name):
        try:
            by = coordinator(name)
            gate.wait(timeout=30)
            found = inbox_acting.act("accept", [Pick(each, 1) for each in requests],
                                     service="nursing", by=by, words=Words())  # fmt: skip
            told[name] = [[each.done, each.what] for each in found]
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("colin", "cora")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    one_each(told["colin"], told["cora"])
    assert {queries.one(each).state for each in requests} == {"accepted"}


@pytest.mark.django_db(transaction=True)
def test_one_accepts_while_the_other_returns(joined, somebody):
    """Two different acts: the second is refused, whichever it is, and none is lost."""
    if connection.vendor != "postgresql":
        pytest.skip("a store in memory has one connection; the processes above test SQLite")
    request, told, gate = send(somebody), {}, threading.Barrier(2)

    def does(name, verb, words):
        try:
            by = coordinator(name)
            gate.wait(timeout=30)
            [told[name]] = inbox_acting.act(
                verb, [Pick(request, 1)], service="nursing", by=by, words=words
            )
        finally:
            connection.close()

    pairs = (("colin", "accept", Words()),
             ("cora", "return", Words(code="criteria", reason="Try the clinic")))  # fmt: skip
    threads = [threading.Thread(target=does, args=each) for each in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(each.done for each in told.values()) == [False, True]
    assert len(queries.steps_of(request)) == 2
