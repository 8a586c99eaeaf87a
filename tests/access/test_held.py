"""What the database refuses, said once for both engines."""

import pytest

from onesystem.access.held import ALWAYS, Refusal, kept


def test_kept_rows_are_neither_changed_nor_taken_away():
    changed, gone = kept("letters", "a letter never changes", columns=("body",), when="OLD.sent")
    assert (changed.name, gone.name) == ("letters_no_update", "letters_no_delete")
    assert gone.condition("sqlite") == gone.condition("postgresql") == "OLD.sent"


@pytest.mark.parametrize(
    ("vendor", "differs"), [("sqlite", "IS NOT"), ("postgresql", "IS DISTINCT FROM")]
)
def test_a_change_to_or_from_nothing_is_a_change(vendor, differs):
    """`<>` is unknown where one side is null, and what is unknown is not refused."""
    refusal = Refusal(table="letters", verb="UPDATE", words="no", columns=("by", "left"))
    assert refusal.condition(vendor) == (
        f'({ALWAYS}) AND (OLD."by" {differs} NEW."by" OR OLD."left" {differs} NEW."left")'
    )


def test_what_follows_on_what_is_refused_whatever_changes():
    refusal = Refusal(table="letters", verb="UPDATE", words="no", when="OLD.sent", also="NEW.torn")
    assert refusal.condition("sqlite") == "(OLD.sent) OR (NEW.torn)"
