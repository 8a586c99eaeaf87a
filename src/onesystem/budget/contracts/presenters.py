"""Contracts in words, colours and links: the list, what stands, settlements line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts import queries, settling
from onesystem.budget.contracts.queries import Contract, Settled, Version
from onesystem.budget.contracts.rows import SettledLine, SettlementRow
from onesystem.budget.contracts.scoping import Around
from onesystem.budget.months import later
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say, say_date, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

SHORT = say_each({of.ALLIANCE: "Alliance", of.DIRECT: "Direct", of.PRIME: "Prime contractor"})
STATES = {
    "live": (say("in force"), "good"), "ahead": (say("signed, begins later"), "info"),
    "ended": (say("ended"), "quiet"), "draft": (say("being written"), "warn"),
    "signing": (say("being signed"), "warn"), "signed": (say("signed, not published"), "warn"),
    "published": (say("published"), "good"), "withdrawn": (say("withdrawn"), "quiet"),
}  # fmt: skip
SETTLED = {
    "draft": (say("draft"), "warn"),
    "signed": (say("signed by all"), "info"),
    "posted": (say("posted"), "good"),
    "reversed": (say("reversed"), "quiet"),
    "withdrawn": (say("withdrawn"), "quiet"),
}


def money(minor: int, currency: str) -> str:
    """An amount with its pence."""
    return str(Money(minor, currency))


def state_of(contract: Contract, day: date) -> str:
    """How a contract stands on a day: in force before anything that is being written."""
    if contract.in_force(day):
        return "live"
    published = [each for each in contract.versions if each.state == "published"]
    if any(each.row.since > day for each in published):
        return "ahead"
    if contract.open:
        return contract.open.state
    return "ended" if published else "withdrawn"


def version_state(version: Version, day: date) -> str:
    """How a version stands on a day."""
    if version.state != "published":
        return version.state
    if version.row.since > day:
        return "ahead"
    return "live" if version.agreement.on(day) else "ended"


COLUMNS = (
    Column("name", "Contract"), Column("kind", "Kind"), Column("state", "State"),
    Column("until", "Until"), Column("between", "Between", sorts=False),
    Column("settled", "Settled so far", right=True), Column("goal", "Shared goal"),
)  # fmt: skip


def listing(
    found: Sequence[Contract], around: Around, day: date, currency: str, query: Mapping[str, str]
) -> Listing:
    """The contracts as a table."""
    return Listing(
        caption="Contracts", columns=COLUMNS, query=query, default_sort="name",
        all_rows=[_row(each, around, day, currency) for each in found],
        empty_title="No contract fits",
        empty_advice="Change the search, or write a contract with the button above.",
    )  # fmt: skip


def _row(contract: Contract, around: Around, day: date, currency: str) -> list[Any]:
    shown = contract.in_force(day) or contract.last
    made = shown.agreement
    words, kind = STATES[state_of(contract, day)]
    settled = queries.money(contract.slug)
    goals = ", ".join(around.goals.get(goal, goal) for goal in made.goals)
    return [
        Cell(contract.name, href=reverse("contracts:contract", args=[contract.slug])),
        SHORT.get(made.kind, made.kind), Cell(words, tag=kind),
        Cell(f"{made.until:%-d %b %Y}", value=made.until.isoformat()),
        "; ".join(around.organisations.get(p.organisation, p.organisation) for p in made.parties),
        Cell(money(settled, currency) if settled else "", value=settled),
        Cell(goals) if goals else Cell(say("no goal"), tag="warn"),
    ]  # fmt: skip


def fits(contract: Contract, around: Around, day: date, query: Mapping[str, str]) -> bool:
    """Whether a contract fits what is searched for: words, state, kind, goal."""
    shown = contract.in_force(day) or contract.last
    made, words = shown.agreement, query.get("q", "").casefold().split()
    names = [around.organisations.get(p.organisation, "") for p in made.parties]
    text = " ".join((contract.name, made.words, made.notes, *names)).casefold()
    goal = query.get("goal", "")
    return (
        all(word in text for word in words)
        and query.get("state", "") in {"", state_of(contract, day)}
        and query.get("kind", "") in {"", made.kind}
        and (not goal or (goal == "none" and not made.goals) or goal in made.goals)
    )


def settlement_state(row: SettlementRow) -> tuple[str, str]:
    """How a settlement stands, in a word and a colour."""
    return SETTLED["reversed" if row.reversed_by else row.state]


def period(since: date, until: date) -> str:
    """Months in words; `until` is no longer in them."""
    last = later(until, -1)
    if (since.year, since.month) == (last.year, last.month):
        return f"{since:%B %Y}"
    return say("{since} to {last}", since=say_date(since, "%B %Y"), last=say_date(last, "%B %Y"))


@dataclass(frozen=True, slots=True)
class Step:
    """Some lines of the working under one rule, and what they come to for whom."""

    rule: str
    lines: tuple[Mapping[str, Any], ...]


def steps(one: Settled, around: Around, currency: str) -> list[Step]:
    """The working, rule by rule, in its order."""
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for line in one.lines:
        if not found or found[-1][0] != line.rule:
            found.append((line.rule, []))
        found[-1][1].append(_line(one, line, around, currency))
    return [Step(_rule(rule, around), tuple(lines)) for rule, lines in found]


def _rule(rule: str, around: Around) -> str:
    head, _, tail = rule.partition(": ")
    said = f"{head}: {around.organisations.get(tail, tail)}" if tail else head
    return said[:1].upper() + said[1:]


def _line(one: Settled, line: SettledLine, around: Around, currency: str) -> dict[str, Any]:
    party = "" if line.party.startswith("pot:") else line.party
    return {
        "words": line.words[:1].upper() + line.words[1:], "source": line.source,
        "amount": money(line.amount, currency), "minus": line.amount < 0,
        "party": say("All members together") if line.party and not party
        else around.organisations.get(party, party),
        "fact": reverse("contracts:fact", args=[one.row.contract, one.row.settlement, line.fact])
        if line.fact else "",
    }  # fmt: skip


def lines_listing(one: Settled, around: Around, query: Mapping[str, str], currency: str) -> Listing:
    """The working as a table that leaves as a file."""
    columns = (
        Column("nth", "Line", right=True), Column("rule", "Rule"), Column("words", "Working"),
        Column("source", "Source"), Column("party", "To"),
        Column("amount", "Amount", right=True, unit=currency),
    )  # fmt: skip
    return Listing(
        caption=f"Settlement {one.row.settlement}", columns=columns, query=query, per_page=10_000,
        all_rows=[
            [line.nth + 1, line.rule, line.words, line.source,
             around.organisations.get(line.party, line.party),
             Cell(money(line.amount, currency), value=line.amount / 100)]
            for line in one.lines
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a party has of a settlement: its cost, what is due to it, gain or loss, balance."""

    party: str
    name: str
    cost: int | None
    due: int
    balance: int

    @property
    def gain(self) -> int | None:
        """What is due to it less what its services cost; None where that is not asked."""
        return None if self.cost is None else self.due - self.cost


