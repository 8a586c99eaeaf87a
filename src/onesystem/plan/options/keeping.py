"""One act in a plan: its row held, its step written, whoever saw an old one told."""

import json
from typing import Any

from onesystem import access
from onesystem.access import Actor
from onesystem.district import current, now
from onesystem.plan.options.rows import PlanRow, PlanStep
from onesystem.vocabulary import NotFound, UserError, nearest, to_local
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say, say_date, say_each

DID = say_each({
    "begun": "began the plan", "changed": "changed what it is about", "taken": "took an option in",
    "adjusted": "changed an option", "dropped": "took an option out",
    "restored": "brought an option back", "kept": "kept a figure", "run": "ran options",
    "chosen": "chose what goes on", "moved": "moved the plan on",
    "overridden": "moved the plan on past its gate", "returned": "moved the plan back",
    "said": "said something", "reviewed": "commented as a critical friend",
    "answered": "answered a comment", "scored": "scored it", "assigned": "wrote an action down",
    "settled": "changed an action", "proposed": "asked for a proposal",
    "timed": "decided when options start", "laid": "laid its staff into a plan of staff",
    "lifted": "took its staff out of a plan of staff",
})  # fmt: skip


class Overtaken(UserError):
    """Somebody did something in the plan meanwhile; what one wrote is still on the page."""


def require(by: Actor, right: str = "plan.write") -> None:
    """Do nothing where somebody may. Raises NotPermitted."""
    if not by.is_job:
        access.require(by, right)


def held(slug: str, seen: int | None = None) -> PlanRow:
    """The plan's row, ours until the transaction ends. Raises NotFound, Overtaken."""
    row = PlanRow.objects.select_for_update().filter(slug=slug).first()
    if row is None:
        raise NotFound(
            say("there is no plan {slug}", slug=repr(slug)),
            nearest(slug, PlanRow.objects.values_list("slug", flat=True)),
        )
    if seen is not None and row.number != seen:
        raise Overtaken(*_overtaken(row))
    return row


def _overtaken(row: PlanRow) -> tuple[str, str]:
    last = row.steps.order_by("-number").first()
    if last is None:
        return say("It was changed while you were looking"), say("Look at what stands now.")
    at = to_local(from_micros(last.at), current().zone)
    did = DID.get(last.kind, last.kind)
    return (
        say(
            "{by} {did} at {at} while you were looking",
            by=last.by,
            did=did,
            at=say_date(at, "%H:%M on %-d %B"),
        ),
        say("Look at what stands now, then say again."),
    )


def step(
    row: PlanRow, kind: str, by: Actor, *, why: str = "", body: Any = None,
    detail: dict[str, Any] | None = None,
) -> int:  # fmt: skip
    """Write down what was done; gives the plan's number, which pages hand back as `seen`."""
    row.number += 1
    row.save()
    PlanStep.objects.create(
        plan=row, number=row.number, kind=kind, stage=row.stage, at=to_micros(now()), by=by.name,
        why=why.strip()[:2000], body=as_json(body or {}),
    )  # fmt: skip
    access.record(by=by, act=f"plan.{kind}", what=row.slug, detail=detail or {})
    return int(row.number)


def as_json(said: Any) -> str:
    """JSON with its keys in order: the same content is the same text."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
