"""The live stream: who may listen, what a page misses, and what happens to one that is slow."""

import asyncio

import pytest

from onesystem.access import Actor, actions
from onesystem.flow.boards.live import channel
from onesystem.flow.live import Event
from onesystem.web import watching
from onesystem.web.hub import DEPTH, MEMORY, Client, Hub
from onesystem.web.stream import Stream, pages_origin


def event(number, name="now"):
    return Event(id=number, name=name, full=b'{"of":"people"}', small=b'{"of":"counts"}')


def drained(client):
    out = []
    while not client.queue.empty():
        out.append(client.queue.get_nowait())
    return out


class TestHub:
    def test_each_page_gets_what_it_may_see(self):
        hub, nurse, planner = Hub(last=0), Client(full=True), Client(full=False)
        hub.join(nurse, after=None)
        hub.join(planner, after=None)
        assert hub.publish(event(1)) == 2
        assert drained(nurse) == [b'id: 1\nevent: now\ndata: {"of":"people"}\n\n']
        assert drained(planner) == [b'id: 1\nevent: now\ndata: {"of":"counts"}\n\n']

    def test_a_page_that_comes_back_gets_what_it_missed(self):
        hub, client = Hub(last=10), Client(full=False)
        for number in (11, 15, 16):
            hub.publish(event(number))
        hub.join(client, after=11)
        assert [chunk[:6] for chunk in drained(client)] == [b"id: 15", b"id: 16"]

    @pytest.mark.parametrize("after", [16, 99])
    def test_one_that_missed_nothing_gets_nothing(self, after):
        hub, client = Hub(last=10), Client(full=False)
        hub.publish(event(16))
        hub.join(client, after=after)
        assert drained(client) == []

    @pytest.mark.parametrize("after", [0, 9])
    def test_one_that_was_away_for_long_is_told_to_load_the_board(self, after):
        hub, client = Hub(last=10), Client(full=False)
        hub.publish(event(11))
        hub.join(client, after=after)
        assert drained(client) == [b"id: 11\nevent: refresh\ndata: {}\n\n"]

    def test_what_is_of_an_inbox_goes_to_its_pages_alone(self):
        hub, board = Hub(last=0), Client(full=True)
        nursing = Client(full=True, channel="inbox:nursing")
        hub.join(board, after=None)
        hub.join(nursing, after=None)
        said = Event(id=4, name="inbox", full=b"{}", channel="inbox:nursing")
        assert hub.publish(said) == 1
        assert drained(board) == []
        assert drained(nursing) == [b"id: 4\nevent: inbox\ndata: {}\n\n"]
        back = Client(full=True, channel="inbox:nursing")
        hub.publish(event(5))
        hub.join(back, after=3)
        assert [chunk[:5] for chunk in drained(back)] == [b"id: 4"]

    def test_what_is_of_an_own_board_goes_to_its_pages_besides(self):
        hub, now, beds = Hub(last=0), Client(full=True), Client(full=True, board="beds")
        planner = Client(full=False, board="beds")
        for client in (now, beds, planner):
            hub.join(client, after=None)
        assert hub.boards() == {("beds", True), ("beds", False)}
        assert hub.publish(event(1)) == 3
        said = Event(id=1, name="board", full=b"{}", channel=channel("beds", full=True))
        assert hub.publish(said) == 1
        assert drained(beds)[1] == b"id: 1\nevent: board\ndata: {}\n\n"
        assert len(drained(now)) == len(drained(planner)) == 1

    def test_the_memory_is_bounded(self):
        hub, client = Hub(last=0), Client(full=True)
        for number in range(1, MEMORY + 10):
            hub.publish(event(number))
        assert len(hub.memory) == MEMORY
        hub.join(client, after=3)
        assert b"refresh" in drained(client)[0]

    def test_a_page_that_does_not_read_is_let_go_and_the_others_are_not(self):
        hub, slow, quick = Hub(last=0), Client(full=True), Client(full=True)
        hub.join(slow, after=None)
        hub.join(quick, after=None)
        for number in range(1, DEPTH + 2):
            hub.publish(event(number))
            drained(quick)
        assert hub.clients == {quick}
        assert drained(slow) == [None]

    def test_a_beat_reaches_all(self):
        hub, client = Hub(last=0), Client(full=True)
        hub.join(client, after=None)
        hub.beat()
        assert drained(client) == [b": still here\n\n"]


