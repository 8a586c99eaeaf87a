"""What a request will change, worked out and checked before anything is written."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import unquote_plus

import orjson
from django.db import connection

from onesystem import access, people
from onesystem.district import now
from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.text import parse, plain
from onesystem.feeds.fhir.validation import check, entries
from onesystem.feeds.fhir.xml import to_json
from onesystem.record.columns import entry_id
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.conditions import matching
from onesystem.record.fhir.envelopes import Write
from onesystem.record.fhir.finding import EveryRow, by_name, version_by_name
from onesystem.record.fhir.names import addressed, renamed, texts_of
from onesystem.record.fhir.names import plain as unquoted
from onesystem.record.fhir.negotiating import check_version
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.serving import Shown
from onesystem.vocabulary import BadInput

_JSON = {"application/fhir+json", "application/json", "text/json", "application/json+fhir"}
_XML = {"application/fhir+xml", "application/xml", "text/xml", "application/xml+fhir"}


@dataclass(slots=True, kw_only=True)
class Change:
    """One resource to be written, or (`same`) one that is already as it is asked to be."""

    act: str  # create, update, patch, delete
    kind: str
    logical: str
    owner: str
    key: str
    body: bytes | None = None
    resource: Any = None
    was: Shown | None = None
    same: bool = False
    again: bool = False  # this very request was answered before
    full_url: str = ""
    index: int = 0

    @property
    def entry(self) -> int:
        """The entry that it is of."""
        return entry_id(self.owner, self.kind, self.key)

    def write(self, at: datetime) -> Write:
        """For the envelope: this version comes after the one that stands."""
        gone = self.body is None
        return Write(
            act=self.act, kind=self.kind, owner=self.owner, key=self.key,
            recorded=_after(self.entry, at), body=self.body,
            was=self.was.body if gone and self.was and self.kind == "Encounter" else None,
        )  # fmt: skip


@dataclass(slots=True)
class Plan:
    """All that a request changes, and what the references in it mean."""

    changes: list[Change] = field(default_factory=list)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    whole: bool = False  # a transaction: what it calls by a urn is in it


def parsed(case: Case, body: bytes, kind: str = "") -> tuple[dict[str, Any], bytes]:
    """The resource that was sent and its JSON, checked against R4. Raises Refusal."""
    said = case.ask.header("content-type").partition(";")[0].strip().lower()
    if said and said not in _JSON | _XML:
        raise Refusal(
            415, f"{said} is not read here", "Send application/fhir+json or application/fhir+xml."
        )
    check_version(case.ask.header("content-type"), 415)
    if not body.strip():
        raise Refusal(400, "the body is empty", "Send a resource.", code="required")
    try:
        text = plain(body)
        text = to_json(text) if text[:1] == b"<" else text
        resource = parse(text)
    except BadInput as error:
        raise Refusal.of(error, 400) from error
    checked(resource, kind)
    return resource, text


def checked(resource: dict[str, Any], kind: str = "", where: str = "") -> None:
    """Whether it is the type that is meant, and R4. Raises Refusal."""
    said = resource.get("resourceType")
    if kind and said and said != kind:
        raise Refusal(
            400, f"this is a {said}, and the address says {kind}",
            "Send it to the address of its own type.", where=where or "resourceType",
        )  # fmt: skip
    try:
        check(resource, where)
        for place, nested in entries(resource) if kind == "Bundle" else ():
            check(nested, f"{where or kind}.{place}")
    except BadInput as error:
        raise Refusal.of(error, 400) from error


def create(case: Case, kind: str, resource: Any, body: bytes) -> Change:
    """A new resource under an id of ours."""
    case.require(kind, "c")
    logical, was = _fresh(case, kind, body)
    return Change(
        act="create", kind=kind, logical=logical, owner=case.caller.source, was=was,
        key=f"{kind}/{logical}", body=body, resource=resource, same=was is not None,
        again=was is not None,
    )  # fmt: skip


def _fresh(case: Case, kind: str, body: bytes) -> tuple[str, Shown | None]:
    """An id, and the first version of what it stands for where this request came before.

    The id of a request that says its own name follows from that name, the client and the body.
    """
    request = case.ask.header("x-request-id")
    if not request:
        return str(uuid.uuid4()), None
    said = f"{case.caller.source}\x1f{request}\x1f{kind}\x1f".encode() + body
    logical = str(uuid.UUID(bytes=hashlib.blake2b(said, digest_size=16).digest(), version=4))
    return logical, version_by_name(kind, logical, 1, EveryRow())


def update(case: Case, kind: str, logical: str, resource: Any, body: bytes) -> Change:
    """A resource under a known id: a new version, or a new resource where there is none."""
    case.require(kind, "u")
    if resource.get("id") != logical:
        raise Refusal(
            400, f"the id is {resource.get('id')!r}, and the address says {logical!r}",
            "Write the same id into both.", where=f"{kind}.id",
        )  # fmt: skip
    standing = by_name(kind, logical, case.scope)
    if standing is None and not case.scope.everyone:
        # Else 403 and 201 would tell what is here and outside the scope from what is not here.
        raise Refusal(
            405, f"{kind}/{logical} is not here to be updated, and new ids are the server's",
            f"Create it with POST /{kind}.", headers={"Allow": "GET, HEAD, OPTIONS"},
        )  # fmt: skip
    owner, key = _place(case, kind, logical, standing)
    return Change(
        act="update", kind=kind, logical=logical, owner=owner, key=key, body=body,
        resource=resource, was=standing,
    )  # fmt: skip


def delete(case: Case, kind: str, standing: Shown | None, logical: str) -> Change | None:
    """The end of a resource; None where there is nothing to end."""
    case.require(kind, "d")
    if standing is None or standing.gone:
        return None
    owner, key = _place(case, kind, logical, standing)
    return Change(
        act="delete", kind=kind, logical=logical, owner=owner, key=key, was=standing
    )  # fmt: skip


def _place(case: Case, kind: str, logical: str, standing: Shown | None) -> tuple[str, str]:
    """Whose the resource of a name is, and its key there."""
    found = owners({(kind, logical)}).get((kind, logical))
    if found is None:
        return case.caller.source, f"{kind}/{logical}"
    owner, key, here = found
    # What the caller may not see must not be told apart from what cannot be written.
    if here and standing is None:
        raise Refusal(403, f"{kind}/{logical} may not be written", "Choose another id.")
    if case.caller.feed and owner != case.caller.source:
        raise Refusal(
            403, f"{kind}/{logical} is another source's", "A source changes what it sent itself."
        )
    return owner, key


def owners(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str, bool]]:
    """Whose these names are: (type, name) to (source, key, whether it is here)."""
    found: dict[tuple[str, str], tuple[str, str, bool]] = {}
    with connection.cursor() as cursor:
        for kind, logical in names:
            for table, here in (("record_name", False), ("record_entry", True)):
                cursor.execute(
                    f"SELECT source, key FROM {table} WHERE logical = %s AND kind = %s",
                    [logical, kind],
                )
                row = cursor.fetchone()
                if row:
                    found[kind, logical] = (row[0], row[1], here)
    return found


def settle(case: Case, plan: Plan) -> None:
    """What the references mean, and whether the caller may write about whom they write.

    Raises Refusal: for a condition that names nothing, for a person who is not here (or not for
    this caller: the words are the same), and where the decision says no.
    """
    for change in plan.changes:
        if change.full_url:
            plan.links[change.full_url] = (change.owner, change.key)
        plan.links[f"{change.kind}/{change.logical}"] = (change.owner, change.key)
    if plan.whole:
        _own_addresses(plan)
    for change in plan.changes:
        if change.body is not None:
            _link(case, plan, change)
    for change in plan.changes:
        _may_write(case, plan, change)


def _own_addresses(plan: Plan) -> None:
    """Addresses of the Bundle's own entries, other than plain references, by what they will be."""
    called = {
        each.full_url.encode(): f"{each.kind}/{each.logical}".encode()
        for each in plan.changes
        if each.full_url.startswith("urn:")
    }
    absolute = {each.full_url for each in plan.changes if "://" in each.full_url}
    for change in plan.changes:
        if change.body is None:
            continue
        body = change.body
        own = (change.resource or {}).get("url") == change.full_url  # its canonical address
        if not own and any(urn in body for urn in called):
            body = addressed(body, called)
        if "://" in change.full_url:
            # What is relative is so to the server that the entry's own address is of.
            base = change.full_url.removesuffix("/".join(change.full_url.split("/")[-2:]))
            near = {text: base + unquoted(text) for text in texts_of(body)}
            body = renamed(body, {t: far for t, far in near.items() if far in absolute})
        if body is not change.body:
            change.body, change.resource = body, orjson.loads(body)


