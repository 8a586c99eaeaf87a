"""The practices' system sends FHIR by REST with its token, or to the folder when it cannot."""

import stat
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from structlog.testing import capture_logs

from onesystem.demo.posting import TOKEN, Door
from onesystem.demo.sending import drop_files
from onesystem.demo.sent import Sent
from onesystem.feeds.fhir import tokens

LINE = Sent(7, "practices", "7-1-started.ndjson", b'{"resourceType":"Patient"}\n', False)
EXTRACT = Sent(7, "ambulance", "7-people.csv", b"a,b\n", False)


@contextmanager
def intake(status=200):
    """A district's intake that notes what it is sent; gives its port and the notes."""
    heard = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, self.headers["Authorization"], body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, heard
        server.shutdown()


@pytest.fixture
def folder(tmp_path):
    """A district's folder in which the practices' token lies."""
    (tmp_path / TOKEN).parent.mkdir()
    (tmp_path / TOKEN).write_text("onesystem_abc\n")
    return tmp_path


def test_messages_go_to_the_intake_with_the_token(folder, monkeypatch):
    with intake() as (port, heard):
        monkeypatch.setenv("ONESYSTEM_PAGES_PORT", str(port))
        left = drop_files([LINE, EXTRACT], folder)
    assert heard == [("/fhir", "Bearer onesystem_abc", LINE.data)]
    assert [path.name for path in left] == [EXTRACT.name]


@pytest.mark.parametrize("status", [302, 401, 503])
def test_what_is_refused_goes_to_the_folder_and_is_said_once(folder, status):
    with intake(status) as (port, _), capture_logs() as logs:
        door = Door(folder, "127.0.0.1", port)
        assert [*door.send([LINE]), *door.send([LINE])] == []
    (said,) = logs
    assert said["log_level"] == "warning"
    assert "watched folder" in said["event"]
    assert str(status) in said["why"]


def test_where_nobody_answers_nothing_is_lost(folder, monkeypatch):
    with intake() as (port, _):
        pass
    monkeypatch.setenv("ONESYSTEM_PAGES_PORT", str(port))
    (left,) = drop_files([LINE], folder)
    assert left.read_bytes() == LINE.data


def test_without_pages_all_goes_to_folders(tmp_path, monkeypatch):
    monkeypatch.delenv("ONESYSTEM_PAGES_PORT", raising=False)
    assert len(drop_files([LINE, EXTRACT], tmp_path)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_token_is_issued_once_and_kept_for_nobody_else(district, tmp_path):
    with intake() as (port, heard):
        door = Door(tmp_path, "127.0.0.1", port)
        assert [*door.send([LINE]), *door.send([LINE])] == [LINE, LINE]
    assert len({who for _, who, _ in heard}) == 1
    assert tokens.source_of(heard[0][1].removeprefix("Bearer ")) == "practices"
    assert stat.S_IMODE((tmp_path / TOKEN).stat().st_mode) == 0o600
