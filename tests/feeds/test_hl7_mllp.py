"""MLLP: frames out of any stream, acknowledgements that keep their word, stops and kills."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hl7_samples import adt
from hypothesis import given
from hypothesis import strategies as st

from onesystem.feeds.acks import ack, refused
from onesystem.feeds.framing import Framer, framed
from onesystem.feeds.hl7v2.message import parse
from onesystem.vocabulary import BadInput


class TestFrames:
    BODY = st.binary(max_size=50).map(lambda b: b.replace(b"\x1c", b"").replace(b"\x0b", b""))

    @given(st.lists(st.tuples(BODY, BODY), max_size=6), st.integers(1, 40))
    def test_any_cutting_of_the_stream_and_any_garbage_between(self, told, size):
        wire = b"".join(garbage + framed(message) for garbage, message in told)
        framer = Framer(1000)
        pieces = (wire[i : i + size] for i in range(0, len(wire), size))
        assert [m for piece in pieces for m in framer.feed(piece)] == [m for _, m in told]

    def test_one_that_is_too_large_gives_its_size_and_the_next_is_read(self):
        framer = Framer(10)
        wire = framed(b"x" * 95) + framed(b"small")
        found = [m for i in range(0, len(wire), 7) for m in framer.feed(wire[i : i + 7])]
        assert found == [95, b"small"]


class TestAcknowledgements:
    def fields(self, answer):
        message, _ = parse(answer)
        msh, msa = message.first("MSH"), message.first("MSA")
        return message, msh, msa

    def test_names_the_message_and_turns_sender_and_receiver_round(self):
        message, msh, msa = self.fields(ack(adt("A01", number="M7"), None))
        assert [message.text(msa, n) for n in (1, 2)] == ["AA", "M7"]
        assert [message.text(msh, n) for n in (3, 4, 5, 6)] == ["ONE", "D", "PAS", "RM1"]
        assert (message.text(msh, 9), message.text(msh, 9, 2)) == ("ACK", "A01")

    def test_says_why_in_words_that_fit_the_senders_separators(self):
        refusal = BadInput("no|visit^here", rule="hl7.no-visit", cure="c")
        message, _, msa = self.fields(ack(adt("A01", number="M7"), refusal))
        assert message.text(msa, 1) == "AE"
        assert message.text(msa, 3) == "hl7.no-visit: no visit here"

    @given(st.binary(max_size=80))
    def test_of_anything_is_a_message(self, junk):
        for answer in (refused(junk, "too large"), refused(b"MSH" + junk, "x")):
            assert answer.startswith(b"\x0bMSH")
            assert b"MSA" in answer


class Sender:
    """A hospital's side of the wire."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.answers = b""

    def send(self, *messages, before=b""):
        self.socket.sendall(before + b"".join(map(framed, messages)))

    def codes(self, count):
        """(code, number of the message) of so many acknowledgements, or of all until the end."""
        while self.answers.count(b"\x1c") < count:
            try:
                data = self.socket.recv(65536)
            except ConnectionError:
                break
            if not data:
                break
            self.answers += data
        return re.findall(rb"MSA\|(A[AER])\|([^|\r]*)", self.answers)

    def close(self):
        self.socket.close()


@pytest.fixture
def listener(district):
    """A listener that can be stopped, killed and started again on the same district."""
    running = []
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    env["ONESYSTEM_DISTRICT"] = str(district.path)

    def start():
        script = Path(__file__).parent / "listen_run.py"
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(script)],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process, Sender(int(process.stdout.readline()))

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def stored(district):
    with sqlite3.connect(district.path / "store.sqlite3") as store:
        rows = store.execute("SELECT kind, state, rule FROM feeds_message ORDER BY id").fetchall()
        (contacts,) = store.execute("SELECT COUNT(*) FROM contacts_contact").fetchone()
    store.close()
    return rows, contacts


def test_a_shift_on_the_wire(listener, district):
    """Pipelined, with garbage, oversized, unreadable and no HL7 at all; then a clean stop."""
    process, sender = listener()
    sender.send(
        adt("A01", number="1"),
        adt("A01", number="2", visit=""),
        b"hello",
        adt("A02", "0900", number="4") + b"\rNTE|1||" + b"x" * 200_000,
        adt("A02", "0900", number="5", ward="WARDB"),
        before=b"GET / HTTP/1.1\r\n\r\n",
    )
    codes = sender.codes(5)
    assert codes == [(b"AA", b"1"), (b"AE", b"2"), (b"AR", b""), (b"AR", b""), (b"AA", b"5")]
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    sender.close()
    rows, contacts = stored(district)
    assert [row[1] for row in rows] == ["read", "quarantined", "quarantined", "read"]
    assert contacts == 2


def test_killed_while_messages_stream_in(listener, district):
    """What was acknowledged is there after the restart; what is sent again is there once."""
    told = [adt("A01", visit=f"V{i}", person=str(i), number=f"N{i}", nhs="") for i in range(300)]
    process, sender = listener()
    sender.send(*told)
    acknowledged = len(sender.codes(100))
    process.kill()
    process.wait()
    acknowledged = max(acknowledged, len(sender.codes(300)))
    sender.close()
    process, sender = listener()
    assert acknowledged >= 100
    sender.send(*told[acknowledged - 20 :])
    sender.codes(len(told) - acknowledged + 20)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    sender.close()
    rows, contacts = stored(district)
    assert (len(rows), contacts) == (300, 300)
