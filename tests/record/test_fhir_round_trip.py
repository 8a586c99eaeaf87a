"""What went in is read back: equal but for our meta, our ids, and references by our names."""

import json

import orjson
import pytest
from fhir_asking import Client

from onesystem import feeds, wiring
from onesystem.record.fhir.serving import columns, shown

pytestmark = pytest.mark.django_db
_OURS = {"versionId", "lastUpdated", "source"}


def plain(resource):
    """Without what the server answers for, and with references told only to be there."""

    def walk(value):
        if isinstance(value, dict):
            return {k: "..." if k == "reference" else walk(v) for k, v in value.items()}
        return [walk(v) for v in value] if isinstance(value, list) else value

    made = {k: v for k, v in resource.items() if k != "id"}
    meta = {k: v for k, v in made.pop("meta", {}).items() if k not in _OURS}
    return walk({**made, **({"meta": meta} if meta else {})})


def exact(body):
    return json.loads(body, parse_float=str)


def read_back(folder, most=None):
    """Take a folder in, and compare each resource that stands with how it came."""
    from django.db import connection

    from onesystem.record.bodies import unpack

    report = feeds.take_in([folder], "practice")
    assert report.total.landed == report.total.read + report.total.quarantined
    app = Client()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns()} FROM record_entry WHERE label = 0 ORDER BY entry"
        )  # what a sender restricted is not for a records officer
        rows = cursor.fetchall()[:most]
    count = 0
    for row in rows:
        kept = shown(row)
        if row[9] is None or kept.gone:
            continue
        # A Binary is its own bytes for whoever does not ask for the resource by name.
        found = app.get(kept.name, accept="application/fhir+json")
        assert found.status == 200, (kept.name, found.body)
        assert plain(exact(found.body)) == plain(exact(unpack(row[9]))), kept.name
        assert orjson.loads(found.body)["id"] == kept.logical
        count += 1
    return count


def test_the_small_set_reads_back(district, data):
    wiring.connect()
    assert read_back(data / "fhir", most=400) > 10


@pytest.mark.parametrize(
    ("folder", "least"),
    [("uk_core_examples", 300), ("nz_base_examples", 50), ("nhs_pds_patients", 10),
     ("hl7_r4_examples", 500), ("gp_connect_records", 500), ("synthea_r4_bundles", 500)],
)  # fmt: skip
def test_the_whole_shared_set_reads_back(district, shared_data, folder, least):
    """Every resource of every file; the table by folder is printed (`pytest -s`)."""
    if not (shared_data / "fhir" / folder).is_dir():
        pytest.skip(f"the shared data has no {folder}")
    wiring.connect()
    count = read_back(shared_data / "fhir" / folder)
    print(f"\n{folder}: {count} resources read back equal")  # noqa: T201 - the table
    assert count >= least


def test_a_replay_gives_the_same_ids_and_versions(district):
    wiring.connect()
    app = Client()
    body = {"resourceType": "Patient", "id": "p", "gender": "female"}
    app.put("Patient/p", body)
    app.put("Patient/p", body | {"gender": "male"})
    made = app.post(
        "Observation",
        {
            "resourceType": "Observation",
            "status": "final",
            "code": {"text": "x"},
            "subject": {"reference": "Patient/p"},
        },
    )
    app.ask("DELETE", "Patient/p")

    def told():
        listed = app.get("_history").json["entry"]
        return [(e["fullUrl"], e["request"]["method"], e["response"]["etag"]) for e in listed]

    before = told()
    feeds.replay(everything=True)
    assert sorted(told()) == sorted(before)
    assert app.get(f"Observation/{made.id}").json["subject"]["reference"] == "Patient/p"
