"""`onesystem bench record`: the record page of people with a long history, at 16 connections.

Eight people have 2,000 contacts and 5,000 clinical entries each, of two sources, among a million
others when `full`. The district is served as users are served. Sixteen doctors, each signed in by
themselves, go from one of the eight to the next, and ask for the next page as soon as they have
one, so the latency holds the wait for a worker. Every look is decided, and is in the audit trail
before the page is sent. Before every tenth look a source writes a result of that person.

A process keeps what it told of a part of a record until something is written to it. So there are
measures besides: where a source wrote before each look, and of the first look at each person.

BENCH_DATABASE_URL   an empty PostgreSQL to measure with, where it is not to be SQLite
"""

import http.client
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from onesystem.bench.browsing import Browser
from onesystem.bench.processes import SETTLED, cpu_of_all, served
from onesystem.bench.record_fill import CONTACTS, DISTRICT, ENTRIES, LONG, PASSWORD, fill, write
from onesystem.bench.scratch import scratch
from onesystem.bench.shape import Row, register

CONNECTIONS = 16
_LOOKS = 40  # of each doctor
_CHANGES = 40  # the clock of CPU ticks a hundred times a second
_EVERY = 10  # looks of a doctor between two writes of a source


@register("record", "the record page of people with a long history, at 16 connections")
def run(*, full: bool) -> Iterable[Row]:
    """Ask for the page with 16 connections, and look at how long the slowest took."""
    people = 1_000_000 if full else 50_000
    with scratch(DISTRICT, store=os.environ.get("BENCH_DATABASE_URL", "")) as folder:
        persons = fill(people, CONNECTIONS)
        with served(folder) as (root, port):
            time.sleep(SETTLED)
            doctors = [_signed_in(port, n, persons) for n in range(CONNECTIONS)]
            first, size = _first_looks(root, doctors[0])
            _all(doctors, 4)  # every worker has its templates
            before = cpu_of_all(root)
            seconds = sorted(_all(doctors, _LOOKS))
            spent = cpu_of_all(root) - before
            changed = _after_changes(root, doctors[0])
    yield from _rows(people, seconds, spent)
    yield Row(name="the same, where a source wrote before each look", value=changed, unit="ms")
    yield Row(name="the same, of the first look at each person", value=first, unit="ms")
    yield Row(
        name="first view, as it is sent", value=size / 1000, unit="kB", target=100,
        lower_is_better=True,
    )  # fmt: skip


def _rows(people: int, seconds: list[float], spent: float) -> Iterator[Row]:
    about = f"{LONG} people with {CONTACTS:,} contacts and {ENTRIES:,} entries among {people:,}"
    yield Row(name=f"record page, median, {about}", value=_at(seconds, 0.5), unit="ms")
    yield Row(
        name=f"record page, 95th percentile, {CONNECTIONS} doctors, a source writing",
        value=_at(seconds, 0.95),
        unit="ms",
        target=150,
        lower_is_better=True,
    )
    yield Row(name="CPU of the server, a page", value=spent / len(seconds) * 1000, unit="ms")


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Doctor:
    """Somebody signed in who has the people open, and goes from one to the next."""

    def __init__(self, port: int, number: int, cookie: str, persons: list[int]) -> None:
        self.port, self.number, self.cookie, self.persons = port, number, cookie, persons
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def look(self, n: int) -> bytes:
        """The record page of the next person. Raises RuntimeError where it does not come."""
        path = f"/people/{self.person(n)}/record/"
        self.line.request("GET", path, headers={"Cookie": self.cookie})
        answer = self.line.getresponse()
        body = answer.read()
        if answer.status != 200 or b"What should I know of" not in body:
            raise RuntimeError(f"the record page answered {answer.status}")
        return body

    def person(self, n: int) -> int:
        """Whom they look at when they look for the n-th time: no two doctors in the same order."""
        return self.persons[(self.number + n) % len(self.persons)]

    def work(self, looks: int) -> list[float]:
        """Look so often; gives the seconds of each."""
        found = []
        for n in range(looks):
            if n % _EVERY == self.number % _EVERY:
                write(self.person(n), time.time_ns() // 1000)
            begun = time.perf_counter()
            self.look(n)
            found.append(time.perf_counter() - begun)
        return found


def _signed_in(port: int, number: int, persons: list[int]) -> Doctor:
    browser = Browser(port)
    browser.sign_in(f"doctor{number}", PASSWORD)
    for person in persons:
        browser.open_person(str(person))
    return Doctor(port, number, browser.cookies, persons)


def _first_looks(root: int, doctor: Doctor) -> tuple[float, int]:
    """CPU of a page that nobody was shown before, in ms, and how large it is."""
    size = len(doctor.look(0))
    doctor.look(0)  # both workers have their templates now
    before = cpu_of_all(root)
    for n in range(1, LONG):
        size = max(size, len(doctor.look(n)))
    return (cpu_of_all(root) - before) / (LONG - 1) * 1000, size


def _all(doctors: list[Doctor], looks: int) -> list[float]:
    with ThreadPoolExecutor(len(doctors)) as browsers:
        asked = [browsers.submit(doctor.work, looks) for doctor in doctors]
        return [seconds for one in asked for seconds in one.result()]


def _after_changes(root: int, doctor: Doctor) -> float:
    """CPU of a page, in ms, where the record changed since the look before."""
    spent = 0.0
    for n in range(_CHANGES):
        write(doctor.person(0), n)
        before = cpu_of_all(root)
        doctor.look(0)
        spent += cpu_of_all(root) - before
    return spent / _CHANGES * 1000
