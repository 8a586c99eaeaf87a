# ruff: noqa: E501  messages are shown as they are
"""Bad input of every kind, in one folder with good: each set aside or flagged, the rest read."""

import json
import re
import tracemalloc
from io import BytesIO, RawIOBase
from pathlib import Path

import pytest
from hl7_samples import adt

from onesystem import feeds, wiring
from onesystem.feeds import reading
from onesystem.feeds.cures import cure_of
from onesystem.feeds.fhir import reader as fhir
from onesystem.feeds.hl7v2 import split
from onesystem.feeds.intake import take_in
from onesystem.feeds.models import Flag, Message

FEEDS = Path(feeds.__file__).parent
PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Synthetic"}]}
VISIT = {"resourceType": "Encounter", "status": "finished", "class": {"code": "EMER"},
         "subject": {"reference": "Patient/p1"}}  # fmt: skip
XML = '<{0} xmlns="http://hl7.org/fhir">{1}</{0}>'
ENTITIES = "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
DIV = (
    '<text><div xmlns="http://www.w3.org/1999/xhtml">'
    + "<p>" * 9000
    + "</p>" * 9000
    + "</div></text>"
)


def fhir_json(**said):
    return json.dumps(PATIENT | said).encode()


def visit(key, start, end):
    return json.dumps(VISIT | {"id": key, "period": {"start": start, "end": end}}).encode()


