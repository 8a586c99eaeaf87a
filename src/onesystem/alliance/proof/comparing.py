"""With whom what a decision did is compared: others of the same kind that it does not name.

Who takes part is what was agreed: practices, services and organisations that the decision touches
or changes. They are compared with those of which the same measure tells, that it does not name,
nor another decision that went live meanwhile, and of whom no month is hidden for small numbers. A
person may choose otherwise, with a reason, until the review is closed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter.keeping import words
from onesystem.alliance.commit.rows import Resourced
from onesystem.alliance.meeting import changes
from onesystem.alliance.meeting import queries as meeting
from onesystem.alliance.meeting.queries import Decision
from onesystem.alliance.proof.rows import Judged
from onesystem.district import current
from onesystem.evidence import actions as evidence
from onesystem.evidence import queries as asked
from onesystem.evidence.question import Question
from onesystem.flow import measures
from onesystem.flow.measures import library
from onesystem.flow.measures.names import word_of
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

KINDS: Final[Mapping[str, str]] = {
    "practice": "practices", "service": "services", "organisation": "organisations",
}  # fmt: skip
# What is compared is shown to all who read reviews: few people stay hidden.
EYES = Actor(name=say("readers of reviews"), roles=frozenset({"alliance-member"}))
_OTHERWISE = say("Choose whom to compare with, on the page of the review.")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of which a measure tells; `hidden` where a month is hidden for small numbers."""

    code: str
    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Who takes part, whom they are compared with, and the rule in words."""

    dimension: str
    treated: tuple[str, ...]
    control: tuple[str, ...]
    rule: str


def chosen(found: Decision, question: Question) -> Chosen:
    """Whom the rule takes for a decision and a measure. Raises UserError where it finds nobody."""
    tells = library.measure(question.measure).dimensions
    whys: list[str] = []
    unnamed: list[str] = []
    for dimension in (each for each in KINDS if each in tells):
        there = groups(question, dimension)
        mine = named(found, dimension) & there.keys()
        if not mine:
            unnamed.append(KINDS[dimension])
            continue
        others = set().union(*(named(d, dimension) for d in _meanwhile(found, question)))
        alike = _alike(dimension, mine)
        free = [g for g in there.values() if g.code not in mine | others and alike(g.code)]
        if control := tuple(sorted(g.code for g in free if not g.hidden)):
            return Chosen(dimension=dimension, treated=tuple(sorted(mine)), control=control,
                          rule=_rule(dimension, len(control), len(free), others))  # fmt: skip
        whys.append(
            say(
                "of the other {kinds}, figures are hidden for small numbers", kinds=KINDS[dimension]
            )
            if free
            else say("it names all {kinds} of the kind", kinds=KINDS[dimension])
        )
    if unnamed:
        whys.append(
            say(
                "the decision names none of the {unnamed} of which the measure tells",
                unnamed=" or ".join(unnamed),
            )
        )
    said = "; ".join(whys) or say("the measure tells of the whole district alone")
    raise UserError(say("there is nothing to compare with: {said}", said=said), _OTHERWISE)


def _rule(dimension: str, taken: int, free: int, others: Collection[str]) -> str:
    kinds = KINDS[dimension]
    said = say("{kinds} that the decision does not name", kinds=kinds.capitalize())
    said += say(" of the same setting") if dimension == "service" else ""
    said += say(", nor another decision that went live meanwhile") if others else ""
    left = free - taken
    return said + (f"; {left} of {free} left out, as months are hidden for small numbers" if left
                   else "")  # fmt: skip


def groups(question: Question, dimension: str) -> dict[str, Group]:
    """Of whom a measure tells along a dimension, month by month, by their codes."""
    figures = measures.figures(
        question.measure, by=(dimension,), every=question.every, start=question.start,
        end=question.end, asker=EYES,
    )  # fmt: skip
    made = (
        Group(each.group[dimension], each.names.get(dimension, "") or each.group[dimension],
              any(h for h, whole in zip(each.hidden, each.whole, strict=True) if whole))
        for each in figures
    )  # fmt: skip
    return {each.code: each for each in made if each.code}


def named(found: Decision, dimension: str) -> set[str]:
    """Who of a kind takes part in a decision, by what was agreed."""
    here = current()
    services = {code for kind, code in found.proposed.touches if kind == "service"}
    services |= {each.code for each in found.changes if each.kind == changes.SERVICE}
    if dimension == "service":
        return services
    organisations = {code for kind, code in found.proposed.touches if kind == "organisation"}
    organisations |= {here.services[s].organisation for s in services if s in here.services}
    if dimension == "organisation":
        return organisations
    known = (here.organisations.get(code) for code in organisations)
    return {o.national_code or o.code for o in known if o and o.kind == "general practice"}


def _alike(dimension: str, mine: Collection[str]) -> Callable[[str], bool]:
    """Services are compared with those of their own setting."""
    if dimension != "service":
        return lambda _code: True
    here = current().services
    settings = {here[code].setting for code in mine if code in here}
    return lambda code: code in here and here[code].setting in settings


def _meanwhile(found: Decision, question: Question) -> Iterator[Decision]:
    """Other decisions that went live within the figures."""
    for row in Resourced.objects.exclude(decision=found.number):
        if question.start <= from_micros(row.at).date() < question.end:
            yield meeting.decision(row.decision_id)


def renew(each: Judged, *, by: Actor) -> None:
    """The question of a comparison, as the rule has it now; one that a person chose stays.

    Raises UserError where there is nothing to compare with.
    """
    if each.chosen_by:
        return
    decision = meeting.decision(each.review.decision_id)
    question = _simple(each, by)
    rule = chosen(decision, question)
    _ask(each, _beside(question, rule), say("By the rule: {rule}", rule=rule.rule), by)
    each.rule = rule.rule[:1000]


def choose(
    each: Judged, *, dimension: str, treated: Collection[str], control: Collection[str],
    reason: str, by: Actor, job: Actor,
) -> None:  # fmt: skip
    """A person says with whom to compare, and why. Raises UserError."""
    if not access.may(by, "alliance.keep"):
        access.require(by, "measures.sign")
    why = words(reason, say("the reason"))
    question = _simple(each, job)
    if dimension not in library.measure(question.measure).dimensions:
        raise UserError(
            say("the measure does not tell of {dimension}", dimension=dimension or "that"),
            "Choose another.",
        )
    there = groups(question, dimension)
    for code in (*treated, *control):
        if code not in there:
            raise UserError(
                say("the measure tells nothing of {code}", code=repr(code)), nearest(code, there)
            )
    if not treated or not control:
        raise UserError("one side is empty", "Say who takes part, and with whom to compare.")
    if both := set(treated) & set(control):
        raise UserError(
            say("{name} is on both sides", name=there[min(both)].name), "Take it off one."
        )
    picked = Chosen(dimension=dimension, treated=tuple(sorted(set(treated))),
                    control=tuple(sorted(set(control))), rule=why)  # fmt: skip
    _ask(each, _beside(question, picked), f"{by.name}: {why}", job)
    each.rule, each.chosen_by = why, by.name
    each.save()
    access.record(by=by, act="review.compared", what=f"review {each.review_id}",
                  reason=why, detail={"measure": each.measure})  # fmt: skip


def _simple(each: Judged, by: Actor) -> Question:
    """The question of the same measure that compares before with after."""
    main = Judged.objects.get(review=each.review_id, measure=each.measure, compares=False)
    return asked.one(main.evaluation, by=by).question


def _beside(question: Question, rule: Chosen) -> Question:
    return replace(question, design="controlled", dimension=rule.dimension, treated=rule.treated,
                   control=rule.control, title=f"{question.title}, compared"[:200])  # fmt: skip


def _ask(each: Judged, question: Question, why: str, by: Actor) -> None:
    if not each.evaluation:
        each.evaluation = evidence.ask(question=question, by=by).id
    elif asked.one(each.evaluation, by=by).question != question:
        evidence.change(evaluation=each.evaluation, question=question, reason=why, by=by)


def told(each: Judged) -> tuple[list[str], list[str]]:
    """The names of those who take part, and of those they are compared with."""
    if not each.evaluation:
        return [], []
    question = asked.one(each.evaluation, by=EYES).question
    here, dimension = current(), question.dimension
    return ([word_of(here, dimension, code) for code in question.treated],
            [word_of(here, dimension, code) for code in question.control])  # fmt: skip


def opened(review_id: int, measures_: list[str]) -> None:
    """A comparison of each measure is drawn beside the simple one."""
    for nth, measure in enumerate(measures_, len(measures_)):
        Judged.objects.create(review_id=review_id, nth=nth, measure=measure, compares=True)
