"""Ids of whole columns are those that one key at a time gets."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from onesystem.contacts.ids import contact_ids
from onesystem.vocabulary import contact_id


@given(
    st.text(st.characters(codec="utf-8"), max_size=70),
    st.lists(st.text(st.characters(codec="utf-8"), max_size=70), max_size=30),
    st.integers(0, 5),
)
def test_a_column_gets_the_ids_of_its_keys(source, keys, cut):
    """Also where a text is longer than one block of the digest, and of a part of an array."""
    some = pa.array(keys, pa.string()).slice(cut)
    assert contact_ids(source, some).tolist() == [contact_id(source, key) for key in keys[cut:]]


def test_more_keys_than_one_portion():
    keys = [f"V{i}" for i in range(20_000)]
    assert contact_ids("pas", pa.array(keys)).tolist() == [contact_id("pas", k) for k in keys]
