"""Every file of the real input: read, or set aside with a reason that a person can act on."""

import gzip
import io
import zipfile
from collections import Counter

import pytest
from fhir_samples import FHIR, lines, uk_core

from onesystem.feeds.fhir import FhirReader
from onesystem.vocabulary import BadInput

READER = FhirReader()


def tally(read, messages):
    counts, rules = Counter(), Counter()
    for message in messages:
        try:
            assert read(message, source="real")
            counts["read"] += 1
        except BadInput as error:
            assert error.cure  # noqa: PT017
            counts["quarantined"] += 1
            rules[error.rule] += 1
    return counts, rules


def test_the_personal_demographics_service(read):
    """30 outcomes, an empty answer, and 21 templates of the sandbox that were never filled in."""
    counts, rules = tally(read, lines("pds", "resources.ndjson.gz"))
    assert counts == {"read": 66, "quarantined": 52}
    assert rules["fhir.outcome"] == 30


def test_new_zealand(read):
    assert tally(read, lines("nz_base", "instances.ndjson.gz"))[0] == {"read": 66}


def test_uk_core(read):
    counts, rules = tally(read, uk_core().values())
    assert counts["quarantined"] == 4
    assert set(rules) == {"fhir.holds-nothing", "fhir.outcome", "fhir.two-choices"}


def test_official_examples(read, examples):
    assert set(tally(read, examples)[1]) <= {"fhir.outcome", "fhir.holds-nothing"}


@pytest.mark.parametrize("text", [b'{"a":1}\n{"a":2}\n', b'{"a":1}\r\n\r\n{"a":2}'])
def test_a_line_of_ndjson_is_a_message(text):
    assert list(READER.split(io.BytesIO(text), "x.json")) == [b'{"a":1}', b'{"a":2}']


def test_a_document_over_lines_is_one_message():
    text = b'{\n "resourceType": "Patient"\n}\n'
    assert list(READER.split(io.BytesIO(text), "x.json")) == [text]


def test_the_reader_knows_its_own():
    assert READER.sniff("x", b'{"resourceType":"Patient"}')
    assert READER.sniff("x", b'<?xml version="1.0"?><Patient xmlns="http://hl7.org/fhir">')
    assert not READER.sniff("x.csv", b"a,b\n1,2\n")
    assert not READER.sniff("x.hl7", b"MSH|^~\\&|")


@pytest.mark.parametrize(
    ("folder", "read_", "quarantined"),
    [
        ("synthea_r4_bundles", 24, 0), ("hl7_r4_examples", 617, 9), ("gp_connect_records", 24, 0),
        ("nhs_pds_patients", 66, 52), ("nz_base_examples", 164, 0), ("uk_core_examples", 436, 4),
    ],
)  # fmt: skip
def test_the_whole_shared_data(read, shared_data, folder, read_, quarantined):
    """Where the whole of it is at hand."""
    counts = tally(read, _messages(shared_data / "fhir" / folder))[0]
    assert (counts["read"], counts["quarantined"]) == (read_, quarantined)


def _messages(folder):
    for file in sorted(folder.glob("*.ndjson.gz")):
        with gzip.open(file) as data:
            yield from READER.split(data, file.name[:-3])
    for file in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(file) as held:
            for name in held.namelist():
                yield held.read(name)


def test_every_set_says_its_licence():
    said = (FHIR / "README.md").read_text(encoding="utf-8")
    assert all(folder.name in said for folder in FHIR.iterdir() if folder.is_dir())
