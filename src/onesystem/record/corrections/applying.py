"""Decisions into messages: what is landed when something is put right, and when that is undone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import orjson
from django.db import connection

from onesystem import access, people
from onesystem.district import current, now
from onesystem.feeds.amending import OFFICE
from onesystem.feeds.fhir.validation import check
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.landing import Arrival
from onesystem.people.mapping import views
from onesystem.record.columns import Kept
from onesystem.record.corrections import bodies, facts, message
from onesystem.record.corrections.rows import Correction
from onesystem.record.corrections.things import Thing, contact_of, of_contact, of_kept
from onesystem.record.entries import entry_by_id, versions_of
from onesystem.record.fhir import envelopes, finding, planning
from onesystem.record.fhir.finding import EveryRow
from onesystem.record.fhir.names import plain, texts_of
from onesystem.record.fhir.serving import Shown
from onesystem.record.fhir.writing import lock
from onesystem.vocabulary import Act, BadConfig, BadInput, Code, Contact, ContactEvent, Entry
from onesystem.vocabulary.said import say

Facts = Mapping[str, str]


def entry(
    row: Correction, change: Facts, *, by: access.Actor, day: date, why: str
) -> dict[str, str]:
    """A new version of an entry with those facts; gives them as they stand now."""
    kept, shown = _standing(row)
    row.before = json.dumps({"version": shown.version})
    body = bodies.corrected(shown.body, change, day=day, by=by.name, why=why)
    _checked(body)
    _land_entry(row, kept, body, change, by=by)
    now_kept = entry_by_id(row.item)
    said = of_kept(now_kept) if now_kept else {}
    return {name: said.get(name, "") for name in change}


def state(row: Correction, *, by: access.Actor, day: date) -> None:
    """A new version of an entry that carries the person's statement."""
    kept, shown = _standing(row)
    row.before = json.dumps({"version": shown.version})
    _land_entry(row, kept, bodies.stated(shown.body, row.statement, day=day), {}, by=by)


def entry_back(row: Correction, *, by: access.Actor) -> None:
    """The entry as it was before the decision, as one more version."""
    kept, shown = _standing(row)
    was = json.loads(row.before).get("version")
    if row.statement:
        _land_entry(row, kept, bodies.unstated(shown.body), {}, by=by)
        return
    before = finding.version_by_name(kept.kind, shown.logical, was, EveryRow())
    if before is None:
        raise BadConfig("the version before it is not kept", "Put it right once more instead.")
    old = next((v for v in versions_of(kept.entry) if v.version == was), kept)
    body = planning.as_json(bodies.parsed(before.body))
    if _is_made(old):
        _land_made(row, old, None, {}, by=by)
    else:
        _land_entry(row, kept, body, {}, by=by)


def contact(row: Correction, about: Thing, change: Facts, *, by: access.Actor) -> dict[str, str]:
    """A contact put right: the whole as it stands, or a note on the last stretch of a visit."""
    found, visit = contact_of(row.item, people.identity_ids_of(_person(row)))
    row.before = json.dumps({name: about.facts[name] for name in change})
    _land_event(row, found, change, single=len(visit) == 1, by=by)
    return dict(change)


def contact_back(row: Correction, *, by: access.Actor) -> None:
    """The contact as it was."""
    found, visit = contact_of(row.item, people.identity_ids_of(_person(row)))
    _land_event(row, found, json.loads(row.before), single=len(visit) == 1, by=by)


def event_for(
    row: Correction, found: Contact, change: Facts, *, single: bool, at: datetime
) -> ContactEvent:
    """The event that states a contact with other facts. Raises BadConfig for what cannot be."""
    said = of_contact(found) | dict(change)
    if said["service"] not in current().services and "service" in change:
        raise BadConfig(
            say("there is no service {service}", service=repr(said["service"])),
            "Choose one of the list.",
        )
    if not single:
        texts = {name: change[name] for name in change if name in facts.TEXTS}
        if any(not value for value in texts.values()):
            raise BadConfig("a visit in parts cannot be left without it", "Write what is right.")
        return ContactEvent(visit=row.key, subject="", act=Act.NOTE, at=None, recorded=at, **texts)
    times = {name: _moment(said[name], name) for name in
             ("requested", "started", "ready", "ended")}  # fmt: skip
    if not any(times.values()):
        raise BadConfig("no time would be left", "Say that it never happened instead.")
    service = said["service"]
    setting = found.setting if service == found.service else None
    from onesystem.vocabulary.contact import key_by_id

    return ContactEvent(
        visit=row.key, subject="", act=Act.STATE, at=None, recorded=at, service=service,
        setting=setting, planned=found.planned, bed=found.bed, mode=found.mode,
        urgency=found.urgency, reason=said["reason"], outcome=said["outcome"], by=said["by"],
        cause="" if found.cause is None else key_by_id(found.cause),
        cancelled=said["cancelled"] == "yes", **times,
    )  # fmt: skip


