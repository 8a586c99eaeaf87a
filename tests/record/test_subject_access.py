"""A subject access export: everything held, as the person may have it, and audited."""

import io
import json
import zipfile

import pytest
from fhir_asking import Client, patient, weight

from onesystem import access, people
from onesystem.record.models import EntryRow
from onesystem.record.protection.packing import answer
from onesystem.vocabulary import NotFound, NotPermitted

pytestmark = pytest.mark.django_db
OFFICER = access.Actor(name="olu", roles=frozenset({"privacy-officer"}), kind="person")


@pytest.fixture
def person(district):
    from onesystem import wiring

    wiring.connect()
    app = Client(name="bulk", scopes="system/*.cruds")
    app.put("Patient/p", patient(id="p", name=[{"family": "<b>Ngata</b>", "given": ["Aroha"]}]))
    app.put("Observation/o", json.loads(weight("Patient/p", "70.5", id="o")))
    app.put("Observation/o", json.loads(weight("Patient/p", "71.5", id="o")))
    secret = {"security": [{"code": "R",
              "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"}]}  # fmt: skip
    app.put("Observation/r", json.loads(weight("Patient/p", "1", id="r", meta=secret)))
    identity = EntryRow.objects.get(kind="Patient").identity
    return people.person_of([identity])[identity]


def opened(person, by=OFFICER):
    packed, found = answer(person, by=by)
    return zipfile.ZipFile(io.BytesIO(packed)), found


def test_everything_is_in_it_and_the_page_shows_it_safely(person):
    file, found = opened(person)
    entries = [json.loads(line) for line in file.read("entries.ndjson").splitlines()]
    kept = [(e["kind"], e["id"], e["version"]) for e in entries]
    assert ("Observation", "o", 1) in kept
    assert ("Observation", "o", 2) in kept
    assert any(kind == "Patient" for kind, *_ in kept)
    page = file.read("index.html").decode()
    assert "71.5" in page
    assert "<b>Ngata" not in page
    assert "&lt;b&gt;Ngata" in page
    assert json.loads(file.read("identities.json"))
    assert found.identities


def test_what_a_sender_restricted_is_kept_back_even_from_a_job(person):
    for by in (OFFICER, access.Actor.job("command line")):
        file, found = opened(person, by)
        assert found.kept_back == 1
        assert b'"r"' not in file.read("entries.ndjson")


def test_it_is_audited_and_the_next_one_says_so(person):
    opened(person)
    file, _ = opened(person)
    acts = [(row["who"], row["act"]) for row in json.loads(file.read("trail.json"))]
    assert ("olu", "person.exported") in acts


def test_only_for_those_who_answer_requests(person):
    nurse = access.Actor(name="kiri", roles=frozenset({"ed-nurse"}), kind="person")
    with pytest.raises(NotPermitted):
        answer(person, by=nurse)
    with pytest.raises(NotFound):
        answer(10**9, by=OFFICER)
