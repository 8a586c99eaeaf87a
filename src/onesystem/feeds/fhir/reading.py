"""A message of FHIR into readings."""

from dataclasses import replace
from datetime import datetime

from onesystem.district import District, Source
from onesystem.feeds.fhir.bundles import Item, items, link
from onesystem.feeds.fhir.encounters import contact_events
from onesystem.feeds.fhir.entries import entry
from onesystem.feeds.fhir.frame import Frame, Resource, key_for
from onesystem.feeds.fhir.orders import ABOUT, STATES, about_another, request
from onesystem.feeds.fhir.persons import numbered_person, person
from onesystem.feeds.fhir.profiles import note_profiles
from onesystem.feeds.fhir.text import parse, plain
from onesystem.feeds.fhir.times import moment
from onesystem.feeds.fhir.validation import check
from onesystem.feeds.fhir.versions import check_shape, is_stu3, r5, seems_r5, seems_stu3
from onesystem.feeds.fhir.xml import to_json
from onesystem.vocabulary import Act, BadInput, ContactEvent, Entry, Reading

SLIPS = (AttributeError, IndexError, KeyError, TypeError, ValueError)


_last: list[tuple[bytes, Resource, bytes]] = []


def resource_of(message: bytes) -> tuple[Resource, bytes]:
    """The resource of a message, and its JSON. Raises BadInput.

    A message is asked for its kind and then read, so the last one is remembered.
    """
    if _last and _last[0][0] is message:
        return _last[0][1:]
    text = plain(message)
    if text[:1] == b"<":
        text = to_json(text)
    resource = parse(text)
    _last[:] = [(message, resource, text)]
    return resource, text


def read(
    message: bytes, *, source: Source, district: District, received: datetime
) -> list[Reading]:
    """What a message says. Raises BadInput with rule and cure."""
    resource, body = resource_of(message)
    frame = Frame(source=source, district=district, received=received)
    if is_stu3(resource):
        return _read_stu3(resource, body, frame)
    try:
        _read(resource, body, frame, stu3=False)
    except BadInput:
        if seems_r5(resource):
            raise r5() from None
        if not seems_stu3(resource):
            raise
        again = Frame(source=source, district=district, received=received)
        return _read_stu3(resource, body, again)
    return frame.out


def _read_stu3(resource: Resource, body: bytes, frame: Frame) -> list[Reading]:
    frame.remark("fhir.stu3", "read as FHIR STU3, without its schema")
    try:
        _read(resource, body, frame, stu3=True)
    except BadInput:
        raise
    except SLIPS as error:
        raise BadInput(
            f"a STU3 resource is not shaped as STU3 is: {error}",
            rule="fhir.stu3-shape",
            cure="Compare the message with the FHIR STU3 definitions.",
        ) from error
    return frame.out


def _read(resource: Resource, body: bytes, frame: Frame, *, stu3: bool) -> None:
    kind = resource.get("resourceType")
    if kind == "OperationOutcome":
        raise _outcome(resource)
    if kind == "Bundle":
        _bundle(resource, body, frame, "Bundle", stu3=stu3)
        return
    _checked(resource, stu3=stu3, where="")
    one(resource, key_for(resource, body), body, frame)


def _checked(resource: Resource, *, stu3: bool, where: str) -> None:
    if stu3:
        check_shape(resource, where)
    else:
        check(resource, where and f"{where}.{resource.get('resourceType', '')}")


def _bundle(bundle: Resource, body: bytes, frame: Frame, where: str, *, stu3: bool) -> None:
    _checked(bundle, stu3=stu3, where="" if where == "Bundle" else where.rpartition(".")[0])
    meta = bundle.get("meta") or {}
    frame.stated = (
        moment(bundle.get("timestamp"), frame.zone)
        or moment(meta.get("lastUpdated"), frame.zone)
        or frame.stated
    )
    held = list(items(bundle, body))
    for item in held:
        _checked(item.resource, stu3=stu3, where=f"{where}.entry[{item.index}].resource")
    link(frame, bundle, held)
    before = len(frame.out)
    for item in _latest_last(bundle, held):
        _item(item, frame, where, stu3=stu3)
    _deleted(bundle, frame)
    if len(frame.out) == before and where == "Bundle":
        raise _nothing(bundle, held)


def _latest_last(bundle: Resource, held: list[Item]) -> list[Item]:
    # A history lists the newest first; read oldest first, so that the newest stands.
    return held[::-1] if bundle.get("type") == "history" else held


