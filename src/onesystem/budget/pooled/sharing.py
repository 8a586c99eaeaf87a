"""Who pays when a pooled fund spends more than is in it, and who gets what is left. Pure.

The order is the agreement's; the usual one is that of the Better Care Fund agreements of English
councils under section 75: an overspend is covered from underspends of the pool first, then from
the risk pool, then from scheme money that nobody has committed, and only then by the partners,
pro rata to what they pay in, each up to its maximum. A *fixed* line is its owner's alone. Capital
and revenue never pay for each other. Every split sums exactly (largest remainder).

    pool of 100, schemes of 60 and 40; 66 and 38 spent; partners paid in 70 and 30
    the underspend of 2 covers 2 of the overspend of 6; the partners pay 2.80 and 1.20
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from onesystem.budget.pooled.agreement import LEFT, STEPS, Agreement
from onesystem.budget.pooled.outturn import CAPITAL, REVENUE, Outturn
from onesystem.vocabulary import UserError
from onesystem.vocabulary.money import Money

_RINGS = {REVENUE: ("minimum", "additional"), CAPITAL: ("capital",)}
SOURCE = "Agreement under section 75 of the NHS Act 2006, over- and underspends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the working: the rule, in words, by which clause, how much, of or to whom."""

    rule: str
    words: str
    source: str
    amount: int
    ring: str = REVENUE
    scheme: str = ""
    party: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOut:
    """What the sharing comes to. `pays` is by partner: what it pays on top, or gets where below 0.

    `uncovered` is the part that no partner agreed to carry; `carried` stays in the pool.
    """

    lines: tuple[Line, ...]
    pays: Mapping[str, int]
    variance: int
    carried: int
    uncovered: int

    @property
    def settled(self) -> bool:
        """Whether the agreement covers all of it."""
        return not self.uncovered


@dataclass(slots=True)
class _Working:
    agreement: Agreement
    ring: str
    lines: list[Line] = field(default_factory=list)
    pays: dict[str, int] = field(default_factory=dict)

    def say(self, rule: str, words: str, amount: int, *, scheme: str = "", party: str = "") -> None:
        self.lines.append(
            Line(
                rule=rule,
                words=words,
                source=SOURCE,
                amount=amount,
                ring=self.ring,
                scheme=scheme,
                party=party,
            )
        )

    def charge(self, party: str, amount: int) -> None:
        self.pays[party] = self.pays.get(party, 0) + amount

    def name(self, party: str) -> str:
        found = self.agreement.partner(party)
        return found.name if found else party


def share(agreement: Agreement, outturns: Sequence[Outturn]) -> ShareOut:
    """The sharing of a year, revenue and capital each by itself."""
    lines: list[Line] = []
    pays: dict[str, int] = {partner.code: 0 for partner in agreement.partners}
    outside: dict[str, int] = {}
    carried = uncovered = 0
    for ring in _RINGS:
        mine = [each for each in outturns if each.ring == ring]
        working = _Working(agreement, ring)
        more_carried, more_uncovered = _ring(working, mine, outside)
        lines += working.lines
        for party, amount in working.pays.items():
            pays[party] = pays.get(party, 0) + amount
        carried, uncovered = carried + more_carried, uncovered + more_uncovered
    variance = sum(each.spent - each.planned for each in outturns)
    return ShareOut(
        lines=tuple(lines), pays=pays, variance=variance, carried=carried, uncovered=uncovered
    )


def _ring(w: _Working, outturns: Sequence[Outturn], outside: dict[str, int]) -> tuple[int, int]:
    _fixed(w, outturns)
    shared = [each for each in outturns if not each.fixed]
    for each in shared:
        if each.over:
            w.say(
                "overspend", f"{each.name} spent more than its plan", each.over, scheme=each.scheme
            )
    short = sum(each.over for each in shared)
    free = {
        "underspends": {each.scheme: each.under for each in shared if each.under},
        "risk-pool": {"": w.agreement.risk_pool} if w.ring == REVENUE else {},
        "uncommitted": {each.scheme: each.uncommitted for each in shared if each.uncommitted},
    }
    names = {each.scheme: each.name for each in shared}
    rest = 0
    for step in w.agreement.order:
        short -= _cover(w, step, free[step], short, names)
        rest += sum(free[step].values())
    uncovered = _outside(w, short, outside) if short else 0
    carried = _left(w, rest) if rest else 0
    return carried, uncovered


