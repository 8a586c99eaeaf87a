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
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem

_OLDEST = 120


def problems(made: Agreement, around: Around) -> list[Problem]:
    """Everything that is wrong, in the order of the form."""
    return [found for check in _CHECKS for found in check(made, around)]


def _said(made: Agreement, _: Around) -> Iterator[Problem]:
    if not made.name.strip():
        yield Problem("name", say("The contract has no name"), say("Write what people call it."))
    if made.kind not in of.KINDS:
        yield Problem(
            "kind",
            say("{kind} is no kind of contract", kind=repr(made.kind)),
            nearest(made.kind, of.KINDS),
        )
    if made.until <= made.since:
        yield Problem("until", say("It ends before it begins"), say("Mend one of its days."))
    if made.since.day != 1 or made.until.day != 1:
        yield Problem(
            "since",
            say("It begins or ends inside a month"),
            say("Money is kept by month: write a first."),
        )


def _budget(made: Agreement, around: Around) -> Iterator[Problem]:
    for code in made.goals:
        if code not in around.goals:
            yield Problem(
                "goals",
                say("There is no goal {code}", code=repr(code)),
                nearest(code, around.goals),
            )
    if made.line and made.line not in around.lines:
        cure = nearest(made.line, around.lines)
        yield Problem("line", say("There is no budget line {line}", line=repr(made.line)), cure)


def _parties(made: Agreement, around: Around) -> Iterator[Problem]:
    names = Counter(party.organisation for party in made.parties)
    for nth, party in enumerate(made.parties):
        where = f"parties.{nth}"
        if party.organisation not in around.organisations:
            cure = nearest(party.organisation, around.organisations)
            yield Problem(
                where,
                say(
                    "{organisation} is no organisation of ours",
                    organisation=repr(party.organisation),
                ),
                cure,
            )
        if names[party.organisation] > 1:
            yield Problem(
                where,
                say("{organisation} is named twice", organisation=repr(party.organisation)),
                say("Name it once."),
            )
        if party.role not in of.ROLES:
            yield Problem(
                where,
                say("{role} is no role", role=repr(party.role)),
                nearest(party.role, of.ROLES),
            )
        if not 0 <= party.share <= 1:
            yield Problem(
                where, say("A share is below nothing or above all"), say("Write from 0% to 100%.")
            )
    paid = sum((party.share for party in made.contributions), Fraction(0))
    if made.contributions and paid != 1:
        yield Problem(
            "parties", say("The funders' shares sum to {paid}", paid=percent(paid)),
            say("Let them sum to 100%, or leave all of them out: then the first funder pays."),
        )  # fmt: skip
    if not made.funders:
        yield Problem("parties", say("Nobody pays"), say("Name who does, as the one that pays."))
    yield from _needed(made)


def _needed(made: Agreement) -> Iterator[Problem]:
    if made.kind == of.ALLIANCE:
        if len(made.members) < 2:
            yield Problem(
                "parties", say("An alliance has two members or more"), say("Name its members.")
            )
        total = sum((party.share for party in made.of(of.MEMBER)), Fraction(0))
        if made.members and total != 1:
            yield Problem(
                "parties", say("The members' shares sum to {total}", total=percent(total)),
                say("Let them sum to 100%, so that nothing is left over or given twice."),
            )  # fmt: skip
    elif not made.of(of.PROVIDER):
        yield Problem(
            "parties", say("Nobody provides"), say("Name who does, as the one that provides.")
        )
    if made.kind == of.PRIME and not made.of(of.SUBCONTRACTOR):
        yield Problem(
            "parties", say("Nobody is subcontracted"), say("Name who is, or make it direct.")
        )


def _scope(made: Agreement, around: Around) -> Iterator[Problem]:
    for code in made.scope.services:
        if code not in around.services:
            yield Problem(
                "scope",
                say("There is no service {code}", code=repr(code)),
                nearest(code, around.services),
            )
    for code in made.scope.organisations:
        if code not in around.organisations:
            cure = nearest(code, around.organisations)
            yield Problem("scope", say("There is no organisation {code}", code=repr(code)), cure)
    yield from _population(made.scope, around)
    inside = services_in(made.scope, around.services)
    if made.kind == of.ALLIANCE and not inside:
        yield Problem(
            "scope", say("No service is in its scope"), say("Name services, or kinds of them.")
        )
    if made.kind == of.ALLIANCE:
        runs = {around.services[code].organisation for code in inside}
        for other in sorted(runs - set(made.members)):
            yield Problem(
                "scope",
                say(
                    "{other} runs services in scope, and is no member",
                    other=around.organisations.get(other, other),
                ),
                say("Make it a member, or take its services out of the scope."),
            )


