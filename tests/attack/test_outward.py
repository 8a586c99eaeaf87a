"""Whoever we ask on somebody's word: never inside, never on to another place, never for long."""

import ast
import http.server
import socket
import threading
import time
from pathlib import Path

import pytest

from onesystem.access import openid
from onesystem.record.fhir.hooks import sending
from onesystem.record.fhir.smart.registry import check_address
from onesystem.vocabulary import BadConfig

SRC = Path(__file__).resolve().parents[2] / "src/onesystem"
# Who may open a connection, and to whom. Nothing else of the product does.
OPENS = {
    "access/openid.py": "the sign-in that the district's file names; no redirect is followed",
    "access/notices/mailing.py": "the mail server that the environment names",
    "record/fhir/hooks/sending.py": "a subscriber: never inside unless the district names it",
    "cli/serve.py": "its own pages, to see that they answer",
    "demo": "the demo's own listener",
    "bench": "what it began itself",
}
ASKS = {"urlopen", "create_connection", "build_opener", "HTTPConnection", "HTTPSConnection",
        "SMTP", "SMTP_SSL"}  # fmt: skip


def test_nobody_else_opens_a_connection():
    found = set()
    for file in SRC.rglob("*.py"):
        place, text = file.relative_to(SRC).as_posix(), file.read_text(encoding="utf-8")
        if not any(name in text for name in ASKS):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ASKS:
                    found.add(place if place in OPENS else place.split("/")[0])
    assert found <= OPENS.keys()


@pytest.mark.parametrize("address", [
    "::127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
    "169.254.169.254", "100.64.0.1", "192.168.1.1", "172.16.0.1", "0.0.0.0", "::", "::1", "fe80::1",
    "fd00::1", "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255",
])  # fmt: skip
def test_an_address_inside_is_never_asked_however_it_is_written(monkeypatch, address):
    monkeypatch.delenv("ONESYSTEM_FHIR_HOOKS", raising=False)
    found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(sending.NotSent, match="inside"):
        sending.reach("https://innocent.example/")


def test_a_name_that_means_two_things_is_asked_once(monkeypatch):
    """The address that was checked is the one that is connected to."""
    answers = iter([[(socket.AF_INET, 1, 6, "", ("8.8.8.8", 443))],
                    [(socket.AF_INET, 1, 6, "", ("127.0.0.1", 443))]])  # fmt: skip
    asked = []
    monkeypatch.delenv("ONESYSTEM_FHIR_HOOKS", raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(answers))

    def connects(address, **_):
        asked.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connects)
    with pytest.raises(sending.NotSent):
        sending.reach("https://turning.example/")
    assert asked == [("8.8.8.8", 443)]


@pytest.fixture
def server():
    """A server of this machine that does what a test says."""
    made = []

    def serves(act):
        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                act(self)

            do_POST = do_GET  # noqa: N815 - the names of http.server

            def log_message(self, *_):
                pass

        here = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        here.daemon_threads = True
        threading.Thread(target=here.serve_forever, daemon=True).start()
        made.append(here)
        return f"http://127.0.0.1:{here.server_port}"

    yield serves
    for each in made:
        each.shutdown()
        each.server_close()


def _leads(to):
    def act(asked):
        asked.send_response(302)
        asked.send_header("Location", to)
        asked.end_headers()

    return act


def test_a_subscriber_leads_nowhere_else(server, monkeypatch):
    monkeypatch.setenv("ONESYSTEM_FHIR_HOOKS", "127.0.0.1")
    with pytest.raises(sending.NotSent, match="302"):
        sending.send("POST", server(_leads("http://169.254.169.254/")), [], b"{}")


def test_a_subscriber_who_drips_is_hung_up_on(server, monkeypatch):
    over = threading.Event()

    def drips(asked):
        while not over.wait(0.02):
            try:
                asked.wfile.write(b"H")
            except OSError:
                return

    monkeypatch.setenv("ONESYSTEM_FHIR_HOOKS", "127.0.0.1")
    monkeypatch.setattr(sending, "WHOLE", 0.3)
    begun = time.monotonic()
    with pytest.raises(sending.NotSent, match="no answer"):
        sending.send("POST", server(drips), [], b"{}")
    over.set()
    assert time.monotonic() - begun < sending.SECONDS


def test_a_sign_in_of_elsewhere_leads_nowhere_else(server):
    """Its secret goes along: it is for the place that the district's file names."""
    with pytest.raises(OSError, match="302"):
        openid.fetched(server(_leads("http://169.254.169.254/")), {"code": "x"}, ("id", "secret"))


@pytest.mark.parametrize("address", [
    "javascript:alert(1)", "data:text/html,x", "http://a.example/", "//a.example/", "https:///x",
    "https://a.example/#x", "https://a.example/ x", "file:///etc/passwd", "https:a.example",
])  # fmt: skip
def test_no_application_returns_to_what_is_no_safe_address(address):
    with pytest.raises(BadConfig):
        check_address(address)
