"""The engine: a batch of asks in, their answers out, with one audit event in the same commit.

Reads of one batch share one transaction, so that many audited looks wait once for the disk. A
write is a transaction of its own: it lands first, and what it changed is durable with its event.
"""

from collections.abc import Sequence

import structlog
from django.db import DatabaseError, connection, transaction

from onesystem import access, people
from onesystem.feeds.landing import Landed
from onesystem.record.fhir import callers, operations, writing
from onesystem.record.fhir.asks import Answer, Ask
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.forms import formed
from onesystem.record.fhir.handling import handle
from onesystem.record.fhir.metadata import capabilities
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.routing import Route, methods_of, route
from onesystem.record.fhir.smart.discovery import configuration

_log = structlog.get_logger(__name__)
_READS = {"read", "vread", "history", "search-type", "search-system", "search-compartment"}
_OPEN = {"capabilities": capabilities, "smart-configuration": configuration}
_BUSY = ("the store cannot be used just now", "Try again in a minute.")


def answer(asks: Sequence[Ask]) -> list[Answer]:
    """Answer asks in their order. Never raises because of what is asked."""
    answers: list[Answer | None] = [None] * len(asks)
    reads: list[tuple[int, Ask, Route]] = []
    for i, ask in enumerate(asks):
        try:
            asked = _open(ask)
        except Refusal as refusal:
            answers[i] = refusal.answer()
            continue
        if isinstance(asked, Answer):
            answers[i] = asked
        elif _only_reads(asked):
            reads.append((i, ask, asked))
        else:
            # What was asked before a write is answered from before it.
            _together(reads, answers)
            _together([(i, ask, asked)], answers)
            reads = []
    _together(reads, answers)
    return [formed(ask, made or _fault()) for ask, made in zip(asks, answers, strict=True)]


def _open(ask: Ask) -> Answer | Route:
    """What needs no caller: the capabilities and OPTIONS; else the interaction."""
    if ask.method == "OPTIONS":
        return Answer(204, b"", {"Allow": ", ".join(methods_of(ask))})
    found = route(ask)
    open_to_all = _OPEN.get(found.name)
    return open_to_all(ask) if open_to_all else found


def _only_reads(asked: Route) -> bool:
    if asked.name == "operation":
        return operations.only_reads(asked.rest)
    return asked.name in _READS


def _together(reads: list[tuple[int, Ask, Route]], answers: list[Answer | None]) -> None:
    if not reads:
        return
    landed: list[Landed] = []
    try:
        with transaction.atomic():
            done = _answered(reads, landed)
        for (i, _, _), made in zip(reads, done, strict=True):
            answers[i] = made
    except Refused as refused:
        # Undone with all that it wrote; that it was asked for is kept all the same.
        answers[reads[0][0]] = refused.answer
        _undone(landed)
        _remember(refused.rows)
    except DatabaseError as error:
        _log.warning("asks failed in the store", error=type(error).__name__, asks=len(reads))
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        _undone(landed)
        for each in reads:
            if len(reads) > 1:
                _together([each], answers)
            else:
                answers[each[0]] = Refusal(503, *_BUSY).answer()


class Refused(Exception):
    """A write was refused: nothing of its transaction is kept but the event."""

    def __init__(self, answer: Answer, rows: list[access.Row]) -> None:
        super().__init__(answer.status)
        self.answer, self.rows = answer, rows


def _undone(landed: Sequence[Landed]) -> None:
    """What was landed and then undone is never done later: its client was told that it was not."""
    if not landed:
        return
    try:
        with transaction.atomic():
            writing.set_aside(landed)
    except DatabaseError:
        # The store is away. Whoever goes over the tail of the landing does it instead.
        _log.warning("undone writes are still to be set aside", writes=len(landed))


def _answered(reads: Sequence[tuple[int, Ask, Route]], landed: list[Landed]) -> list[Answer]:
    """The answers, and their events in the trail."""
    known: dict[str, Case] = {}
    rows: list[access.Row] = []
    made = []
    for _, ask, asked in reads:
        case: Case | None = None
        try:
            case = _case(ask, known)
            case.landed = landed
            found = handle(case, asked)
        except Refusal as refusal:
            found = refusal.answer()
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001 - no ask may end the others
            _log.exception("an ask met a fault", method=ask.method, route=asked.name)
            found = _fault()
        events = _events(case, asked, found.status)
        if not _only_reads(asked) and found.status >= 400:
            raise Refused(found, events)
        rows += events
        made.append(found)
    access.record_many(rows)
    return made


def _remember(rows: list[access.Row]) -> None:
    with transaction.atomic():
        access.record_many(rows)


def _case(ask: Ask, known: dict[str, Case]) -> Case:
    """The case of an ask; one caller of a batch is looked up once."""
    token = "" if ask.user is not None else ask.header("authorization")
    like = known.get(token) if token else None
    if like is None:
        made = Case(ask, callers.caller_of(ask))
        if token:
            known[token] = made
        return made
    made = Case(ask, like.caller)
    if "scope" in like.__dict__:
        made.__dict__["scope"] = like.__dict__["scope"]
    return made


def _events(case: Case | None, asked: Route, status: int) -> list[access.Row]:
    """What the trail says: one event, and one more for each further person in the answer."""
    if case is None:
        what = "/".join(filter(None, (asked.kind, asked.logical, asked.rest)))
        detail = {"status": status, "interaction": asked.name}
        return [access.Row(by=callers.anonymous(), act="fhir.refused", what=what, detail=detail)]
    asker = case.asker
    persons: list[int | None] = []
    if case.identities:
        persons = sorted(set(people.person_of(sorted(case.identities)).values()))
    detail = {"status": status, "client": asker.client, **case.detail}
    return [
        access.Row(
            by=asker.actor,
            act=case.act,
            what=case.what,
            person=person,
            purpose=asker.purpose,
            detail=detail if i == 0 else {"with": "the event before"},
        )
        for i, person in enumerate(persons or [None])
    ]


def _fault() -> Answer:
    return Refusal(
        500,
        "onesystem met a fault of its own with this",
        "Nothing is wrong on your side. Tell whoever runs the district when it was.",
    ).answer()
