"""Where a part of a pathway stands: by its keys, as a file is read, and by numbers, as a form is.

`management.oxygen.when` is `management.2.when`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from onesystem.care.pathways.document import Pathway, Question, Step


@dataclass(frozen=True, slots=True)
class Place:
    """A place in both ways of writing it."""

    where: str
    field: str

    def at(self, name: str, number: int | None = None, leaf: str = "") -> "Place":
        """A place in it."""
        numbered = f"{name}.{number}" if number is not None else name
        field = f"{self.field}.{numbered}" if self.field else numbered
        return Place(f"{self.where}.{name}" if self.where else name,
                     f"{field}.{leaf}" if leaf else field)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A condition as it was written, and where. `value`: it may give anything."""

    place: Place
    text: str
    value: bool = False


def placed(pathway: Pathway) -> Iterator[tuple[Place, Step]]:
    """Every step."""
    for part in ("assessment", "management"):
        for n, step in enumerate(getattr(pathway, part)):
            yield Place(f"{part}.{step.key}", f"{part}.{n}"), step


def questions(pathway: Pathway) -> Iterator[tuple[Place, Question]]:
    """Every question of every form."""
    for m, form in enumerate(pathway.forms):
        for n, each in enumerate(form.questions):
            yield Place(f"forms.{form.key}.{each.key}", f"forms.{m}.questions.{n}"), each


def written(pathway: Pathway) -> Iterator[Written]:
    """Every condition that is there."""
    return (each for each in _every(pathway) if each.text)


def _every(pathway: Pathway) -> Iterator[Written]:
    yield Written(Place("whom", "whom"), pathway.whom)
    for n, flag in enumerate(pathway.flags):
        yield Written(Place(f"flags.{flag.key}.when", f"flags.{n}.when"), flag.when)
    for n, asked in enumerate(pathway.requests):
        yield Written(Place(f"requests.{asked.key}.when", f"requests.{n}.when"), asked.when)
    for place, step in placed(pathway):
        yield Written(place.at("when"), step.when)
        for n, action in enumerate(step.actions):
            yield Written(place.at("actions", n, "when"), action.when)
        for n, link in enumerate(step.next):
            yield Written(place.at("next", n, "when"), link.when)
    for place, question in questions(pathway):
        yield Written(place.at("prefill"), question.prefill, value=True)
