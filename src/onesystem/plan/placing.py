"""The areas that a plan can be for, as a form offers them."""

from functools import lru_cache

from onesystem.vocabulary.said import say


def places(held: str = "") -> list[tuple[str, str]]:
    """No area, then every area by name; one that a plan holds is offered though nobody knows it."""
    found = list(_places())
    if held and held not in {code for code, _ in found}:
        found.append((held, held))
    return [("", say("None yet")), *found]


def place(code: str) -> str:
    """The name of an area; its code where nobody knows it."""
    return dict(_places()).get(code, code)


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[str, str], ...]:
    from onesystem.plan.areas.catalogue import areas

    return tuple(sorted(((area.code, area.name) for area in areas()), key=lambda each: each[1]))
