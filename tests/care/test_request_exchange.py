"""Requests as FHIR R4, both ways: ours are read over the API, others tell of theirs and ours."""

from datetime import timedelta

import orjson
import pytest

from onesystem import access, feeds, people, record
from onesystem.care.requests import actions, mapping, queries
from onesystem.district import now
from onesystem.feeds.fhir.validation import check
from onesystem.record.models import EntryRow
from onesystem.vocabulary import contact_id
from onesystem.vocabulary.codes import NHS_NUMBER

pytestmark = pytest.mark.django_db
ULCER = "Leg ulcer, dressing twice a week"


@pytest.fixture
def doctor(asker):
    return asker("hospital-doctor", "kiri", "hospital")


@pytest.fixture
def nurse(asker):
    return asker("district-nurse", "dee", "community")


@pytest.fixture
def sent(somebody, doctor):
    return actions.send(person=somebody, service="nursing", by=doctor, words=ULCER,
                        form={"side": "left"}, urgency="soon")  # fmt: skip


def resource(person, kind):
    """The newest resource of a kind that the record keeps of somebody."""
    found = record.entries_of(list(people.identity_ids_of(person)), kinds={kind})
    body = orjson.loads(record.body_of(found[0].entry))
    check(body, kind)
    return body


def test_what_was_sent_is_a_service_request_with_its_task(sent, somebody):
    asked, task = resource(somebody, "ServiceRequest"), resource(somebody, "Task")
    number = queries.one(sent).key
    assert asked["identifier"][0]["value"] == number
    assert (asked["status"], asked["priority"]) == ("active", "urgent")
    assert asked["note"][0]["text"] == ULCER
    assert (task["status"], task["focus"]) == (
        "requested", {"reference": f"ServiceRequest/{number}"},
    )  # fmt: skip
    assert resource(somebody, "QuestionnaireResponse")["item"][0]["linkId"] == "side"


def test_each_step_is_told(sent, somebody, nurse):
    actions.book(request=sent, by=nurse, seen=1, at=now() + timedelta(days=1))
    coding = resource(somebody, "Task")["businessStatus"]["coding"]
    assert [c["code"] for c in coding] == ["5.1.1", "booked"]
    actions.finish(request=sent, by=nurse, seen=3, reason="Dressed")
    task = resource(somebody, "Task")
    assert (task["status"], task["output"][0]["valueString"]) == ("completed", "Dressed")
    assert resource(somebody, "ServiceRequest")["status"] == "completed"


def told(*resources, source="practice"):
    """Take in what a source sends."""
    return feeds.take_messages(
        [feeds.Arrival(source=source, data=orjson.dumps(each), name="r.json")
         for each in resources]
    )  # fmt: skip


PATIENT = {
    "resourceType": "Patient",
    "id": "7",
    "identifier": [{"system": NHS_NUMBER, "value": "9434765919"}],
    "name": [{"family": "Ngāpuhi", "given": ["Māia"]}],
    "birthDate": "1950-03-04",
}
WHO = {"reference": "Patient/7"}


def referral(**more):
    return {"resourceType": "ServiceRequest", "id": "a", "status": "active", "intent": "order",
            "subject": WHO, "authoredOn": f"{now():%Y-%m-%dT%H:%M:%SZ}", "priority": "urgent",
            "code": {"text": "Leg ulcer"}, "performer": [{"identifier": {"value": "nursing"}}],
            **more}  # fmt: skip


def task(focus, status, **more):
    return {"resourceType": "Task", "id": "t", "status": status, "intent": "order", "for": WHO,
            "focus": focus, "lastModified": f"{now() + timedelta(seconds=5):%Y-%m-%dT%H:%M:%SZ}",
            **more}  # fmt: skip


