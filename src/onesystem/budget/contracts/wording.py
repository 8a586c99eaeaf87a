"""An agreement in sentences, as the parties would read them aloud. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.agreement import Agreement, Pass, Payment, Quality, Slice
from onesystem.budget.contracts.checks import percent
from onesystem.budget.contracts.scoping import Around, services_in
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import listed, say, say_counted, say_date
from onesystem.vocabulary.wording import all_of


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the agreement: its title and its sentences."""

    title: str
    lines: tuple[str, ...]


def clauses(made: Agreement, around: Around, currency: str) -> list[Clause]:
    """The whole of it, part by part; parts of which nothing is said are left out."""
    words = _Words(made, around, currency)
    found = [Clause(title, tuple(part(words))) for title, part in _PARTS]
    return [each for each in found if each.lines]


@dataclass(frozen=True)
class _Words:
    made: Agreement
    around: Around
    currency: str

    def money(self, minor: int) -> str:
        """An amount: whole pounds where it is whole."""
        text = str(Money(minor, self.currency))
        return text.removesuffix(".00")

    def org(self, code: str) -> str:
        """The name of an organisation."""
        return self.around.organisations.get(code, code)

    def names(self, codes: tuple[str, ...], known: Mapping[str, str]) -> str:
        """Codes in words."""
        return _together([known.get(code, code) for code in codes])

    def services(self, codes: tuple[str, ...]) -> str:
        """Services in words."""
        return self.names(codes, {c: s.name for c, s in self.around.services.items()})


def _together(names: list[str]) -> str:
    """`A, B and C`; names with commas in them stand apart by semicolons."""
    if not any("," in name for name in names):
        return all_of(names)
    *some, last = names
    return say("{some} and {last}", some=listed(some, "; "), last=last) if some else last


def _about(w: _Words) -> Iterator[str]:
    made = w.made
    yield say("{kind}.", kind=of.KINDS.get(made.kind, made.kind))
    yield say(
        "It is in force from {since} until {until}.",
        since=say_date(made.since, "%-d %B %Y"),
        until=say_date(made.until, "%-d %B %Y"),
    )
    if made.words:
        yield made.words


def _between(w: _Words) -> Iterator[str]:
    for party in w.made.parties:
        who, does = w.org(party.organisation), of.ROLES.get(party.role, party.role)
        if party.role == of.MEMBER:
            yield say(
                "{who} {does}, with {share} of what the members gain and lose.",
                who=who, does=does, share=percent(party.share),
            )  # fmt: skip
        elif party in w.made.contributions:
            yield say(
                "{who} {does} {share} of what the funders pay together.",
                who=who, does=does, share=percent(party.share),
            )  # fmt: skip
        else:
            yield say("{who} {does}.", who=who, does=does)


def population(scope: of.Scope, around: Around) -> str:
    """Whose contacts count, in words."""
    ages = {
        (True, True): say(
            "people from {from_age} to under {below_age}",
            from_age=scope.from_age,
            below_age=scope.below_age,
        ),
        (True, False): say("people of {from_age} and over", from_age=scope.from_age),
        (False, True): say("people under {below_age}", below_age=scope.below_age),
        (False, False): "people",
    }[bool(scope.from_age), bool(scope.below_age)]
    names = [around.practices.get(code, code) for code in scope.practices]
    return (
        say("{ages} registered with {names}", ages=ages, names=_together(names)) if names else ages
    )


def _scope(w: _Words) -> Iterator[str]:
    scope = w.made.scope
    if scope.services:
        yield say("It is about {services}.", services=w.services(scope.services))
    else:
        if scope.settings:
            yield say(
                "It is about every service of the kinds {list}.",
                list=_together(list(scope.settings)),
            )
        if scope.organisations:
            yield say(
                "It is about services of {names}.",
                names=w.names(scope.organisations, w.around.organisations),
            )
        if scope.places:
            yield say(
                "It is about services at {names}.", names=w.names(scope.places, w.around.places)
            )
    if inside := services_in(scope, w.around.services):
        yield say_counted(
            "{n} service is in its scope.", "{n} services are in its scope.", len(inside)
        )
    if scope.whom:
        yield say("It is for {whom}.", whom=scope.whom.rstrip("."))
    if scope.limited:
        yield say(
            "What counts is contacts of {population}.", population=population(scope, w.around)
        )


