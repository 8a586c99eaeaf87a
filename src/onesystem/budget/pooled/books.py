"""A pooled fund in the ledger: its plan follows its agreement, its money in and out is posted.

The fund, its lines and goals are kept by `funds`; they follow from the agreement, so they are
opened by a job on behalf of whoever kept it. Nothing else of this part touches the ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from onesystem.access import Actor
from onesystem.budget.funds import reading as funds
from onesystem.budget.funds import setting_up
from onesystem.budget.funds.rows import FundRow, GoalRow, LineRow
from onesystem.budget.funds.shape import UNALLOTTED, Line
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger import queries as entries
from onesystem.budget.ledger.entry import ACTUAL, PLAN, Leg, Posting
from onesystem.budget.months import Year
from onesystem.budget.pooled.agreement import TYPES, Agreement, Scheme
from onesystem.budget.pooled.plan import FREE, RISK_POOL, moves
from onesystem.budget.pooled.sharing import ShareOut
from onesystem.vocabulary.said import say

_JOB = "pooled funds"
_WORDS = say("A pooled fund under section 75 of the NHS Act 2006")


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the ledger says of a year of a fund, by month: whole minor units."""

    spent: Mapping[str, Mapping[date, int]] = field(default_factory=dict)  # by scheme
    received: Mapping[str, Mapping[date, int]] = field(default_factory=dict)  # by contribution
    budget: Mapping[str, int] = field(default_factory=dict)  # by scheme, whole year

    def spent_on(self, scheme: str, months: Iterable[date] | None = None) -> int:
        """What was spent on a scheme, in all or in some months."""
        return _sum(self.spent.get(scheme, {}), months)

    def received_of(self, contribution: str, months: Iterable[date] | None = None) -> int:
        """What came in of a contribution."""
        return _sum(self.received.get(contribution, {}), months)


def _sum(by_month: Mapping[date, int], months: Iterable[date] | None) -> int:
    return sum(by_month.values() if months is None else (by_month.get(m, 0) for m in months))


def line_of(fund: str, scheme: str) -> str:
    """The code of the line of a scheme, of the risk pool, or of what is in no scheme."""
    return f"{fund}.{UNALLOTTED if scheme == FREE else scheme}"


def scheme_of(fund: str, line: str) -> str:
    """The scheme of a line's code."""
    code = line.removeprefix(f"{fund}.")
    return FREE if code == UNALLOTTED else code


def follow(before: Agreement | None, after: Agreement, *, key: str, by: Actor) -> list[int]:
    """Let the plan in the ledger be the agreement's; gives the postings that it took."""
    _open(after)
    closed = [month.month for month in entries.months() if month.closed]
    made = []
    for move in moves(before, after, closed):
        legs = [
            Leg(
                account, amount, fund=after.fund, contract=f"pooled-{after.fund}",
                line=line_of(after.fund, scheme) if scheme else "",
                organisation=_payer(after, before, paid) if paid else "", decision=paid,
            )
            for (account, scheme, paid), amount in move.amounts.items()
        ]  # fmt: skip
        words = say("{name}, {year}: as agreed", name=after.name, year=after.year)
        made.append(
            Posting(PLAN, move.month, tuple(legs), words, f"{key}:{move.month:%Y-%m}",
                    f"pooled:{after.fund}:{after.year}")
        )  # fmt: skip
    return ledger.post_many(made, by=by)


def _payer(after: Agreement, before: Agreement | None, paid: str) -> str:
    found = after.contribution(paid) or (before and before.contribution(paid))
    return found.partner if found else ""


def _open(a: Agreement) -> None:
    """Open the fund, its lines and goals, or say them anew where they changed."""
    job, year = Actor.job(_JOB), Year.of(a.year)
    fund = FundRow.objects.filter(code=a.fund).first()
    if fund is None:
        setting_up.open_fund(code=a.fund, name=a.name, since=year.first, by=job, words=_WORDS)
    elif fund.since > year.first:
        kept = funds.fund(a.fund)
        setting_up.open_fund(code=a.fund, name=kept.name, since=year.first, by=job,
                             words=kept.words, seen=kept.number)  # fmt: skip
    _line(a.fund, RISK_POOL, say("Risk pool"), say("risk pool"), "", "", job)
    for scheme in a.cash_schemes:
        goal = f"{a.fund}.{scheme.code}"
        _goal(goal, scheme, job)
        _line(a.fund, scheme.code, scheme.name, TYPES[scheme.type], scheme.provider, goal, job)


def _goal(code: str, scheme: Scheme, job: Actor) -> None:
    row = GoalRow.objects.filter(code=code).first()
    if row is None or (row.words, row.measure) != (scheme.goal[:300], scheme.measure):
        setting_up.set_goal(code=code, words=scheme.goal[:300], measure=scheme.measure, by=job,
                            seen=row.number if row else 0)  # fmt: skip


def _line(
    fund: str, code: str, name: str, programme: str, organisation: str, goal: str, job: Actor
) -> None:
    made = Line(code=line_of(fund, code), name=name, fund=fund, programme=programme,
                organisation=organisation, goal=goal)  # fmt: skip
    row = LineRow.objects.filter(code=made.code).first()
    if row is None or (row.name, row.programme, row.organisation, row.goal) != (
        name, made.programme, organisation, goal,
    ):  # fmt: skip
        setting_up.open_line(line=made, by=job, seen=row.number if row else 0)


