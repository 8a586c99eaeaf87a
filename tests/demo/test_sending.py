"""Over the wire: what a listener acknowledged is sent, and what it did not is sent again."""

import pickle
import socket
import threading

import pytest

from onesystem.demo import clock, live, progress
from onesystem.demo.ahead import AHEAD, Ahead, from_kept
from onesystem.demo.sending import Line, Wire, drop_files
from onesystem.demo.sent import Sent
from onesystem.demo.telling import Teller


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


def test_a_source_that_nobody_listens_for_is_taken_in_all_the_same(listener, monkeypatch):
    """Its `listen` was taken out of district.toml: the others go on, and nothing of it is lost."""
    hears, taken = listener(), []
    monkeypatch.setattr("onesystem.demo.sending.straight", taken.extend)
    sent = [Sent(n, code, "", b"MSH|%d" % n, True) for n, code in enumerate(["pas", "tests"] * 3)]
    wire = Wire({"pas": hears.port})
    wire(sent)
    wire.close()
    assert hears.heard == [each.data for each in sent[::2]]
    assert taken == sent[1::2]


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
    begun, carried = imagined.reached, []
    ahead = Ahead(telling(imagined), begun, {})
    clock.write(tmp_path, clock.Clock(real=0, here=begun, paused=True))
    assert not live.step(ahead, tmp_path, carried.extend)
    clock.write(tmp_path, clock.Clock(real=0, here=begun + 10 * 3600, paused=True))
    assert live.step(ahead, tmp_path, carried.extend)
    assert ahead.reached == begun + 6 * 3600
    assert not live.step(ahead, tmp_path, carried.extend)
    assert ahead.reached == begun + 10 * 3600
    assert carried
    assert list((tmp_path / "drop").rglob("*.ndjson"))


def telling(world):
    """Tell a copy of that world on, as a process of its own would."""

    def tell(reached, dropped, second):
        told = pickle.loads(pickle.dumps(world))
        told.reached, told.dropped = reached, dict(dropped)
        return Teller(told).until(second + AHEAD)

    return tell


def test_what_lies_ahead_is_sent_once_and_in_order(imagined):
    """Second by second the same messages come as of the whole stretch, and none twice."""
    begun, end = imagined.reached, imagined.reached + 5 * 3600
    whole = Teller(pickle.loads(pickle.dumps(imagined))).until(end)
    ahead, little = Ahead(telling(imagined), begun, {}), []
    for second in range(begun + 600, end + 1, 600):
        little += ahead.until(second)
    assert [s for s in little if s.hl7] == [s for s in whole if s.hl7]
    assert ahead.dropped["ambulance"] == end // 600 * 600


def test_telling_on_is_kept_as_of_what_was_sent(made_folder):
    """What was told ahead and not sent yet is told again, the same, after the world went on."""
    made = progress.read(made_folder).made
    one = from_kept(made_folder, made)
    begun = one.reached
    first = one.until(begun + 9 * 86_400)  # beyond what was drawn: the world is kept anew
    again = from_kept(made_folder, made)
    assert again.reached == begun
    assert again.until(begun + 9 * 86_400) == first
