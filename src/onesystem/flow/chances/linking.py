"""Addresses of the journeys behind an opportunity: `/journeys/` with its question. Pure."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

_OF_SERVICE = {"service", "organisation"}
_OF_PERSON = {"practice"}


def journeys(
    kind: Mapping[str, Any], found: Mapping[str, Any], *, split: str = "", value: str = "",
    service: str = "",
) -> str:  # fmt: skip
    """The journeys around what the kind counts, over its period, narrowed to a split's value.

    Empty where journeys cannot be asked for by that split.
    """
    asked = {key: said for key, said in kind["journeys"].items() if key != "cause"}
    if service:
        asked |= {"service": service, "setting": ""}
    if split in _OF_SERVICE:
        asked |= {split: value, "setting": ""}
    elif split in _OF_PERSON:
        asked[split] = value
    elif split:
        takes = kind["journeys"].get("cause", "") if split == "cause" else ""
        if not takes or value == "not told":
            return ""
        asked[takes] = value.split(", ", maxsplit=1)[0] if takes == "setting" else value
    asked |= {"start": found["start"], "end": found["end"]}
    return "/journeys/?" + urlencode({key: said for key, said in asked.items() if said})
