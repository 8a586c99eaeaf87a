"""Whether a problem says what it must, before it is handed to the solver. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from onesystem.plan.portfolio.shape import Problem
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say


def checked(problem: Problem) -> Problem:
    """The problem. Raises BadConfig with what is wrong first."""
    for what, cure in _wrong(problem):
        raise BadConfig(what, cure)
    return problem


def _wrong(problem: Problem) -> Iterator[tuple[str, str]]:
    if problem.periods < 1 or problem.a_year < 1:
        yield say("the plan has no periods"), say("Give it one or more, and how many make a year.")
    if not problem.services:
        yield say("the plan has no services"), say("Name what people come for, and how much of it.")
    if problem.moments * problem.every > problem.periods + problem.every - 1:
        yield (
            say(
                "options may start until moment {moments}, after the last period",
                moments=problem.moments,
            ),
            say("Give fewer moments, or more periods."),
        )
    yield from _lengths(problem)
    for kind in (problem.services, problem.groups, problem.choices):
        yield from _twice([each.name for each in kind])
    yield from _names(problem)
    yield from _numbers(problem)


def _lengths(problem: Problem) -> Iterator[tuple[str, str]]:
    said: list[tuple[str, Sequence[Any], int]] = [
        (say("what is wanted of {name}", name=each.name), each.wanted, problem.periods)
        for each in problem.services
    ]
    said += [
        (say("places of {name}", name=name), each, problem.periods)
        for name, each in problem.places.items()
    ]
    said += [("money", problem.money, problem.years)] if problem.money else []
    said += [("training", problem.training, problem.years)] if problem.training else []
    said += (
        [(say("capacity for change"), problem.change, problem.moments)] if problem.change else []
    )
    for what, values, wanted in said:
        if len(values) != wanted:
            yield (
                say(
                    "{what} has {values} numbers, not {wanted}",
                    what=what,
                    values=len(values),
                    wanted=wanted,
                ),
                say("Give one for each."),
            )


def _twice(names: list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if names.count(name) > 1:
            yield say("{name} is there twice", name=repr(name)), say("Rename one of them.")


def _names(problem: Problem) -> Iterator[tuple[str, str]]:
    groups = {each.name for each in problem.groups}
    services = {each.name for each in problem.services}
    choices = {each.name for each in problem.choices}
    named: list[tuple[str, str, set[str], str]] = []
    for service in problem.services:
        staff = (*service.minutes, *service.also)
        named += [(service.name, each, groups, say("group of staff")) for each in staff]
        named += [(service.name, service.place, set(problem.places), "place")] * bool(service.place)
    for choice in problem.choices:
        named += [(choice.name, each, groups, say("group of staff")) for each in choice.staff]
        named += [(choice.name, each, services, "service") for each in choice.less]
        named += [(choice.name, each, set(problem.places), "place") for each in choice.places]
        named += [(choice.name, e, choices, "option") for e in (*choice.needs, *choice.apart)]
    for where, name, known, what in named:
        if name not in known:
            yield (
                say(
                    "{where} names a {what} {name} that is not there",
                    where=where,
                    what=what,
                    name=repr(name),
                ),
                nearest(name, known),
            )


def _numbers(problem: Problem) -> Iterator[tuple[str, str]]:
    for group in problem.groups:
        if not group.minutes > 0:
            yield (
                say("a post of {name} works no minutes", name=group.name),
                say("Give more than 0."),
            )
        if not 0 <= group.leaving <= 1:
            yield (
                say("{leaving} of {name} leave", leaving=f"{group.leaving:g}", name=group.name),
                say("Give a share from 0 to 1."),
            )
        if min(group.there, group.training, group.pay, group.agency, group.hiring) < 0:
            yield say("a number of {name} is below 0", name=group.name), say("Give 0 or more.")
    for service in problem.services:
        if not 0 <= service.floor <= 1:
            yield (
                say(
                    "the floor of {name} is {floor}", name=service.name, floor=f"{service.floor:g}"
                ),
                say("Give a share from 0 to 1."),
            )
        if min(service.wanted, default=0) < 0 or service.undone < 0 or service.cost < 0:
            yield say("a number of {name} is below 0", name=service.name), say("Give 0 or more.")
    yield from _choices(problem)


def _choices(problem: Problem) -> Iterator[tuple[str, str]]:
    if problem.choices and not problem.moments:
        yield (
            say("nothing may start at any time"),
            say("Say how many moments there are to start options."),
        )
    for choice in problem.choices:
        if choice.lag < 0 or choice.effort < 0 or min(choice.setup, choice.running) < 0:
            yield say("a number of {name} is below 0", name=choice.name), say("Give 0 or more.")
        late = choice.by is not None and choice.by >= problem.moments
        if late or choice.earliest < 0:
            yield (
                say("{name} starts at no moment of the plan", name=choice.name),
                say("Give a moment within it."),
            )
        if choice.by is not None and (choice.banned or choice.by < choice.earliest):
            yield (
                say("{name} must have started before it may start", name=choice.name),
                say("Let it start earlier, or take one of the two away."),
            )