def _goals(w: _Words) -> Iterator[str]:
    if w.made.goals:
        yield say(
            "It serves the shared goal: {names}.", names=w.names(w.made.goals, w.around.goals)
        )
    if w.made.line:
        yield say(
            "It is paid from the budget line {line}.",
            line=w.around.lines.get(w.made.line, w.made.line),
        )


def _open_book(w: _Words) -> Iterator[str]:
    made = w.made
    if made.kind == of.ALLIANCE and made.reimbursed:
        yield say("Each member is paid what its services in scope cost, by its open books.")
    if made.open_book:
        yield made.open_book


def _target(w: _Words) -> Iterator[str]:
    made = w.made
    if made.kind != of.ALLIANCE:
        return
    yield say(
        "The target cost of the services in scope is {target} a year.", target=w.money(made.target)
    )
    if made.threshold:
        yield (
            f"Nothing is shared within {percent(made.threshold)} of the target; beyond it, "
            + ("from the first penny." if made.first else "only what lies beyond.")
        )
    for each in sorted(made.slices, key=lambda s: (s.side != of.UNDER, s.low)):
        yield _slice(each)
    if made.cap is not None:
        yield say("Together they gain {cap} of the target at most.", cap=percent(made.cap))
    if made.collar is not None:
        yield say("Together they lose {collar} of the target at most.", collar=percent(made.collar))


def _slice(each: Slice) -> str:
    said = "gain" if each.side == of.UNDER else "bear"
    if each.high is None and not each.low:
        return say(
            "Of all that lies {side} the target, the members {said} {share}.",
            side=each.side,
            said=said,
            share=percent(each.share),
        )
    if each.high is None:
        where = say("beyond {low} {side} the target", low=percent(each.low), side=each.side)
    else:
        where = say(
            "from {low} to {high} {side} the target",
            low=percent(each.low),
            high=percent(each.high),
            side=each.side,
        )
    return say(
        "Of what lies {where}, the members {said} {share}.",
        where=where,
        said=said,
        share=percent(each.share),
    )


def _quality(w: _Words) -> Iterator[str]:
    made = w.made
    for each in made.quality:
        yield say(
            "{measured}: that weighs {weight}.",
            measured=measured(each, w.around),
            weight=percent(each.weight),
        )
    if not made.quality:
        return
    if made.scaled is not None:
        yield (
            say(
                "A gain counts in full from {full} of the quality, in proportion from "
                "{scaled}, and not at all below.",
                full=percent(made.full),
                scaled=percent(made.scaled),
            )
        )
    else:
        yield say(
            "A gain counts from {full} of the quality, and not at all below.",
            full=percent(made.full),
        )


def measured(each: Quality, around: Around) -> str:
    """A measure with its bound: `ED in four hours is at least 78`."""
    name = around.measures.get(each.measure, each.measure)
    bound = f"{float(each.bound):g}"
    return say(
        "{name} is at {if_most} {bound}",
        name=name,
        if_most=say("most") if each.most else say("least"),
        bound=bound,
    )


def _payments(w: _Words) -> Iterator[str]:
    for payment in w.made.payments:
        yield paid(payment, w)


