"""Bad input through each door: the wire, REST, a watched folder, an archive. None meets a fault."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from django.test import RequestFactory
from hl7_samples import adt
from test_bad_input import ASIDE, FLAGGED, fhir_json

from onesystem import wiring
from onesystem.access import Actor
from onesystem.feeds.acks import ack
from onesystem.feeds.fhir import intake, tokens
from onesystem.feeds.folders import Folders
from onesystem.feeds.intake import take_in, take_messages
from onesystem.feeds.landing import Arrival
from onesystem.feeds.models import Message
from onesystem.vocabulary import BadInput

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = {"a-good.hl7": adt("A01"), "z-good.json": fhir_json()}
BAD = {name: content for name, (content, _) in ASIDE.items()}
ODD = {name: content for name, (content, _) in FLAGGED.items()}
ALL = BAD | ODD | GOOD | {"short.hl7": b"MSH", "marks.hl7": b"MSH|^~\\&|", "three.hl7": b"\r\n \r"}


@pytest.fixture(autouse=True)
def _here(district):
    wiring.connect()


def rules():
    return dict(Message.objects.filter(state="quarantined").values_list("name", "rule"))


def explained():
    """Whether all that is set aside says why and what to do, and none is a fault of ours."""
    aside = Message.objects.filter(state="quarantined").values_list("rule", "reason", "cure")
    assert all(reason and cure for _, reason, cure in aside)
    assert "feeds.fault" not in {rule for rule, *_ in aside}


def test_the_wire_acknowledges_whatever_a_frame_holds():
    frames = [c for name, c in ALL.items() if len(c) < 1 << 20 and name != "no-end.hl7"]
    told = take_messages([Arrival(source="pas", data=each, format="hl7v2") for each in frames])
    refusals = [BadInput(o.reason, rule=o.rule, cure=o.cure) if o.rule else None for o in told]
    said = [ack(frame, refusal) for frame, refusal in zip(frames, refusals, strict=True)]
    codes = [next(code for code in (b"|AA|", b"|AE|", b"|AR|") if code in each) for each in said]
    assert codes.count(b"|AA|") == sum(name.endswith("hl7") for name in ODD)
    assert codes.count(b"|AE|") == 4  # no PV1, no type, too many segments, a NUL
    explained()


def test_rest_answers_whatever_a_request_holds():
    token = tokens.issue(source="practice", by=Actor.job("test"))
    types = {"xml": "application/fhir+xml", "ndjson": "application/fhir+ndjson"}
    for name, content in ALL.items():
        kind = "Encounter" if name in {"future.json", "negative.json"} else "Patient"
        request = RequestFactory().post(
            f"/fhir/{kind}",
            content,
            content_type=types.get(name.rpartition(".")[2], "application/fhir+json"),
            headers={"Authorization": f"Bearer {token}"},
        )
        answer = intake.created(request, kind)
        [issue] = json.loads(answer.content)["issue"][:1]
        taken = name in GOOD | ODD and name.endswith("json")
        assert answer.status_code == (201 if taken else 400 if content else 415), name
        assert issue["diagnostics"], name
        assert taken or issue["details"]["text"], name
    explained()


def test_a_watched_folder_goes_on(district, tmp_path):
    drop = tmp_path / "drop"
    drop.mkdir()
    source = replace(district.source("pas"), watch=str(drop))
    folders = Folders(replace(district, sources={"pas": source}))
    for name, content in (BAD | GOOD).items():
        (drop / name).write_bytes(content)
    total = [folders.look().total for _ in range(3)][1]
    assert (total.read, total.quarantined) == (len(GOOD), total.landed - len(GOOD))
    assert set(rules().values()) == {rule for _, rule in ASIDE.values()}
    assert sorted(each.name for each in drop.iterdir()) == sorted(BAD | GOOD)
    explained()


def test_an_archive_goes_on(tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (BAD | GOOD).items():
            archive.writestr(f"../{name}", content)
    (tmp_path / "all.zip").write_bytes(data.getvalue())
    total = take_in([tmp_path / "all.zip"], "pas").total
    assert (total.read, total.quarantined) == (len(GOOD), total.landed - len(GOOD))
    assert {name.rpartition("/")[2]: rule for name, rule in rules().items()} == {
        name: rule for name, (_, rule) in ASIDE.items()
    }
    explained()
