"""The REST intake: who may send, what is answered, and that it is safe when it is."""

import gzip

import orjson
import pytest
from django.test import RequestFactory

from onesystem import record, wiring
from onesystem.access import Actor
from onesystem.feeds.fhir import intake, tokens
from onesystem.feeds.models import Message
from onesystem.vocabulary import NotFound

pytestmark = pytest.mark.django_db(transaction=True)
PATIENT = {"resourceType": "Patient", "id": "7", "name": [{"family": "Ngata"}]}
WEIGHT = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "weight"},
          "subject": {"reference": "Patient/7"}}  # fmt: skip
JSON = "application/fhir+json"
BY = Actor.job("test")


@pytest.fixture(autouse=True)
def _here(district):
    wiring.connect()


@pytest.fixture
def send():
    token = tokens.issue(source="practice", by=BY)

    def do(body, *, kind="", key="", type_=JSON, method="post", **headers):
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        headers = {"HTTP_AUTHORIZATION": f"Bearer {token}", **headers}
        request = getattr(RequestFactory(), method)("/fhir", data, content_type=type_, **headers)
        if key:
            return intake.updated(request, kind, key)
        return intake.created(request, kind) if kind else intake.whole(request)

    return do


def issue(response):
    return orjson.loads(response.content)["issue"][0]


def test_a_resource_is_safe_and_read(send):
    response = send(PATIENT, kind="Patient")
    assert (response.status_code, response["Location"]) == (201, "/fhir/Patient/7")
    assert Message.objects.get().state == "read"
    assert record.entry_of("practice", "Patient", "Patient/7")


def test_the_same_again_changes_nothing(send):
    send(PATIENT, kind="Patient")
    assert send(PATIENT, kind="Patient").status_code == 200
    assert Message.objects.count() == 1


def test_a_transaction_is_answered_entry_by_entry(send):
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [
        {"resource": PATIENT, "request": {"method": "PUT", "url": "Patient/7"}},
        {"resource": WEIGHT, "request": {"method": "POST", "url": "Observation"}},
    ]}  # fmt: skip
    response = orjson.loads(send(bundle).content)
    assert response["type"] == "transaction-response"
    assert [e["response"] for e in response["entry"]] == [
        {"status": "200 OK", "location": "Patient/7"},
        {"status": "201 Created", "location": "Observation/o"},
    ]


def test_lines_are_messages(send):
    lines = b"\n".join(map(orjson.dumps, (PATIENT, WEIGHT, {"resourceType": "Patien"})))
    response = send(lines, type_="application/fhir+ndjson")
    assert "3 lines are safe; 1 were quarantined" in issue(response)["diagnostics"]
    assert Message.objects.count() == 3


def test_a_refusal_says_where_and_what_to_do(send):
    response = send({**PATIENT, "gender": "femal"}, kind="Patient")
    assert response.status_code == 422
    assert "female" in issue(response)["details"]["text"]
    assert Message.objects.get().state == "quarantined"


def test_an_update_has_one_id(send):
    assert send(PATIENT, kind="Patient", key="7", method="put").status_code == 200
    assert send(PATIENT, kind="Patient", key="8", method="put").status_code == 400


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        (PATIENT, {}, 400),  # not a Bundle
        (WEIGHT, {"kind": "Patient"}, 400),
        (b"{", {}, 400),
        (b" ", {}, 400),
        (PATIENT, {"type_": "text/plain"}, 415),
        (PATIENT, {"HTTP_CONTENT_ENCODING": "br"}, 415),
        (b"not gzip", {"HTTP_CONTENT_ENCODING": "gzip"}, 400),
        (gzip.compress(b" " * (intake.LARGEST + 10)), {"HTTP_CONTENT_ENCODING": "gzip"}, 413),
        (PATIENT, {"HTTP_AUTHORIZATION": "Bearer onesystem_guess"}, 401),
        (PATIENT, {"HTTP_AUTHORIZATION": ""}, 401),
    ],
)
def test_what_is_not_taken_is_answered(send, body, more, status):
    response = send(body, **more)
    assert response.status_code == status
    assert orjson.loads(response.content)["resourceType"] == "OperationOutcome"
    assert Message.objects.count() == 0


def test_xml_and_gzip_are_taken(send):
    text = b'<Patient xmlns="http://hl7.org/fhir"><id value="9"/></Patient>'
    response = send(gzip.compress(text), kind="Patient", type_="application/fhir+xml",
                    HTTP_CONTENT_ENCODING="gzip")  # fmt: skip
    assert response["Location"] == "/fhir/Patient/9"


def test_a_location_is_a_header_whatever_it_holds(send):
    odd = {"resourceType": "Patient", "identifier": [{"system": "x", "value": "a\nb é"}]}
    assert send(odd, kind="Patient")["Location"].endswith("a%0Ab%20%C3%A9")


def test_a_revoked_token_ends(send):
    [token] = tokens.tokens()
    tokens.revoke(token=token.pk, by=BY)
    assert send(PATIENT, kind="Patient").status_code == 401
    with pytest.raises(NotFound):
        tokens.revoke(token=token.pk, by=BY)


def test_only_the_digest_of_a_token_is_kept(send):
    token = tokens.issue(source="pas", by=BY)
    assert token not in repr([vars(t) for t in tokens.tokens()])


def test_its_address_is_open_to_senders_only(client):
    """Through every middleware: no page of ours, no cookie, no form token."""
    token = tokens.issue(source="practice", by=BY)
    said = {"data": orjson.dumps(PATIENT), "content_type": JSON}
    assert client.post("/fhir/Patient", **said).status_code == 401
    sent = client.post("/fhir/Patient", **said, headers={"authorization": f"Bearer {token}"})
    assert sent.status_code == 201
    assert client.get("/fhir").status_code == 401
