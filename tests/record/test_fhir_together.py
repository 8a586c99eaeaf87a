"""Many asks in one batch: each has its own answer and its own event, as if it came alone."""

import asyncio
import threading
from concurrent.futures import Future

import pytest
from fhir_asking import BASE, Client, patient

from onesystem import wiring
from onesystem.access import durable
from onesystem.access.models import Audit
from onesystem.record.fhir.asks import Answer, Ask
from onesystem.record.fhir.doors import asgi
from onesystem.record.fhir.engine import answer


def reads(*asked):
    """The answers to reads of (client or token, path) in one batch."""
    tokens = [(getattr(who, "token", who), path) for who, path in asked]
    return answer([
        Ask(method="GET", path=path, headers={"authorization": f"Bearer {token}"}, base=BASE)
        for token, path in tokens
    ])  # fmt: skip


@pytest.fixture
def officer(district):
    """An officer who sees everybody, and has taken in three people."""
    wiring.connect()
    client = Client()
    for name in ("ann", "ben", "cat"):
        assert client.put(f"Patient/{name}", patient(id=name)).status == 201
    return client


@pytest.mark.django_db
class TestReads:
    def test_each_has_its_own_answer_and_its_own_event(self, officer):
        before = Audit.objects.count()
        asked = [(officer, f"Patient/{name}") for name in ("ben", "nobody", "ann", "ben", "cat")]
        made = reads(*asked)
        assert [each.status for each in made] == [200, 404, 200, 200, 200]
        for each, (_, path) in zip(made, asked, strict=True):
            alone = reads((officer, path))[0]
            assert (each.status, each.body, each.headers) == (
                alone.status, alone.body, alone.headers,
            )  # fmt: skip
        told = list(Audit.objects.order_by("id")[before : before + 5])
        assert [each.what for each in told] == [path for _, path in asked]
        assert [each.person is None for each in told] == [False, True, False, False, False]
        assert told[0].person == told[3].person != told[2].person

    def test_what_one_caller_sees_is_not_shown_to_another(self, officer):
        """Who has no tie is told nothing, though the same was just read for somebody else."""
        doctor = Client(name="doctor", role="hospital-doctor", purpose="direct care")
        asked = [(who, f"Patient/{name}") for name in ("ann", "ben") for who in (officer, doctor)]
        assert [each.status for each in reads(*asked)] == [200, 404, 200, 404]

    def test_a_token_for_other_types_is_refused_among_others(self, officer):
        narrow = Client(name="narrow", scopes="user/Observation.rs")
        made = reads((narrow, "Patient/ann"), (officer, "Patient/ann"), (narrow, "Patient/ben"))
        assert [each.status for each in made] == [403, 200, 403]

    def test_an_unknown_token_keeps_nobody_else_from_an_answer(self, officer):
        made = reads((officer, "Patient/ann"), ("onesystem_app_none", "Patient/ann"),
                     (officer, "Patient/ben"))  # fmt: skip
        assert [each.status for each in made] == [200, 401, 200]


class Slow:
    """An engine that answers a batch when it is let go on, and remembers how large it was."""

    def __init__(self):
        self.sizes, self.may = [], threading.Event()

    def __call__(self, asks):
        self.sizes.append(len(asks))
        assert self.may.wait(30)
        return [Answer(200, ask.path.encode()) for ask in asks], None


class TestTheDoor:
    def test_two_halves_come_together(self, monkeypatch):
        """Who was answered asks again with those who came meanwhile: one batch, not two in turn."""
        engine, door = Slow(), asgi.Fhir()
        monkeypatch.setattr(asgi, "_answer", engine)

        async def client(name):
            for n in range(5):
                made = await door.ask(Ask(method="GET", path=f"{name}/{n}"))
                assert made.body == f"{name}/{n}".encode()

        async def all_of_them():
            first = [asyncio.create_task(client(f"a{n}")) for n in range(4)]
            while not engine.sizes:  # noqa: ASYNC110 - the engine is in another thread
                await asyncio.sleep(0.001)
            second = [asyncio.create_task(client(f"b{n}")) for n in range(4)]
            await asyncio.sleep(0)
            engine.may.set()
            await asyncio.gather(*first, *second)

        asyncio.run(all_of_them())
        assert sum(engine.sizes) == 40
        assert engine.sizes[:3] == [4, 8, 8]

    def test_who_asks_alone_never_waits(self, monkeypatch):
        engine, door = Slow(), asgi.Fhir()
        engine.may.set()
        monkeypatch.setattr(asgi, "_answer", engine)
        monkeypatch.setattr(door, "_gather", None)

        async def client():
            for n in range(3):
                assert (await door.ask(Ask(method="GET", path=str(n)))).status == 200

        asyncio.run(client())
        assert engine.sizes == [1, 1, 1]


class TestTheDisk:
    """What was looked at is on the disk before it leaves; who comes meanwhile is answered."""

    def asked(self, monkeypatch, disks):
        """The door, with an engine whose answers wait for these disks in turn."""
        door, left = asgi.Fhir(), iter(disks)
        made = lambda asks: ([Answer(200, ask.path.encode()) for ask in asks], next(left))  # noqa: E731
        monkeypatch.setattr(asgi, "_answer", made)
        return door

    def test_an_answer_waits_for_its_own_and_for_no_other(self, monkeypatch):
        slow, quick = Future(), Future()
        quick.set_result(None)
        door = self.asked(monkeypatch, [slow, quick])

        async def both():
            first = asyncio.create_task(door.ask(Ask(method="GET", path="first")))
            await asyncio.sleep(0.05)
            second = await door.ask(Ask(method="GET", path="second"))
            assert (second.body, first.done()) == (b"second", False)
            slow.set_result(None)
            assert (await first).body == b"first"

        asyncio.run(both())

    def test_nothing_leaves_where_it_failed(self, monkeypatch):
        broken = Future()
        broken.set_exception(OSError(5, "Input/output error"))
        door = self.asked(monkeypatch, [broken])
        assert asyncio.run(door.ask(Ask(method="GET", path="x"))).status == 503

    @pytest.mark.django_db
    def test_nor_from_the_pages_port(self, officer, monkeypatch):
        broken = Future()
        broken.set_exception(OSError(5, "Input/output error"))

        def soon(write):
            write()
            return broken

        monkeypatch.setattr(durable, "soon", soon)
        assert officer.get("Patient/ann").status == 503
