"""What the services of a package want to know with their orders: asked once, for all of them.

What the record knows is filled in; a field that several services have is one. What is asked of them
(`question`) the package says itself. What stays empty is no reason to keep anybody waiting: the
team rings the service about it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from onesystem.care.pathways.known import Facts
from onesystem.care.requests.prefill import filled
from onesystem.care.services.entry import Entry, Field

SAID_BY_PACKAGE = frozenset({"question"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A field, who wants it, and what the record has for it."""

    field: Field
    services: tuple[str, ...]
    value: str = ""
    known: str = ""

    @property
    def required(self) -> bool:
        """Whether one of them does not take the order without it."""
        return self.field.required


def wanted(entries: Iterable[Entry], facts: Facts | None) -> list[Wanted]:
    """The fields of all these services, each once, what has to be there first."""
    found: dict[str, Wanted] = {}
    for entry in entries:
        knows = filled(entry, facts) if facts is not None else {}
        for each in entry.form:
            if each.name in SAID_BY_PACKAGE:
                continue
            was = found.get(each.name)
            if was is None:
                have = knows.get(each.name)
                found[each.name] = Wanted(
                    field=each, services=(entry.name,), value=have.value if have else "",
                    known=have.what if have else "",
                )  # fmt: skip
            else:
                required = was.field.required or each.required
                found[each.name] = replace(
                    was, field=replace(was.field, required=required),
                    services=tuple(dict.fromkeys((*was.services, entry.name))),
                )  # fmt: skip
    return sorted(found.values(), key=lambda each: not each.required)


def form_of(
    entry: Entry, said: Mapping[str, str], question: str, facts: Facts | None
) -> dict[str, str]:
    """The form of one order: what was said, what the record knows, what the package says."""
    knows = filled(entry, facts) if facts is not None else {}
    made = {}
    for each in entry.form:
        if each.name in SAID_BY_PACKAGE:
            made[each.name] = question
        elif value := said.get(each.name, "").strip() or (
            knows[each.name].value if each.name in knows else ""
        ):
            made[each.name] = value
    return made
