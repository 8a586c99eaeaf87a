"""Practices by the code that sources give them, and which of them somebody works for."""

from onesystem import access
from onesystem.access import Actor
from onesystem.district import District, current
from onesystem.flow.measures.names import practice_name

_KIND = "general practice"


def code_of(here: District, organisation: str) -> str:
    """The code of an organisation's list: its national code, or its own; empty of no practice."""
    found = here.organisations.get(organisation)
    if found is None or found.kind != _KIND:
        return ""
    return found.national_code or organisation


def practices() -> dict[str, str]:
    """The names of the practices of today by their codes, in order of name."""
    here = current()
    codes = [code_of(here, o) for o, each in here.organisations.items()
             if each.kind == _KIND and each.until is None]  # fmt: skip
    return dict(sorted(((c, practice_name(here, c)) for c in codes), key=lambda each: each[1]))


def name_of(code: str) -> str:
    """A practice in words."""
    return practice_name(current(), code)


def mine(actor: Actor) -> str:
    """The practice that somebody works for; empty where it is none."""
    return code_of(current(), actor.organisation)


def names_all(actor: Actor) -> bool:
    """Whether somebody may see practices by name: who keeps the alliance, or brings improvement."""
    return access.may(actor, "alliance.keep") or "improvement" in actor.roles
