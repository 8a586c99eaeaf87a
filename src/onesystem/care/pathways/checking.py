"""What is wrong with a pathway when it is saved: each with its place and its cure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from onesystem.care.pathways import document as d
from onesystem.care.pathways.conditions import Names, names_of
from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.known import Facts
from onesystem.care.pathways.loops import loops
from onesystem.care.pathways.places import Place, Written, placed, questions, written
from onesystem.care.pathways.samples import NOBODY, somebody
from onesystem.care.pathways.timing import parts
from onesystem.vocabulary import BadConfig, Setting, nearest
from onesystem.vocabulary.said import say

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to do. `field` is the place by numbers, as a form has it."""

    where: str
    what: str
    cure: str
    field: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.cure}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What a pathway may name. None: it is not known what there is, so nothing is wrong."""

    steps: tuple[str, ...]
    forms: tuple[str, ...]
    asks: tuple[str, ...]
    services: Collection[str] | None
    pathways: Collection[str] | None


def check(
    pathway: Pathway,
    *,
    services: Collection[str] | None = None,
    pathways: Collection[str] | None = None,
) -> tuple[Problem, ...]:
    """All that is wrong. `services`: codes; `pathways`: keys; None where it is not known."""
    known = _Known(
        tuple(each.key for each in pathway.steps), tuple(each.key for each in pathway.forms),
        tuple(each.key for each in pathway.requests), services, pathways,
    )  # fmt: skip
    found = [*_named(pathway), *_asked(pathway), *_steps(pathway, known)]
    found += [*_requests(pathway, known), *_conditions(pathway)]
    return tuple(dict.fromkeys(found))


def require(pathway: Pathway, **known: Collection[str] | None) -> None:
    """Raise BadConfig with everything that is wrong."""
    if problems := check(pathway, **known):
        told = "; ".join(f"{each.where}: {each.what}" for each in problems)
        raise BadConfig(told, problems[0].cure)


def _wrong(place: Place, what: str, cure: str) -> Problem:
    return Problem(place.where, what, cure, place.field)


def _named(pathway: Pathway) -> Iterator[Problem]:
    for name in ("key", "title"):
        if not getattr(pathway, name).strip():
            yield Problem(name, say("is empty"), say("Write it."), name)
    yield from _one_of(Place("kind", "kind"), pathway.kind, d.KINDS)
    if not 1 <= pathway.review <= 5:
        yield Problem(
            "review",
            say("{review} years is no time", review=pathway.review),
            say("Write 1 to 5."),
            "review",
        )
    for part in ("lists", "values", "flags", "requests", "forms"):
        yield from _keys(part, getattr(pathway, part))
    yield from _keys("step", pathway.steps)


def _asked(pathway: Pathway) -> Iterator[Problem]:
    yield from _keys("question", [q for form in pathway.forms for q in form.questions])
    for place, question in questions(pathway):
        yield from _one_of(place.at("type"), question.type, d.TYPES)
        if question.type == "choice" and not question.options:
            yield _wrong(
                place.at("options"), say("there is nothing to choose"), say("Write the options.")
            )


def _keys(part: str, held: Iterable[Any]) -> Iterator[Problem]:
    for key, count in Counter(each.key for each in held).items():
        if not key:
            yield Problem(part, say("one has no key"), say("Give each a short key."), part)
        elif count > 1:
            yield Problem(
                f"{part}.{key}",
                say("{count} have this key", count=count),
                say("Give each its own."),
                part,
            )


def _steps(pathway: Pathway, known: _Known) -> Iterator[Problem]:
    for place, step in placed(pathway):
        for n, link in enumerate(step.next):
            yield from _leads(link.to, place.at("next", n, "to"), known)
        for n, action in enumerate(step.actions):
            yield from _action(action, place.at("actions", n), known)
        if step.form:
            yield from _there(place.at("form"), "form", step.form, known.forms)
        if step.who:
            yield from _one_of(place.at("who"), step.who, d.STAFF)
        for staff, minutes in step.minutes:
            yield from _one_of(place.at("minutes"), staff, d.STAFF)
            if not 0 <= minutes <= _DAY:
                yield _wrong(
                    place.at("minutes"),
                    say("{minutes} minutes is no time", minutes=minutes),
                    say("0 to 1440."),
                )
        yield from _times(step, place)
    for loop in loops(pathway.steps):
        yield Problem(
            f"step.{loop[0]}",
            say("{value}: it goes round for ever", value=" leads to ".join([*loop, loop[0]])),
            say("Take one of these links away; write `every` on a step that is done again."),
        )


def _action(action: d.Action, place: Place, known: _Known) -> Iterator[Problem]:
    yield from _one_of(place.at("kind"), action.kind, d.ACTIONS)
    if action.kind == "request":
        yield from _there(place.at("to"), "request", action.to, known.asks)
    if action.kind == "pathway":
        yield from _leads(f"pathway:{action.to}", place.at("to"), known)


def _leads(to: str, place: Place, known: _Known) -> Iterator[Problem]:
    if to.startswith("pathway:"):
        yield from _there(place, "pathway", to.removeprefix("pathway:"), known.pathways)
    else:
        yield from _there(place, "step", to, known.steps)


def _times(step: d.Step, place: Place) -> Iterator[Problem]:
    for name in ("within", "every"):
        if text := getattr(step, name):
            try:
                parts(text)
            except BadConfig as error:
                yield _wrong(place.at(name), error.what, error.cure)


def _requests(pathway: Pathway, known: _Known) -> Iterator[Problem]:
    for n, each in enumerate(pathway.requests):
        place = Place(f"requests.{each.key}", f"requests.{n}")
        yield from _one_of(place.at("urgency"), each.urgency, d.URGENCIES)
        yield from _one_of(place.at("kind"), each.kind, d.ASKS)
        if each.setting:
            yield from _one_of(place.at("setting"), each.setting, [*Setting])
        if each.form:
            yield from _there(place.at("form"), "form", each.form, known.forms)
        if each.service:
            yield from _there(place.at("service"), "service", each.service, known.services)
        elif not each.setting:
            yield _wrong(place.at("service"), say("it names no service and no setting"),
                         say("Say whom to ask."))  # fmt: skip


def _conditions(pathway: Pathway) -> Iterator[Problem]:
    names = names_of(replace(pathway, values=()))
    for n, value in enumerate(pathway.values):
        try:
            names.add(value)
        except BadConfig as error:
            yield Problem(f"values.{value.key}", error.what, error.cure, f"values.{n}.path")
    people = () if names.values.keys() < {v.key for v in pathway.values} else (
        NOBODY, somebody(pathway))  # fmt: skip
    for each in written(pathway):
        yield from _condition(names, each, people)


def _condition(names: Names, said: Written, people: Iterable[Facts]) -> Iterator[Problem]:
    """Compiled, and asked of somebody of whom nothing is known, and of one who has it all."""
    try:
        condition = names.condition(said.text)
        for each in people:
            if not said.value:
                condition.ask(each)
    except BadConfig as error:
        yield _wrong(said.place, error.what, error.cure)
    except (ArithmeticError, TypeError, ValueError) as error:
        yield _wrong(
            said.place,
            say("it cannot be worked out: {error}", error=error),
            say("Mend that part of it."),
        )


def _there(place: Place, kind: str, key: str, known: Collection[str] | None) -> Iterator[Problem]:
    if known is not None and key not in known:
        yield _wrong(
            place, say("there is no {kind} {key}", kind=kind, key=repr(key)), nearest(key, known)
        )


def _one_of(place: Place, said: str, known: Mapping[str, str] | Iterable[str]) -> Iterator[Problem]:
    every = [str(each) for each in known]
    if said not in every:
        yield _wrong(
            place,
            say("{said} is none of what is known here", said=repr(said)),
            nearest(said, every),
        )