def _population(scope: of.Scope, around: Around) -> Iterator[Problem]:
    if scope.below_age and scope.from_age >= scope.below_age:
        yield Problem(
            "whom",
            say(
                "Nobody is {from_age} or over and under {below_age}",
                from_age=scope.from_age,
                below_age=scope.below_age,
            ),
            say("Turn the ages round, or leave one out."),
        )
    if not 0 <= scope.from_age <= _OLDEST or not 0 <= scope.below_age <= _OLDEST:
        yield Problem(
            "whom", say("That is no age"), say("Write whole years up to {oldest}.", oldest=_OLDEST)
        )
    for code in scope.practices:
        if around.practices and code not in around.practices:
            cure = nearest(code, around.practices)
            yield Problem("practices", say("There is no practice {code}", code=repr(code)), cure)


def _target(made: Agreement, _: Around) -> Iterator[Problem]:
    if made.kind != of.ALLIANCE:
        if made.target or made.slices:
            yield Problem("target", say("Only an alliance has a target"), say("Remove it."))
        return
    if made.target <= 0:
        yield Problem("target", say("The target is nothing"), say("Write what a year should cost."))
    for side in (of.UNDER, of.OVER):
        yield from _slices(made, side)
    for name in ("cap", "collar"):
        share = getattr(made, name)
        if share is not None and not 0 < share <= 1:
            yield Problem(
                name, say("It is no part of the target"), say("Write from above 0% to 100%.")
            )
    if not 0 <= made.threshold < 1:
        yield Problem(
            "threshold", say("It is no part of the target"), say("Write from 0% to below 100%.")
        )


def _slices(made: Agreement, side: str) -> Iterator[Problem]:
    rows = [(nth, each) for nth, each in enumerate(made.slices) if each.side == side]
    if not rows:
        yield Problem(
            "slices", say("It is not said who has what lies {side} the target", side=side),
            say("Write a slice {side} the target; 0% is a share too.", side=side),
        )  # fmt: skip
    before = Fraction(0)
    for nth, each in sorted(rows, key=lambda row: row[1].low):
        where = f"slices.{nth}"
        if before is _ALL or each.low < before:
            yield Problem(
                where, say("It overlaps the slice before it, {side} the target", side=side),
                say("Let it begin where the one before it ends."),
            )  # fmt: skip
        elif each.low > before:
            yield Problem(
                where,
                say(
                    "Between {before} and {low} {side} the target nothing is said",
                    before=percent(before),
                    low=percent(each.low),
                    side=side,
                ),
                say("Let it begin where the one before it ends."),
            )
        if each.high is not None and each.high <= each.low:
            yield Problem(where, say("It ends before it begins"), say("Mend one of its ends."))
        if not 0 <= each.share <= 1:
            yield Problem(
                where, say("The share is below nothing or above all"), say("Write 0% to 100%.")
            )
        before = _ALL if each.high is None else each.high


_ALL: Fraction = Fraction(10**9)  # beyond the last slice


def _quality(made: Agreement, around: Around) -> Iterator[Problem]:
    for nth, each in enumerate(made.quality):
        where = f"quality.{nth}"
        if each.measure not in around.measures:
            cure = nearest(each.measure, around.measures)
            yield Problem(
                where, say("There is no measure {measure}", measure=repr(each.measure)), cure
            )
        if each.weight <= 0:
            yield Problem(where, say("It weighs nothing"), say("Give it a weight, or remove it."))
    total = sum((each.weight for each in made.quality), Fraction(0))
    if made.quality and total != 1:
        yield Problem(
            "quality",
            say("The weights sum to {total}", total=percent(total)),
            say("Let them sum to 100%."),
        )
    if not 0 <= made.full <= 1:
        yield Problem("full", say("It is no part of the quality"), say("Write 0% to 100%."))
    if made.scaled is not None and not 0 <= made.scaled <= made.full:
        yield Problem(
            "scaled", say("It is not below where a gain is full"), say("Write a smaller share.")
        )


