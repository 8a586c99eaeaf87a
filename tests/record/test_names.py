"""What the references of a body are found to say."""

from hypothesis import given
from hypothesis import strategies as st

from onesystem.record.fhir.names import _REFERENCE, texts_of

_TEXT = st.sampled_from(
    [b'"reference"', b'"reference":"', b'"', b":", b" ", b"Patient/1", b"#x", b"\\\\", b'\\"',
     b"reference", b"{", b"}", b","]
)  # fmt: skip


def test_references_however_they_are_written():
    body = b'{"subject":{"reference":"Patient/a"},"b":{"reference" : "urn:uuid:1"}}'
    assert texts_of(body) == {b"Patient/a", b"urn:uuid:1"}
    assert texts_of(b'{"a":{"reference":"#inside"},"type":"reference","c":"x"}') == set()
    assert texts_of(rb'{"a":{"reference":"Patient\/a"}}') == {rb"Patient\/a"}


@given(st.lists(_TEXT, max_size=12).map(b"".join))
def test_the_short_way_finds_what_the_pattern_finds(body):
    """Of text that is JSON; of any other nothing is asked but that it ends."""
    import orjson

    whole = (
        b'{"a":"'
        + body.replace(b"\\", b"").replace(b'"', b"")
        + b'","b":{"reference":"'
        + (body.replace(b"\\", b"").replace(b'"', b"") + b'"}}')
    )
    orjson.loads(whole)
    assert texts_of(whole) == {t for _, t in _REFERENCE.findall(whole) if t[:1] != b"#"}
    texts_of(body)
