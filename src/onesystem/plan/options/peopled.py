"""Whom a plan is for: the district's people as its measures counted them, and its area's code."""

from onesystem import people as known
from onesystem.district import current
from onesystem.flow.measures import population
from onesystem.plan.areas import catalogue
from onesystem.vocabulary import UserError

_BOARD = "integrated care board"


def people() -> int:
    """People who live in the district; those with a record where nobody was counted yet."""
    found = population.latest()
    if found is not None:
        return sum(sum(bands.values()) for bands in found[1].values())
    return len({person for _, person, _ in known.births()})


def area() -> str:
    """The code of the area that the district is; empty where none is shipped for it."""
    here = current()
    codes = [o.national_code for o in here.organisations.values() if o.kind == _BOARD]
    for text in (*codes, here.name):
        try:
            return catalogue.find(text or "").code
        except UserError:
            continue
    return ""
