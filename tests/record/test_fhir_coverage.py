"""The table of what the server does names what it really does, and tests that exist."""

import json
import re
from pathlib import Path

import pytest
from fhir_asking import Client

from onesystem import wiring
from onesystem.record.fhir import handling, metadata
from onesystem.record.fhir.coverage import INTERACTIONS, lines

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.django_db


@pytest.fixture
def statement(district):
    """The CapabilityStatement as it is answered."""
    wiring.connect()
    return json.loads(Client().get("metadata").body)


def test_every_interaction_that_is_claimed_is_held(statement):
    """And none is in the table that the server does not claim."""
    rest = statement["rest"][0]
    claimed = {each["code"] for each in rest["interaction"]}
    claimed |= {i["code"] for kind in rest["resource"] for i in kind["interaction"]}
    assert claimed == set(INTERACTIONS)


def test_every_operation_that_is_claimed_is_held(statement):
    """On the system and on types."""
    rest = statement["rest"][0]
    claimed = {each["name"] for each in rest.get("operation", ())}
    claimed |= {o["name"] for kind in rest["resource"] for o in kind.get("operation", ())}
    held = {line.name.lstrip("$") for line in lines() if line.what == "operation" and line.tests}
    assert claimed == held


def test_every_search_parameter_that_is_claimed_is_held(statement):
    """Type by type."""
    held = {line.name for line in lines() if line.what == "search" and line.tests}
    for kind in statement["rest"][0]["resource"]:
        for parameter in kind.get("searchParam", ()):
            names = {f"{kind['type']}.{parameter['name']}", f"*.{parameter['name']}"}
            assert names & held, f"{kind['type']}.{parameter['name']}"


def test_the_statement_says_where_there_is_no_total(statement):
    """And a page that leaves it out is followed by another."""
    assert "Bundle.total is left out" in statement["rest"][0]["documentation"]
    client = Client()
    client.put("Patient/p", {"resourceType": "Patient", "id": "p"})
    for n in range(3):
        about = {"status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/p"}}
        client.put(f"Observation/o{n}", {"resourceType": "Observation", "id": f"o{n}"} | about)
    for asked, matches in (("Observation?patient=Patient/p", 3), ("Patient/p/$everything?", 4)):
        assert client.get(asked).json["total"] == matches
        page = client.get(f"{asked}&_count=1").json
        assert "total" not in page
        assert "next" in {each["relation"] for each in page["link"]}
    assert client.get("Observation?patient=p&_count=1&_total=accurate").json["total"] == 3


def test_the_tests_exist(district):
    """A name that went is a promise that nothing holds."""
    wiring.connect()
    for test in {test for line in lines() for test in line.tests}:
        file, _, name = test.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^(class|def) {name}\b", text, re.MULTILINE), test


def test_every_interaction_that_is_claimed_is_answered():
    """What the statement calls ours has a function of ours."""
    assert {*metadata.TYPE.values(), *metadata.SYSTEM.values()} <= set(handling.INTERACTIONS)
