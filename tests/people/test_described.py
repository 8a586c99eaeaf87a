"""What is kept of a description comes back, whatever a source sent in any of its fields."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from onesystem.people.described import Description, description_of
from onesystem.vocabulary import Identifier, PersonSeen

TEXTS = st.text(st.sampled_from("aZ9 -\x1d\x1e\x1f\x00\u2028\u00e4"), max_size=6)
NUMBERS = st.lists(st.builds(Identifier, TEXTS, TEXTS, st.booleans(), st.booleans()), max_size=3)
SEEN = st.builds(
    PersonSeen, subject=st.just("s"), at=st.just(datetime(2026, 3, 4, tzinfo=UTC)),
    identifiers=NUMBERS.map(tuple), family=TEXTS, given=TEXTS,
    other_names=st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple), sex=TEXTS, address=TEXTS,
    postcode=TEXTS, phone=TEXTS, practice=TEXTS,
)  # fmt: skip


@given(seen=SEEN)
def test_a_description_comes_back_as_it_was_kept(seen):
    """A control character in the scheme of a number once divided the text in another place."""
    made = description_of(seen)
    again = Description.of_text(made.text())
    assert again.text() == made.text()
    assert set(again.numbers) == set(made.numbers)
