"""The API as OpenAPI tells of it: true to the statement, and fuzzed from it by schemathesis.

`make fuzz` does the same for longer: ONESYSTEM_FUZZ_OPERATIONS and ONESYSTEM_FUZZ_SEED.
"""

import json
import os
import re

import pytest
from access_worlds import contact
from django.db import transaction
from django.test import Client as Browser
from fhir_asking import BASE, Client, patient, weight
from openapi_fuzzing import HIDDEN, as_response, chosen, described, each_ask
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from onesystem import wiring
from onesystem.record.fhir.asks import Ask
from onesystem.record.fhir.engine import answer
from onesystem.record.models import EntryRow

pytestmark = pytest.mark.django_db
OPERATIONS = int(os.environ.get("ONESYSTEM_FUZZ_OPERATIONS", "24"))
SEED = int(os.environ.get("ONESYSTEM_FUZZ_SEED", "1"))
EXAMPLES = 12  # asks of each operation
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance,
          response_schema_conformance]  # fmt: skip


@pytest.fixture
def app(district):
    wiring.connect()
    made = Client()
    for name in ("p", "quay7"):
        mrn = [{"system": "urn:mrn", "value": name}]
        assert made.put(f"Patient/{name}", patient(id=name, identifier=mrn)).status == 201
    for name, of in (("o", "p"), ("oquay7", "quay7")):
        assert made.put(f"Observation/{name}", weight(f"Patient/{of}", id=name)).status == 201
    contact(1, EntryRow.objects.get(kind="Patient", logical="p").identity, service="ed")
    return made


@pytest.fixture
def document(app):
    return app.get("openapi.json").json


class TestDescription:
    def test_needs_no_token(self, app):
        found = app.get("openapi.json", authorization="")
        assert found.status == 200
        assert found.json["servers"] == [{"url": BASE}]

    def test_every_reference_in_it_leads_somewhere(self, document):
        for ref in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
            held = document
            for part in ref.split("/"):
                held = held[part]

    def test_names_what_the_statement_names(self, app, document):
        """Each type, search parameter and operation."""
        rest = app.get("metadata").json["rest"][0]
        for kind in rest["resource"]:
            name, paths = kind["type"], document["paths"]
            told = {each.get("name") for each in paths[f"/{name}"]["get"]["parameters"]}
            assert {each["name"] for each in kind.get("searchParam", ())} <= told
            able = {each["code"] for each in kind["interaction"]}
            assert ("patch" in paths[f"/{name}/{{id}}"]) == ("patch" in able)
            for each in kind.get("operation", ()):
                ends = f"${each['name']}"
                assert {f"/{name}/{ends}", f"/{name}/{{id}}/{ends}"} & paths.keys()

    def test_each_operation_has_a_name_of_its_own(self, document):
        ids = [
            each["operationId"]
            for path in document["paths"].values()
            for method, each in path.items()
            if method != "parameters"
        ]
        assert len(ids) == len(set(ids))


def test_what_is_drawn_is_answered_as_described(app, document):
    """By the door of the pages' port: no fault, and the status, type and shape that are told."""
    door, faults = Browser(raise_request_exception=False), []
    operations = described(document)
    for label in chosen(operations, SEED, OPERATIONS):

        def check(case, request, label=label):
            method, path, headers, body = request
            headers = {"authorization": f"Bearer {app.token}", **headers}
            type_ = headers.pop("content-type", "application/fhir+json")
            made = door.generic(method, f"/fhir{path}", body, content_type=type_, headers=headers)
            try:
                case.validate_response(as_response(method, path, made), checks=CHECKS)
            except Exception as error:  # noqa: BLE001 - all are told together
                faults.append((label, path[:200], str(error)[:600], made.content[:200]))

        each_ask(operations[label], SEED, EXAMPLES, check)
    assert not faults, f"{len(faults)}:\n" + "\n".join(map(str, faults[:20]))


def test_what_is_drawn_never_tells_of_what_is_hidden(app, document):
    """Whatever is asked of a record outside the scope is answered as of one that is nowhere."""
    nurse, leaks = Client(role="ed-nurse", purpose="direct care", name="nurse"), []
    assert (nurse.get("Patient/p").status, nurse.get("Patient/quay7").status) == (200, 404)
    operations = described(document)

    def told(request, name):
        """Status, headers and body of an ask of that record; what it wrote is undone."""
        method, path, headers, body = (_named(part, name) for part in request)
        path, _, query = path.lstrip("/").partition("?")
        headers = {"authorization": f"Bearer {nurse.token}", **headers}
        with transaction.atomic():
            made = answer([Ask(method=method, path=path, query=query, headers=headers, body=body,
                               base=BASE)])[0]  # fmt: skip
            transaction.set_rollback(True)
        plain = {key: _plain(value.encode(), name) for key, value in made.headers.items()}
        return made.status, _plain(made.body, name), plain

    for label in chosen(operations, SEED + 1, OPERATIONS):

        def check(_, request, label=label):
            here, absent = told(request, "quay7"), told(request, "neve7")
            asked = HIDDEN in str(request)
            if here != absent or (b"quay7" in here[1] and not asked):
                leaks.append((label, str(request)[:400], str(here)[:500], str(absent)[:500]))

        each_ask(operations[label], SEED, EXAMPLES, check)
    assert not leaks, f"{len(leaks)}:\n" + "\n".join(map(str, leaks[:20]))


def _named(part, name):
    if isinstance(part, dict):
        return {key: _named(value, name) for key, value in part.items()}
    old, new = (HIDDEN.encode(), name.encode()) if isinstance(part, bytes) else (HIDDEN, name)
    return part.replace(old, new)


def _plain(body, name):
    """Without the name asked for and words like it, without times and ids that were just made."""
    body = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", b"TIME", body)
    body = re.sub(rb"\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT", b"TIME", body)
    body = re.sub(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", b"MADE", body)
    body = re.sub(rb"(Did you mean|Nothing like it is known)[^\"]*", b"LIKE", body)
    return body.replace(name.encode(), b"NAME")
