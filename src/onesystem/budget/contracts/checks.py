"""What is wrong with an agreement before it is kept: each thing with its place and its cure. Pure.

What has to be known before it goes live is apart from this: see `gating`.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.agreement import Agreement, Pass, Payment
from onesystem.budget.contracts.scoping import Around, services_in
from onesystem.vocabulary import nearest
from onesystem.vocabulary.typed import Problem

_OLDEST = 120


def problems(made: Agreement, around: Around) -> list[Problem]:
    """Everything that is wrong, in the order of the form."""
    return [found for check in _CHECKS for found in check(made, around)]


def _said(made: Agreement, _: Around) -> Iterator[Problem]:
    if not made.name.strip():
        yield Problem("name", "The contract has no name", "Write what people call it.")
    if made.kind not in of.KINDS:
        yield Problem("kind", f"{made.kind!r} is no kind of contract", nearest(made.kind, of.KINDS))
    if made.until <= made.since:
        yield Problem("until", "It ends before it begins", "Mend one of its days.")
    if made.since.day != 1 or made.until.day != 1:
        yield Problem(
            "since", "It begins or ends inside a month", "Money is kept by month: write a first."
        )


def _budget(made: Agreement, around: Around) -> Iterator[Problem]:
    for code in made.goals:
        if code not in around.goals:
            yield Problem("goals", f"There is no goal {code!r}", nearest(code, around.goals))
    if made.line and made.line not in around.lines:
        cure = nearest(made.line, around.lines)
        yield Problem("line", f"There is no budget line {made.line!r}", cure)


def _parties(made: Agreement, around: Around) -> Iterator[Problem]:
    names = Counter(party.organisation for party in made.parties)
    for nth, party in enumerate(made.parties):
        where = f"parties.{nth}"
        if party.organisation not in around.organisations:
            cure = nearest(party.organisation, around.organisations)
            yield Problem(where, f"{party.organisation!r} is no organisation of ours", cure)
        if names[party.organisation] > 1:
            yield Problem(where, f"{party.organisation!r} is named twice", "Name it once.")
        if party.role not in of.ROLES:
            yield Problem(where, f"{party.role!r} is no role", nearest(party.role, of.ROLES))
        if not 0 <= party.share <= 1:
            yield Problem(where, "A share is below nothing or above all", "Write from 0% to 100%.")
    paid = sum((party.share for party in made.contributions), Fraction(0))
    if made.contributions and paid != 1:
        yield Problem(
            "parties", f"The funders' shares sum to {percent(paid)}",
            "Let them sum to 100%, or leave all of them out: then the first funder pays.",
        )  # fmt: skip
    if not made.funders:
        yield Problem("parties", "Nobody pays", "Name who does, as the one that pays.")
    yield from _needed(made)


def _needed(made: Agreement) -> Iterator[Problem]:
    if made.kind == of.ALLIANCE:
        if len(made.members) < 2:
            yield Problem("parties", "An alliance has two members or more", "Name its members.")
        total = sum((party.share for party in made.of(of.MEMBER)), Fraction(0))
        if made.members and total != 1:
            yield Problem(
                "parties", f"The members' shares sum to {percent(total)}",
                "Let them sum to 100%, so that nothing is left over or given twice.",
            )  # fmt: skip
    elif not made.of(of.PROVIDER):
        yield Problem("parties", "Nobody provides", "Name who does, as the one that provides.")
    if made.kind == of.PRIME and not made.of(of.SUBCONTRACTOR):
        yield Problem("parties", "Nobody is subcontracted", "Name who is, or make it direct.")


def _scope(made: Agreement, around: Around) -> Iterator[Problem]:
    for code in made.scope.services:
        if code not in around.services:
            yield Problem("scope", f"There is no service {code!r}", nearest(code, around.services))
    for code in made.scope.organisations:
        if code not in around.organisations:
            cure = nearest(code, around.organisations)
            yield Problem("scope", f"There is no organisation {code!r}", cure)
    yield from _population(made.scope, around)
    inside = services_in(made.scope, around.services)
    if made.kind == of.ALLIANCE and not inside:
        yield Problem("scope", "No service is in its scope", "Name services, or kinds of them.")
    if made.kind == of.ALLIANCE:
        runs = {around.services[code].organisation for code in inside}
        for other in sorted(runs - set(made.members)):
            yield Problem(
                "scope", f"{around.organisations.get(other, other)} runs services in scope, and is"
                " no member", "Make it a member, or take its services out of the scope.",
            )  # fmt: skip


def _population(scope: of.Scope, around: Around) -> Iterator[Problem]:
    if scope.below_age and scope.from_age >= scope.below_age:
        yield Problem("whom", f"Nobody is {scope.from_age} or over and under {scope.below_age}",
                      "Turn the ages round, or leave one out.")  # fmt: skip
    if not 0 <= scope.from_age <= _OLDEST or not 0 <= scope.below_age <= _OLDEST:
        yield Problem("whom", "That is no age", f"Write whole years up to {_OLDEST}.")
    for code in scope.practices:
        if around.practices and code not in around.practices:
            cure = nearest(code, around.practices)
            yield Problem("practices", f"There is no practice {code!r}", cure)


def _target(made: Agreement, _: Around) -> Iterator[Problem]:
    if made.kind != of.ALLIANCE:
        if made.target or made.slices:
            yield Problem("target", "Only an alliance has a target", "Remove it.")
        return
    if made.target <= 0:
        yield Problem("target", "The target is nothing", "Write what a year should cost.")
    for side in (of.UNDER, of.OVER):
        yield from _slices(made, side)
    for name in ("cap", "collar"):
        share = getattr(made, name)
        if share is not None and not 0 < share <= 1:
            yield Problem(name, "It is no part of the target", "Write from above 0% to 100%.")
    if not 0 <= made.threshold < 1:
        yield Problem("threshold", "It is no part of the target", "Write from 0% to below 100%.")


def _slices(made: Agreement, side: str) -> Iterator[Problem]:
    rows = [(nth, each) for nth, each in enumerate(made.slices) if each.side == side]
    if not rows:
        yield Problem(
            "slices", f"It is not said who has what lies {side} the target",
            f"Write a slice {side} the target; 0% is a share too.",
        )  # fmt: skip
    before = Fraction(0)
    for nth, each in sorted(rows, key=lambda row: row[1].low):
        where = f"slices.{nth}"
        if before is _ALL or each.low < before:
            yield Problem(
                where, f"It overlaps the slice before it, {side} the target",
                "Let it begin where the one before it ends.",
            )  # fmt: skip
        elif each.low > before:
            yield Problem(
                where, f"Between {percent(before)} and {percent(each.low)} {side} the target"
                " nothing is said", "Let it begin where the one before it ends.",
            )  # fmt: skip
        if each.high is not None and each.high <= each.low:
            yield Problem(where, "It ends before it begins", "Mend one of its ends.")
        if not 0 <= each.share <= 1:
            yield Problem(where, "The share is below nothing or above all", "Write 0% to 100%.")
        before = _ALL if each.high is None else each.high


_ALL: Fraction = Fraction(10**9)  # beyond the last slice


def _quality(made: Agreement, around: Around) -> Iterator[Problem]:
    for nth, each in enumerate(made.quality):
        where = f"quality.{nth}"
        if each.measure not in around.measures:
            cure = nearest(each.measure, around.measures)
            yield Problem(where, f"There is no measure {each.measure!r}", cure)
        if each.weight <= 0:
            yield Problem(where, "It weighs nothing", "Give it a weight, or remove it.")
    total = sum((each.weight for each in made.quality), Fraction(0))
    if made.quality and total != 1:
        yield Problem("quality", f"The weights sum to {percent(total)}", "Let them sum to 100%.")
    if not 0 <= made.full <= 1:
        yield Problem("full", "It is no part of the quality", "Write 0% to 100%.")
    if made.scaled is not None and not 0 <= made.scaled <= made.full:
        yield Problem("scaled", "It is not below where a gain is full", "Write a smaller share.")


def _payments(made: Agreement, around: Around) -> Iterator[Problem]:
    paid = Counter(code for p in made.payments if p.way != of.BLOCK for code in p.services)
    for nth, payment in enumerate(made.payments):
        where = f"payments.{nth}"
        yield from _own_volume(made, payment, where, around)
        yield from _payment(made, payment, where)
        for code in payment.services:
            if code not in around.services:
                cure = nearest(code, around.services)
                yield Problem(where, f"There is no service {code!r}", cure)
            elif payment.way != of.BLOCK and paid[code] > 1:
                yield Problem(
                    where, f"{around.services[code].name} is paid by two lines",
                    "Take it out of one of them: a contact is paid once.",
                )  # fmt: skip
    if made.kind != of.ALLIANCE and not made.payments:
        yield Problem("payments", "Nothing is paid", "Write a line of what is paid.")


def _own_volume(made: Agreement, payment: Payment, where: str, around: Around) -> Iterator[Problem]:
    # In an alliance all win or lose together. Whoever is paid for each contact of its own gains
    # by doing more, whatever it costs the others: the very thing that the alliance was to end.
    if made.kind != of.ALLIANCE or payment.way == of.BLOCK:
        return
    if payment.organisation in made.members:
        name = around.organisations.get(payment.organisation, payment.organisation)
        yield Problem(
            where, f"It pays {name} for its own volume, and inside an alliance nobody is",
            "Put its services into the scope, so that its open books pay for them; or write a"
            " contract with it beside the alliance.",
        )  # fmt: skip


def _payment(made: Agreement, payment: Payment, where: str) -> Iterator[Problem]:
    paid = {party.organisation for party in made.of(of.MEMBER, of.PROVIDER)}
    if payment.organisation not in paid:
        yield Problem(
            where, f"{payment.organisation!r} is paid, and is neither member nor provider",
            "Name it among the parties, or pay another.",
        )  # fmt: skip
    if payment.way not in of.WAYS:
        yield Problem(where, f"{payment.way!r} is no way to pay", nearest(payment.way, of.WAYS))
    if payment.payer and payment.payer not in made.funders:
        yield Problem(
            where, f"{payment.payer!r} does not pay", nearest(payment.payer, made.funders)
        )
    if payment.way in {of.BLOCK, of.PLAN} and payment.amount <= 0:
        yield Problem(where, "The fixed sum is nothing", "Write what is paid a year.")
    if payment.way in {of.EACH, of.PLAN}:
        if payment.price <= 0:
            yield Problem(where, "The price is nothing", "Write the price of a contact.")
        if not payment.services:
            yield Problem(where, "It is not said for which services", "Name them.")
    if payment.way == of.PLAN and payment.units <= 0:
        yield Problem(where, "The plan holds no contacts", "Write how many a year.")
    if not (0 <= payment.above <= 1 and 0 <= payment.below <= 1):
        yield Problem(where, "A share is below nothing or above all", "Write from 0% to 100%.")


def _passes(made: Agreement, around: Around) -> Iterator[Problem]:
    parties = {party.organisation for party in made.parties}
    for nth, each in enumerate(made.passes):
        where = f"passes.{nth}"
        for name in (each.organisation, each.under):
            if name not in parties:
                yield Problem(where, f"{name!r} is no party", nearest(name, parties))
        for code in each.services:
            if code not in around.services:
                cure = nearest(code, around.services)
                yield Problem(where, f"There is no service {code!r}", cure)
        yield from _passed(made.passes, nth)
    if made.passes and made.kind != of.PRIME:
        yield Problem("passes", "Only a prime contractor passes on", "Make it that kind.")


def _passed(passes: tuple[Pass, ...], nth: int) -> Iterator[Problem]:
    each, where = passes[nth], f"passes.{nth}"
    if _circle(passes, each):
        yield Problem(
            where, f"{each.organisation!r} passes on to itself by a circle",
            "Let each be under one who is nearer to the prime contractor.",
        )  # fmt: skip
    if each.share is None and (each.price <= 0 or not each.services):
        yield Problem(
            where, "It is not said how much is passed on",
            "Write a share, or a price with its services.",
        )  # fmt: skip
    if each.share is not None and not 0 < each.share <= 1:
        yield Problem(where, "The share is no part of it", "Write from above 0% to 100%.")
    same = [other.share or Fraction(0) for other in passes[: nth + 1] if other.under == each.under]
    if sum(same) > 1:
        yield Problem(where, "More is passed on than was had", "Make the shares smaller.")


def _circle(passes: tuple[Pass, ...], each: Pass) -> bool:
    above = {one.organisation: one.under for one in passes}
    at, seen = each.under, {each.organisation}
    while at in above and at not in seen:
        seen.add(at)
        at = above[at]
    return at in seen


def percent(share: Fraction) -> str:
    """A share as people write it."""
    from onesystem.budget.terms.numbers import share_words

    return share_words(share)


_CHECKS = (_said, _parties, _scope, _budget, _target, _quality, _payments, _passes)
