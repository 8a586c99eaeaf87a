"""A person on a pathway: begun, step by step, moved to another version, left. One message each.

`seen` is how many events the page knew: whoever comes second is told who was first. A person stays
on the version on which they began until somebody moves them, and says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import orjson
from django.db import transaction

from onesystem import access, people
from onesystem.access import Asker
from onesystem.care.pathways import case_store, queries
from onesystem.care.pathways.answers import answers_of, observation
from onesystem.care.pathways.case_store import PART, Kept
from onesystem.care.pathways.document import Pathway, Question, Step
from onesystem.care.pathways.versions import LASTING
from onesystem.care.saying import say
from onesystem.care.tasks.actions import end_all
from onesystem.district import current, now
from onesystem.people.mapping import person_of
from onesystem.vocabulary import CareAct, Entry, NotFound, UserError, nearest
from onesystem.vocabulary.wording import local


@transaction.atomic
def start(*, person: int, by: Asker, pathway: str) -> str:
    """Begin the version in force of a pathway for a person; gives the key of the case."""
    version = queries.published(pathway)
    _may(by, person)
    known = case_store.cases_of(people.identity_ids_of(person))
    if already := next((k for k in known if k.pathway == pathway and k.case.open), None):
        raise UserError(
            f"{version.title} was begun already, by {already.events[0].by}", "Go on with it there."
        )
    key = f"case-{uuid4().hex[:20]}"
    said = {"pathway": pathway, "version": version.number}
    _say(person, key, "started", said, by=by)
    return key


@transaction.atomic
def done(
    *, case: str, step: str, by: Asker, answers: Mapping[str, object] | None = None,
    seen: int | None = None,
) -> None:  # fmt: skip
    """A step was done, with the answers to its questions. Raises UserError for what is missing."""
    person, kept, pathway = _open(case, by, seen)
    known = _step(pathway, step)
    form = pathway.form(known.form)
    told = answers_of(form, answers or {})
    said = {"pathway": kept.pathway, "step": step, "answers": told}
    questions = {q.key: q for q in form.questions} if form else {}
    _say(person, case, "done", said, by=by, answered=[(questions[k], v) for k, v in told.items()])


@transaction.atomic
def skip(*, case: str, step: str, by: Asker, reason: str, seen: int | None = None) -> None:
    """A step was passed over, and why."""
    person, kept, pathway = _open(case, by, seen)
    _step(pathway, step)
    said = {"pathway": kept.pathway, "step": step, "reason": _reason(reason)}
    _say(person, case, "skipped", said, by=by)


@transaction.atomic
def move(*, case: str, version: int, by: Asker, reason: str, seen: int | None = None) -> None:
    """The person goes on by another version of the pathway, and why."""
    person, kept, _ = _open(case, by, seen)
    if queries.version(kept.pathway, version).state not in LASTING:
        raise UserError(f"version {version} was never in force", "Choose the version in force.")
    if version == kept.case.version:
        raise UserError(f"they are on version {version} already", "Choose another version.")
    said = {"pathway": kept.pathway, "version": version, "reason": _reason(reason)}
    _say(person, case, "moved", said, by=by)


@transaction.atomic
def leave(*, case: str, by: Asker, reason: str, seen: int | None = None) -> int:
    """The pathway is over for this person; ends its open tasks, and gives how many those were."""
    person, kept, _ = _open(case, by, seen)
    _say(person, case, "left", {"pathway": kept.pathway, "reason": _reason(reason)}, by=by)
    return end_all(cause=case, by=by, why="The pathway that it was part of is over")


def of_person(person: int) -> list[Kept]:
    """The cases of a person. Callers check who asks."""
    return case_store.cases_of(people.identity_ids_of(person))


def pathway_of(kept: Kept) -> Pathway:
    """The pathway as it is in the version that the person is on."""
    return queries.version(kept.pathway, kept.case.version).pathway


def _open(case: str, by: Asker, seen: int | None) -> tuple[int, Kept, Pathway]:
    kept = case_store.case(case)
    if kept is None:
        raise NotFound("there is no such case", "Open the pathway from the person's page.")
    person = person_of([kept.identity])[kept.identity]
    _may(by, person)
    if seen is not None and seen != kept.case.seen:
        last = max(kept.events, key=lambda e: (e.at, e.act))
        what = f"{last.verb} {last.step}".strip()
        raise UserError(
            f"{last.by} was first: {what}, {local(last.at, current().zone)}",
            "Look at the page as it is now, then do it again if it is still needed.",
        )
    if not kept.case.open:
        raise UserError("the pathway is over for this person", "Begin it again if it is needed.")
    return person, kept, pathway_of(kept)


def _step(pathway: Pathway, key: str) -> Step:
    found = pathway.step(key)
    if found is None:
        known = [each.key for each in pathway.steps]
        raise UserError(f"there is no step {key!r} in this version", nearest(key, known))
    return found


def _reason(reason: str) -> str:
    if not reason.strip():
        raise UserError("no reason was given", "Say why, in a few words.")
    return reason.strip()[:1000]


def _may(by: Asker, person: int) -> None:
    access.require(by.actor, "care.act")
    access.require_open(by, person)


def _say(
    person: int, case: str, verb: str, said: dict[str, Any], *, by: Asker,
    answered: Sequence[tuple[Question, Any]] = (),
) -> None:  # fmt: skip
    at, act = now(), uuid4().hex
    told = CareAct(part=PART, verb=verb, thing=case, act=act, by=by.actor.name, recorded=at,
                   said=said)  # fmt: skip
    entries = [
        _entry(f"{act}-{question.key}", question, value, body)
        for question, value in answered
        if (body := observation(question, value, at=at.isoformat()))
    ]
    say(
        person=person, by=by, act=f"pathway.{verb}", what=said["pathway"],
        readings=[told, *(replace(each, at=at, recorded=at) for each in entries)],
        detail={name: said[name] for name in ("step", "version") if name in said},
    )  # fmt: skip


def _entry(key: str, question: Question, value: Any, body: dict[str, Any]) -> Entry:
    return Entry(
        kind="Observation", key=key, subject="", recorded=now(), code=question.code,
        status="final", value=str(value), unit=question.unit, body=orjson.dumps(body),
    )  # fmt: skip
