"""What a role may do for a purpose, as far as scopes can say it. Pure but for the clock."""

from collections.abc import Iterable

from onesystem.access.lines import lines_for
from onesystem.district import now
from onesystem.record.fhir.smart.granting import Able

_LETTERS = {"read": "rs", "write": "cud"}


def able_of(roles: Iterable[str], purpose: str) -> Able:
    """The letters of `cruds` that the roles have a line for today, and whether a record opens."""
    lines = lines_for(frozenset(roles), purpose, now().date()) if purpose else ()
    acts = {letter for line in lines for act in line.actions for letter in _LETTERS.get(act, "")}
    return Able(frozenset(acts), any(line.record for line in lines))
