"""The record of a procurement: route and reason, notices, bids, interests, assessment, award.

Steps are added and never changed; one that was wrong is followed by a correction. An award is
refused while the record lacks what its route asks for, while a standstill runs, and while an
interest in a bidder is not handled. What the law asks is data (`rules.routes`); not legal advice.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries, rules
from onesystem.alliance.charter.awarding import Step, missing
from onesystem.alliance.charter.keeping import LONGEST, found, micros, step, words
from onesystem.alliance.charter.more_rows import Procurement, ProcurementStep
from onesystem.district import current, now
from onesystem.vocabulary import UserError, nearest, to_local
from onesystem.vocabulary.said import listed, say, say_each

_KEEPS = "alliance.keep"
KINDS: Mapping[str, str] = say_each({
    "notice": "Notice published", "bid": "Bid received", "interest": "Interest handled",
    "assessment": "Assessed", "intention": "Intention to award published",
    "representation": "A provider objected", "review": "The objection was answered",
    "award": "Awarded", "award notice": "Award notice published", "correction": "Put right",
    "abandoned": "Abandoned",
})  # fmt: skip
HANDLINGS = say_each({"stay": "Stays", "speak": "Speaks, does not decide", "leave": "Leaves"})


@transaction.atomic
def open_(
    *, alliance: str, title: str, law: str, route: str, reason: str, buyer: str, by: Actor,
    text: str = "", services: Iterable[str] = (), value: int = 0, decision: int = 0,
    on: date | None = None,
) -> int:  # fmt: skip
    """Begin a record; gives its number."""
    access.require(by, _KEEPS)
    row = step(alliance, "procurement-opened", route, by)
    rules.route(law, route)
    party = queries.standing(row.code).party(buyer)
    if party is None or not party.funder:
        raise UserError(
            say("{buyer} is no funder of the alliance", buyer=buyer or "nobody"), "Choose who pays"
        )
    if value < 0:
        raise UserError("a value is no negative amount", "Write what it costs over its whole life")
    chosen = sorted(set(services))
    for each in chosen:
        if each not in current().services:
            raise UserError(
                say("there is no service {each}", each=repr(each)),
                nearest(each, current().services),
            )
    last = Procurement.objects.filter(alliance=row).aggregate(last=Max("number"))["last"] or 0
    made = Procurement.objects.create(
        alliance=row, number=last + 1, title=words(title, "the title", 200), words=text.strip(),
        law=law, route=route, reason=words(reason, "why this route", 2000), buyer=buyer,
        services=json.dumps(chosen), value=value, decision=decision, opened=on or today(),
        at=micros(), by=by.name,
    )  # fmt: skip
    return int(made.number)


@transaction.atomic
def add(
    *, alliance: str, number: int, kind: str, by: Actor, text: str = "",
    on: date | None = None, body: Mapping[str, Any] | None = None, seen: int | None = None,
) -> None:  # fmt: skip
    """One more step of the record. Raises UserError for an award that the route does not allow."""
    access.require(by, _KEEPS)
    row = step(alliance, "procurement-step", f"{number}:{kind}", by)
    made: Procurement = found(Procurement, "procurement", alliance=row, number=number)
    day, said = on or today(), dict(body or {})
    _check(made, kind, day, said, text, seen)
    if kind == "award" and (lacks := missing_of(made, day, str(said.get("organisation", "")))):
        raise UserError(
            say("it cannot be awarded yet: {lacks}", lacks=listed(lacks, "; ")),
            "Add to the record what is missing",
        )
    made.steps += 1
    made.state = {"award": "awarded", "abandoned": "abandoned"}.get(kind, made.state)
    made.save(update_fields=["steps", "state"])
    ProcurementStep.objects.create(
        of=made, step=made.steps, kind=kind, on=day, words=text.strip()[:LONGEST],
        body=json.dumps(said, sort_keys=True), at=micros(), by=by.name,
    )  # fmt: skip


def missing_of(made: Procurement, day: date, winner: str = "") -> list[str]:
    """What the record lacks for an award on a day."""
    bidders = {s.organisation for s in steps_of(made) if s.organisation} | {winner} - {""}
    touching = queries.interests(made.alliance_id, [("organisation", b) for b in bidders])
    names = {m.key: m.name for m in queries.standing(made.alliance_id).seated}
    open_interests = {d.member: names.get(d.member, say("a member")) for d in touching}
    return missing(rules.route(made.law, made.route), steps_of(made), day, open_interests)


def steps_of(made: Procurement) -> list[Step]:
    """The steps of a record in their order."""
    return [_read(row) for row in ProcurementStep.objects.filter(of=made).order_by("step")]


def _read(row: ProcurementStep) -> Step:
    said = json.loads(row.body)
    return Step(
        kind=row.kind, on=row.on, words=row.words, number=row.step, by=row.by,
        organisation=str(said.get("organisation", "")), bidder=str(said.get("bidder", "")),
        amount=said.get("amount"), score=said.get("score"), member=said.get("member") or 0,
        handling=str(said.get("handling", "")), link=str(said.get("link", "")),
    )  # fmt: skip


def _check(
    made: Procurement, kind: str, day: date, said: dict[str, Any], text: str, seen: int | None
) -> None:
    if kind not in KINDS:
        raise UserError(say("there is no step {kind}", kind=repr(kind)), nearest(kind, KINDS))
    if seen is not None and made.steps != seen:
        raise UserError("somebody added to the record meanwhile", "Look at it again, then add")
    if made.state != "open" and kind not in ("award notice", "correction"):
        raise UserError(
            say("it is {state}", state=made.state), "Put something right by a correction"
        )
    if day > today():
        raise UserError("a record says what was, not what will be", "Choose today or a day before")
    if kind in ("bid", "award") and not (said.get("bidder") or said.get("organisation")):
        raise UserError("say whose it is", "Name the bidder, or choose an organisation")
    if kind == "interest" and said.get("handling") not in HANDLINGS:
        raise UserError("say how the interest is handled", "Stays, speaks only, or leaves")
    if kind in ("assessment", "review", "abandoned", "correction"):
        words(text, say("what was found"), LONGEST)
    link = str(said.get("link", ""))
    if link and not link.startswith(("https://", "http://")):
        raise UserError("a notice's address begins with https://", "Copy it from the browser")


def today() -> date:
    """The day it is in the district."""
    return to_local(now(), current().zone).date()
