"""The tabs of a person's pages that rooms above the record add: told by name, never imported."""

from typing import Any, NamedTuple

from onesystem.access import Actor, may


class Tab(NamedTuple):
    """A page about a person: its name, the name of its address, the right it takes, its key."""

    name: str
    url_name: str
    right: str
    key: str


_TABS: dict[str, Tab] = {}


def register_tab(name: str, url_name: str, right: str) -> None:
    """Show a page about a person among the tabs of the others, to whoever holds the right.

    The address takes `person`. Pages mark themselves as here by what stands before the colon of
    `url_name`. Again replaces.
    """
    _TABS[url_name] = Tab(name, url_name, right, url_name.partition(":")[0])


def tabs_for(actor: Any) -> list[Tab]:
    """The added tabs that somebody may open, in the order in which they were added."""
    if not isinstance(actor, Actor):
        return []
    return [tab for tab in _TABS.values() if may(actor, tab.right)]
