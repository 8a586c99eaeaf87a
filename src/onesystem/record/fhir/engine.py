"""The engine: a batch of asks in, their answers out, with one audit event in the same commit.

Reads of one batch share one transaction, so that many audited looks wait once for the disk. A
write is a transaction of its own: it lands first, and what it changed is durable with its event.
"""

from collections.abc import Sequence
from concurrent.futures import Future

import structlog
from django.db import DatabaseError, connection, transaction

from onesystem import access, people
from onesystem.access import durable
from onesystem.feeds.landing import Landed
from onesystem.record.fhir import callers, operations, reading, writing
from onesystem.record.fhir.asks import Answer, Ask
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.forms import formed
from onesystem.record.fhir.handling import OPEN, handle
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.routing import Route, methods_of, route
from onesystem.vocabulary.storable import NUL, json_holds_nul

_log = structlog.get_logger(__name__)
_READS = {"read", "vread", "history", "search-type", "search-system", "search-compartment"}
Asked = tuple[int, Ask, Route]  # its place in the batch, and what is asked
_BUSY = ("the store cannot be used just now", "Try again in a minute.")


def answer(asks: Sequence[Ask]) -> list[Answer]:
    """Answer asks in their order, once it is on the disk that they were answered."""
    made, disk = begun(asks)
    try:
        if disk is not None:
            disk.result()
    except OSError:
        return [not_kept() for _ in asks]
    return made


def begun(asks: Sequence[Ask]) -> "tuple[list[Answer], Future[None] | None]":
    """The answers, and the disk that they wait for before they leave; None where it has all.

    Never raises because of what is asked.
    """
    disk: Future[None] | None = None
    answers: list[Answer | None] = [None] * len(asks)
    reads: list[Asked] = []
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
            disk = _together(reads, answers) or disk
            _together([(i, ask, asked)], answers)
            reads = []
    disk = _together(reads, answers) or disk  # the later turn brings what was before it, too
    made = [formed(ask, made or _fault()) for ask, made in zip(asks, answers, strict=True)]
    return made, disk


def not_kept() -> Answer:
    """Nothing is shown where it cannot be kept that it was."""
    return Refusal(503, *_BUSY).answer()


def _open(ask: Ask) -> Answer | Route:
    """What needs no caller: the capabilities and OPTIONS; else the interaction."""
    if _holds_nul(ask):
        cure = "Take the character out, and send it again. Nothing was changed."
        raise Refusal(400, "it holds a character that cannot be kept (NUL, code 0)", cure)
    if ask.method == "OPTIONS":
        return Answer(204, b"", {"Allow": ", ".join(methods_of(ask))})
    found = route(ask)
    open_to_all = OPEN.get(found.name)
    return open_to_all(ask) if open_to_all else found


def _holds_nul(ask: Ask) -> bool:
    told = (ask.path, ask.query.replace("%00", NUL), *ask.headers.values())
    kind = ask.header("content-type")
    held = "json" in kind and json_holds_nul(ask.body)
    held = held or ("x-www-form-urlencoded" in kind and b"%00" in ask.body)
    return held or any(NUL in text for text in told)


def _only_reads(asked: Route) -> bool:
    if asked.name == "operation":
        return operations.only_reads(asked.rest)
    return asked.name in _READS


def _together(asked: list[Asked], answers: list[Answer | None]) -> "Future[None] | None":
    """Answer in one transaction; gives the disk that reads wait for, where it is not done yet."""
    if not asked:
        return None
    landed: list[Landed] = []

    def commit() -> None:
        with transaction.atomic():
            done = _answered(asked, landed)
        for (i, _, _), made in zip(asked, done, strict=True):
            answers[i] = made

    try:
        if _only_reads(asked[0][2]):
            return durable.soon(commit)
        commit()
    except Refused as refused:
        # Undone with all that it wrote; that it was asked for is kept all the same.
        answers[asked[0][0]] = refused.answer
        _undone(landed)
        _remember(refused.rows)
    except DatabaseError as error:
        _log.warning("asks failed in the store", error=type(error).__name__, asks=len(asked))
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        _undone(landed)
        disk = None
        for each in asked:
            if len(asked) > 1:
                disk = _together([each], answers) or disk
            else:
                answers[each[0]] = not_kept()
        return disk
    return None


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


def _answered(reads: Sequence[Asked], landed: list[Landed]) -> list[Answer]:
    """The answers, and their events in the trail."""
    known: dict[str, Case] = {}
    cases = [_case(ask, known, landed) for _, ask, _ in reads]
    if len(reads) > 1:
        reading.look_up([
            (case, asked) for case, (*_, asked) in zip(cases, reads, strict=True)
            if isinstance(case, Case)
        ])  # fmt: skip
    made = [_made(case, asked) for case, (*_, asked) in zip(cases, reads, strict=True)]
    persons = _persons(cases)
    rows: list[access.Row] = []
    for case, (*_, asked), found in zip(cases, reads, made, strict=True):
        events = _events(case, asked, found.status, persons)
        if found.status >= 400 and not _only_reads(asked):
            raise Refused(found, events)
        rows += events
    access.record_many(rows)
    return made


def _made(case: Case | Answer, asked: Route) -> Answer:
    """One answer. Raises DatabaseError: what failed is asked again by itself."""
    if isinstance(case, Answer):
        return case
    try:
        return handle(case, asked)
    except Refusal as refusal:
        return refusal.answer()
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001 - no ask may end the others
        _log.exception("an ask met a fault", method=case.ask.method, route=asked.name)
        return _fault()


def _remember(rows: list[access.Row]) -> None:
    with transaction.atomic():
        access.record_many(rows)


def _case(ask: Ask, known: dict[str, Case], landed: list[Landed]) -> Case | Answer:
    """The case of an ask, or why there is none; one caller of a batch is looked up once."""
    token = "" if ask.user is not None else ask.header("authorization")
    if token in known:
        return known[token].beside(ask)
    try:
        made = Case(ask, callers.caller_of(ask), landed=landed)
    except Refusal as refusal:
        return refusal.answer()
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001 - no ask may end the others
        _log.exception("whoever asks met a fault", method=ask.method)
        return _fault()
    if token:
        known[token] = made
    return made


def _persons(cases: Sequence[Case | Answer]) -> dict[int, int]:
    """The person of each identity that the answers tell of, in one statement for them all."""
    identities: set[int] = set()
    for case in cases:
        if isinstance(case, Case):
            identities |= case.identities
    return people.person_of(sorted(identities)) if identities else {}


def _events(
    case: Case | Answer, asked: Route, status: int, persons: dict[int, int]
) -> list[access.Row]:
    """What the trail says: one event, and one more for each further person in the answer."""
    if isinstance(case, Answer):
        what = "/".join(filter(None, (asked.kind, asked.logical, asked.rest)))
        said = {"status": status, "interaction": asked.name}
        return [access.Row(by=callers.anonymous(), act="fhir.refused", what=what, detail=said)]
    asker = case.asker
    detail = {"status": status, "client": asker.client, **case.detail}
    of = sorted({persons[each] for each in case.identities if each in persons})
    return [
        access.Row(
            by=asker.actor,
            act=case.act,
            what=case.what,
            person=person,
            purpose=asker.purpose,
            detail=detail if i == 0 else {"with": "the event before"},
        )
        for i, person in enumerate(of or [None])
    ]


def _fault() -> Answer:
    return Refusal(
        500,
        "onesystem met a fault of its own with this",
        "Nothing is wrong on your side. Tell whoever runs the district when it was.",
    ).answer()