SCOPE = {"type": "http", "path": "/live/", "method": "GET", "server": ("127.0.0.1", 8001)}


class TestOrigin:
    @pytest.mark.parametrize(
        ("host", "origin"),
        [
            ("localhost:8001", "http://localhost:8000"),
            ("127.0.0.1:8001", "http://127.0.0.1:8000"),
            ("[::1]:8001", "http://[::1]:8000"),
            ("district.example", "http://district.example:8000"),
        ],
    )
    def test_the_pages_are_on_the_port_before(self, host, origin):
        assert pages_origin(SCOPE, {"host": host}) == origin

    def test_a_proxy_is_named(self, monkeypatch):
        monkeypatch.setenv("ONESYSTEM_PAGES_URL", "https://district.example/")
        assert pages_origin(SCOPE, {"host": "x"}) == "https://district.example"


def ask(stream, headers, path="/live/"):
    """The status of one request to the stream."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    scope = {
        **SCOPE,
        "path": path,
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }
    asyncio.run(stream(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"])


class FakeStore(Stream):
    """A stream whose store knows one session."""

    async def _read(self, what, *args):
        assert what == "who"
        return True if args == ("sessionid=known", "", "") else None


class TestAnswers:
    def stream(self):
        stream = FakeStore()
        stream.hub = Hub(last=0)
        return stream

    def test_only_pages_of_the_district_may_listen(self):
        known = {"host": "localhost:8001", "cookie": "sessionid=known"}
        own = known | {"origin": "http://localhost:8000"}
        status, headers = ask(self.stream(), own)
        assert status == 200
        assert headers[b"access-control-allow-origin"] == b"http://localhost:8000"
        assert headers[b"content-type"] == b"text/event-stream"
        for origin in ("http://localhost:9999", "https://evil.example", "null"):
            status, headers = ask(self.stream(), known | {"origin": origin})
            assert status == 403
            assert b"access-control-allow-origin" not in headers

    def test_only_those_who_signed_in(self):
        assert ask(self.stream(), {"host": "localhost:8001"})[0] == 401

    def test_nothing_else_is_here(self):
        assert ask(self.stream(), {"host": "localhost:8001"}, path="/")[0] == 404

    def test_while_the_store_is_away_pages_are_told_to_come_back(self):
        stream = FakeStore()
        assert ask(stream, {"host": "localhost:8001", "cookie": "sessionid=known"})[0] == 503


@pytest.mark.django_db
class TestWho:
    def cookies(self, client, *roles):
        password = "three blind mice run"
        actions.add_user(username="kiri", password=password, roles=roles, by=Actor.job("tests"))
        client.post("/account/login/", {"login": "kiri", "password": password})
        return "; ".join(f"{k}={v.value}" for k, v in client.cookies.items())

    @pytest.mark.parametrize(
        ("roles", "sees"), [(["ed-nurse"], True), (["planner"], False), ([], None)]
    )
    def test_the_session_of_the_pages_counts(self, district, client, roles, sees):
        assert watching.who(self.cookies(client, *roles)) is sees

    def test_whoever_was_let_go_may_not_listen(self, district, client):
        cookies = self.cookies(client, "viewer")
        actions.set_active(username="kiri", active=False, by=Actor.job("tests"))
        assert watching.who(cookies) is None

    @pytest.mark.parametrize("cookies", ["", "sessionid=", "sessionid=made-up", "=;;=\x00"])
    def test_strangers_may_not(self, cookies):
        assert watching.who(cookies) is None
