"""The register's chain: whoever changes, drops or moves an entry is found out, by anybody."""

from hypothesis import given
from hypothesis import strategies as st

from onesystem.alliance.meeting.register import (
    START,
    Entry,
    canonical,
    digest,
    faults,
    line_of,
    read_line,
    sealed,
)

bodies = st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.integers(), max_size=3)


def chain(said):
    """Entries in their places."""
    made, previous = [], START
    for number, body in enumerate(said, 1):
        entry = Entry(number, number * 10, "ishbel", "decided", "nw", number, canonical(body))
        made.append(sealed(entry, previous))
        previous = made[-1].digest
    return made


chains = st.lists(bodies, min_size=1, max_size=6).map(chain)


def test_a_digest_stays_what_it_was():
    """Written down once: a register that was exported last year is checked by this year's code."""
    entry = Entry(1, 1762250400000000, "chair", "decided", "nw", 1, '{"title":"At home"}')
    expected = "c284ec99d2d061cf54b0920e742c891cfead89e1ff821feea6baf62defef872f"
    assert digest(entry, START) == expected


@given(chains)
def test_what_was_written_holds(made):
    assert faults(made, length=len(made), last=made[-1].digest) == []


@given(chains, st.data())
def test_a_changed_entry_is_found(made, data):
    at = data.draw(st.integers(0, len(made) - 1))
    entry = made[at].entry._replace(body=canonical({"other": at}))
    if entry == made[at].entry:
        return
    made[at] = made[at]._replace(entry=entry)
    assert faults(made) == [f"entry {at + 1} is not as it was written"]


@given(chains, st.data())
def test_a_changed_entry_that_is_sealed_anew_is_found_by_the_next_or_the_end(made, data):
    at = data.draw(st.integers(0, len(made) - 1))
    end = made[-1].digest
    entry = made[at].entry._replace(by="somebody else")
    made[at] = sealed(entry, made[at].previous)
    assert faults(made, length=len(made), last=end)


@given(st.lists(bodies, min_size=2, max_size=6).map(chain), st.data())
def test_a_missing_entry_is_named(made, data):
    at = data.draw(st.integers(0, len(made) - 2))
    length = len(made)
    del made[at]
    assert faults(made, length=length)[0] == (
        f"entry {at + 1} is missing: entry {at + 2} follows entry {at}"
    )


@given(st.lists(bodies, min_size=2, max_size=6).map(chain))
def test_a_cut_end_is_found(made):
    assert faults(made[:-1], length=len(made)) == [
        f"the register ends at entry {len(made) - 1}, and should end at {len(made)}"
    ]


@given(chains)
def test_an_exported_line_is_read_as_it_was(made):
    assert [read_line(line_of(each)) for each in made] == made
