"""The tabs of a person's own pages: this room's, and those of rooms above, told by name."""

from onesystem.vocabulary.said import say

_OURS = ((say("My record"), "record"), (say("Who looked"), "looks"), (say("My choices"), "choices"),
         (say("Corrections"), "corrections"))  # fmt: skip
_MORE: dict[str, str] = {}


def add_tab(name: str, view: str) -> None:
    """Show a page of a room above after the record itself; `view` by its full name."""
    _MORE[view] = name


def tabs() -> list[tuple[str, str]]:
    """Names and views, in order; a view of another room by its full name."""
    first, *rest = _OURS
    return [first, *((name, view) for view, name in _MORE.items()), *rest]
