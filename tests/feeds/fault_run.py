# ruff: noqa: E501  messages and rows are shown as they are
"""A feed that is killed at every write, in processes that are forked from this one.

python fault_run.py TEMPLATE SCRATCH [every]

TEMPLATE is a district folder whose store is up to date; SCRATCH is where copies go. For each write
of the feed a child takes it in and dies at that write, a second child starts again, finishes what
was left and is sent everything once more, and what it ends with is compared with the undisturbed
end. With `every`, statements inside a transaction count as writes too. Prints a line of JSON.
"""

import contextlib
import importlib
import json
import os
import shutil
import sys
from pathlib import Path

TEMPLATE, SCRATCH = Path(sys.argv[1]), Path(sys.argv[2])
EVERY = "every" in sys.argv[3:]
DISTRICT = SCRATCH / "district"
os.environ["ONESYSTEM_DISTRICT"] = str(DISTRICT)
sys.path.insert(0, str(Path(__file__).parent))

REAL_EXIT, REAL_WRITE = os._exit, os.write


class Killer:
    """Counts writes, and ends the process at the n-th as `kill -9` would: no clean-up at all."""

    def __init__(self, at):
        self.at, self.count = at, 0

    def step(self, before=None):
        self.count += 1
        if self.count == self.at:
            if before:
                before()
            REAL_EXIT(137)

    def write(self, handle, data):
        # Half of it reaches the disk.
        self.step(lambda: REAL_WRITE(handle, bytes(data)[: len(data) // 2]))
        return REAL_WRITE(handle, data)

    def around(self, call):
        def done(*args, **kwargs):
            self.step()
            result = call(*args, **kwargs)
            self.step()
            return result

        return done

    def before(self, call):
        def done(cursor, sql, *args):
            if sql.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
                self.step()
            return call(cursor, sql, *args)

        return done


def install(killer):
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

    os.write = killer.write
    for name in ("fsync", "fdatasync", "link", "replace", "rename", "unlink", "ftruncate"):
        setattr(os, name, killer.around(getattr(os, name)))
    BaseDatabaseWrapper._commit = killer.around(BaseDatabaseWrapper._commit)
    if EVERY:
        CursorWrapper.execute = killer.before(CursorWrapper.execute)
        CursorWrapper.executemany = killer.before(CursorWrapper.executemany)


def feed():
    """About forty mixed messages in batches, one large message, and an extract."""
    from hl7_samples import adt, merge

    told = []
    for i in range(8):
        said = {
            "person": str(2000 + i % 5),
            "visit": f"V{i}",
            "nhs": "",
            "family": "FAMILY" + "ABCDE"[i % 5],
        }
        told += [
            adt("A01", f"08{i:02}", ward="ED", more=["AL1|1|DA|7^PENICILLIN^L"], **said),
            adt("A02", f"09{i:02}", ward="WARDA" if i % 2 else "LOUNGE", **said),
            adt("A08", f"10{i:02}", ward="WARDA", more=["OBX|1|TX|N^Note^L||" + "x" * 40], **said),
            adt("A03" if i % 3 else "A11", f"11{i:02}", ward="WARDA", **said),
        ]
    told += [merge("2000", "2001"), adt("A01", visit="", person="2003", nhs=""), b"junk", told[3]]
    told.append(
        adt(
            "A08",
            "1230",
            visit="V2",
            person="2002",
            nhs="",
            more=["OBX|1|TX|L^Long^L||" + "y" * (1 << 20)],
        )
    )
    return [told[i : i + 10] for i in range(0, len(told), 10)]


def take_all():
    """Landing, rows, people, contacts, entries, the log and its compaction: every write of it."""
    from onesystem import contacts
    from onesystem.access import Actor
    from onesystem.feeds import take_in, take_messages
    from onesystem.feeds.landing import Arrival

    for batch in feed():
        take_messages([Arrival(source="pas", data=each, format="hl7v2") for each in batch])
    take_in([TEMPLATE.parent / "visits.csv"], "community")
    contacts.compact(by=Actor.job("fault run"))


def settle():
    """What a start does first."""
    from onesystem import contacts
    from onesystem.district import current
    from onesystem.feeds.intake import pipeline_of
    from onesystem.feeds.pending import process_pending

    contacts.recover()
    process_pending(pipeline_of(current()))


def state():
    """The end, with the keys of things in place of numbers that only count up."""
    from django.db import connection

    from onesystem import contacts

    found = {}
    with connection.cursor() as cursor:
        for name, sql in {
            "messages": "SELECT source, digest, state, rule, rows_read, rows_refused FROM feeds_message",
            "flags": "SELECT f.source, m.digest, f.rule, f.what FROM feeds_flag f "
            "JOIN feeds_message m ON m.id = f.message",
            "people": "SELECT i.source, i.subject, p.subject, i.family FROM people_identity i "
            "JOIN people_identity p ON p.id = i.person",
            "contacts": "SELECT c.contact, i.subject, c.service, c.requested, c.started, c.ended, "
            "c.cancelled, c.version, m.digest FROM contacts_contact c "
            "JOIN people_identity i ON i.id = c.identity LEFT JOIN feeds_message m ON m.id = c.message",
            "versions": "SELECT contact, version, service FROM contacts_version",
            "entries": "SELECT source, kind, key, status FROM record_entry",
            "counts": "SELECT source, landed, read, quarantined, rows_read FROM feeds_sourcecount",
        }.items():
            cursor.execute(sql)
            found[name] = sorted(map(list, cursor.fetchall()), key=str)
        cursor.execute("SELECT id FROM people_identity")
        ids = [row[0] for row in cursor.fetchall()]
    every = contacts.of_identities(ids)
    found["read"] = sorted(
        [c.contact, c.service, str(c.started), str(c.ended), c.cancelled] for c in every
    )
    return found


def forked(work):
    """Run in a child of its own; its exit code and what it returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        code = 1
        try:
            data = json.dumps(work()).encode()
            while data:
                data = data[REAL_WRITE(writing, data) :]
            code = 0
        except BaseException as error:  # noqa: BLE001 - the parent is told by the exit code
            import traceback

            traceback.print_exception(error)
        finally:
            REAL_EXIT(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), json.loads(data or b"null")


def fresh():
    shutil.rmtree(DISTRICT, ignore_errors=True)
    shutil.copytree(TEMPLATE, DISTRICT)


def killed_at(number):
    killer = Killer(number)
    install(killer)
    take_all()
    return killer.count


def again():
    settle()
    take_all()
    return state()


def undisturbed():
    take_all()
    return [state(), sorted(sys.modules)]


def main():
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onesystem.web.settings")
    fresh()
    django.setup()
    from onesystem import wiring

    wiring.connect()
    code, (expected, loaded) = forked(undisturbed)
    assert code == 0, "the undisturbed feed failed"
    for name in loaded:
        # Loaded once here, so that each child starts warm.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    fresh()
    code, writes = forked(lambda: killed_at(0))
    assert code == 0
    twice = forked(again)[1]
    wrong = [] if twice == expected else [[0, "sent twice"]]
    for number in range(1, writes + 1):
        fresh()
        code, _ = forked(lambda n=number: killed_at(n))
        if code != 137:
            wrong.append([number, f"was not killed but ended with {code}"])
            continue
        code, ended = forked(again)
        if code or ended != expected:
            parts = [k for k in expected if not ended or ended[k] != expected[k]]
            wrong.append([number, f"differs in {parts}"])
    counts = {"messages": len(expected["messages"]), "contacts": len(expected["read"])}
    sys.stdout.write(json.dumps({"writes": writes, "wrong": wrong} | counts) + "\n")


main()
