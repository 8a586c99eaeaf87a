"""The rules: each fills the table `found` with the contacts that it counts.

`found` has a row a contact: person, identity, contact, moment (ms; by which it lies in the period),
service, organisation, practice, cause, other (texts to split by), lost (ms that were avoidable),
money (minor units) and share (of the contact that is counted: 1 but in an estimate).
A rule returns how many contacts it looked at, and what else it has to say.
"""

from collections.abc import Callable, Mapping
from typing import Any

from onesystem.flow.chances.rules import (
    conveyed,
    intensive,
    ready,
    repeated,
    sensitive,
    unchanged,
    waits,
)
from onesystem.flow.chances.rules.shape import Ground, Looked

RULES: Mapping[str, Callable[[Ground, Mapping[str, Any]], Looked]] = {
    "ready": ready.find,
    "sensitive": sensitive.find,
    "conveyed": conveyed.find,
    "repeated": repeated.find,
    "unchanged": unchanged.find,
    "waits": waits.find,
    "intensive": intensive.find,
}

__all__ = ["RULES", "Ground", "Looked"]
