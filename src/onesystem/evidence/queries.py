"""What can be asked of the room; the figures themselves are scoped by `measured`."""

from dataclasses import dataclass

from onesystem import access
from onesystem.evidence.models import Evaluation, Run, Signature, Version
from onesystem.evidence.question import Question
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True)
class Standing:
    """An evaluation with its latest version and that version's latest run."""

    evaluation: Evaluation
    version: Version
    question: Question
    run: Run | None
    signatures: tuple[Signature, ...] = ()


def every(*, by: access.Actor) -> list[Standing]:
    """All evaluations, the latest first."""
    access.require(by, "measures.see")
    return [_standing(row, None) for row in Evaluation.objects.order_by("-id")[:500]]


def one(evaluation: int, *, number: int | None = None, by: access.Actor) -> Standing:
    """One evaluation, at its latest version or another. Raises NotFound."""
    access.require(by, "measures.see")
    row = Evaluation.objects.filter(id=evaluation).first()
    if row is None:
        raise NotFound(
            say("there is no evaluation {evaluation}", evaluation=evaluation),
            "See the list of evaluations",
        )
    return _standing(row, number)


def _standing(row: Evaluation, number: int | None) -> Standing:
    versions = row.versions.order_by("-number")
    version = versions.first() if number is None else versions.filter(number=number).first()
    if version is None:
        raise NotFound(say("there is no version {number}", number=number), "See the latest")
    run = version.runs.order_by("-id").defer("data", "partial").first()
    signed = tuple(run.signatures.order_by("id")) if run else ()
    return Standing(row, version, Question.of(version.asked), run, signed)


def run(number: int, *, by: access.Actor) -> Run:
    """A run. Raises NotFound."""
    access.require(by, "measures.see")
    found = Run.objects.select_related("version__evaluation").filter(id=number).first()
    if found is None:
        raise NotFound(
            say("there is no run {number}", number=number), "See the list of evaluations"
        )
    return found


def versions(evaluation: Evaluation) -> list[Version]:
    """All versions, the latest first."""
    return list(evaluation.versions.order_by("-number"))
