"""What is wrong with terms, before anybody signs them: each with the rule and the cure. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onesystem.budget.terms.numbers import share_words
from onesystem.budget.terms.rates import Table
from onesystem.budget.terms.schedule import AMOUNT, BASELINE, OF, OUTTURN, Schedule, Slice
from onesystem.budget.terms.sharing import from_the_top
from onesystem.budget.terms.terms import Element, Measured, Pot, Terms, Weight
from onesystem.vocabulary import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault: a stable slug, where it is, what it is and what to do."""

    rule: str
    where: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.cure}"


class BadTerms(UserError, ValueError):
    """Terms that may not be used as they are. `problems` has all of their faults."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(f"{each.where}: {each.what}" for each in found), found[0].cure)
        self.problems = found


def require_sound(terms: Terms) -> None:
    """Refuse terms that have problems."""
    found = problems(terms)
    if found:
        raise BadTerms(found)


def problems(terms: Terms) -> list[Problem]:
    """Every fault of the terms, in the order in which they are read."""
    return [
        *_whole(terms),
        *(each for table in terms.rates for each in _table(terms, table)),
        *(each for element in terms.elements for each in _element(terms, element)),
        *(each for pot in terms.pots for each in _pot(terms, pot)),
        *_orders(terms),
        *_subcontracts(terms),
    ]


def _whole(terms: Terms) -> Iterator[Problem]:
    if not (terms.elements or terms.orders):
        yield Problem(
            rule="empty", where="terms", what="nothing is paid", cure="Write a rule of payment."
        )
    if terms.until is not None and terms.since is not None and terms.until <= terms.since:
        yield Problem(
            rule="dates", where="terms", what="they end before they begin",
            cure="Say a last day after the first.",
        )  # fmt: skip
    names = [*(e.rule for e in terms.elements), *(o.rule for o in terms.orders)]
    names += [*(s.rule for o in terms.orders for s in o.steps), *(p.code for p in terms.pots)]
    for name, times in Counter(names).items():
        if times > 1:
            yield Problem(
                rule="name-twice", where=name, what=f"{name!r} is the name of {times} rules",
                cure="Give each rule a name of its own.",
            )  # fmt: skip
    if terms.payer not in terms.codes:
        yield _nobody("payer", terms.payer)


def _nobody(where: str, code: str) -> Problem:
    return Problem(
        rule="party", where=where, what=f"{code!r} is no party of these terms",
        cure="Name one of the parties, or add it to them.",
    )  # fmt: skip


def _table(terms: Terms, table: Table) -> Iterator[Problem]:
    where = f"rate {table.name}"
    if table.currency and table.currency != terms.currency:
        yield Problem(
            rule="currency", where=where,
            what=f"it is in {table.currency} and the terms in {terms.currency}",
            cure=f"Write it in {terms.currency}; a rate of exchange is never guessed.",
        )  # fmt: skip
    rates = sorted(table.rates, key=lambda rate: rate.since or date.min)
    if not rates:
        yield Problem(
            rule="rate-missing",
            where=where,
            what="it has no figure",
            cure="Write one with its days.",
        )
    for one, two in zip(rates, rates[1:], strict=False):
        if one.until is None or (two.since is not None and one.until > two.since):
            yield Problem(
                rule="rate-overlap", where=where,
                what=f"two figures are in force on {two.since or one.since}",
                cure="End the one on the day on which the next begins.",
            )  # fmt: skip
        elif one.until < (two.since or date.min):
            yield Problem(
                rule="rate-missing", where=where,
                what=f"no figure is in force from {one.until} to {two.since}",
                cure="Write the figure for those days.",
            )  # fmt: skip
    yield from _covers(terms, where, rates)


def _covers(terms: Terms, where: str, rates: list) -> Iterator[Problem]:  # type: ignore[type-arg]
    if not rates:
        return
    first, last = rates[0].since, rates[-1].until
    if first is not None and terms.since is not None and first > terms.since:
        yield Problem(
            rule="rate-missing", where=where,
            what=f"no figure is in force from {terms.since} to {first}",
            cure="Write the figure for those days.",
        )  # fmt: skip
    if last is not None and terms.until is not None and last < terms.until:
        yield Problem(
            rule="rate-missing", where=where,
            what=f"no figure is in force from {last} to {terms.until}",
            cure="Write the figure for those days.",
        )  # fmt: skip


def _element(terms: Terms, element: Element) -> Iterator[Problem]:
    where = element.rule
    for code in (element.pays, element.payer):
        if code and code not in terms.codes and code not in terms.pot:
            yield _nobody(where, code)
    for measured in (element.baseline, element.outturn):
        if measured is not None:
            yield from _measured(terms, where, measured)
    if element.base and element.baseline is None:
        yield Problem(
            rule="no-baseline", where=where, what="a part of the baseline is paid and none is said",
            cure="Say the baseline.",
        )  # fmt: skip
    if element.schedule is not None:
        yield from _scheduled(where, element, element.schedule)
    elif not element.base:
        yield Problem(
            rule="empty", where=where, what="it pays nothing", cure="Say a base or a schedule."
        )
    yield from _own_volume(terms, element)


def _scheduled(where: str, element: Element, schedule: Schedule) -> Iterator[Problem]:
    if element.outturn is None:
        yield Problem(
            rule="no-outturn", where=where, what="nothing is measured", cure="Say the outturn."
        )
    if element.baseline is None and (schedule.of != OUTTURN or _relative(schedule)):
        yield Problem(
            rule="no-baseline", where=where, what="the slices are cut from a baseline and none is said",
            cure="Say the baseline, or cut the slices in amounts.",
        )  # fmt: skip
    yield from schedule_problems(schedule, where)


def _relative(schedule: Schedule) -> bool:
    bounds = [b for s in schedule.slices for b in (s.start, s.end)]
    return schedule.unit == BASELINE and any(bounds)


def schedule_problems(schedule: Schedule, where: str = "schedule") -> Iterator[Problem]:
    """Gaps and overlaps between slices, and shares that cannot be."""
    if schedule.of not in OF:
        yield Problem(
            rule="of", where=where, what=f"{schedule.of!r} is nothing to measure",
            cure=f"Write one of {', '.join(OF)}.",
        )  # fmt: skip
    if not schedule.slices:
        yield Problem(rule="gap", where=where, what="it has no slices", cure="Write one.")
        return
    for each in schedule.slices:
        if each.share < 0:
            yield Problem(
                rule="share", where=where, what=f"the share {share_words(each.share)} is below nothing",
                cure="Write a share of zero or more; direction is said by `of`.",
            )  # fmt: skip
        if each.start is not None and each.end is not None and each.end <= each.start:
            yield Problem(
                rule="order", where=where, what=f"the slice {_said(each, schedule)} ends before it begins",
                cure="Write the lower bound first.",
            )  # fmt: skip
    yield from _joins(schedule, where)
    threshold = schedule.threshold
    if threshold is not None and threshold.share < 0:
        yield Problem(
            rule="threshold", where=where, what="the threshold is below nothing",
            cure="Write a share of zero or more.",
        )  # fmt: skip


def _joins(schedule: Schedule, where: str) -> Iterator[Problem]:
    def start(each: Slice) -> tuple[bool, Fraction]:
        return each.start is not None, each.start or Fraction(0)

    slices = sorted(schedule.slices, key=start)
    for one, two in zip(slices, slices[1:], strict=False):
        if one.end is None or two.start is None or one.end > two.start:
            yield Problem(
                rule="overlap", where=where,
                what=f"the slices {_said(one, schedule)} and {_said(two, schedule)} overlap",
                cure="End the one where the next begins.",
            )  # fmt: skip
        elif one.end < two.start:
            ends, begins = _bound(one.end, schedule), _bound(two.start, schedule)
            yield Problem(
                rule="gap", where=where, what=f"nothing is said between {ends} and {begins}",
                cure="Begin the next slice where the one before ends.",
            )  # fmt: skip
    first, last = slices[0].start, slices[-1].end
    if first is not None and not (schedule.of == OUTTURN and first == 0):
        yield Problem(
            rule="gap", where=where, what=f"nothing is said below {_bound(first, schedule)}",
            cure="Write a first slice without a lower bound; its share may be 0%.",
        )  # fmt: skip
    if last is not None:
        yield Problem(
            rule="gap", where=where, what=f"nothing is said above {_bound(last, schedule)}",
            cure="Write a last slice without an upper bound; its share may be 0%.",
        )  # fmt: skip


def _said(each: Slice, schedule: Schedule) -> str:
    start = "…" if each.start is None else _bound(each.start, schedule)
    return f"{start} to {'…' if each.end is None else _bound(each.end, schedule)}"


def _bound(bound: Fraction, schedule: Schedule) -> str:
    return f"{int(bound):,}" if schedule.unit == AMOUNT else share_words(bound)


def _own_volume(terms: Terms, element: Element) -> Iterator[Problem]:
    """Inside an alliance everybody wins or loses together: no line for one's own volume.

    Open-book cost may be a member's own: it is what was spent, not what was done.
    """
    if not element.scope or element.outturn is None or element.schedule is None:
        return
    outturn = element.outturn
    members = {each.party for pot in terms.pots for each in pot.weights}
    if outturn.fact and outturn.rate and (outturn.whose in members or element.pays in members):
        whose = outturn.whose or element.pays
        yield Problem(
            rule="own-volume", where=element.rule,
            what=f"it pays by the volume of one member ({whose}) inside the alliance pot {element.scope!r}",
            cure="Pay from the collective result, at open-book cost, or move it out of the pot.",
        )  # fmt: skip


def _measured(terms: Terms, where: str, measured: Measured) -> Iterator[Problem]:
    if not measured.fact and not measured.rate:
        yield Problem(
            rule="unmeasured", where=where, what="neither a fact nor a rate is named",
            cure="Name the fact that is counted, the rate, or both.",
        )  # fmt: skip
    if measured.rate and measured.rate not in terms.table:
        yield Problem(
            rule="rate-missing", where=where, what=f"there is no rate {measured.rate!r}",
            cure="Write it among the rates, with its days and its source.",
        )  # fmt: skip
    if measured.per not in ("month", "year", "period"):
        yield Problem(
            rule="per", where=where, what=f"{measured.per!r} is no stretch of time",
            cure="Write month, year or period.",
        )  # fmt: skip


def _pot(terms: Terms, pot: Pot) -> Iterator[Problem]:
    yield from _weights(terms, pot.code, pot.weights)
    if not any(pot.code == each.pays for each in terms.elements):
        yield Problem(
            rule="pot-empty", where=pot.code, what="no rule pays into this pot",
            cure="Let a rule pay it, or leave it out.",
        )  # fmt: skip


def _weights(
    terms: Terms, where: str, weights: tuple[Weight, ...], *, whole: bool = True
) -> Iterator[Problem]:
    for each in weights:
        if each.party not in terms.codes:
            yield _nobody(where, each.party)
        if each.share < 0:
            yield Problem(
                rule="share", where=where, what=f"{each.party!r} has a share below nothing",
                cure="Write a share of zero or more.",
            )  # fmt: skip
    total = sum((each.share for each in weights), start=Fraction(0))
    if (whole and total != 1) or total <= 0:
        yield Problem(
            rule="shares-sum", where=where, what=f"the shares sum to {share_words(total)}",
            cure="Let them sum to 100%.",
        )  # fmt: skip


def _orders(terms: Terms) -> Iterator[Problem]:
    for order in terms.orders:
        if order.host not in terms.codes:
            yield _nobody(order.rule, order.host)
        for measured in (order.baseline, order.outturn):
            yield from _measured(terms, order.rule, measured)
        for step in order.steps:
            # contributions may stand as they are: a step is shared pro rata to them
            yield from _weights(terms, step.rule, step.weights, whole=False)
        last = order.steps[-1] if order.steps else None
        if last is None or last.limit or all(each.most for each in last.weights):
            yield Problem(
                rule="unborne", where=order.rule, what="what no step takes is borne by nobody",
                cure="End with a step that has no limit (the host, or the partners pro rata).",
            )  # fmt: skip


def _subcontracts(terms: Terms) -> Iterator[Problem]:
    shares: Counter[tuple[str, str]] = Counter()
    rules = {each.rule for each in terms.elements} | {each.code for each in terms.pots}
    for each in terms.subcontracts:
        for code in (each.prime, each.party):
            if code not in terms.codes:
                yield _nobody(each.rule, code)
        if (each.share is None) == (each.amount is None):
            yield Problem(
                rule="subcontract", where=each.rule, what="it says neither a share nor an amount, or both",
                cure="Say one of them.",
            )  # fmt: skip
        for name in each.of or ("",):
            if name and name not in rules | {s.rule for s in terms.subcontracts}:
                yield Problem(
                    rule="subcontract", where=each.rule, what=f"there is no rule {name!r} to pass on",
                    cure="Name a rule of these terms.",
                )  # fmt: skip
            shares[each.prime, name] += each.share or 0  # type: ignore[assignment]
    for (prime, name), total in shares.items():
        if total > 1:
            yield Problem(
                rule="shares-sum", where=prime,
                what=f"{share_words(Fraction(total))} of {name or 'what it has'} is passed on",
                cure="Pass on no more than there is.",
            )  # fmt: skip
    if len(from_the_top(terms.subcontracts)) < len(terms.subcontracts):
        yield Problem(
            rule="circle", where="subcontracts", what="they pass money round in a circle",
            cure="Let each party stand below one other only.",
        )  # fmt: skip
