"""What machines ask of a served district: health, readiness, and figures that name no one."""

import re

import pytest
from django.db import DatabaseError
from django.test import Client

from onesystem.web import counting, probes

LINE = re.compile(r'[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)+\})? -?[0-9.e+-]+')


@pytest.fixture(autouse=True)
def _own_table(monkeypatch):
    monkeypatch.setattr(counting, "_OPEN", {})
    monkeypatch.setattr(probes, "_known", [])


@pytest.fixture
def caller(district):
    """Somebody on this machine, without a session, who calls it by an address of its own."""
    return Client(headers={"Host": "10.1.2.3"})


@pytest.mark.django_db
class TestReady:
    def test_it_answers_without_a_sign_in_whatever_the_host_is_called(self, caller, settings):
        settings.SECURE_SSL_REDIRECT = True
        for path in ("/health/", "/ready/"):
            answer = caller.get(path)
            assert (answer.status_code, answer.content) == (200, b"ok\n")
            assert answer["Cache-Control"] == "no-store"
        assert caller.post("/ready/").status_code == 405

    def test_a_store_that_is_away_is_named_and_the_process_is_alive_all_the_same(
        self, caller, monkeypatch
    ):
        def away():
            raise DatabaseError

        monkeypatch.setattr("django.db.connection.cursor", away)
        answer = caller.get("/ready/")
        assert (answer.status_code, answer.content) == (503, b"not ready: store\n")
        assert caller.get("/health/").status_code == 200
        assert "onesystem_store_up 0" in caller.get("/metrics/").content.decode()

    def test_a_full_disk_and_a_store_of_an_older_version_are_named(self, caller, monkeypatch):
        monkeypatch.setattr(probes, "_room", lambda _: 1)
        monkeypatch.setattr(probes, "_whole", lambda: False)
        assert caller.get("/ready/").content == b"not ready: version, disk\n"


@pytest.mark.django_db
class TestMetrics:
    def test_they_are_for_this_machine_or_for_who_has_the_token(self, caller, monkeypatch):
        assert caller.get("/metrics/").status_code == 200
        for through_a_proxy in ({"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-Proto": "https"}):
            assert caller.get("/metrics/", headers=through_a_proxy).status_code == 403
        for elsewhere in ("192.0.2.7", ""):
            assert caller.get("/metrics/", REMOTE_ADDR=elsewhere).status_code == 403
        monkeypatch.setenv("ONESYSTEM_METRICS_TOKEN", "a token")
        told = {"Authorization": "Bearer a token"}
        assert caller.get("/metrics/", headers=told, REMOTE_ADDR="192.0.2.7").status_code == 200
        false = {"Authorization": "Bearer a toke"}
        assert caller.get("/metrics/", headers=false, REMOTE_ADDR="192.0.2.7").status_code == 403

    def test_a_page_is_counted_by_its_route_never_by_its_address(self, caller, sign_in):
        nurse = sign_in("general-practitioner", "aroha")
        nurse.get("/people/9434765919/")
        nurse.get("/nowhere/9434765919/")
        text = caller.get("/metrics/").content.decode()
        assert 'onesystem_page_seconds_count{method="GET",route="people:person",status=' in text
        assert 'onesystem_page_seconds_count{method="GET",route="(none)",status="404"} 1' in text
        assert "9434765919" not in text
        assert "aroha" not in text

    def test_every_line_is_in_the_form_and_says_what_waits(self, caller, sources):
        lines = caller.get("/metrics/").content.decode().splitlines()
        assert [one for one in lines if one[0] != "#" and not LINE.fullmatch(one)] == []
        assert {
            'onesystem_messages_total{source="pas",state="read"} 1',
            'onesystem_quarantine_messages{source="pas"} 1',
            "onesystem_landing_behind_bytes 0",
            "onesystem_store_up 1",
        } <= set(lines)
        assert sources == ["read", "quarantined"]


@pytest.fixture
def sources(caller):
    """One message that was read, and one that was set aside."""
    from onesystem import wiring
    from onesystem.feeds import Arrival, take_messages

    wiring.connect()
    good = (
        b"MSH|^~\\&|PAS|RM1|ONE|D|202511010815||ADT^A01|m1|P|2.4\rEVN|A01|202511010815\r"
        b"PID|1||7^^^RM1^MR||Tester^Pat||19500101|F\rPV1|1|E|ED" + b"|" * 16 + b"v1"
    )
    sent = [Arrival(source="pas", data=each, format="hl7v2") for each in (good, b"nothing")]
    return [each.state for each in take_messages(sent)]