def _fixed(w: _Working, outturns: Iterable[Outturn]) -> None:
    """A fixed line is its owner's: it pays what is over, and keeps what is under."""
    for each in outturns:
        if each.fixed and each.spent != each.planned:
            amount = each.spent - each.planned
            way = "carries what was spent over" if amount > 0 else "keeps what was not spent of"
            w.say(
                "fixed",
                f"{w.name(each.owner)} {way} {each.name}: its share is fixed",
                amount,
                scheme=each.scheme,
                party=each.owner,
            )
            w.charge(each.owner, amount)


def _cover(
    w: _Working, step: str, free: dict[str, int], short: int, names: Mapping[str, str]
) -> int:
    """Cover what is short from a step's money, from each in proportion to what it has."""
    there = sum(free.values())
    used = min(short, there)
    if not used:
        return 0
    for (scheme, had), part in zip(list(free.items()), _split(used, free.values()), strict=True):
        if part:
            of = "" if step == "risk-pool" else f"{names[scheme]}, "
            told = f"{STEPS[step]}: {of}{part / 100:,.2f} of {had / 100:,.2f}"
            w.say(step, told, -part, scheme=scheme)
        free[scheme] = had - part
    return used


def _outside(w: _Working, short: int, before: dict[str, int]) -> int:
    """The partners pay pro rata to what they pay in, each up to its maximum; what nobody pays."""
    weights = _weights(w)
    room = {code: _room(w, code, before) for code in weights}
    while short and weights:
        parts = dict(zip(weights, _split(short, weights.values()), strict=True))
        full = {code for code, part in parts.items() if _beyond(part, room[code])}
        for code in full or parts:
            part = room[code] or 0 if code in full else parts[code]
            top = ", its maximum" if code in full else ""
            if part:
                w.say(
                    "partners",
                    f"{w.name(code)} pays pro rata to what it pays in{top}",
                    part,
                    party=code,
                )
                w.charge(code, part)
                before[code] = before.get(code, 0) + part
            short -= part
        weights = {code: weights[code] for code in weights if full and code not in full}
    if short:
        w.say("uncovered", "No partner has agreed to carry this: the partners decide", short)
    return short


def _beyond(part: int, room: int | None) -> bool:
    return room is not None and part > room


def _room(w: _Working, code: str, before: Mapping[str, int]) -> int | None:
    """How much more a partner pays at most, after what it pays on top for the other ring."""
    partner = w.agreement.partner(code)
    if partner is None or partner.most is None:
        return None
    return max(0, partner.most - before.get(code, 0))


def _left(w: _Working, rest: int) -> int:
    """What is left: back to the partners pro rata, or kept for next year."""
    weights = _weights(w)
    if w.agreement.left == "carry" or not weights:
        w.say("carry", f"What is left {LEFT['carry']}", rest)
        return rest
    for code, part in zip(weights, _split(rest, weights.values()), strict=True):
        if part:
            w.say(
                "return", f"{w.name(code)} gets back pro rata to what it paid in", -part, party=code
            )
            w.charge(code, -part)
    return 0


def _weights(w: _Working) -> dict[str, int]:
    """What each partner pays into this ring, as money."""
    kinds = _RINGS[w.ring]
    paid: dict[str, int] = {}
    for each in w.agreement.contributions:
        if each.kind in kinds and each.amount > 0:
            paid[each.partner] = paid.get(each.partner, 0) + each.amount
    return paid


def _split(amount: int, weights: Iterable[int]) -> list[int]:
    return [part.minor for part in Money(amount, "GBP").split(list(weights))]


def require_settled(result: ShareOut) -> None:
    """Do nothing where the agreement covers all. Raises UserError, naming rule and cure."""
    if result.uncovered:
        raise UserError(
            f"{result.uncovered / 100:,.2f} of the overspend is beyond every partner's maximum",
            "Let the partners agree who carries it: raise a maximum, or let the host's line be "
            "fixed, and settle again",
        )
