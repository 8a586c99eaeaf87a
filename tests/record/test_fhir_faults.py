"""When something breaks between landing a write and committing it; and requests sent again."""

import json

import pytest
from django.db import IntegrityError, OperationalError
from fhir_asking import Client, patient, weight

from onesystem import access, feeds, wiring
from onesystem.district import current
from onesystem.feeds import pipeline as pipelines
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.models import Message
from onesystem.feeds.pending import process_pending
from onesystem.feeds.reading import UNANSWERED
from onesystem.record.fhir import engine, writing

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(district):
    wiring.connect()
    return Client()


class Once:
    """A function that fails the first time, as a store does that goes away and comes back."""

    def __init__(self, real, error):
        self._real, self._error, self.calls = real, error, 0

    def __call__(self, *args, **named):
        self.calls += 1
        if self.calls == 1:
            raise self._error
        return self._real(*args, **named)


def away():
    return OperationalError("the server closed the connection unexpectedly")


def states():
    return sorted(Message.objects.values_list("state", "rule"))


class TestNotCommitted:
    def test_a_write_that_was_refused_with_503_is_never_done(self, app, monkeypatch):
        monkeypatch.setattr(access, "record_many", Once(access.record_many, away()))
        assert app.put("Patient/p", patient(id="p")).status == 503
        assert states() == [("quarantined", UNANSWERED)]
        process_pending(pipeline_of(current()))
        assert app.get("Patient/p").status == 404
        feeds.replay(everything=True)
        feeds.replay(quarantined=True)
        assert app.get("Patient/p").status == 404
        assert app.put("Patient/p", patient(id="p")).status == 201
        assert app.get("Patient/p").status == 200

    def test_even_if_the_store_is_away_when_it_is_to_be_set_aside(self, app, monkeypatch):
        monkeypatch.setattr(access, "record_many", Once(access.record_many, away()))
        monkeypatch.setattr(writing, "set_aside", Once(writing.set_aside, away()))
        assert app.put("Patient/p", patient(id="p")).status == 503
        assert states() == []
        pipeline = pipeline_of(current())
        pipeline.landing.close()  # the process ends; the next goes over what it left
        process_pending(pipeline)
        assert states() == [("quarantined", UNANSWERED)]
        assert app.get("Patient/p").status == 404

    def test_a_failed_entry_of_a_batch_leaves_the_others(self, app):
        app.put("Patient/p", patient(id="p"))
        dangling = json.loads(weight("Patient/p")) | {"code": {"text": "x" * 10}}
        sent = {"resourceType": "Bundle", "type": "batch", "entry": [
            {"resource": dangling, "request": {"method": "POST", "url": "Observation"}},
            {"resource": {"resourceType": "Patient", "x": 1},
             "request": {"method": "POST", "url": "Patient"}}]}  # fmt: skip
        found = app.post("", sent).json["entry"]
        assert [each["response"]["status"][:3] for each in found] == ["201", "400"]
        assert states() == [("read", ""), ("read", "")]

    def test_names_that_clash_are_given_again(self, district, data, monkeypatch):
        wiring.connect()
        once = Once(pipelines.hand_on, IntegrityError("record_entry_name"))
        monkeypatch.setattr(pipelines, "hand_on", once)
        body = json.dumps(patient(id="p")).encode()
        (district.path / "p.json").write_bytes(body)
        report = feeds.take_in([district.path / "p.json"], "practice")
        assert (report.total.read, report.total.quarantined) == (1, 0)
        assert once.calls == 2


class TestSentAgain:
    def test_a_create_with_the_same_request_id_is_one(self, app):
        first = app.post("Patient", patient(), x_request_id="r1")
        second = app.post("Patient", patient(), x_request_id="r1")
        assert (first.status, second.status) == (201, 201)
        assert second.headers["Location"] == first.headers["Location"]
        assert second.body == first.body
        assert app.get("Patient?_summary=count").json["total"] == 1

    def test_other_words_under_the_same_request_id_are_another(self, app):
        first = app.post("Patient", patient(), x_request_id="r1")
        second = app.post("Patient", patient(gender="other"), x_request_id="r1")
        third = Client(name="another").post("Patient", patient(), x_request_id="r1")
        assert len({first.id, second.id, third.id}) == 3

    def test_the_answer_is_the_first_one_whatever_came_since(self, app):
        first = app.post("Patient", patient(), x_request_id="r1")
        app.put(f"Patient/{first.id}", patient(id=first.id, gender="other"))
        again = app.post("Patient", patient(), x_request_id="r1")
        assert (again.status, again.body) == (201, first.body)
        assert app.get(f"Patient/{first.id}").headers["ETag"] == 'W/"2"'

    @pytest.mark.parametrize("type_", ["transaction", "batch"])
    def test_a_bundle_is_one(self, app, type_):
        sent = {"resourceType": "Bundle", "type": type_, "entry": [
            {"fullUrl": "urn:uuid:1", "resource": patient(),
             "request": {"method": "POST", "url": "Patient"}},
            {"resource": patient(), "request": {"method": "POST", "url": "Patient"}},
            {"resource": patient(id="q"), "request": {"method": "PUT", "url": "Patient/q"}},
        ]}  # fmt: skip
        first = app.post("", sent, x_request_id="b").json["entry"]
        app.put("Patient/q", patient(id="q", gender="other"))
        second = app.post("", sent, x_request_id="b").json["entry"]
        assert [e["response"]["location"] for e in first[:2]] == [
            e["response"]["location"] for e in second[:2]]  # fmt: skip
        assert app.get("Patient?_summary=count").json["total"] == 3
        if type_ == "transaction":
            assert app.get("Patient/q").json["gender"] == "other"


def test_an_ask_that_fails_in_the_store_ends_no_other(app, monkeypatch):
    app.put("Patient/p", patient(id="p"))
    monkeypatch.setattr(engine, "handle", Once(engine.handle, away()))
    assert app.get("Patient/p").status == 503
    assert app.get("Patient/p").status == 200
