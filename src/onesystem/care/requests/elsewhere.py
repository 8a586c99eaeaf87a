"""What was written for one service, for another: where the first takes nobody, nothing is lost.

What was refused is kept as the draft of its writer, as if they had paused; the form of the other
service begins with it. What that one has no field for stands in its free words.
"""

from collections.abc import Mapping

from onesystem.access import Asker
from onesystem.care.drafts import actions as drafting
from onesystem.care.drafts.queries import draft
from onesystem.care.requests.pathway_form import PREFIX
from onesystem.care.services import queries as services
from onesystem.care.services.entry import Entry
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say

FIELD = "form-"
_OWN = ("what", "words", "urgency")
_ANSWERS = ("despite", "anyway", "agreed")


def draft_key(person: int, service: str) -> str:
    """Under which what somebody writes is kept until it is sent."""
    return say("request:{person}:{service}", person=person, service=service)


def keep(person: int, entry: Entry, said: Mapping[str, str], *, by: Asker) -> None:
    """Keep what could not be sent, as the page keeps it while somebody types."""
    names = [n for n in said if n.startswith(FIELD) or n in (*_OWN, *_ANSWERS)]
    if len(entry.accepts) > 1:
        names.append("kind")
    key = draft_key(person, entry.service)
    there = draft(by, key)
    try:
        drafting.keep(
            key=key, fields={name: [said.get(name, "")] for name in names}, by=by,
            seen=there.version if there else 0, person=person,
            path=f"/people/{person}/requests/new/?service={entry.service}",
        )  # fmt: skip
    except UserError:
        return  # it is too much to be kept; the page still has it


def brought(person: int, before: str, entry: Entry, *, by: Asker) -> dict[str, str]:
    """What was written for the service `before`, as the form of another begins with it."""
    kept = draft(by, draft_key(person, before)) if before and before != entry.service else None
    if kept is None:
        return {}
    told = {name: values[0] for name, values in kept.fields.items() if values and values[0]}
    try:
        asked = services.entry(before).form
    except NotFound:
        asked = ()
    ours = {each.name for each in entry.form}
    begun = {
        n: told[n]
        for n in told
        if n in _OWN or n.removeprefix(FIELD) in ours or n.startswith(FIELD + PREFIX)
    }
    more = [
        f"{each.label}: {told[FIELD + each.name]}"
        for each in asked
        if each.name not in ours and not each.known and FIELD + each.name in told
    ]
    if words := "\n".join(filter(None, [begun.get("words", ""), *more])):
        begun["words"] = words
    return begun