class TestFromAPractice:
    """A practice system that sends e-referrals needs no new screen."""

    @pytest.fixture
    def asked(self, somebody):
        told(PATIENT, referral())
        return contact_id("practice", "ServiceRequest/a")

    def test_its_service_request_is_in_the_inbox(self, asked):
        assert queries.one(asked).state == "received"
        assert queries.one(asked).what == "Leg ulcer"

    @pytest.mark.parametrize(
        ("status", "state"),
        [
            ("accepted", "accepted"),
            ("rejected", "returned"),
            ("completed", "done"),
            ("on-hold", "needs-more"),
            ("in-progress", "in-progress"),
        ],
    )
    def test_a_task_about_it_is_a_step_of_it(self, asked, status, state):
        told(task({"reference": "ServiceRequest/a"}, status, statusReason={"text": "because"}))
        assert queries.one(asked).state == state
        assert queries.steps_of(asked)[-1].reason == "because"
        assert len(queries.of_person([queries.one(asked).identity])) == 1

    def test_the_task_may_come_first(self, somebody):
        told(PATIENT, task({"reference": "ServiceRequest/a"}, "accepted"), referral())
        assert queries.one(contact_id("practice", "ServiceRequest/a")).state == "accepted"

    def test_a_business_status_says_more(self, asked):
        told(task({"reference": "ServiceRequest/a"}, "accepted", businessStatus={
            "coding": [{"system": mapping.BSER, "code": "5.1.1"}]}))  # fmt: skip
        assert queries.one(asked).state == "booked"

    def test_the_form_that_belongs_to_it(self, asked):
        told({"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed",
              "subject": WHO, "basedOn": [{"reference": "ServiceRequest/a"}],
              "authored": "2026-11-22T10:00:00Z",
              "item": [{"linkId": "side", "text": "Which leg",
                        "answer": [{"valueString": "left"}]}]})  # fmt: skip
        [form] = [s.said["form"] for s in queries.steps_of(asked) if s.said.get("form")]
        assert form == {"Which leg": "left"}
        assert queries.one(asked).state == "received"

    def test_what_we_do_with_it_is_a_task_that_points_at_theirs(self, asked, nurse, somebody):
        person = people.person_of([queries.one(asked).identity]).popitem()[1]
        actions.accept(request=asked, by=nurse, seen=1)
        made = resource(person, "Task")
        assert made["status"] == "accepted"
        assert made["focus"]["reference"] == "ServiceRequest/a"
        [row] = EntryRow.objects.filter(kind="Task", source="care")
        assert row.status == "accepted"

    def test_a_task_without_a_focus_is_a_request_by_itself(self, somebody):
        told(PATIENT, {k: v for k, v in task({}, "accepted").items() if k != "focus"})
        assert queries.one(contact_id("practice", "Task/t")).state == "accepted"


def test_what_a_source_wrote_is_read_where_it_is_worked(somebody, nurse):
    from onesystem.care.requests.sent_by_source import written

    told(PATIENT, referral(note=[{"text": "She is deaf"}], reasonCode=[{"text": "Pain"}]))
    found = queries.one(contact_id("practice", "ServiceRequest/a"))
    person = people.person_of([found.identity])[found.identity]
    allowed = access.require_open(nurse, person)
    assert written(found, person, by=nurse, allowed=allowed) == [
        ("Why", "Pain"), ("Note", "She is deaf"),
    ]  # fmt: skip


class TestOfOurs:
    """A service's own system accepts and completes what was sent here."""

    def test_by_its_reference_number(self, somebody, nurse, asker):
        told(PATIENT)
        person = people.person_of([i for i, _, _ in people.births()])
        gp = asker("hospital-doctor", "kiri", "hospital")
        whom = max(person.values())
        asked = actions.send(person=whom, service="gp", by=gp, words="Blood pressure, please")
        number = queries.one(asked).key
        told(task({"reference": f"ServiceRequest/{number}"}, "accepted"))
        assert queries.one(asked).state == "accepted"

    def test_nobody_else_answers_it(self, somebody, sent):
        told(PATIENT, task({"reference": f"ServiceRequest/{queries.one(sent).key}"}, "completed"))
        assert queries.one(sent).state == "received"