def paid(payment: Payment, w: "_Words") -> str:
    """A line of payment as a sentence."""
    who = w.org(payment.organisation)
    what = say(" for {services}", services=w.services(payment.services)) if payment.services else ""
    by = say(" by {org}", org=w.org(payment.payer)) if payment.payer else ""
    if payment.way == of.BLOCK:
        said = say(
            "{who} is paid {amount} a year{by}{what}, whatever is done.",
            who=who,
            amount=w.money(payment.amount),
            by=by,
            what=what,
        )
    elif payment.way == of.EACH:
        said = say(
            "{who} is paid {price}{by} for each contact{with_}.",
            who=who,
            price=w.money(payment.price),
            by=by,
            with_=_with(what),
        )
    else:
        said = say(
            "{who} is paid {amount} a year{by}{what}, for a plan of {units} contacts; "
            "{above} of {price} for each contact above it, and {below} of it is given back "
            "for each below.",
            who=who,
            amount=w.money(payment.amount),
            by=by,
            what=what,
            units=f"{payment.units:,}",
            above=percent(payment.above),
            price=w.money(payment.price),
            below=percent(payment.below),
        )
    goals = w.around.goals
    return (
        say("{said} It serves: {goal}.", said=said, goal=goals.get(payment.goal, payment.goal))
        if payment.goal
        else said
    )


def _with(what: str) -> str:
    return say(" with{what}", what=what.removeprefix(" for")) if what else ""


def _passes(w: _Words) -> Iterator[str]:
    for each in w.made.passes:
        yield passed(each, w)


def passed(each: Pass, w: "_Words") -> str:
    """What is passed on, as a sentence."""
    what = say(" for {services}", services=w.services(each.services)) if each.services else ""
    much = (
        say("{price} for each contact{with_}", price=w.money(each.price), with_=_with(what))
        if each.share is None
        else say("{share} of what it is paid{what}", share=percent(each.share), what=what)
    )
    tail = f" {each.words.rstrip('.')}." if each.words else ""
    return say(
        "{org} passes on to {org2} {much}.{tail}",
        org=w.org(each.under),
        org2=w.org(each.organisation),
        much=much,
        tail=tail,
    )


def _gate(w: _Words) -> Iterator[str]:
    gate = w.made.gate
    if gate.cost_low is not None and gate.cost_high is not None:
        span = say(
            "from {cost_low} to {cost_high}",
            cost_low=w.money(gate.cost_low),
            cost_high=w.money(gate.cost_high),
        )
        costs = say("A year costs {span}.", span=span)
        yield listed([costs, gate.cost_words], " ") if gate.cost_words else costs
    if gate.price:
        yield say("The price: {price}", price=gate.price)
    if gate.tax:
        said = of.TAXES.get(gate.tax, gate.tax)
        yield f"{said[:1].upper()}{said[1:]}."
    if gate.guarantees:
        yield say("Guarantees: {guarantees}", guarantees=gate.guarantees)
    if gate.exit_months:
        yield f"It ends early with {gate.exit_months} months' notice. {gate.exit}".strip()


def _notes(w: _Words) -> Iterator[str]:
    if w.made.notes:
        yield w.made.notes


_PARTS = (
    (say("What it is"), _about), (say("Between"), _between), (say("What it is about"), _scope),
    (say("Goals and budget"), _goals), (say("Open books"), _open_book),
    (say("Target, gain and loss"), _target), (say("Quality"), _quality),
    (say("Payments"), _payments),
    (say("Subcontracts"), _passes), (say("Before it goes live"), _gate), (say("Notes"), _notes),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """A part that reads differently: what it said, what it says, which of it went and came."""

    title: str
    gone: tuple[str, ...]
    new: tuple[str, ...]
    same: int


def compared(was: list[Clause], now: list[Clause]) -> list[Changed]:
    """The parts in which two versions differ, sentence by sentence."""
    before, after = ({each.title: each.lines for each in some} for some in (was, now))
    found = []
    for title in dict.fromkeys([*before, *after]):
        old, new = before.get(title, ()), after.get(title, ())
        gone = tuple(line for line in old if line not in new)
        came = tuple(line for line in new if line not in old)
        if gone or came:
            found.append(Changed(title, gone, came, len(old) - len(gone)))
    return found
