"""What can be done: ask, change the question, run it in pieces, sign a result."""

import hashlib
import json
import time
from typing import Any

from django.db import transaction

from onesystem import access, district
from onesystem.evidence import measured, running
from onesystem.evidence.models import Evaluation, Run, Signature, Version
from onesystem.evidence.question import Question
from onesystem.vocabulary import BadConfig, BadInput, NotFound
from onesystem.vocabulary.said import say

SECONDS = 0.5  # that one request works


class Over(BadConfig):
    """The run is over, or not yet."""


@transaction.atomic
def ask(*, question: Question, by: access.Actor) -> Evaluation:
    """Keep a new question as version 1."""
    access.require(by, "measures.sign")
    made = Evaluation.objects.create(title=question.title, by=by.name, made_at=district.now())
    _version(made, question, "", by)
    access.record(
        by=by, act="evaluation.asked", what=f"evaluation {made.id}",
        detail={"measure": question.measure, "design": question.design},
    )  # fmt: skip
    return made


@transaction.atomic
def change(*, evaluation: int, question: Question, reason: str, by: access.Actor) -> Version:
    """Keep the question as its next version; earlier versions and their runs stay."""
    access.require(by, "measures.sign")
    if not reason.strip():
        raise BadConfig("no reason is given", "Say why the question changes")
    row = Evaluation.objects.select_for_update().filter(id=evaluation).first()
    if row is None:
        raise NotFound(
            say("there is no evaluation {evaluation}", evaluation=evaluation),
            "See the list of evaluations",
        )
    made = _version(row, question, reason.strip(), by)
    access.record(
        by=by, act="evaluation.changed", what=f"evaluation {row.id}", reason=reason.strip(),
        detail={"version": made.number, "design": question.design},
    )  # fmt: skip
    return made


def _version(row: Evaluation, question: Question, reason: str, by: access.Actor) -> Version:
    last = row.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return Version.objects.create(
        evaluation=row, number=last + 1, asked=question.plain(), reason=reason, by=by.name,
        made_at=district.now(),
    )  # fmt: skip


def begin(*, version: Version, by: access.Actor, eyes: access.Actor | None = None) -> Run:
    """Read the figures and begin a run. Raises BadInput where they do not fit the design.

    A job sees small numbers; `eyes` are of somebody who sees what the run's readers may.
    """
    access.require(by, "measures.sign")
    question = Question.of(version.asked)
    data = measured.read(question, asker=eyes or by)
    count = running.pieces(question, data)
    with transaction.atomic():
        row = Run.objects.create(
            version=version, data=data, data_to=data["data_to"], pieces=count, by=by.name,
            begun_at=district.now(),
        )  # fmt: skip
        access.record(
            by=by, act="evaluation.run", what=f"evaluation {version.evaluation_id}",
            detail={"run": row.id, "version": version.number, "design": question.design},
        )  # fmt: skip
    return work(run=row.id, by=by)


def work(*, run: int, by: access.Actor) -> Run:
    """Work on a run for a moment, each piece kept as it is done."""
    access.require(by, "measures.sign")
    stop = time.monotonic() + SECONDS
    row = _row(run)
    question = Question.of(row.version.asked)
    while row.state == Run.RUNNING and time.monotonic() < stop:
        piece = len(row.partial)
        try:
            made = running.work(question, row.data, piece, row.partial)
        except BadInput as error:
            row = _kept(run, piece, None, str(error))
        else:
            row = _kept(run, piece, made, "")
    return row


@transaction.atomic
def _kept(run: int, piece: int, made: Any, trouble: str) -> Run:
    row = Run.objects.select_for_update().select_related("version").get(id=run)
    if row.state != Run.RUNNING or len(row.partial) != piece:
        return row  # another page was quicker
    if trouble:
        row.state, row.trouble = Run.FAILED, trouble[:1000]
    elif piece == row.pieces - 1:
        row.state, row.result, row.done_at = Run.DONE, made, district.now()
        row.digest, row.partial = digest(made), []
    else:
        row.partial = [*row.partial, made]
    row.save()
    return row


def digest(result: Any) -> str:
    """What a signature stands by."""
    text = json.dumps(result, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def sign(*, run: int, statement: str, by: access.Actor) -> Signature:
    """Stand by a result, in words. Once a person."""
    access.require(by, "measures.sign")
    row = _row(run)
    if row.state != Run.DONE:
        raise Over("this run has no result", "Run it first")
    if not statement.strip():
        raise BadConfig("nothing is said", "Say what you stand by")
    if row.signatures.filter(by=by.name).exists():
        raise Over("you have signed this result", "A new run can be signed anew")
    made = Signature.objects.create(
        run=row, statement=statement.strip()[:1000], digest=row.digest, by=by.name, name=by.name,
        made_at=district.now(),
    )  # fmt: skip
    access.record(
        by=by, act="evaluation.signed", what=f"evaluation {row.version.evaluation_id}",
        detail={"run": row.id, "digest": row.digest[:16]},
    )  # fmt: skip
    return made


def _row(run: int) -> Run:
    row = Run.objects.select_related("version").filter(id=run).first()
    if row is None:
        raise NotFound(say("there is no run {run}", run=run), "See the list of evaluations")
    return row
