"""The cure for a name that is not known. Pure."""

from collections.abc import Iterable

from onesystem.vocabulary.errors import nearest

_MANY = 40


def near(name: str, known: Iterable[str]) -> str:
    """The nearest known name; else all of them, or where they are listed when they are many."""
    names = sorted(known)
    said = nearest(name, names)
    if said.startswith("Known:") and len(names) > _MANY:
        return "The CapabilityStatement at metadata lists what there is"
    return said
