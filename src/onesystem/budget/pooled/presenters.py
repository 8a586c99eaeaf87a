"""Pooled funds in words, colours and rows: what templates lay out."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from itertools import permutations
from typing import Any

from onesystem.budget.months import Year
from onesystem.budget.pooled import reading
from onesystem.budget.pooled.agreement import STEPS, TYPES, Agreement, Scheme
from onesystem.budget.pooled.phasing import phased
from onesystem.budget.pooled.queries import Position
from onesystem.budget.pooled.sharing import Line, ShareOut
from onesystem.district import current
from onesystem.vocabulary import Money
from onesystem.vocabulary.said import amid, say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

STEP_WORDS = say_each({
    "kept": "Agreement kept", "undone": "A change taken back", "settled": "Year settled",
    "reopened": "Year opened again",
})  # fmt: skip
RULES = {
    "fixed": say("Fixed line"),
    "overspend": say("Spent over"),
    **STEPS,
    "risk-pool": say("Risk pool"),
    "partners": say("Partners pay"),
    "return": say("Goes back"),
    "carry": say("Stays in the pool"),
    "uncovered": say("Nobody has agreed to carry it"),
}


def _in_turn(first: str, second: str) -> str:
    return say("{first}, then {second}", first=first, second=second)


ORDERS = [
    (",".join(order), reduce(_in_turn, (amid(STEPS[step]) for step in order)))
    for order in permutations(STEPS)
]


def money(minor: int | None) -> str:
    """An amount in the district's currency."""
    return "" if minor is None else str(Money(minor, current().currency))


def amount(minor: int | None, href: str = "") -> Cell:
    """The same as a cell that sorts and exports as a number."""
    return Cell(money(minor), value=None if minor is None else minor / 100, href=href)


def schemes(position: Position, query: Any, base: str) -> Listing:
    """The schemes with their money, and what is left of it."""
    a = position.agreement
    rows = []
    for s in a.schemes:
        in_kind = s not in a.cash_schemes
        spent = position.books.spent_on(s.code)
        state, kind = _state(s.amount, spent)
        rows.append([
            Cell(s.name, href=f"{base}schemes/{s.code}/"), TYPES[s.type],
            organisation(s.provider), amount(s.amount),
            "" if in_kind else amount(spent), "" if in_kind else amount(s.amount - spent),
            "" if in_kind else Cell(state, tag=kind),
        ])  # fmt: skip
    return Listing(
        caption="Schemes", columns=SCHEME_COLUMNS, all_rows=rows, query=query,
        empty_title="No scheme yet",
        empty_advice="Edit the agreement and say what the money is for.",
    )  # fmt: skip


SCHEME_COLUMNS = (
    Column("name", "Scheme"), Column("type", "Type"), Column("provider", "Provider"),
    Column("planned", "Plan", right=True),
    Column("spent", "Spent", right=True), Column("left", "Left", right=True),
    Column("state", "State"),
)  # fmt: skip


def _state(planned: int, spent: int) -> tuple[str, str]:
    if spent > planned:
        return say("over"), "bad"
    return (say("all spent"), "warn") if planned and spent == planned else (say("within"), "good")


def partner(a: Agreement, code: str) -> str:
    """A partner's name."""
    found = a.partner(code)
    return found.name if found else code


def organisation(code: str) -> str:
    """An organisation's name."""
    found = current().organisations.get(code)
    return found.name if found else code


def working(result: ShareOut, a: Agreement, query: Any = None) -> Listing:
    """The working of a share-out, line by line."""
    return Listing(
        caption="Working", columns=WORKING_COLUMNS, query=query or {},
        all_rows=[_line(number, line, a) for number, line in enumerate(result.lines, 1)],
        empty_title="Every scheme came out as planned",
        empty_advice="There is nothing to share.",
    )  # fmt: skip


WORKING_COLUMNS = (
    Column("line", "Line", right=True, sorts=False), Column("rule", "Rule", sorts=False),
    Column("words", "What it says", sorts=False), Column("ring", "Money", sorts=False),
    Column("scheme", "Scheme", sorts=False), Column("party", "Partner", sorts=False),
    Column("amount", "Amount", right=True, sorts=False),
    Column("source", "Source", sorts=False),
)  # fmt: skip


def _line(number: int, line: Line, a: Agreement) -> list[Any]:
    found = a.scheme(line.scheme)
    return [
        number, RULES[line.rule], line.words, line.ring, found.name if found else "",
        partner(a, line.party) if line.party else "", amount(line.amount), line.source,
    ]  # fmt: skip


def pays(result: ShareOut, a: Agreement) -> list[tuple[str, str, str]]:
    """What each partner pays on top or gets back: name, words, amount."""
    made = []
    for each in a.partners:
        owed = result.pays.get(each.code, 0)
        words = (
            say("pays on top")
            if owed > 0
            else say("gets back")
            if owed < 0
            else say("pays nothing more")
        )
        made.append((each.name, words, money(abs(owed))))
    return made


def changed(before: Agreement | None, after: Agreement) -> list[str]:
    """What a step changed, in a few words each."""
    if before is None:
        return [say("The agreement was begun")]
    said = [*_changed("Contribution", before.contributions, after.contributions),
            *_changed("Scheme", before.schemes, after.schemes)]  # fmt: skip
    told = say_each({"partners": "Partners", "risk_pool": "Risk pool", "targets": "Targets",
            "order": "Order of sharing", "left": "What is left at the end", "name": "Name",
            "board": "Board", "signed": "Date of the agreement", "host": "Host",
            "minimum_social_care": "Minimum for social care", "words": "Notes",
            "minimum_out_of_hospital": "Minimum out of hospital"})  # fmt: skip
    said += [words for name, words in told.items() if getattr(before, name) != getattr(after, name)]
    return said or [say("Nothing")]


def _changed(kind: str, was: Sequence[Any], now: Sequence[Any]) -> Iterable[str]:
    old, new = {x.code: x for x in was}, {x.code: x for x in now}
    for code in [*old, *(c for c in new if c not in old)]:
        one, other = old.get(code), new.get(code)
        words = getattr(other or one, "name", "") or (other or one).words or code
        if one is None:
            yield say(
                "{kind} added: {words}, {amount}",
                kind=kind,
                words=words,
                amount=money(other.amount),
            )
        elif other is None:
            yield say(
                "{kind} taken away: {words}, {amount}",
                kind=kind,
                words=words,
                amount=money(one.amount),
            )
        elif one.amount != other.amount:
            yield say(
                "{words}: {amount} became {amount2}",
                words=words,
                amount=money(one.amount),
                amount2=money(other.amount),
            )
        elif one != other:
            yield say("{words}: changed", words=words)


def history(steps: Sequence[reading.Step]) -> list[dict[str, Any]]:
    """The steps of a year with what each changed, the newest first."""
    from onesystem.budget.pooled import codec

    made, before = [], None
    for step in steps:
        what: list[str] = []
        if step.kind in ("kept", "undone"):
            after = codec.read(step.body)
            what, before = changed(before, after), after
        made.append({"step": step, "title": STEP_WORDS[step.kind], "what": what})
    return made[::-1]


def planned(scheme: Scheme, year: Year) -> list[tuple[date, int]]:
    """A scheme's plan, month by month."""
    amounts = phased(scheme.amount, scheme.phasing, year)
    return [(month, amounts.get(month, 0)) for month in year.months]


def service(code: str) -> str:
    """A service's name."""
    found = current().services.get(code)
    return found.name if found else code