def _link(case: Case, plan: Plan, change: Change) -> None:
    for written in texts_of(change.body or b""):
        text = unquoted(written)
        if text in plan.links:
            continue
        name = text.removeprefix(f"{case.ask.base}/").partition("/_history/")[0]
        if "?" in name:
            _link_condition(case, plan, text, name)
            continue
        if plan.whole and text.startswith(("urn:uuid:", "urn:oid:")):
            raise Refusal(
                400, f"no entry has the fullUrl {text!r} that {change.kind} refers to",
                "Put what it names into the Bundle, or refer to it as Type/id.",
                where=f"Bundle.entry[{change.index}].resource", code="not-found",
            )  # fmt: skip
        kind, _, logical = name.partition("/")
        if kind in definitions().resources and "/" not in logical:
            found = owners({(kind, logical)}).get((kind, logical))
            if found:
                plan.links[text] = plan.links[name] = found[:2]


def _link_condition(case: Case, plan: Plan, text: str, name: str) -> None:
    kind, _, query = name.partition("?")
    found = matching(case, kind, query, what=f"the reference {text!r}")
    if found is None and (coming := _coming(plan, kind, query)):
        plan.links[text] = (coming.owner, coming.key)
        return
    if found is None:
        raise Refusal(
            412, f"no {kind} meets the reference {text!r}", "Send the resource first, or with it."
        )
    plan.links[text] = owners({(kind, found.logical)})[kind, found.logical][:2]


