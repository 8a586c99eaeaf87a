"""Over the wire: what a listener acknowledged is sent, and what it did not is sent again."""

import pickle
import socket
import threading

import pytest

from onesystem.demo import clock, live
from onesystem.demo.sending import Line, Wire, drop_files
from onesystem.demo.telling import Sent, Teller


class Listener:
    """Acknowledges every message; hangs up once after so many."""

    def __init__(self, hang_up_after=10**9):
        self.heard, self._left = [], hang_up_after
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                talk, _ = self._server.accept()
            except OSError:
                return
            with talk:
                self._talk(talk)

    def _talk(self, talk):
        rest = b""
        while data := talk.recv(65536):
            rest += data
            while b"\x1c\r" in rest:
                frame, rest = rest.split(b"\x1c\r", 1)
                if not self._left:
                    self._left = 10**9
                    return
                self._left -= 1
                self.heard.append(frame.lstrip(b"\x0b"))
                talk.sendall(b"\x0bMSH|^~\\&|||||||ACK\rMSA|AA|1\x1c\r")

    def close(self):
        self._server.close()


@pytest.fixture
def listener():
    made = []

    def listen(**how):
        made.append(Listener(**how))
        return made[-1]

    yield listen
    for each in made:
        each.close()


def test_every_message_arrives_in_order(listener):
    hears = listener()
    sent = [Sent(n, "pas", "", b"MSH|%d" % n, True) for n in range(300)]
    wire = Wire({"pas": hears.port})
    wire(sent)
    wire.close()
    assert hears.heard == [each.data for each in sent]


def test_after_a_hang_up_the_rest_is_sent_again(listener):
    hears = listener(hang_up_after=100)
    sent = [Sent(n, "pas", "", b"MSH|%d" % n, True) for n in range(300)]
    wire = Wire({"pas": hears.port})
    wire(sent)
    wire.close()
    assert list(dict.fromkeys(hears.heard)) == [each.data for each in sent]


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    line = Line("127.0.0.1", port)
    with pytest.raises(OSError, match="refused"):
        line.send([b"MSH|1"])


def test_files_are_left_whole(tmp_path):
    paths = drop_files([Sent(1, "council", "1.csv", b"a;b\n", False)], tmp_path)
    assert paths == [tmp_path / "drop" / "council" / "1.csv"]
    assert [p.name for p in paths[0].parent.iterdir()] == ["1.csv"]


def test_steps_follow_the_clock(imagined, tmp_path):
    """A clock that is paused sends nothing; one that has run on catches up in large steps."""
    told = pickle.loads(pickle.dumps(imagined))
    teller, carried = Teller(told), []
    begun = told.reached
    clock.write(tmp_path, clock.Clock(real=0, here=begun, paused=True))
    assert not live.step(teller, tmp_path, carried.extend)
    clock.write(tmp_path, clock.Clock(real=0, here=begun + 10 * 3600, paused=True))
    assert live.step(teller, tmp_path, carried.extend)
    assert told.reached == begun + 6 * 3600
    assert not live.step(teller, tmp_path, carried.extend)
    assert told.reached == begun + 10 * 3600
    assert carried
    assert list((tmp_path / "drop").rglob("*.ndjson"))
