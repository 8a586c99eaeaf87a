"""The thing that a correction is about: an entry, a contact or a person as one source has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onesystem import contacts, district
from onesystem.people.mapping import views
from onesystem.record.columns import Kept
from onesystem.record.corrections import facts
from onesystem.record.entries import entry_by_id
from onesystem.vocabulary import BadConfig, Contact, NotFound, contact_id
from onesystem.vocabulary.said import say, say_each

_NOT_HERE = say_each({"Patient": "a person", "Encounter": "a contact"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What may be wrong. `facts` are all that can be put right of it, as they are now."""

    about: str
    source: str
    kind: str
    key: str
    target: int
    item: int
    identity: int
    what: str
    facts: dict[str, str]
    only: tuple[str, ...]  # the facts that can be put right


def thing(about: str, item: int, identities: Sequence[int]) -> Thing:
    """One of somebody's things by its id. Raises NotFound, and BadConfig where it is no such."""
    match about:
        case "entry":
            return _entry(item, identities)
        case "contact":
            return _contact(item, identities)
        case "person":
            return _person(item, identities)
    raise BadConfig("nothing was chosen", "Choose what is wrong from the record.")


def _entry(item: int, identities: Sequence[int]) -> Thing:
    kept = entry_by_id(item)
    if kept is None or kept.identity not in identities:
        raise NotFound("this is not in the record", "Choose it from the record.")
    if kept.kind in _NOT_HERE:
        raise BadConfig(
            say("this is put right as {not_here}", not_here=_NOT_HERE[kept.kind]),
            "Choose it from that part of the page.",
        )
    said = of_kept(kept)
    only = facts.ENTRY if kept.kind in {"Observation", "Goal"} else facts.ENTRY[:-2]
    return Thing(
        about="entry", source=kept.source, kind=kept.kind, key=kept.key, target=item, item=item,
        identity=kept.identity, what=said["words"] or said["code"] or kept.kind, facts=said,
        only=only,
    )  # fmt: skip


def of_kept(kept: Kept) -> dict[str, str]:
    """The facts of an entry as it is kept."""
    code = kept.code
    return {
        "words": code.display if code else "", "code": code.code if code else "",
        "system": code.system if code else "", "status": kept.status,
        "at": facts.moment_text(kept.at), "value": kept.value, "unit": kept.unit,
    }  # fmt: skip


def contact_of(item: int, identities: Sequence[int]) -> tuple[Contact, list[Contact]]:
    """The contact, and all stretches of its visit. Raises NotFound."""
    every = contacts.of_identities(list(identities))
    found = next((c for c in every if c.contact == item), None)
    if found is None:
        raise NotFound("this is not in the record", "Choose it from the timeline.")
    visit = visit_of(found.key, {c.key for c in every if c.source == found.source})
    same = [
        c for c in every
        if c.source == found.source and (c.key == visit or c.key.startswith(f"{visit}/"))
    ]  # fmt: skip
    return found, sorted(same, key=lambda c: c.key)


def visit_of(key: str, keys: set[str]) -> str:
    """The visit that a contact's key is of: `visit` itself, or `visit/2` where there is one."""
    front, slash, number = key.rpartition("/")
    return front if slash and number.isdigit() and front in keys else key


def of_contact(contact: Contact) -> dict[str, str]:
    """The facts of a contact."""
    found = {n: facts.moment_text(getattr(contact, n))
             for n in ("requested", "started", "ready", "ended")}  # fmt: skip
    found |= {n: getattr(contact, n) for n in ("service", "reason", "outcome", "by")}
    return found | {"cancelled": "yes" if contact.cancelled else ""}


def _contact(item: int, identities: Sequence[int]) -> Thing:
    found, visit = contact_of(item, identities)
    key = visit[0].key if len(visit) > 1 else found.key
    only = facts.CONTACT if len(visit) == 1 else facts.TEXTS if found == visit[-1] else ()
    return Thing(
        about="contact", source=found.source, kind="", key=key,
        target=contact_id(found.source, key), item=item, identity=found.identity,
        what=district.current().service_name(found.service), facts=of_contact(found), only=only,
    )  # fmt: skip


def _person(item: int, identities: Sequence[int]) -> Thing:
    if item not in identities:
        raise NotFound("this is not this person", "Choose it from who they are.")
    [view] = views([item])
    said: dict[str, Any] = {name: getattr(view, name) for name in facts.PERSON}
    return Thing(
        about="person", source=view.source, kind="", key=view.subject,
        target=facts.person_target(view.source, view.subject), item=item, identity=item,
        what=say("Who they are"), facts=said, only=facts.PERSON,
    )  # fmt: skip