def _coming(plan: Plan, kind: str, query: str) -> Change | None:
    """What the same Bundle brings with the identifier that a condition names.

    Conditions of references are judged after the creates (http.html#trules); of what is not in the
    store yet, one identifier is what they can name. Raises Refusal where two have it.
    """
    name, _, value = unquote_plus(query).partition("=")
    system, bar, said = value.rpartition("|")
    if name != "identifier" or not said or "," in value:
        return None
    found = [
        each
        for each in plan.changes
        if each.kind == kind and each.resource is not None and not each.same
        for one in each.resource.get("identifier") or ()
        if one.get("value") == said and (not bar or one.get("system", "") == system)
    ]
    if len({each.entry for each in found}) > 1:
        raise Refusal(412, f"more than one {kind} of the Bundle meets {query!r}",
                      "Refer to the one that is meant by its fullUrl.")  # fmt: skip
    return found[0] if found else None


def _may_write(case: Case, plan: Plan, change: Change) -> None:
    """Whether the decision lets the caller write about that person."""
    if case.caller.feed or case.asker.actor.is_job:
        return
    persons = {change.was.identity} if change.was else set()
    if change.resource is not None and change.kind != "Patient":
        persons |= _subjects(case, plan, change)
    for identity in sorted(persons - {0}):
        person = people.person_of([identity]).get(identity)
        found = access.decide(case.asker, person, action="write") if person else None
        if isinstance(found, access.Refused):
            raise Refusal(403, found.words, found.way)
    case.touches(persons)


def _subjects(case: Case, plan: Plan, change: Change) -> set[int]:
    """The identities that a resource is about. Raises Refusal for one that is not here."""
    found: set[int] = set()
    new = {(each.owner, each.key) for each in plan.changes if each.body is not None}
    standing_ones = {(e.owner, e.key): e.was.identity for e in plan.changes if e.same and e.was}
    leaves = ("securityContext",) if change.kind == "Binary" else ()
    for leaf in (*definitions().patient.get(change.kind, ()), *leaves):
        said = change.resource.get(leaf)
        for reference in said if isinstance(said, list) else [said]:
            text = reference.get("reference", "") if isinstance(reference, dict) else ""
            if "Patient/" not in text and text not in plan.links:
                continue
            place = plan.links.get(text)
            if place in new or (place and not place[1].startswith("Patient")):
                continue
            if place in standing_ones:
                found.add(standing_ones[place])
                continue
            name = text.removeprefix(f"{case.ask.base}/").partition("/_history/")[0]
            logical = name.rpartition("/")[2]
            standing = by_name("Patient", logical, case.scope)
            if "?" not in text and (standing is None or standing.gone):
                raise Refusal(
                    422, f"there is no {name} here", "Send the person first, or with it.",
                    where=f"{change.kind}.{leaf}", code="not-found",
                )  # fmt: skip
            if standing:
                found.add(standing.identity)
    return found


def _after(entry: int, at: datetime) -> datetime:
    """A moment after the one that the standing version was recorded at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT recorded FROM record_entry WHERE entry = %s", [entry])
        row = cursor.fetchone()
    if row is None:
        return at
    from onesystem.record.columns import moment

    last = moment(row[0])
    return at if last is None or at > last else last + timedelta(microseconds=1)


def clock() -> datetime:
    """Now, by the district."""
    return now()


def as_json(resource: Any) -> bytes:
    """A resource as bytes, with its decimals as they were written."""
    return orjson.dumps(resource, default=_exact)


class Exact(float):
    """A decimal that knows how it was written."""

    written: str

    def __new__(cls, text: str) -> Self:
        """From its text."""
        made = super().__new__(cls, text)
        made.written = text
        return made

    def __deepcopy__(self, memo: Any) -> "Exact":
        return self


def _exact(value: Any) -> Any:
    if isinstance(value, Exact):
        return orjson.Fragment(value.written)
    raise TypeError(type(value).__name__)
