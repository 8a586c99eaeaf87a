"""Subscriptions: checked, made active, told within their scope, tried again, and ended."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from fhir_asking import Client, events, patient, weight

from onesystem.record.fhir.hooks import sending, working
from onesystem.record.fhir.hooks.models import Hook, HookNotice

pytestmark = pytest.mark.django_db(transaction=True)


class Receiver:
    """A subscriber's server: keeps what it is told; answers with `status`."""

    def __init__(self):
        self.told, self.status = [], 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _take(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.told.append((self.command, self.path, dict(self.headers), body))
                self.send_response(outer.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            do_POST = do_PUT = _take  # noqa: N815

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver(monkeypatch):
    made = Receiver()
    monkeypatch.setenv("ONESYSTEM_FHIR_HOOKS", f"127.0.0.1:{made.server.server_port}")
    yield made
    made.close()


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    return Client()


def subscription(url, *, criteria="Observation?code=http://loinc.org|29463-7", payload="", **more):
    channel = {"type": "rest-hook", "endpoint": url, "header": ["Authorization: Bearer s3cret"]}
    if payload:
        channel["payload"] = payload
    return {"resourceType": "Subscription", "status": "requested", "reason": "to know",
            "criteria": criteria, "channel": channel, **more}  # fmt: skip


def told(app, receiver, payload=""):
    """A subscription that is active, and its id."""
    made = app.post("Subscription", subscription(receiver.url, payload=payload))
    assert made.status == 201, made.body
    working.work()
    return made.id


class TestTold:
    def test_it_becomes_active_and_keeps_its_secret(self, app, receiver):
        number = told(app, receiver)
        found = app.get(f"Subscription/{number}")
        assert found.json["status"] == "active"
        assert b"s3cret" not in found.body
        assert receiver.told == []

    def test_of_what_matches_and_once(self, app, receiver):
        told(app, receiver)
        app.put("Patient/p", patient(id="p"))
        app.put("Observation/o", json.loads(weight("Patient/p", "1", id="o")))
        working.work()
        working.work()
        assert [(m, p, h["Authorization"], b) for m, p, h, b in receiver.told] == [
            ("POST", "/in", "Bearer s3cret", b"")]  # fmt: skip
        app.put("Observation/o", json.loads(weight("Patient/p", "2", id="o")))
        working.work()
        assert len(receiver.told) == 2
        assert [e.act for e in events() if e.act == "fhir.notified" and e.person] != []

    def test_with_the_resource_where_it_is_wanted(self, app, receiver):
        told(app, receiver, payload="application/fhir+json")
        app.put("Patient/p", patient(id="p"))
        app.put("Observation/o", json.loads(weight("Patient/p", "1", id="o")))
        working.work()
        method, path, headers, body = receiver.told[0]
        assert (method, path) == ("PUT", "/in/Observation/o")
        assert headers["Content-Type"] == "application/fhir+json"
        assert json.loads(body) == app.get("Observation/o").json

    def test_of_nobody_outside_the_scope(self, app, receiver):
        nurse = Client(role="ed-nurse", purpose="direct care", name="nurse")
        told(nurse, receiver)
        app.put("Patient/p", patient(id="p"))
        app.put("Observation/o", json.loads(weight("Patient/p", "1", id="o")))
        working.work()
        assert receiver.told == []
        assert not HookNotice.objects.exists()

    def test_once_by_two_workers(self, app, receiver, monkeypatch):
        """`onesystem fhir errands` beside a served district: each subscription has one worker."""
        told(app, receiver)
        app.put("Patient/p", patient(id="p"))
        app.put("Observation/o", json.loads(weight("Patient/p", "1", id="o")))
        send, beside = sending.send, []

        def sent(*args, **more):
            beside.append(working.work())  # the other worker comes while this one tells
            send(*args, **more)

        monkeypatch.setattr(sending, "send", sent)
        working.work()
        assert beside == [False]
        assert len(receiver.told) == 1
        assert Hook.objects.get().due == 0

    def test_after_a_worker_was_stopped(self, app, receiver, monkeypatch):
        """Its claim is over in a minute; then another one goes on."""
        told(app, receiver)
        app.put("Patient/p", patient(id="p"))
        app.put("Observation/o", json.loads(weight("Patient/p", "1", id="o")))
        with monkeypatch.context() as stopped:
            stopped.setattr(working, "_tell", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                working.work()
        working.work()
        assert receiver.told == []
        Hook.objects.update(due=Hook.objects.get().due - working._CLAIM)
        working.work()
        assert len(receiver.told) == 1


class TestFaults:
    def test_is_tried_again_later_and_is_an_error_at_last(self, app, receiver):
        number = told(app, receiver)
        app.put("Patient/p", patient(id="p"))
        app.put("Observation/o", json.loads(weight("Patient/p", "1", id="o")))
        receiver.status = 302
        for _ in range(len(working.WAITS) + 1):
            working.work()
            Hook.objects.update(due=0)
        assert len(receiver.told) == len(working.WAITS) + 1
        found = app.get(f"Subscription/{number}").json
        assert (found["status"], found["error"]) == ("error", "it answered 302")

    def test_waits_between_tries(self, app, receiver):
        told(app, receiver)
        app.put("Patient/p", patient(id="p"))
        app.put("Observation/o", json.loads(weight("Patient/p", "1", id="o")))
        receiver.status = 500
        working.work()
        working.work()
        assert len(receiver.told) == 1
        receiver.status = 200
        Hook.objects.update(due=0)
        working.work()
        assert len(receiver.told) == 2

    def test_ends_when_it_is_deleted(self, app, receiver):
        number = told(app, receiver)
        assert app.ask("DELETE", f"Subscription/{number}").status == 204
        assert not Hook.objects.exists()


class TestChecked:
    @pytest.mark.parametrize(
        ("change", "leaf"),
        [({"criteria": "Patent?x=1"}, "criteria"), ({"status": "active"}, "status"),
         ({"criteria": "Patient?_sort=name"}, "criteria"),
         ({"channel": {"type": "email", "endpoint": "mailto:x@y.z"}}, "channel.type"),
         ({"channel": {"type": "rest-hook", "endpoint": "http://example.com/"}},
          "channel.endpoint"),
         ({"channel": {"type": "rest-hook", "endpoint": "file:///etc/passwd"}},
          "channel.endpoint")],
    )  # fmt: skip
    def test_when_it_is_written(self, app, change, leaf):
        found = app.post("Subscription", subscription("https://example.com/") | change)
        assert (found.status, found.issue["expression"]) == (422, [f"Subscription.{leaf}"])

    @pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]",
                                      "[::ffff:127.0.0.1]", "localhost", "0.0.0.0"])  # fmt: skip
    def test_no_address_inside_is_reached(self, monkeypatch, host):
        monkeypatch.delenv("ONESYSTEM_FHIR_HOOKS", raising=False)
        with pytest.raises(sending.NotSent, match="inside"):
            sending.reach(f"https://{host}/x")