def results(one: Settled, around: Around) -> list[Result]:
    """Winners and losers: each party with what it has, those who pay last."""
    spent = cost_by_party(one.kept, around)
    paying = {one.kept["terms"]["payer"]}
    found = [
        Result(
            party=party, name=around.organisations.get(party, party),
            cost=None if party in paying else spent.get(party),
            due=due, balance=one.balance.get(party, 0),
        )
        for party, due in one.due.items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.party in paying)


def cost_by_party(kept: Mapping[str, Any], around: Around) -> dict[str, int]:
    """What the services that money moves for cost whoever runs them."""
    seen: dict[tuple[str, str, str], tuple[str, int]] = {}
    for origin in kept["origins"]:
        if origin["kind"] != "costs":
            continue
        for part in origin["parts"]:
            service = around.services.get(part["service"])
            if service is not None:
                key = (part["service"], part["month"], part["basis"])
                seen[key] = (service.organisation, part["minor"])
    found: dict[str, int] = {}
    for organisation, minor in seen.values():
        found[organisation] = found.get(organisation, 0) + minor
    return found


def bars(found: Sequence[Result]) -> list[dict[str, Any]]:
    """Gain and loss as bars about a middle line, in hundredths of half the width."""
    known = [each for each in found if each.gain is not None]
    most = max((abs(each.gain or 0) for each in known), default=0) or 1
    made = []
    for each in known:
        wide = round(100 * abs(each.gain or 0) / most, 2)
        made.append({"name": each.name, "gain": each.gain, "wide": wide,
                     "left": 100 - wide if (each.gain or 0) < 0 else 100})  # fmt: skip
    return made


def signed_by(one: Settled, slug: str, around: Around) -> dict[str, Any]:
    """Who has signed a settlement and who has not."""
    return {
        "signed": [(around.organisations.get(s.party, s.party), s.signatory)
                   for s in one.signatures],
        "unsigned": [(code, around.organisations.get(code, code))
                     for code in settling.unsigned(slug, one)],
    }  # fmt: skip
