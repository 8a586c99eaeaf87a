"""Which place of the published series a district is, where it is one of them."""

from collections.abc import Iterable
from functools import lru_cache

from onesystem.alliance.comparing.series import Place, places, points
from onesystem.district import current
from onesystem.plan.areas import catalogue
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say


def mine(code: str) -> str:
    """The district's own place of a figure; empty where it is none of them."""
    here = current()
    boards = (o for o in here.organisations.values() if o.kind == "integrated care board")
    found = _mine(here.name, tuple(o.national_code for o in boards if o.until is None))
    return found if found in points(code) else ""


@lru_cache(maxsize=8)
def _mine(name: str, codes: tuple[str, ...]) -> str:
    known = places()
    for text in (*filter(None, codes), name):
        try:
            area = catalogue.find(text)
        except (NotFound, UserError):
            continue
        for each in (area.code, *area.codes, area.name):
            if each in known:
                return each
    return ""


def choices(found: Iterable[str]) -> list[tuple[str, str]]:
    """Places as a page lets somebody choose one."""
    known: dict[str, Place] = places()
    named = [(p, f"{known[p].name}, {known[p].country}") for p in found]
    return [("", say("Choose a place")), *sorted(named, key=lambda pair: pair[1])]
