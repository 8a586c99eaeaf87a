"""What is next on a pathway: facts and events in, next actions out, each with its reason.

Nothing is kept between two questions but the events, so a replay gives the same answer. A step
opens at the start, or when a step that leads to it was done or passed over; it is for the person
where its condition holds. Where that is not known, the step says what has to be found out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from onesystem.care.pathways.conditions import Condition, Finding, names_of
from onesystem.care.pathways.document import Action, Criterion, Flag, Link, Pathway, Step
from onesystem.care.pathways.known import Facts
from onesystem.care.pathways.steps import Case, Event, fold
from onesystem.care.pathways.timing import after
from onesystem.vocabulary.said import say

READY, OVERDUE, ASK, LATER = "ready", "overdue", "ask", "later"
DONE, SKIPPED, NOT_FOR, SHUT = "done", "skipped", say("not for them"), say("not yet")
NEXT = (OVERDUE, READY, ASK)  # the states of what is next, the most pressing first
_ALWAYS = Finding(answer=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An action of a step that is for the person, and why."""

    action: Action
    why: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A step as it stands for a person. `number` counts within its part of the page."""

    step: Step
    part: str  # assessment or management
    number: int
    state: str
    why: Finding
    since: datetime | None = None  # when it opened, or is due again
    due: datetime | None = None
    times: int = 0
    by: str = ""
    at: datetime | None = None  # when it was last done
    reason: str = ""  # why it was skipped
    actions: tuple[Proposal, ...] = ()

    @property
    def is_next(self) -> bool:
        """Whether somebody has to do something now."""
        return self.state in NEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A criterion or a red flag held against the facts."""

    of: Criterion | Flag
    why: Finding
    judged: bool = False  # nothing in the record tells: whoever looks judges


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pathway with its conditions compiled."""

    pathway: Pathway
    conditions: Mapping[str, Condition]
    leading: Mapping[str, tuple[tuple[str, Link], ...]]  # what leads to a step

    def why(self, text: str, facts: Facts) -> Finding:
        """What a condition comes to; no condition is always so."""
        return self.conditions[text].explain(facts) if text else _ALWAYS


@lru_cache(maxsize=256)
def prepare(pathway: Pathway) -> Prepared:
    """A pathway that is ready to be asked. Raises BadConfig where a condition does not compile."""
    names = names_of(pathway)
    texts = [pathway.whom, *(f.when for f in pathway.flags), *(r.when for r in pathway.requests)]
    leading: dict[str, list[tuple[str, Link]]] = {}
    for step in pathway.steps:
        texts += [step.when, *(a.when for a in step.actions), *(n.when for n in step.next)]
        for link in step.next:
            leading.setdefault(link.to, []).append((step.key, link))
    return Prepared(
        pathway,
        {text: names.condition(text) for text in texts if text},
        {key: tuple(links) for key, links in leading.items()},
    )


def next_actions(
    pathway: Pathway | Prepared, facts: Facts, events: Iterable[Event]
) -> tuple[Standing, ...]:
    """The steps that somebody has to do now, the most pressing first, each with its reason."""
    case = fold(events)
    if case.left is not None:
        return ()
    found = [each for each in stand(pathway, facts, case) if each.is_next]
    return tuple(sorted(found, key=lambda each: NEXT.index(each.state)))


def stand(pathway: Pathway | Prepared, facts: Facts, case: Case) -> tuple[Standing, ...]:
    """Every step as it stands, in the order of the page."""
    ready = pathway if isinstance(pathway, Prepared) else prepare(pathway)
    known = facts.answered(case.answers)
    parts = (("assessment", ready.pathway.assessment), ("management", ready.pathway.management))
    return tuple(
        _stand(ready, known, case, step, part, number)
        for part, steps in parts
        for number, step in enumerate(steps, 1)
    )


def flags(pathway: Pathway | Prepared, facts: Facts) -> tuple[Met, ...]:
    """The red flags: those that hold first, then what is to be looked for, then the others."""
    ready = pathway if isinstance(pathway, Prepared) else prepare(pathway)
    return _met(ready, facts, ready.pathway.flags)


def criteria(pathway: Pathway | Prepared, facts: Facts) -> tuple[Met, ...]:
    """What may be asked for: what the person meets first, then what is not known or judged."""
    ready = pathway if isinstance(pathway, Prepared) else prepare(pathway)
    return _met(ready, facts, ready.pathway.requests)


def whom(pathway: Pathway | Prepared, facts: Facts) -> Finding:
    """Whether the pathway is for this person, and why."""
    ready = pathway if isinstance(pathway, Prepared) else prepare(pathway)
    return ready.why(ready.pathway.whom, facts)


def _met(ready: Prepared, facts: Facts, asked: Iterable[Criterion | Flag]) -> tuple[Met, ...]:
    found = [
        Met(of=each, why=ready.why(each.when, facts) if each.when else Finding(None),
            judged=not each.when)
        for each in asked
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda met: {True: 0, None: 1, False: 2}[met.why.answer]))


def _stand(
    ready: Prepared, facts: Facts, case: Case, step: Step, part: str, number: int
) -> Standing:
    def so(state: str, why: Finding, **more: object) -> Standing:
        return Standing(step=step, part=part, number=number, state=state, why=why, **more)  # type: ignore[arg-type]

    def waiting(since: datetime, why: Finding, **more: object) -> Standing:
        due = after(since, step.within) if step.within else None
        state = ASK if why.answer is None else OVERDUE if due and facts.now > due else READY
        return so(state, why, since=since, due=due, actions=_proposals(ready, facts, step), **more)

    walked = case.walked.get(step.key)
    if walked:
        told = {"times": walked.times, "by": walked.by, "at": walked.at, "reason": walked.reason}
        over = not step.every or (step.times and walked.times >= step.times) or not case.open
        if over:
            return so(SKIPPED if walked.verb == "skipped" else DONE, _ALWAYS, **told)
        since = after(walked.at, step.every)
        if facts.now < since:
            return so(LATER, _ALWAYS, since=since, **told)
        why = ready.why(step.when, facts)
        return so(NOT_FOR, why, **told) if why.answer is False else waiting(since, why, **told)
    opened, way = _opened(ready, facts, case, step)
    if opened is None:
        return so(SHUT if way.answer is None else NOT_FOR, way)
    why = ready.why(step.when, facts)
    if why.answer is False:
        return so(NOT_FOR, why)
    return waiting(opened, why if step.when else way)


def _opened(
    ready: Prepared, facts: Facts, case: Case, step: Step
) -> tuple[datetime | None, Finding]:
    """When a step opened, and by which fact."""
    links = ready.leading.get(step.key, ())
    if not links:
        return case.started or facts.now, _ALWAYS
    passed = [(case.walked[key].at, link) for key, link in links if key in case.walked]
    found = [(at, ready.why(link.when, facts)) for at, link in passed]
    open_ = [(at, why) for at, why in found if why.answer is not False]
    if open_:
        return min(open_, key=lambda pair: (pair[1].answer is None, pair[0]))
    # What may still lead here leaves it shut; where every way was refused, it is not for them.
    if found and len(passed) == len(links):
        return None, found[0][1]
    return None, Finding(None)


def _proposals(ready: Prepared, facts: Facts, step: Step) -> tuple[Proposal, ...]:
    found = [Proposal(action=a, why=ready.why(a.when, facts)) for a in step.actions]
    return tuple(each for each in found if each.why.answer is not False)
