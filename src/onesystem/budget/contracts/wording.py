"""An agreement in sentences, as the parties would read them aloud. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.agreement import Agreement, Pass, Payment, Quality, Slice
from onesystem.budget.contracts.checks import percent
from onesystem.budget.contracts.scoping import Around, services_in
from onesystem.vocabulary.money import Money


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
        return listed([known.get(code, code) for code in codes])

    def services(self, codes: tuple[str, ...]) -> str:
        """Services in words."""
        return self.names(codes, {c: s.name for c, s in self.around.services.items()})


def listed(names: list[str]) -> str:
    """`A, B and C`; names with commas in them stand apart by semicolons."""
    comma = "; " if any("," in name for name in names) else ", "
    return names[0] if len(names) == 1 else f"{comma.join(names[:-1])} and {names[-1]}"


def _about(w: _Words) -> Iterator[str]:
    made = w.made
    yield f"{of.KINDS.get(made.kind, made.kind)}."
    yield f"It is in force from {made.since:%-d %B %Y} until {made.until:%-d %B %Y}."
    if made.words:
        yield made.words


def _between(w: _Words) -> Iterator[str]:
    for party in w.made.parties:
        share = ""
        if party.role == of.MEMBER:
            share = f", with {percent(party.share)} of what the members gain and lose"
        elif party in w.made.contributions:
            share = f" {percent(party.share)} of what the funders pay together"
        yield f"{w.org(party.organisation)} {of.ROLES.get(party.role, party.role)}{share}."


def population(scope: of.Scope, around: Around) -> str:
    """Whose contacts count, in words."""
    ages = {
        (True, True): f"people from {scope.from_age} to under {scope.below_age}",
        (True, False): f"people of {scope.from_age} and over",
        (False, True): f"people under {scope.below_age}", (False, False): "people",
    }[bool(scope.from_age), bool(scope.below_age)]  # fmt: skip
    names = [around.practices.get(code, code) for code in scope.practices]
    return f"{ages} registered with {listed(names)}" if names else ages


def _scope(w: _Words) -> Iterator[str]:
    scope = w.made.scope
    if scope.services:
        yield f"It is about {w.services(scope.services)}."
    else:
        if scope.settings:
            yield f"It is about every service of the kinds {listed(list(scope.settings))}."
        if scope.organisations:
            yield f"It is about services of {w.names(scope.organisations, w.around.organisations)}."
        if scope.places:
            yield f"It is about services at {w.names(scope.places, w.around.places)}."
    if inside := services_in(scope, w.around.services):
        yield f"{len(inside)} {'service is' if len(inside) == 1 else 'services are'} in its scope."
    if scope.whom:
        yield f"It is for {scope.whom.rstrip('.')}."
    if scope.limited:
        yield f"What counts is contacts of {population(scope, w.around)}."


def _goals(w: _Words) -> Iterator[str]:
    if w.made.goals:
        yield f"It serves the shared goal: {w.names(w.made.goals, w.around.goals)}."
    if w.made.line:
        yield f"It is paid from the budget line {w.around.lines.get(w.made.line, w.made.line)}."


def _open_book(w: _Words) -> Iterator[str]:
    made = w.made
    if made.kind == of.ALLIANCE and made.reimbursed:
        yield "Each member is paid what its services in scope cost, by its open books."
    if made.open_book:
        yield made.open_book


def _target(w: _Words) -> Iterator[str]:
    made = w.made
    if made.kind != of.ALLIANCE:
        return
    yield f"The target cost of the services in scope is {w.money(made.target)} a year."
    if made.threshold:
        yield (
            f"Nothing is shared within {percent(made.threshold)} of the target; beyond it, "
            + ("from the first penny." if made.first else "only what lies beyond.")
        )
    for each in sorted(made.slices, key=lambda s: (s.side != of.UNDER, s.low)):
        yield _slice(each)
    if made.cap is not None:
        yield f"Together they gain {percent(made.cap)} of the target at most."
    if made.collar is not None:
        yield f"Together they lose {percent(made.collar)} of the target at most."


def _slice(each: Slice) -> str:
    said = "gain" if each.side == of.UNDER else "bear"
    if each.high is None and not each.low:
        return f"Of all that lies {each.side} the target, the members {said} {percent(each.share)}."
    if each.high is None:
        where = f"beyond {percent(each.low)} {each.side} the target"
    else:
        where = f"from {percent(each.low)} to {percent(each.high)} {each.side} the target"
    return f"Of what lies {where}, the members {said} {percent(each.share)}."


def _quality(w: _Words) -> Iterator[str]:
    made = w.made
    for each in made.quality:
        yield f"{measured(each, w.around)}: that weighs {percent(each.weight)}."
    if not made.quality:
        return
    if made.scaled is not None:
        yield (
            f"A gain counts in full from {percent(made.full)} of the quality, in proportion from"
            f" {percent(made.scaled)}, and not at all below."
        )
    else:
        yield f"A gain counts from {percent(made.full)} of the quality, and not at all below."


def measured(each: Quality, around: Around) -> str:
    """A measure with its bound: `ED in four hours is at least 78`."""
    name = around.measures.get(each.measure, each.measure)
    bound = f"{float(each.bound):g}"
    return f"{name} is at {'most' if each.most else 'least'} {bound}"


def _payments(w: _Words) -> Iterator[str]:
    for payment in w.made.payments:
        yield paid(payment, w)


def paid(payment: Payment, w: "_Words") -> str:
    """A line of payment as a sentence."""
    who = w.org(payment.organisation)
    what = f" for {w.services(payment.services)}" if payment.services else ""
    by = f" by {w.org(payment.payer)}" if payment.payer else ""
    if payment.way == of.BLOCK:
        said = f"{who} is paid {w.money(payment.amount)} a year{by}{what}, whatever is done."
    elif payment.way == of.EACH:
        said = f"{who} is paid {w.money(payment.price)}{by} for each contact{_with(what)}."
    else:
        said = (
            f"{who} is paid {w.money(payment.amount)} a year{by}{what}, for a plan of"
            f" {payment.units:,} contacts; {percent(payment.above)} of {w.money(payment.price)} for"
            f" each contact above it, and {percent(payment.below)} of it is given back for each"
            " below."
        )
    goals = w.around.goals
    return f"{said} It serves: {goals.get(payment.goal, payment.goal)}." if payment.goal else said


def _with(what: str) -> str:
    return f" with{what.removeprefix(' for')}" if what else ""


def _passes(w: _Words) -> Iterator[str]:
    for each in w.made.passes:
        yield passed(each, w)


def passed(each: Pass, w: "_Words") -> str:
    """What is passed on, as a sentence."""
    what = f" for {w.services(each.services)}" if each.services else ""
    much = (
        f"{w.money(each.price)} for each contact{_with(what)}"
        if each.share is None
        else f"{percent(each.share)} of what it is paid{what}"
    )
    tail = f" {each.words.rstrip('.')}." if each.words else ""
    return f"{w.org(each.under)} passes on to {w.org(each.organisation)} {much}.{tail}"


def _gate(w: _Words) -> Iterator[str]:
    gate = w.made.gate
    if gate.cost_low is not None and gate.cost_high is not None:
        span = f"from {w.money(gate.cost_low)} to {w.money(gate.cost_high)}"
        yield f"A year costs {span}. {gate.cost_words}".strip()
    if gate.price:
        yield f"The price: {gate.price}"
    if gate.tax:
        said = of.TAXES.get(gate.tax, gate.tax)
        yield f"{said[:1].upper()}{said[1:]}."
    if gate.guarantees:
        yield f"Guarantees: {gate.guarantees}"
    if gate.exit_months:
        yield f"It ends early with {gate.exit_months} months' notice. {gate.exit}".strip()


def _notes(w: _Words) -> Iterator[str]:
    if w.made.notes:
        yield w.made.notes


_PARTS = (
    ("What it is", _about), ("Between", _between), ("What it is about", _scope),
    ("Goals and budget", _goals), ("Open books", _open_book),
    ("Target, gain and loss", _target), ("Quality", _quality), ("Payments", _payments),
    ("Subcontracts", _passes), ("Before it goes live", _gate), ("Notes", _notes),
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
