"""Keys of whole columns are the keys of one value, for any plain text."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from onesystem.people import keying
from onesystem.people.names import family_key, fold, given_key, phone_key, postcode_key
from onesystem.vocabulary.identifiers import passes_nhs

PLAIN = st.characters(min_codepoint=32, max_codepoint=126)
NAMES = st.text(st.one_of(PLAIN, st.sampled_from(" '-`aB3")), max_size=14)
COLUMNS = st.lists(NAMES, max_size=9)


@given(COLUMNS, st.integers(0, 3))
def test_names_and_addresses(values, start):
    """Also in a slice, whose bytes do not begin where its buffer does."""
    array, values = pa.array(values, pa.string()).slice(start), values[start:]
    assert keying.family_keys(array).to_pylist() == [family_key(v) for v in values]
    assert keying.given_keys(array).to_pylist() == [given_key(v) for v in values]
    assert keying.address_keys(array).to_pylist() == [fold(v) for v in values]
    assert keying.postcode_keys(array).to_pylist() == [postcode_key(v) for v in values]


@given(st.lists(st.text(st.sampled_from("+0123456789 ()x٣ā"), max_size=16), max_size=9))
def test_telephone_numbers_of_any_letters(values):
    assert keying.phone_keys(pa.array(values, pa.string())).to_pylist() == [
        phone_key(v) for v in values
    ]


@given(st.lists(st.one_of(st.from_regex(r"[0-9]{9,11}", fullmatch=True), NAMES), max_size=20))
def test_check_digits(values):
    found = keying.passes_nhs(pa.array([*values, "9434765919"], pa.string())).tolist()
    assert found == [*(passes_nhs(v) for v in values), True]


@given(st.lists(st.text(max_size=8), max_size=9))
def test_what_is_not_plain_is_found(values):
    values = [v.encode("utf-8", "replace").decode() for v in values]
    found = keying.not_plain(pa.array(values, pa.string())).tolist()
    assert found == [not (v.isascii() and v.isprintable()) for v in values]
