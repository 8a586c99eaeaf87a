"""An answer as a page shows it: narrowed to a service, and as somebody may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onesystem.district import District
from onesystem.flow.chances.seeing import Eyes, Sums, cell_of, key_of, values_of
from onesystem.flow.chances.state import State
from onesystem.flow.measures.names import word_of
from onesystem.vocabulary.said import say, say_each

_NAMED = say_each({"service": "Service", "organisation": "Organisation", "practice": "Practice"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What is shown, to whom: the kept answer, the state of the page, and the eyes."""

    found: Mapping[str, Any]
    state: State
    eyes: Eyes
    district: District

    def sums(self, kind: Mapping[str, Any], split: str = "", value: str = "") -> Sums:
        """The sums of a part of a kind, within the page's service."""
        service = self.state.service
        cell = cell_of(kind, split, value, service)
        key = key_of(self.found, kind["name"], split, value, service)
        return self.eyes.sums(cell, key=key)

    def word(self, split: str, value: str) -> str:
        """A split's value in words."""
        if split in ("cause", "other"):
            return value[:1].upper() + value[1:] if value else say("Not told")
        if split == "organisation" and not value:
            return say("Not known")
        return word_of(self.district, split, value)

    def title_of(self, kind: Mapping[str, Any], split: str) -> str:
        """What a split is, in words; empty where the kind has none."""
        return str(_NAMED.get(split) or kind["splits"].get(split, ""))

    def values(self, kind: Mapping[str, Any], split: str) -> list[str]:
        """The values that a split has, within the page's service."""
        return values_of(kind, split, self.state.service)

    def behind(self, kind: Mapping[str, Any], **narrowed: str) -> str:
        """Where the contacts behind a kind, or a part of it, are listed."""
        path = f"/opportunities/{kind['name']}/contacts/"
        return self.state.link(path, kind="", sort="", **narrowed)