class TestRealReferrals:
    """Whatever in the shared data is a referral is readable."""

    def test_fhir(self, shared_data, district):
        import gzip
        from collections import Counter

        from onesystem.feeds.fhir.reader import FhirReader
        from onesystem.vocabulary import CareAct, RequestSeen

        kinds = {"ServiceRequest", "Task", "ReferralRequest"}
        found, asked = Counter(), Counter()
        for name in ("hl7_r4_examples/hl7_r4_examples",
                     "gp_connect_records/gp_connect_structured_records"):  # fmt: skip
            with gzip.open(shared_data / "fhir" / f"{name}.ndjson.gz") as lines:
                for line in lines:
                    if not any(f'"{kind}"'.encode() in line for kind in kinds):
                        continue
                    whole = orjson.loads(line)
                    body = whole.get("resource", whole)
                    held = [e["resource"] for e in body.get("entry", ())] or [body]
                    found.update(r["resourceType"] for r in held if r["resourceType"] in kinds)
                    said = FhirReader().read(
                        orjson.dumps(body), source=district.source("practice"),
                        district=district, received=now(),
                    )  # fmt: skip
                    asked.update(type(r).__name__ for r in said
                                 if isinstance(r, RequestSeen | CareAct))  # fmt: skip
        assert found["ServiceRequest"] > 20
        assert found["ReferralRequest"] > 40
        # The rest are plans and proposals, or about nobody.
        assert asked["RequestSeen"] >= 60
        assert asked["CareAct"] >= 3

    def test_hl7_referrals(self, shared_data, district):
        from zipfile import ZipFile

        from onesystem.feeds.hl7v2.reader import Hl7Reader
        from onesystem.vocabulary import RequestSeen

        with ZipFile(shared_data / "fhir" / "hl7v2_messages" / "hl7v2_messages.zip") as archive:
            names = [n for n in archive.namelist() if n.rpartition("/")[2].startswith("REF-")]
            for name in names:
                said = Hl7Reader().read(archive.read(name), source=district.source("pas"),
                                        district=district, received=now())  # fmt: skip
                assert any(isinstance(each, RequestSeen) for each in said), name
        assert len(names) == 4


class TestOverTheApi:
    """Whoever may see the person reads it as FHIR, and a service's system answers by a Task."""

    @pytest.fixture
    def app(self, sent):
        from fhir_asking import Client

        return Client(scopes="user/*.cruds", role="hospital-doctor", purpose="direct care")

    def test_ours_are_found_with_their_tasks(self, app, sent):
        number = queries.one(sent).key
        found = app.get(f"/ServiceRequest?identifier=urn:onesystem:request|{number}").json
        [asked] = [each["resource"] for each in found["entry"]]
        assert (asked["status"], asked["note"][0]["text"]) == ("active", ULCER)
        tasks = app.get(f"/Task?focus=ServiceRequest/{asked['id']}").json
        [task] = [each["resource"] for each in tasks["entry"]]
        assert task["businessStatus"]["coding"][0]["code"] == "2.0"

    def test_each_step_is_a_version(self, app, sent, nurse):
        actions.accept(request=sent, by=nurse, seen=1)
        task = app.get(f"/Task?identifier=urn:onesystem:request|{queries.one(sent).key}").json
        assert task["entry"][0]["resource"]["meta"]["versionId"] == "2"
        assert task["entry"][0]["resource"]["status"] == "accepted"

    def test_who_runs_the_service_answers_by_its_task(self, sent, somebody):
        from fhir_asking import Client

        nurses = Client(scopes="user/*.cruds", role="district-nurse", purpose="direct care",
                        organisation="community", name="nurses")  # fmt: skip
        number = queries.one(sent).key
        found = nurses.get(f"/Task?identifier=urn:onesystem:request|{number}").json
        task = found["entry"][0]["resource"]
        changed = {**task, "status": "accepted", "businessStatus": {"text": "taken"}}
        assert nurses.put(f"/Task/{task['id']}", changed).status == 200
        assert queries.one(sent).state == "accepted"
        assert queries.steps_of(sent)[-1].by == "nurses-user"

    def test_who_does_not_run_it_tells_in_vain(self, app, sent):
        number = queries.one(sent).key
        found = app.get(f"/Task?identifier=urn:onesystem:request|{number}").json
        task = found["entry"][0]["resource"]
        told = {**task, "status": "completed", "businessStatus": {"text": "done"}}
        assert app.put(f"/Task/{task['id']}", told).status == 200
        assert queries.one(sent).state == "received"
        assert [s.overtaken for s in queries.steps_of(sent)] == [False, True]
