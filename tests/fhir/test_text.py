"""Text that is not what it should be: refused with a reason, and never a crash."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.feeds.fhir import FhirReader
from onesystem.feeds.fhir.text import parse, plain
from onesystem.vocabulary import BadInput

PATIENT = b'{"resourceType":"Patient","id":"1","name":[{"family":"Ng\xc4\x81ta"}]}'


def rule_of(read, message):
    with pytest.raises(BadInput) as caught:
        read(message)
    assert caught.value.cure
    return caught.value.rule


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (b"", "fhir.empty"),
        (b"   \n", "fhir.empty"),
        (PATIENT[:-9], "fhir.truncated"),
        (b'{"resourceType":"Patient" "id":"1"}', "fhir.not-json"),
        (b'{"resourceType":"Patient","id":"1","id":"2"}', "fhir.repeated-key"),
        (b'{"resourceType":"Patient","name":[{"family":"\xff"}]}', "fhir.encoding"),
        (
            rb'{"resourceType":"Patient","id":"1","name":[{"text":"a\u0000"}]}',
            "fhir.control-character",
        ),
        (b"[1,2]", "fhir.not-a-resource"),
        (b'"text"', "fhir.not-a-resource"),
        (b'{"resourceType":"Patient","extension":' + b'[{"extension":' * 20000, None),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "fhir.too-deep"),
        (b'{"resourceType":"Patient","multipleBirthInteger":1e999}', "fhir.not-json"),
        (b'{"resourceType":"Patient","multipleBirthInteger":' + b"9" * 5000 + b"}", None),
        (b"\x00\x01\x02", "fhir.not-json"),
    ],
)
def test_broken_text_says_what_is_wrong(read, message, rule):
    assert rule_of(read, message) == rule or rule is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_taken_off(encoding):
    assert parse(plain(PATIENT.decode().encode(encoding)))["name"][0]["family"] == "Ngāta"


def test_a_quote_in_a_text_is_not_a_repeated_key():
    message = rb'{"resourceType":"Patient","id":"1","name":[{"text":"a\":b \u0022: c"}]}'
    assert parse(message)["name"][0]["text"] == 'a":b ": c'


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_nothing_but_bad_input_is_ever_raised(read, message):
    try:
        read(message)
    except BadInput as error:
        assert error.rule.startswith("fhir.")  # noqa: PT017


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_piece_of_a_message_is_explained(data):
    start = data.draw(st.integers(0, len(PATIENT)))
    end = data.draw(st.integers(start, len(PATIENT)))
    assert FhirReader().explain(PATIENT[start:end])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["Patient", "Encounter", "Bundle", "List", "Task"]), st.data())
def test_odd_shapes_are_refused_or_read(read, kind, data):
    """R4 by its schema; the same shapes called STU3 by the shape checks."""
    leaves = ["id", "name", "identifier", "subject", "period", "location", "entry", "participant"]
    body = data.draw(st.dictionaries(st.sampled_from(leaves), JSON, max_size=4))
    for profile in ([], ["https://fhir.nhs.uk/STU3/StructureDefinition/x"]):
        message = {"resourceType": kind, **body}
        if profile:
            message["meta"] = {"profile": profile}
        try:
            encoded = orjson.dumps(message)
        except TypeError:  # an integer of more than 64 bits
            return
        try:
            read(encoded)
        except BadInput as error:
            assert error.cure  # noqa: PT017
