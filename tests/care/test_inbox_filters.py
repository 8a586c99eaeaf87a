"""What an inbox is narrowed to: read from an address, written into one, and the same again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.requests.filters import AGES, KEYS, SORTS, TABS, Wanted, born
from onesystem.care.requests.states import STATES, URGENCIES

TEXT = st.text(max_size=40)


@given(st.dictionaries(st.sampled_from([*KEYS, "after", "before", "x"]), TEXT))
def test_whatever_an_address_says_is_read(query):
    wanted = Wanted.of(query)
    assert wanted.tab in TABS
    assert wanted.sort in SORTS


@given(
    tab=st.sampled_from(list(TABS)), urgency=st.sampled_from(["", *URGENCIES]),
    age=st.sampled_from(["", *AGES]), sort=st.sampled_from(list(SORTS)), q=TEXT, practice=TEXT,
)  # fmt: skip
def test_what_is_kept_by_name_is_read_as_it_was(tab, urgency, age, sort, q, practice):
    from urllib.parse import parse_qsl

    wanted = Wanted.of({"tab": tab, "urgency": urgency, "age": age, "sort": sort, "q": q,
                        "practice": practice})  # fmt: skip
    assert Wanted.of(dict(parse_qsl(wanted.query))) == wanted


def test_the_address_of_the_next_page_says_where_it_begins():
    wanted = Wanted.of({"tab": "open", "after": "17.-4"})
    assert wanted.after == (17, -4)
    assert wanted.link() == "?tab=open"
    assert wanted.turned(after=(9, 8), before=None) == "?tab=open&after=9.8"


def test_every_state_but_a_drafts_is_in_a_tab():
    assert frozenset().union(*(states for _, states in TABS.values())) == set(STATES)


@pytest.mark.parametrize(
    ("birthday", "bands"),
    [
        ("2008-11-24", ["0-17"]),  # eighteen tomorrow
        ("2008-11-23", ["18-64"]),  # eighteen today
        ("1961-11-24", ["18-64"]),
        ("1961-11-23", ["65-79"]),
        ("1946-11-23", ["80"]),
        ("1899-01-01", ["80"]),
        ("2026-11-23", ["0-17"]),  # born today
    ],
)
def test_bands_of_age_meet_at_birthdays(birthday, bands):
    def within(band):
        first, last = born(band, "2026-11-23")
        return first <= birthday < last

    assert [band for band in AGES if within(band)] == bands


def test_the_trail_never_says_what_was_searched_for():
    assert "Smith" not in Wanted.of({"q": "Smith", "urgency": "soon"}).words