# name -> (what is in it, the rules by which it is set aside)
ASIDE = {
    "cut.json": (fhir_json()[:40], "fhir.truncated"),
    "cut.xml": (XML.format("Patient", '<id value="1"/>')[:-4].encode(), "fhir.not-xml"),
    "cut.hl7": (adt("A01")[:-90], "hl7.no-pv1"),
    "latin.json": ('{"resourceType":"Patient","id":"é"}'.encode("latin-1"), "fhir.encoding"),
    "deep.json": (b'{"resourceType":"Patient","contained":' + b"[" * 90_000, "fhir.too-deep"),
    "deep-objects.json": (b'{"a":' * 90_000 + b"1" + b"}" * 90_000, "fhir.too-deep"),
    "deep.xml": (XML.format("Patient", "<contained><Patient>" * 9000 + "</Patient></contained>" * 9000).encode(), "fhir.too-deep"),
    "deep-words.xml": (XML.format("Patient", DIV).encode(), "fhir.too-deep"),
    "laughs.xml": (f'<!DOCTYPE x [<!ENTITY a "ha">{ENTITIES}]><Patient xmlns="http://hl7.org/fhir"><id value="&i;"/></Patient>'.encode(), "fhir.xml-entities"),
    "outside.xml": (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"/>', "fhir.xml-entities"),
    "infinite.json": (b'{"resourceType":"Observation","valueQuantity":{"value":1e999}}', "fhir.not-json"),
    "twice.json": (b'{"resourceType":"Patient","id":"a","id":"b"}', "fhir.repeated-key"),
    "type.json": (b'{"resourceType":"Spaceship","id":"1"}', "fhir.unknown-type"),
    "many.hl7": (adt("A01") + b"\rNTE|1||x" * 60_000, "hl7.too-many-segments"),
    "nul.hl7": (adt("A01", visit="S3", family="HU\0GHES"), "feeds.nul"),
    "empty.hl7": (b"", "feeds.empty"),
    "white.json": (b" \n\t\n", "feeds.empty"),
    "noise.bin": (bytes(range(256)) * 20, "feeds.binary"),
    "letter.pdf": (b"%PDF-1.7\n", "feeds.binary"),
    "no-lines.txt": (b"x" * 3_000_000, "extract.no-lines"),
}  # fmt: skip
# name -> (what is in it, what is flagged)
FLAGGED = {
    "future.hl7": (adt("A01", visit="F1").replace(b"20260302", b"29260302"), "in-the-future"),
    "future.json": (visit("f", "2926-01-01", "2926-01-02"), "in-the-future"),
    "negative.json": (visit("n", "2026-01-02", "2026-01-01"), "ends-before-it-starts"),
    "negative.hl7": (adt("A03", visit="N1") + b"|" * 25 + b"20260302|20260301", "ends-before-it-starts"),
    "segment.hl7": (adt("A01", visit="S1", more=["ZPV|1|own", "QQQ|1"]), "unknown-segment"),
    "type.hl7": (adt("A01", visit="S2").replace(b"ADT^A01", b"XYZ^Q99"), "no-rule-for-type"),
    "profile.json": (fhir_json(meta={"profile": ["http://example.org/x", "http://hl7.org/fhir/y"]}), "fhir.unknown-profile"),
    "no-end.hl7": (b"log\x0b" + adt("A01", visit="S4"), "cut-off"),
    "charset.hl7": (adt("A01", visit="S5").replace(b"SIAN", b"SI\xc2N"), "wrong-charset"),
    "no-time.hl7": (adt("A01", visit="S6").replace(b"20260302", b"NEVER"), "no-message-time"),
}  # fmt: skip


@pytest.fixture
def here(district, tmp_path):
    wiring.connect()
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def kept():
    rows = Message.objects.values_list("name", "state", "rule")
    return {name.rpartition("/")[2]: (state, rule) for name, state, rule in rows}


@pytest.mark.django_db(transaction=True)
class TestBesideGood:
    def test_each_is_set_aside_with_reason_and_cure_and_the_rest_is_read(self, here):
        for name, (content, _) in ASIDE.items():
            (here / name).write_bytes(content)
        (here / "a-good.hl7").write_bytes(adt("A01"))
        (here / "z-good.json").write_bytes(fhir_json())
        report = take_in([here], "pas")
        found = kept()
        assert {n: found[n] for n in ASIDE} == {
            n: ("quarantined", r) for n, (_, r) in ASIDE.items()
        }
        assert found["a-good.hl7"] == found["z-good.json"] == ("read", "")
        assert report.total.landed == report.total.read + report.total.quarantined
        told = Message.objects.filter(state="quarantined").values_list("reason", "cure")
        assert all(reason and cure and len(reason + cure) < 600 for reason, cure in told)
        assert not Message.objects.filter(rule="feeds.fault").exists()

    def test_each_is_flagged_and_read(self, here):
        for name, (content, _) in FLAGGED.items():
            (here / name).write_bytes(content)
        take_in([here], "pas")
        assert set(kept().values()) == {("read", "")}
        names = dict(Message.objects.values_list("id", "name"))
        flags = {(names[m].rpartition("/")[2], rule) for m, rule in Flag.objects.values_list("message", "rule")}  # fmt: skip
        assert {(name, rule) for name, (_, rule) in FLAGGED.items()} <= flags
        assert Flag.objects.filter(rule="fhir.unknown-profile").count() == 1
        assert [f.pointer for f in Flag.objects.filter(rule="unknown-segment")] == ["QQQ"]

    @pytest.mark.parametrize("name", ["a\nb.json", "..two..json", "=cmd()|x.json", "caf\udce9.json",
                                      "a\x1b[31mred.json"])  # fmt: skip
    def test_a_name_is_only_a_label(self, here, name):
        (here / name).write_bytes(fhir_json())
        assert take_in([here], "pas").total.read == 1

    def test_one_that_is_too_large_is_kept_whole_and_what_follows_is_read(self, here, monkeypatch):
        for module in (reading, fhir, split):
            monkeypatch.setattr(module, "MOST_MESSAGE", 3 << 20)
        large = b"OBX|1|ED|X^Y||" + b"A" * (4 << 20)
        lines = [
            adt("A01", visit="V1"),
            adt("A01", visit="V2") + b"\r" + large,
            adt("A01", visit="V3"),
        ]
        (here / "all.hl7").write_bytes(b"\r".join(lines))
        long = fhir_json(id="long", language="x" * (4 << 20))
        (here / "all.ndjson").write_bytes(
            b"\n".join([fhir_json(), long, fhir_json(id="p2")]) + b"\n"
        )
        (here / "one.json").write_bytes(b"\n" + long)
        report = take_in([here], "pas")
        assert (report.total.read, report.total.quarantined) == (4, 3)
        rows = Message.objects.filter(state="quarantined")
        assert {row.rule for row in rows} == {"feeds.too-large"}
        assert {row.size for row in rows} >= {len(long)}


class Endless(RawIOBase):
    """A file of one message without end, made as it is read."""

    def __init__(self, head, size):
        self.left, self.head = size, head

    def readable(self):
        return True

    def readinto(self, into):
        size = min(len(into), self.left)
        into[:size] = self.head.ljust(size, b"A")[:size]
        self.head = b""
        self.left -= size
        return size


def test_the_memory_is_bounded_however_long_a_message_is(monkeypatch):
    monkeypatch.setattr(split, "MOST_MESSAGE", 4 << 20)
    tracemalloc.start()
    try:
        found = list(split.messages(Endless(adt("A01") + b"\rOBX|1|ED|X||", 60 << 20)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found) == 1
    with found[0] as large:
        assert large.seek(0, 2) == 60 << 20
    assert peak < 40 << 20


@pytest.mark.parametrize("piece", [3, 50, 1 << 20])
def test_a_capture_with_noise_between_frames(piece, monkeypatch):
    """Noise before, between and after; one frame broken off and begun anew; odd separators."""
    monkeypatch.setattr(split, "_PIECE", piece)
    one, two, three = adt("A01"), adt("A02"), adt("A03").replace(b"|", b"#").replace(b"^", b"!")
    capture = (b"connected\r\n\x0b" + one + b"\x1c\rping\r\n\x0b" + two[:60] + b"\x0b" + two
               + b"\x1c\r\0\0\x0b" + three + b"\x1c\rbye")  # fmt: skip
    assert split.looks_like(capture)
    found = list(split.messages(BytesIO(capture)))
    assert found == [one, b"\x0b" + two[:60], two, three]


def test_every_rule_of_a_remark_has_a_cure():
    said = re.compile(r'(?:odd\(|remark\(|Remark\(\s*rule=)\s*"([a-z0-9.-]+)"')
    rules = {r for f in FEEDS.rglob("*.py") for r in said.findall(f.read_text(encoding="utf-8"))}
    assert len(rules) > 20
    assert [rule for rule in rules if not cure_of(rule)] == []