def receive(
    a: Agreement, contribution: str, *, month: date, amount: int, words: str, by: Actor, key: str
) -> int:
    """Money of a contribution came in."""
    paid = a.contribution(contribution)
    to = {"fund": a.fund, "contract": f"pooled-{a.fund}", "decision": contribution}
    legs = (
        Leg("cash", amount, organisation=a.host, **to),
        Leg("received", -amount, organisation=paid.partner if paid else "", **to),
    )
    return ledger.post(book=ACTUAL, month=month, legs=legs, words=words, by=by, key=key,
                       cause=f"pooled:{a.fund}:{a.year}")  # fmt: skip


def spend(
    a: Agreement, scheme: Scheme, *, month: date, amount: int, words: str, by: Actor, key: str
) -> int:
    """Money of a scheme was spent, and is owed to its provider."""
    to = {"line": line_of(a.fund, scheme.code), "fund": a.fund, "contract": f"pooled-{a.fund}",
          "organisation": scheme.provider}  # fmt: skip
    legs = (Leg("spent", amount, **to), Leg("owed", -amount, **to))
    return ledger.post(book=ACTUAL, month=month, legs=legs, words=words, by=by, key=key,
                       cause=f"pooled:{a.fund}:{a.year}")  # fmt: skip


def costed(a: Agreement, scheme: Scheme, month: date) -> list[tuple[str, str, str, int]]:
    """What contacts of a scheme's services cost in a month, as it stands on lines of other funds:
    (service, line, fund, amount).
    """
    if not scheme.services:
        return []
    rows = entries.balances(
        ("service", "line", "fund"), book=ACTUAL, account="spent", month_from=month,
        month_to=month, service=list(scheme.services),
    )  # fmt: skip
    return [(r["service"], r["line"], r["fund"], r["amount"]) for r in rows
            if r["fund"] != a.fund and r["amount"] > 0]  # fmt: skip


def recharged(a: Agreement, scheme: Scheme, month: date) -> dict[tuple[str, str], int]:
    """What the pool has paid of it already, by service and the line that it was taken from."""
    if not scheme.services:
        return {}
    rows = entries.balances(
        ("service", "line"), book=ACTUAL, account="spent", month_from=month, month_to=month,
        service=list(scheme.services), contract=f"pooled-{a.fund}",
    )  # fmt: skip
    own = line_of(a.fund, scheme.code)
    return {(r["service"], r["line"]): -r["amount"] for r in rows if r["line"] != own}


def recharge(
    a: Agreement, scheme: Scheme, month: date, parts: Iterable[tuple[str, str, str, int]], *,
    by: Actor, key: str,
) -> int:  # fmt: skip
    """Let the pool pay its part: what is spent on other lines is spent on the scheme's instead."""
    legs = []
    for service, line, fund, amount in parts:
        about = {"service": service, "organisation": scheme.provider,
                 "contract": f"pooled-{a.fund}"}  # fmt: skip
        legs += [
            Leg("spent", amount, line=line_of(a.fund, scheme.code), fund=a.fund, **about),
            Leg("spent", -amount, line=line, fund=fund, **about),
        ]
    words = say(
        "{name}: {share} per cent of what its services' contacts cost",
        name=scheme.name,
        share=scheme.share,
    )
    return ledger.post(book=ACTUAL, month=month, legs=legs, words=words, by=by, key=key,
                       cause=f"pooled:{a.fund}:{a.year}")  # fmt: skip


def settle(a: Agreement, result: ShareOut, *, key: str, by: Actor) -> list[int]:
    """Post who pays on top and who gets back, in March or the first open month after it."""
    month = Year.of(a.year).months[-1]
    first = entries.first_open()
    month = max(month, first) if first else month
    to = {"fund": a.fund, "contract": f"pooled-{a.fund}"}
    made = [
        Posting(
            ACTUAL, month,
            (Leg("cash", amount, organisation=a.host, **to),
             Leg("shared", -amount, organisation=code, **to)),
            f"{a.name}, {a.year}: " + ("pays its share of what was spent over" if amount > 0
                                       else "gets back its share of what was left"),
            f"{key}:{code}", f"pooled:{a.fund}:{a.year}",
        )
        for code, amount in sorted(result.pays.items()) if amount
    ]  # fmt: skip
    return ledger.post_many(made, by=by)


def read(fund: str, year: Year) -> Books:
    """What the ledger says of a year of a fund."""
    span = {"month_from": year.first, "month_to": year.months[-1], "fund": fund}
    spent: dict[str, dict[date, int]] = defaultdict(dict)
    for row in entries.balances(("line", "month"), book=ACTUAL, account="spent", **span):
        spent[scheme_of(fund, row["line"])][row["month"]] = row["amount"]
    received: dict[str, dict[date, int]] = defaultdict(dict)
    for row in entries.balances(("decision", "month"), book=ACTUAL, account="received", **span):
        received[row["decision"]][row["month"]] = -row["amount"]
    budget = {
        scheme_of(fund, row["line"]): row["amount"]
        for row in entries.balances(("line",), book=PLAN, account="budget", **span)
    }
    return Books(spent=spent, received=received, budget=budget)
