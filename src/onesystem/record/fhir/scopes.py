"""Scopes as SMART App Launch 2 writes them: `patient/Observation.rs`, `system/*.cruds`. Pure.

The words of version 1 (`.read`, `.write`, `.*`) are understood as well. A scope that narrows by a
query (`?category=...`) is refused, since a limit that is not held would be worse than none.
"""

import re
from functools import lru_cache

from onesystem.access import Grain, Scopes
from onesystem.vocabulary import BadConfig

_SCOPE = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]+)\.(\*|read|write|[cruds]+)")
_V1 = {"read": "rs", "write": "cud", "*": "cruds"}
# Scopes that say how a token came to be, and open nothing.
_SILENT = re.compile(r"launch(/\w+)?|openid|profile|fhirUser|offline_access|online_access")


@lru_cache(maxsize=256)
def scopes_of(text: str, *, patient: int | None = None) -> Scopes:
    """The scopes of a token. Raises BadConfig for one that is not understood."""
    grains = []
    for each in text.split():
        found = _SCOPE.fullmatch(each)
        if found is None:
            if _SILENT.fullmatch(each):
                continue
            raise BadConfig(
                f"{each!r} is no scope", "Write it as user/Patient.rs or system/*.cruds."
            )
        level, resource, acts = found.groups()
        letters = _V1.get(acts, acts)
        if acts not in _V1 and "".join(c for c in "cruds" if c in letters) != letters:
            raise BadConfig(f"{each!r} is no scope", "Its letters stand in the order of cruds.")
        grains.append(Grain(level, resource, frozenset(letters)))
    return Scopes(tuple(grains), patient)