def _item(item: Item, frame: Frame, where: str, *, stu3: bool) -> None:
    if item.resource["resourceType"] == "OperationOutcome":
        if item.mode != "outcome":
            frame.remark("fhir.outcome", _said(item.resource), f"{where}.entry[{item.index}]")
        return
    if item.resource["resourceType"] == "Bundle":
        inner = f"{where}.entry[{item.index}].resource.Bundle"
        _bundle(item.resource, item.body, frame, inner, stu3=stu3)
        return
    one(item.resource, item.key, item.body, frame)


def one(resource: Resource, key: str, body: bytes, frame: Frame) -> None:
    """All readings of one resource."""
    if "contained" in resource:
        _contained(resource, key, frame)
    if "meta" in resource:
        note_profiles(resource, key, frame)
    kind = resource["resourceType"]
    said = entry(resource, key, body, frame)
    if kind == "Patient":
        frame.out.append(person(resource, key, frame))
        frame.told.add(key)
    elif "?" in said.subject and said.subject not in frame.told:
        frame.told.add(said.subject)
        known = numbered_person(said.subject, frame)
        if known:
            frame.out.append(known)
    if kind == "Encounter":
        frame.out += contact_events(resource, key, frame)
    elif kind in ABOUT and (told := about_another(resource, key, frame)):
        frame.out.append(told)
    elif kind in STATES:
        asked = request(resource, key, frame)
        if asked:
            frame.out.append(asked)
    frame.out.append(said)


def _contained(resource: Resource, key: str, frame: Frame) -> None:
    """The resources that lie within one, to be found by its references, and people among them."""
    for nested in resource["contained"] or ():
        if isinstance(nested, dict) and nested.get("id"):
            inner = f"{key}#{nested['id']}"
            frame.held[inner] = nested
            if nested.get("resourceType") == "Patient":
                frame.out.append(person(nested, inner, frame))


def _deleted(bundle: Resource, frame: Frame) -> None:
    """Entries that say that a resource is gone: the record keeps it and marks it deleted."""
    for each in bundle.get("entry") or ():
        asked = each.get("request") or {}
        if asked.get("method") != "DELETE" or "/" not in str(asked.get("url", "")):
            continue
        kind, _, rest = str(asked["url"]).partition("/")
        key = f"{kind}/{rest.split('/')[0]}"
        said = moment((each.get("response") or {}).get("lastModified"), frame.zone)
        at = said or frame.stated or frame.received
        frame.out.append(Entry(kind=kind, key=key, subject="", recorded=at, status="deleted"))
        if kind == "Encounter":
            _gone(key, at, frame)


def _gone(key: str, at: datetime, frame: Frame) -> None:
    states = [r for r in frame.out if isinstance(r, ContactEvent) and r.act is Act.STATE]
    last = next((r for r in reversed(states) if r.visit == key), None)
    if last is None:
        frame.remark("fhir.deleted-encounter", "deleted, and not in this message: send it as "
                     "entered-in-error to cancel the contact", key)  # fmt: skip
        return
    frame.out.append(replace(last, act=Act.CANCEL, recorded=max(at, last.recorded), cancelled=True))


def _outcome(resource: Resource) -> BadInput:
    return BadInput(
        f"this is an answer, not a record: {_said(resource)}",
        rule="fhir.outcome",
        cure="It holds nobody. Ask again as the answer says; nothing is lost by leaving it here.",
    )


def _said(outcome: Resource) -> str:
    issues = outcome.get("issue") or [{}]
    first = issues[0] if isinstance(issues, list) and isinstance(issues[0], dict) else {}
    details = first.get("details") or {}
    coded = (details.get("coding") or [{}])[0] if isinstance(details, dict) else {}
    words = coded.get("display") or details.get("text") or first.get("diagnostics")
    return str(words or first.get("code") or "an outcome without an issue")


def _nothing(bundle: Resource, held: list[Item]) -> BadInput:
    outcomes = [i.resource for i in held if i.resource["resourceType"] == "OperationOutcome"]
    if outcomes:
        return _outcome(outcomes[0])
    return BadInput(
        f"the Bundle of type {bundle.get('type', 'unknown')} holds no resource",
        rule="fhir.holds-nothing",
        cure="Nothing was found, or only answers came back. There is nothing to read or to mend.",
    )
