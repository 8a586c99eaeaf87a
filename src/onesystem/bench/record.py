"""`onesystem bench record`: the record page of a person with a long history, at 16 connections.

The person has 2,000 contacts and 5,000 clinical entries from two sources, among a million others
when `full`. The district is served as users are served; sixteen browsers keep their connections
open and ask again as soon as they are answered, so the latency holds the wait for a worker. Every
look is decided, and is in the audit trail before the page is sent.

A process keeps what it told of a record until something is written of it. So there is a second
measure, in which a source writes before each look.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from onesystem.bench.browsing import Browser
from onesystem.bench.processes import cpu_of_all, free_ports, wait_for_page
from onesystem.bench.scratch import ED, HOSPITAL, scratch
from onesystem.bench.shape import Row, register

CONNECTIONS = 16
_CONTACTS, _ENTRIES, _RECENT = 2_000, 5_000, 40
_CHANGES = 40  # the clock of CPU ticks a hundred times a second
_PASSWORD = "three blind mice run"  # noqa: S105 - of a district that lasts a minute
_DISTRICT = (
    HOSPITAL
    + ED
    + """
[sources.pas]
name = "Patient administration"
organisation = "hospital"
[sources.gp]
name = "Practice system"
"""
)
_CODES = ("Potassium", "Sodium", "HbA1c", "Haemoglobin", "Blood pressure", "Weight", "Creatinine")
_MIX = (  # of a hundred entries
    ("Observation", 78), ("Condition", 4), ("MedicationRequest", 7), ("MedicationDispense", 6),
    ("DocumentReference", 2), ("Procedure", 1), ("Immunization", 1), ("AllergyIntolerance", 1),
)  # fmt: skip


@register("record", "the record page of a person with a long history, at 16 connections")
def run(*, full: bool) -> Iterable[Row]:
    """Ask for the page with 16 connections, and look at how long the slowest took."""
    people = 1_000_000 if full else 50_000
    with scratch(_DISTRICT) as folder:
        person = _fill(people)
        with _served(folder) as (root, port):
            cookie, page = _opened(port, person)
            _ask(port, cookie, person, 4)  # every worker has its templates
            before = cpu_of_all(root)
            seconds = sorted(_all(port, cookie, person, 640 if full else 320))
            spent = cpu_of_all(root) - before
            changed = _after_changes(root, port, cookie, person)
    about = f"{_CONTACTS:,} contacts, {_ENTRIES:,} entries, {people:,} people"
    yield Row(name=f"record page, median, {about}", value=_at(seconds, 0.5), unit="ms")
    yield Row(
        name=f"record page, 95th percentile at {CONNECTIONS} connections",
        value=_at(seconds, 0.95),
        unit="ms",
        target=150,
        lower_is_better=True,
    )
    yield Row(name="CPU of the server, a page", value=spent / len(seconds) * 1000, unit="ms")
    yield Row(name="the same, where a source wrote before each look", value=changed, unit="ms")
    yield Row(
        name="first view, as it is sent",
        value=len(page) / 1000,
        unit="kB",
        target=100,
        lower_is_better=True,
    )


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def _fill(people: int) -> int:
    """The people, of whom one has the long history, and somebody who may look; gives that one."""
    import pyarrow as pa

    from onesystem import access, record, wiring
    from onesystem import people as persons
    from onesystem.access import actions
    from onesystem.bench import population

    wiring.connect()
    now = datetime.now(UTC)
    told = population.people(people)
    table = pa.table(
        {
            "subject": [f"P{i}" for i in range(people)],
            "family": told["family"],
            "given": told["given"],
        }
    )
    persons.meet_table(table, source="pas", message=0, known_at=now, link=False)
    subjects = [("pas", "P0"), ("gp", "Patient/0")]
    identity = persons.identify(subjects, known_at=now)
    _history(identity["pas", "P0"], now)
    items = [("gp", identity["pas", "P0"], 0, each) for each in _entries(now)]
    from django.db import transaction

    with transaction.atomic():
        record.take_entries(items, now)
    actions.add_user(
        username="doctor",
        password=_PASSWORD,
        roles=["hospital-doctor"],
        organisation="hospital",
        by=access.Actor.job("bench"),
    )
    return persons.person_of([identity["pas", "P0"]])[identity["pas", "P0"]]


def _history(identity: int, now: datetime) -> None:
    """Contacts over ten years, the last of them still open."""
    import pyarrow as pa

    from onesystem import contacts

    step = timedelta(days=3650) / _CONTACTS
    starts = [now - step * n - timedelta(hours=3) for n in range(_CONTACTS)]
    ends = [None, *(start + timedelta(hours=2) for start in starts[1:])]
    when = pa.timestamp("us", "UTC")
    table = pa.table(
        {
            "key": [f"V{n}" for n in range(_CONTACTS)],
            "identity": pa.array([identity] * _CONTACTS, pa.int64()),
            "service": ["ed"] * _CONTACTS,
            "setting": ["ED"] * _CONTACTS,
            "requested": pa.array(starts, when),
            "started": pa.array(starts, when),
            "ended": pa.array(ends, when),
        }
    )
    contacts.append(table, source="pas", message=0, known_at=now)


def _entries(now: datetime) -> Iterator[Any]:
    """Five thousand clinical entries, most of them results."""
    from onesystem.feeds.fhir.entries import concept_code
    from onesystem.vocabulary import Entry

    kinds = [kind for kind, share in _MIX for _ in range(share)]
    for n in range(_ENTRIES):
        kind = kinds[n % len(kinds)]
        at = now - timedelta(hours=17 * n)
        words = _CODES[n % len(_CODES)] if kind == "Observation" else f"{kind} {n % 90}"
        code = {"coding": [{"system": "http://loinc.org", "code": words[:7]}], "text": words}
        body = {
            "resourceType": kind,
            "id": f"e{n}",
            "code": code,
            "subject": {"reference": "Patient/0"},
            "note": [{"text": "As a clinician would write it, in a sentence or two of their own."}],
        }
        yield Entry(
            kind=kind,
            key=f"{kind}/e{n}",
            subject="Patient/0",
            at=at,
            recorded=at,
            code=concept_code(code),
            status="final" if kind == "Observation" else "active",
            value=str(40 + n % 17) if kind == "Observation" else "",
            unit="mmol/L" if kind == "Observation" else "",
            body=orjson.dumps(body),
        )


def _observation(n: int, at: datetime) -> Any:
    """One more result, as a source sends it."""
    from onesystem.vocabulary import Code, Entry

    return Entry(
        kind="Observation",
        key=f"Observation/new{n}",
        subject="Patient/0",
        at=at,
        recorded=at,
        code=Code("http://loinc.org", "Potassi", "Potassium"),
        status="final",
        value=str(4 + n % 3),
        unit="mmol/L",
    )


@contextmanager
def _served(folder: Path) -> Iterator[tuple[int, int]]:
    port = free_ports()
    served = subprocess.Popen(  # noqa: S603 - our own code, on this machine
        [sys.executable, "-m", "onesystem.cli", "-d", str(folder), "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "ONESYSTEM_DISTRICT": str(folder)},
    )
    try:
        wait_for_page(port)
        time.sleep(3)
        yield served.pid, port
    finally:
        served.terminate()
        served.wait(timeout=30)


def _after_changes(root: int, port: int, cookie: str, person: int) -> float:
    """CPU of a page, in ms, where the record changed since the look before."""
    from django.db import transaction

    from onesystem import people as persons
    from onesystem import record

    identity = persons.identity_ids_of(person)[0]
    spent = 0.0
    for n in range(_CHANGES):
        now = datetime.now(UTC)
        with transaction.atomic():
            record.take_entries([("gp", identity, 0, _observation(n, now))], now)
        before = cpu_of_all(root)
        _ask(port, cookie, person, 1)
        spent += cpu_of_all(root) - before
    return spent / _CHANGES * 1000


def _opened(port: int, person: int) -> tuple[str, bytes]:
    """A session in which the person is open, and the page as it came."""
    browser = Browser(port)
    browser.sign_in("doctor", _PASSWORD)
    browser.open_person(str(person))
    cookie = "; ".join(f"{each.name}={each.value}" for each in browser.jar)
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    page = _page(line, cookie, person)
    if b"What should I know of" not in page:
        raise RuntimeError("the record page did not come")
    return cookie, page


def _page(line: http.client.HTTPConnection, cookie: str, person: int) -> bytes:
    line.request("GET", f"/people/{person}/record/", headers={"Cookie": cookie})
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"the record page answered {answer.status}")
    return body


def _ask(port: int, cookie: str, person: int, times: int) -> list[float]:
    """One browser: ask, wait, ask again. Gives the seconds of each answer."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        _page(line, cookie, person)
        found.append(time.perf_counter() - begun)
    line.close()
    return found


def _all(port: int, cookie: str, person: int, pages: int) -> list[float]:
    with ThreadPoolExecutor(CONNECTIONS) as browsers:
        each = pages // CONNECTIONS
        asked = [browsers.submit(_ask, port, cookie, person, each) for _ in range(CONNECTIONS)]
        return [seconds for one in asked for seconds in one.result()]
