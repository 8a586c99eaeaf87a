"""Ids of whole columns are those that one key at a time gets."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from onesystem.contacts.ids import cause_ids, contact_ids
from onesystem.vocabulary import cause_id, contact_id, key_elsewhere


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


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\x1f"), min_size=1, max_size=70),
    st.lists(
        st.tuples(
            st.sampled_from(["", "ambulance", "a source with a name longer than a block" * 2]),
            st.text(st.characters(codec="utf-8", exclude_characters="\x1f"), min_size=1),
        ),
        max_size=30,
    ),
)
def test_a_column_of_causes_may_name_other_sources(source, named):
    """A cause is a key of the same source, or of another that it names."""
    causes = [key_elsewhere(other, key) if other else key for other, key in named]
    expected = [contact_id(other or source, key) for other, key in named]
    assert cause_ids(source, pa.array(causes, pa.string())).tolist() == expected
    assert [cause_id(source, cause) for cause in causes] == expected
