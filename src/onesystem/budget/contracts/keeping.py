"""One act on a contract: its row held, its step written, whoever saw an old one told."""

import json
from datetime import datetime
from typing import Any

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.contracts.rows import ContractRow, ContractStep
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, UserError, nearest, to_local
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say, say_date, say_each
from onesystem.vocabulary.typed import Problem


class Overtaken(UserError):
    """Somebody did something to it meanwhile; what one wrote is still on the page."""


class Wrong(UserError):
    """What was written cannot stand; `problems` says where and why."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(found[0].what, found[0].cure)
        self.problems = found


class NotYet(Wrong):
    """The gate is not passed; `problems` says what is missing."""


def require_keep(by: Actor) -> None:
    """Do nothing where somebody may keep contracts. Raises NotPermitted."""
    if not by.is_job:
        access.require(by, "contracts.keep")


def held(slug: str, seen: int | None = None) -> ContractRow:
    """The contract's row, ours until the transaction ends. Raises NotFound, Overtaken."""
    row = ContractRow.objects.select_for_update().filter(slug=slug).first()
    if row is None:
        known = ContractRow.objects.values_list("slug", flat=True)
        raise NotFound(say("there is no contract {slug}", slug=repr(slug)), nearest(slug, known))
    if seen is not None and row.steps != seen:
        raise Overtaken(*_overtaken(slug))
    return row


def _overtaken(slug: str) -> tuple[str, str]:
    last = ContractStep.objects.filter(contract=slug).order_by("-step").first()
    if last is None:
        return say("it was changed while you were looking"), say("Look at what stands now.")
    at: datetime = to_local(from_micros(last.at), current().zone)
    return (
        say(
            "{by} {kind} at {at} while you were looking",
            by=last.by,
            kind=DID.get(last.kind, last.kind),
            at=say_date(at, "%H:%M on %-d %B"),
        ),
        say("Look at what stands now, then say again."),
    )


DID = say_each({
    "begun": "began it", "kept": "changed it", "signed": "wrote a signature down",
    "published": "published it", "overridden": "published it past its gate",
    "withdrawn": "withdrew it", "settled": "worked a settlement out",
    "settlement signed": "wrote a signature of a settlement down",
    "posted": "posted a settlement", "dropped": "withdrew a settlement",
    "corrected": "corrected a settlement",
})  # fmt: skip


def step(
    row: ContractRow, kind: str, by: Actor, *, number: int = 0, settlement: int = 0, why: str = "",
    detail: dict[str, Any] | None = None,
) -> int:  # fmt: skip
    """Write down what was done; gives the number of the step, which pages hand back as `seen`."""
    row.steps += 1
    row.save()
    ContractStep.objects.create(
        contract=row.slug, step=row.steps, number=number, settlement=settlement, kind=kind,
        at=to_micros(now()), by=by.name, why=why.strip()[:1000],
    )  # fmt: skip
    said = {"version": number} if number else {}
    said |= {"settlement": settlement} if settlement else {}
    act = f"contract.{kind.replace(' ', '_')}"
    access.record(by=by, act=act, what=row.slug, detail=said | (detail or {}))
    return int(row.steps)


def as_json(said: Any) -> str:
    """JSON with its keys in order: the same content is the same text."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
