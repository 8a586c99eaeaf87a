"""Sources within the product: what people do on its pages is landed like what a source sends.

They stand in no `district.toml`, and nobody has to declare them. The rooms that land under a source
of their own are above this one, so the wiring introduces them.
"""

from dataclasses import replace

from onesystem.district import District, Source

_OWN: dict[str, str] = {}


def register_own(code: str, name: str) -> None:
    """Let a room land under a source of its own; `name` is what pages call it. Again replaces."""
    _OWN[code] = name


def source_of(district: District, code: str) -> Source:
    """A source as pages show it: as it is declared, one of our own, or one that nobody declared."""
    found = district.source(code)
    return replace(found, name=_OWN[code], declared=True) if is_own(district, code) else found


def is_own(district: District, code: str) -> bool:
    """Whether a source is the product itself: it speaks in the district's own words."""
    return code in _OWN and not district.source(code).declared