def _payments(made: Agreement, around: Around) -> Iterator[Problem]:
    paid = Counter(code for p in made.payments if p.way != of.BLOCK for code in p.services)
    for nth, payment in enumerate(made.payments):
        where = f"payments.{nth}"
        yield from _own_volume(made, payment, where, around)
        yield from _payment(made, payment, where)
        for code in payment.services:
            if code not in around.services:
                cure = nearest(code, around.services)
                yield Problem(where, say("There is no service {code}", code=repr(code)), cure)
            elif payment.way != of.BLOCK and paid[code] > 1:
                yield Problem(
                    where, say("{name} is paid by two lines", name=around.services[code].name),
                    say("Take it out of one of them: a contact is paid once."),
                )  # fmt: skip
    if made.kind != of.ALLIANCE and not made.payments:
        yield Problem("payments", say("Nothing is paid"), say("Write a line of what is paid."))


def _own_volume(made: Agreement, payment: Payment, where: str, around: Around) -> Iterator[Problem]:
    # In an alliance all win or lose together. Whoever is paid for each contact of its own gains
    # by doing more, whatever it costs the others: the very thing that the alliance was to end.
    if made.kind != of.ALLIANCE or payment.way == of.BLOCK:
        return
    if payment.organisation in made.members:
        name = around.organisations.get(payment.organisation, payment.organisation)
        yield Problem(
            where,
            say("It pays {name} for its own volume, and inside an alliance nobody is", name=name),
            say(
                "Put its services into the scope, so that its open books pay for them; or "
                "write a contract with it beside the alliance."
            ),
        )


def _payment(made: Agreement, payment: Payment, where: str) -> Iterator[Problem]:
    paid = {party.organisation for party in made.of(of.MEMBER, of.PROVIDER)}
    if payment.organisation not in paid:
        yield Problem(
            where,
            say(
                "{organisation} is paid, and is neither member nor provider",
                organisation=repr(payment.organisation),
            ),
            say("Name it among the parties, or pay another."),
        )
    if payment.way not in of.WAYS:
        yield Problem(
            where,
            say("{way} is no way to pay", way=repr(payment.way)),
            nearest(payment.way, of.WAYS),
        )
    if payment.payer and payment.payer not in made.funders:
        yield Problem(
            where,
            say("{payer} does not pay", payer=repr(payment.payer)),
            nearest(payment.payer, made.funders),
        )
    if payment.way in {of.BLOCK, of.PLAN} and payment.amount <= 0:
        yield Problem(where, say("The fixed sum is nothing"), say("Write what is paid a year."))
    if payment.way in {of.EACH, of.PLAN}:
        if payment.price <= 0:
            yield Problem(where, say("The price is nothing"), say("Write the price of a contact."))
        if not payment.services:
            yield Problem(where, say("It is not said for which services"), say("Name them."))
    if payment.way == of.PLAN and payment.units <= 0:
        yield Problem(where, say("The plan holds no contacts"), say("Write how many a year."))
    if not (0 <= payment.above <= 1 and 0 <= payment.below <= 1):
        yield Problem(
            where, say("A share is below nothing or above all"), say("Write from 0% to 100%.")
        )


def _passes(made: Agreement, around: Around) -> Iterator[Problem]:
    parties = {party.organisation for party in made.parties}
    for nth, each in enumerate(made.passes):
        where = f"passes.{nth}"
        for name in (each.organisation, each.under):
            if name not in parties:
                yield Problem(
                    where, say("{name} is no party", name=repr(name)), nearest(name, parties)
                )
        for code in each.services:
            if code not in around.services:
                cure = nearest(code, around.services)
                yield Problem(where, say("There is no service {code}", code=repr(code)), cure)
        yield from _passed(made.passes, nth)
    if made.passes and made.kind != of.PRIME:
        yield Problem("passes", say("Only a prime contractor passes on"), say("Make it that kind."))


def _passed(passes: tuple[Pass, ...], nth: int) -> Iterator[Problem]:
    each, where = passes[nth], f"passes.{nth}"
    if _circle(passes, each):
        yield Problem(
            where,
            say(
                "{organisation} passes on to itself by a circle",
                organisation=repr(each.organisation),
            ),
            say("Let each be under one who is nearer to the prime contractor."),
        )
    if each.share is None and (each.price <= 0 or not each.services):
        yield Problem(
            where, say("It is not said how much is passed on"),
            say("Write a share, or a price with its services."),
        )  # fmt: skip
    if each.share is not None and not 0 < each.share <= 1:
        yield Problem(where, say("The share is no part of it"), say("Write from above 0% to 100%."))
    same = [other.share or Fraction(0) for other in passes[: nth + 1] if other.under == each.under]
    if sum(same) > 1:
        yield Problem(where, say("More is passed on than was had"), say("Make the shares smaller."))


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
