"""Keeping the directory: by those who keep services for the organisation that runs them.

Each act is a step that is never edited, with who, when and why, and a row of the trail. Whoever
acts says the number of the last step that they `seen`: who comes second is told what was done.
"""

from dataclasses import replace

import orjson
from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.care.services import reading
from onesystem.care.services.checks import Around, problems
from onesystem.care.services.codec import packed
from onesystem.care.services.entry import Entry
from onesystem.care.services.keeping import CONFIRMED, KEPT, UNDONE, Step, since, standing, undoable
from onesystem.care.services.rows import ServiceRow, ServiceStep
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, NotPermitted, UserError, to_local
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say, say_date
from onesystem.vocabulary.typed import Problem


class Overtaken(UserError):
    """Somebody did something to it meanwhile; what one wrote is still on the page."""


class Wrong(UserError):
    """What was written cannot stand; `problems` says where and why."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(found[0].what, found[0].cure)
        self.problems = found


def may_keep(by: Actor, entry: Entry) -> bool:
    """Whether somebody keeps services for the organisation that runs this one."""
    return by.is_job or (access.may(by, "services.keep") and _runs(by, entry))


def _runs(by: Actor, entry: Entry) -> bool:
    district = current()
    if entry.listed:  # nobody of the district runs it: whoever keeps services may put it right
        return bool(by.organisation)
    if by.organisation == entry.organisation:
        return True
    if entry.organisation not in district.organisations:
        return False
    today = to_local(now(), district.zone).date()
    return district.organisation_on(entry.organisation, today).code == by.organisation


def require_keep(by: Actor, entry: Entry) -> None:
    """Do nothing where somebody may. Raises NotPermitted, naming who may."""
    if by.is_job:
        return
    access.require(by, "services.keep")
    if not _runs(by, entry):
        runs = current().organisations.get(entry.organisation)
        raise NotPermitted(
            say(
                "{name} is kept by {if_runs}",
                name=entry.name,
                if_runs=runs.name if runs else entry.organisation,
            ),
            "Tell them what is wrong: their phone number stands on the page",
        )


@transaction.atomic
def keep(*, entry: Entry, seen: int, by: Actor, why: str = "", near: Around | None = None) -> int:
    """Keep an entry as it is now written; gives the number of the step.

    Raises Wrong, Overtaken, NotPermitted. Nothing is kept where nothing was changed. `near` is
    what it may name, where somebody keeps many at a time.
    """
    before = reading.as_stored(entry.service)
    if before is None or before.listed or entry.listed:
        before = _listed(entry, before)
    require_keep(by, before)
    _same(entry.service, before.number, seen)
    if found := problems(entry, near or around()):
        raise Wrong(found)
    if packed(entry) == packed(before) and before.kept_at is not None:
        return before.number
    body = orjson.dumps(packed(entry), option=orjson.OPT_SORT_KEYS).decode()
    return _step(entry.service, KEPT, seen, by, why=why, body=body)


@transaction.atomic
def confirm(*, service: str, seen: int, by: Actor) -> int:
    """Say that an entry is right today. Raises Overtaken, NotPermitted."""
    entry = reading.entry(service)
    require_keep(by, entry)
    _same(service, entry.number, seen)
    return _step(service, CONFIRMED, seen, by)


@transaction.atomic
def undo(*, service: str, seen: int, by: Actor) -> int:
    """Take the last step back: what was kept before stands again. Raises UserError."""
    entry = reading.entry(service)
    require_keep(by, entry)
    _same(service, entry.number, seen)
    last = undoable(steps_of(service))
    if last is None:
        raise UserError("there is nothing to undo", "Nobody has kept this entry yet.")
    return _step(service, UNDONE, seen, by, undoes=last.number)


def steps_of(service: str) -> list[Step]:
    """The steps of an entry's keeping, the oldest first."""
    return [
        Step(
            number=row.number, kind=row.kind, at=from_micros(row.at), by=row.by, why=row.why,
            body=row.body, undoes=row.undoes,
        )
        for row in ServiceStep.objects.filter(service=service).order_by("number")
    ]  # fmt: skip


def around() -> Around:
    """What an entry may name, as the district has it today."""
    district = current()
    return Around(
        entries=reading.entries(),
        places={code: place.name for code, place in district.places.items()},
        today=to_local(now(), district.zone).date(),
        condition=wrong_condition,
    )


def wrong_condition(expression: str) -> str:
    """What is wrong with a FHIRPath expression; empty for nothing."""
    from onesystem.care.services.conditions import wrong

    return wrong(expression)


def _listed(entry: Entry, known: Entry | None) -> Entry:
    """A service that is listed only, as it stands; new where nobody has listed it."""
    if not entry.listed:
        raise NotFound(
            say("there is no service {service}", service=repr(entry.service)),
            "Look at the directory again.",
        )
    if known is not None and not known.listed:
        raise UserError(
            say("{service} is a service of the district", service=repr(entry.service)),
            "Choose another code.",
        )
    return known or replace(entry, number=0, kept_at=None)


def _same(service: str, number: int, seen: int) -> None:
    if number == seen:
        return
    done = since(steps_of(service), seen)
    last = done[-1] if done else None
    local = to_local(last.at, current().zone) if last else None
    told = (
        say(
            "{by} {did} at {local}",
            by=last.by,
            did=_DID[last.kind],
            local=say_date(local, "%H:%M on %-d %B"),
        )
        if last
        else say("it was changed")
    )
    raise Overtaken(
        say("{told} while you were looking", told=told), "Look at what stands now, then say again."
    )


_DID = {KEPT: "changed it", CONFIRMED: "confirmed it", UNDONE: "took a step back"}


def _step(
    service: str, kind: str, seen: int, by: Actor, *, why: str = "", body: str = "", undoes: int = 0
) -> int:
    number = seen + 1
    try:
        with transaction.atomic():
            ServiceStep.objects.create(
                service=service, number=number, kind=kind, at=to_micros(now()), by=by.name,
                why=why.strip()[:1000], body=body, undoes=undoes,
            )  # fmt: skip
    except IntegrityError:
        _same(service, number, seen)
    settle(service)
    access.record(
        by=by, act=f"service.{'undone' if kind == UNDONE else kind}", what=service,
        detail={"step": number, **({"undoes": undoes} if undoes else {})},
    )  # fmt: skip
    return number


def settle(service: str) -> None:
    """Let what stands follow from the steps."""
    stands = standing(steps_of(service))
    ServiceRow.objects.update_or_create(
        service=service,
        defaults={
            "number": stands.number, "body": stands.body,
            "kept_at": None if stands.kept_at is None else to_micros(stands.kept_at),
            "kept_by": stands.kept_by,
            "confirmed_at":
                None if stands.confirmed_at is None else to_micros(stands.confirmed_at),
            "confirmed_by": stands.confirmed_by,
        },
    )  # fmt: skip