def _moment(text: str, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadConfig(
            say("{names}: {text} is no time", names=facts.NAMES[name].lower(), text=repr(text)),
            "Write it as 2026-03-04 10:00.",
        ) from error


def _land_event(
    row: Correction, found: Contact, change: Facts, *, single: bool, by: access.Actor
) -> None:
    event = event_for(row, found, change, single=single, at=now())
    [view] = views([found.identity])
    event = replace(event, subject=view.subject)
    _take(message.packed(owner=row.source, whose=view.source, by=by.name, correction=row.pk,
                         event=event), message.FORMAT)  # fmt: skip


def _standing(row: Correction) -> tuple[Kept, Shown]:
    lock()
    kept = entry_by_id(row.item)
    shown = finding.by_entries([row.item], EveryRow()).get(row.item)
    if kept is None or shown is None or shown.gone:
        raise BadConfig("it is no longer in the record", "Nothing is left to put right.")
    return kept, shown


def _is_made(kept: Kept) -> bool:
    """Whether it came without a resource (HL7 v2, an extract), in that version."""
    with connection.cursor() as cursor:
        for table in ("record_entry", "record_version"):
            cursor.execute(
                f"SELECT body IS NULL FROM {table} WHERE entry = %s AND version = %s",
                [kept.entry, kept.version],
            )
            if found := cursor.fetchone():
                return bool(found[0])
    return False


def _came_bare(entry: int) -> bool:
    """Whether its source sends it without a resource: its first version tells."""
    first = min(versions_of(entry), key=lambda kept: kept.version)
    return _is_made(first)


def _land_entry(
    row: Correction, kept: Kept, body: bytes, change: Facts, *, by: access.Actor
) -> None:
    if _came_bare(kept.entry):
        _land_made(row, kept, body, change, by=by)
        return
    links = {}
    for written in texts_of(body):
        text = plain(written)
        kind, _, logical = text.partition("/_history/")[0].partition("/")
        place = planning.owners({(kind, logical)}).get((kind, logical))
        if place:
            links[text] = place[:2]
    at = _after(kept)
    write = envelopes.Write(
        act="update", kind=kept.kind, owner=kept.source, key=kept.key, recorded=at, body=body
    )
    envelope = envelopes.Envelope(
        at=at, client=OFFICE, by=by.name, method="PUT", url=f"/corrections/{row.pk}", sent=body,
        writes=(write,), links=links,
    )  # fmt: skip
    _take(envelopes.packed(envelope), envelopes.FORMAT)


def _land_made(
    row: Correction, kept: Kept, body: bytes | None, change: Facts, *, by: access.Actor
) -> None:
    [view] = views([kept.identity])
    said = of_kept(kept) | dict(change)
    at = _moment(said["at"], "at")
    code = Code(said["system"], said["code"], said["words"])
    made = Entry(
        kind=kept.kind, key=kept.key, subject=view.subject, at=at, recorded=_after(kept),
        code=code if said["code"] or said["words"] else None, status=said["status"],
        value=said["value"], unit=said["unit"], visit=kept.visit, body=body, order=_order(kept),
    )  # fmt: skip
    _take(message.packed(owner=kept.source, whose=view.source, by=by.name, correction=row.pk,
                         entry=made), message.FORMAT)  # fmt: skip


def _after(kept: Kept) -> datetime:
    return max(now(), (entry_by_id(kept.entry) or kept).recorded + timedelta(microseconds=1))


def _order(kept: Kept) -> str:
    with connection.cursor() as cursor:
        cursor.execute('SELECT "order" FROM record_entry WHERE entry = %s', [kept.entry])
        return str(cursor.fetchone()[0])


def _checked(body: bytes) -> None:
    try:
        check(orjson.loads(body), "")
    except BadInput as error:
        raise BadConfig(
            say("it would be no valid resource: {what}", what=error.what), error.cure
        ) from error


def _take(data: bytes, format_: str) -> None:
    pipeline = pipeline_of(current()).refreshed()
    [landed] = pipeline.landing.land([Arrival(source=OFFICE, data=data, name="decision",
                                              format=format_)])  # fmt: skip
    read, _ = pipeline.write_one(landed)
    if read.refusal is not None:
        raise BadConfig(read.refusal.what, read.refusal.cure)


def _person(row: Correction) -> int:
    return people.person_of([row.identity]).get(row.identity, row.identity)


__all__ = ["contact", "contact_back", "entry", "entry_back", "event_for", "state"]
