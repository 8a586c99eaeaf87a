"""What the address of a case's page sets: assumptions, by their keys. Pure."""

from collections.abc import Mapping
from urllib.parse import urlencode

from onesystem.plan.case.assuming import assumed
from onesystem.plan.case.lines import lines
from onesystem.vocabulary.errors import UserError

SHORT, LONG = 5, 20


def asked(said: Mapping[str, str], *, strict: bool = False) -> dict[str, float]:
    """What is set otherwise than as shipped; what cannot be set is left as it was, or refused."""
    found: dict[str, float] = {}
    for each in assumed(lines(), {}).told:
        text = said.get(each.key, "").strip()
        if not text:
            continue
        try:
            value = float(text)
            assumed(lines(), {each.key: value})
        except (ValueError, UserError):
            if strict:
                raise
            continue
        if value != each.shipped:
            found[each.key] = value
    return found


def horizon(said: Mapping[str, str]) -> int:
    """How many years: five or twenty."""
    return SHORT if said.get("years") == str(SHORT) else LONG


def query(found: Mapping[str, float], years: int = LONG) -> str:
    """The address's part that sets them."""
    short = {} if years == LONG else {"years": str(years)}
    return urlencode({key: f"{value:g}" for key, value in found.items()} | short)
