"""What the request of a step says by itself: kind, urgency, and what for.

    asked_by("cellulitis", "nursing", person=7)

A page that sends requests names the pathway and the step; all else is made here, so that nothing
about a person stands in an address.
"""

from dataclasses import dataclass

from onesystem.care.pathways import cases, queries
from onesystem.vocabulary import Code, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request as its pathway has it."""

    kind: str
    urgency: str
    what: Code
    title: str


def asked_by(pathway: str, step: str, *, person: int = 0) -> Asking | None:
    """The request of a criterion of the pathway in force; None where there is none of it.

    Of a person who is on the pathway it is that of their version.
    """
    on = cases.of_person(person) if person and pathway else []
    kept = next((k for k in on if k.pathway == pathway and k.case.open), None)
    try:
        version = (
            queries.version(pathway, kept.case.version) if kept else queries.published(pathway)
        )
    except NotFound:
        return None
    criterion = version.pathway.criterion(step)
    if criterion is None:
        return None
    return Asking(
        kind=criterion.kind, urgency=criterion.urgency, title=version.title,
        what=criterion.what or Code("", "", criterion.words),
    )  # fmt: skip
