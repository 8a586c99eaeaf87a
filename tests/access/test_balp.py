"""The trail as AuditEvents, after IHE BALP; and the signed roots that hold the whole chain."""

import json

import pytest
from click.testing import CliRunner

from onesystem.access import Actor, balp, record, roots, verify_trail
from onesystem.access.models import Audit
from onesystem.access.purposes_of_use import PURPOSE_OF_USE
from onesystem.access.roles import PURPOSES

DOCTOR = Actor("kiri", frozenset({"hospital-doctor"}), organisation="hospital")
PERSON = {"system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "1"}


def event(act, **more):
    number = record(by=DOCTOR, act=act, **more)
    return balp.event_of(Audit.objects.get(pk=number), server="testshire")


def patients(found):
    return [e["what"]["reference"] for e in found.get("entity", []) if e["type"]["code"] == "1"]


@pytest.mark.parametrize(
    ("act", "interaction", "action", "profile"),
    [
        ("person.looked", "read", "R", "PatientRead"),
        ("record.read", "read", "R", "PatientRead"),
        ("record.searched", "search", "E", "PatientQuery"),
        ("record.created", "create", "C", "PatientCreate"),
        ("record.updated", "update", "U", "PatientUpdate"),
        ("record.deleted", "delete", "D", "PatientDelete"),
    ],
)
def test_an_act_on_a_person_is_its_pattern(db, act, interaction, action, profile):
    detail = {"ties": ["contact"], "client": "pages", "from": "192.0.2.7"}
    found = event(act, person=7, purpose="direct care", what="Observation/1", detail=detail)
    assert found["subtype"][0]["code"] == interaction
    assert found["action"] == action
    assert found["meta"]["profile"][0].endswith(f"IHE.BasicAudit.{profile}")
    assert patients(found) == ["Patient/7"]
    assert found["outcome"] == "0"
    assert [a["requestor"] for a in found["agent"]] == [True, False, False]
    user, client, _ = found["agent"]
    assert user["who"]["display"] == "kiri"
    assert user["purposeOfUse"][0]["coding"][0]["code"] == "TREAT"
    assert client["network"]["address"] == "192.0.2.7"
    assert found["source"]["observer"]["display"] == "testshire"


def test_a_search_carries_its_query(db):
    found = event("record.searched", person=7, detail={"query": "Observation?code=1"})
    query = next(e["query"] for e in found["entity"] if "query" in e)
    assert query == "T2JzZXJ2YXRpb24/Y29kZT0x"


def test_a_refusal_is_an_event_too(db):
    found = event("access.refused", person=7, purpose="direct care", detail={"why": "no-tie"})
    assert (found["outcome"], found["outcomeDesc"]) == ("4", "no-tie")
    assert patients(found) == ["Patient/7"]


def test_an_act_about_nobody_names_no_patient(db):
    found = event("people.searched", what="names")
    assert patients(found) == []
    assert found["meta"]["profile"][0].endswith("IHE.BasicAudit.Query")


def test_every_purpose_has_a_code_and_research_opens_nobody():
    assert set(PURPOSE_OF_USE) == set(PURPOSES)
    assert not {"HRESCH", "CLINTRCH"} & set(PURPOSE_OF_USE.values())


def test_a_whole_new_chain_is_found_by_a_root(db, district):
    record(by=DOCTOR, act="person.looked", person=7)
    line = roots.sign(district.path, "key")
    assert roots.sign(district.path, "key") == line
    assert roots.faults(district.path, "key") == []
    assert roots.faults(district.path, "other")[0].endswith("is not signed by this district")
    file = district.path / roots.FILE
    moment, length, digest, _ = file.read_text().split()
    forged = f"{moment} {length} {'0' * len(digest)}"
    file.write_text(f"{forged} {roots._signed(forged, 'key')}\n")
    assert "is not the one that was last" in roots.faults(district.path, "key")[0]
    assert verify_trail() == []


def test_the_command_verifies_signs_and_exports(db, district, monkeypatch):
    from onesystem.cli import audit

    monkeypatch.setattr(audit, "open_district", lambda: district)
    record(by=DOCTOR, act="person.looked", person=7, purpose="direct care")
    run = CliRunner()
    assert run.invoke(audit.audit, ["verify"]).exit_code == 0
    assert run.invoke(audit.audit, ["sign"]).output.split()[1] == str(Audit.objects.count())
    out = run.invoke(audit.audit, ["export", "--from", "2026-01-01"]).stdout.splitlines()
    events = [json.loads(line) for line in out if line.startswith("{")]
    assert events[-1]["resourceType"] == "AuditEvent"
    assert run.invoke(audit.audit, ["export", "--from", "today"]).exit_code != 0
