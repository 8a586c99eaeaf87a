"""Money, positions, lines, fences and acts in words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from onesystem.budget.funds import fences as rules
from onesystem.budget.funds.acts import Act
from onesystem.budget.funds.fences import State
from onesystem.budget.funds.forecasting import SURE, TWIN, Forecast
from onesystem.budget.funds.shape import UNALLOTTED
from onesystem.budget.funds.standing import NOWHERE, Position
from onesystem.budget.months import Year
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import amid, begun, say, say_each
from onesystem.vocabulary.tables import Cell, Column

BY_WORDS = say_each({
    "programme": "Programme", "organisation": "Organisation", "setting": "Setting",
    "place": "Place", "fund": "Fund", "fence": "Ring fence", "goal": "Shared goal", "line": "Line",
})  # fmt: skip
METHOD_WORDS = {"run-rate": "Run-rate", "twin": "Twin"}
_NOWHERE = say_each(
    {"goal": "no shared goal", "place": "the whole district", "setting": "no one setting"}
)
_AMOUNT = re.compile(r"-?[£$€]?([0-9]{1,3}(,[0-9]{3})*|[0-9]+)(\.[0-9]{1,2})?")
_PASTED = str.maketrans({" ": "", "\u2060": "", "\u2212": "-"})  # as a page shows an amount
KIND_WORDS = say_each(
    {"contribute": "given", "allot": "allotted", "move": "moved", "undo": "taken back"}
)


def whole(minor: int, currency: str) -> str:
    """To the nearest whole unit, for tables that are looked over: £1,234,567."""
    near = (abs(minor) + 50) // 100 * 100
    return str(Money(-near if minor < 0 else near, currency))[:-3]


def exact(minor: int, currency: str) -> str:
    """To the penny."""
    return str(Money(minor, currency))


def cell(minor: int | None, currency: str, *, tag: str = "", href: str = "") -> Cell | str:
    """An amount in a table: whole units to read, to the penny in its title and in files."""
    if minor is None:
        return ""
    return Cell(
        whole(minor, currency), value=Decimal(minor).scaleb(-2), title=exact(minor, currency),
        tag=tag, href=href,
    )  # fmt: skip


def amount_in(text: str) -> int:
    """Minor units of what was typed or copied: 1234.56, 1,234, £1,234.56. Raises BadConfig."""
    said = text.strip().translate(_PASTED)
    if not _AMOUNT.fullmatch(said):
        raise BadConfig(say("{text} is no amount of money", text=repr(text)), "Write it as 1234.56")
    number = Decimal(re.sub(r"[£$€,]", "", said)) * 100
    return int(number)


def month_words(month: date) -> str:
    """A month as people say it."""
    return f"{month:%B %Y}"


def spread_words(forecast: Forecast | None, currency: str) -> str:
    """The interval of a forecast, in words."""
    if forecast is None or forecast.low is None or forecast.high is None:
        return ""
    return say(
        "{whole} to {whole2}",
        whole=whole(forecast.low, currency),
        whole2=whole(forecast.high, currency),
    )


def columns(by: str, *, contributed: bool, file: bool = False) -> tuple[Column, ...]:
    """The columns of a position; in a file the interval has columns of its own."""
    bounds = (
        (
            Column("low", f"Forecast, {SURE} from", right=True),
            Column("high", f"Forecast, {SURE} to", right=True),
        )
        if file
        else ()
    )
    given = (Column("contributed", "Contributed", right=True),) if contributed else ()
    first = (Column("name", BY_WORDS[by]),)
    second = () if by == "line" else (Column("lines", "Lines", right=True),)
    return (
        *first, *second, *given,
        Column("plan", "Plan of the year", right=True),
        Column("to_date", "Plan to date", right=True),
        Column("actual", "Actual to date", right=True),
        Column("committed", "Committed", right=True),
        Column("available", "Available", right=True),
        Column("forecast", "Forecast", right=True),
        *bounds,
        Column("variance", "Variance", right=True),
    )  # fmt: skip


def row(
    each: Position,
    name: Cell | str,
    by: str,
    currency: str,
    *,
    contributed: bool,
    file: bool = False,
) -> list[Any]:
    """A group as a line of the table."""
    over = each.variance is not None and each.variance < 0
    foreseen = each.forecast
    amount = cell(foreseen.amount if foreseen else None, currency)
    bounds = [cell(edge, currency) for edge in _edges(foreseen)] if file else []
    if not file and isinstance(amount, Cell):
        amount = replace(amount, note=spread_words(foreseen, currency))
    return [
        name,
        *([] if by == "line" else [each.of]),
        *([cell(each.contributed, currency)] if contributed else []),
        cell(each.plan, currency),
        cell(each.plan_to_date, currency),
        cell(each.actual, currency),
        cell(each.committed, currency),
        cell(each.available, currency, tag="bad" if each.available < 0 else ""),
        amount,
        *bounds,
        cell(each.variance, currency, tag="bad" if over else ""),
    ]


def _edges(forecast: Forecast | None) -> tuple[int | None, int | None]:
    return (forecast.low, forecast.high) if forecast else (None, None)


def named(key: str, by: str, names: Mapping[str, str]) -> str:
    """What a group is called."""
    if key == UNALLOTTED:
        return say("not allotted yet")
    if key in {"", NOWHERE}:
        return _NOWHERE.get(by, say("no {part}", part=amid(BY_WORDS[by])))
    return names.get(key, key)


def definitions(year: Year, month: date, method: str, currency: str) -> list[tuple[str, str]]:
    """What each figure means, for the page and the workbook."""
    by = say(
        "people that runs of the twin take in, times what a contact has cost in the last six months"
    )
    rate = say("the average of the months that are in, for each month ahead")
    return [
        (
            say("Year"),
            say(
                "{name}: {month_words} to {month_words2}",
                name=year.name,
                month_words=month_words(year.first),
                month_words2=month_words(year.last),
            ),
        ),
        (say("To date"), say("to the end of {month_words}", month_words=month_words(month))),
        (
            say("Money"),
            say(
                "{currency}; tables show whole units, files and titles say it to the penny",
                currency=currency,
            ),
        ),
        (say("Contributed"), say("what organisations gave to the funds this year")),
        (say("Plan"), say("the budget of the year on each line, as it stands after every move")),
        (say("Actual"), say("what is posted as spent in the ledger's actual book, to date")),
        (
            say("Committed"),
            say("promised and not yet drawn: reserved in the ledger's commitment book"),
        ),
        (say("Available"), say("plan of the year less committed less actual")),
        (
            say("Forecast"),
            say(
                "what the year comes to: spent so far, and {if_method}",
                if_method=by if method == TWIN else rate,
            ),
        ),
        (
            say("Interval"),
            say(
                "where {sure} of years would end if what is ahead varies as what has been",
                sure=SURE,
            ),
        ),
        (
            say("Variance"),
            say("plan of the year less forecast: below zero is more than was planned"),
        ),
    ]


def fence_row(state: State, currency: str) -> dict[str, Any]:
    """A fence in words."""
    fence = state.fence
    asks = say("at most") if fence.kind == rules.CEILING else say("at least")
    basis = {
        rules.AMOUNT: say("a fixed amount"),
        rules.CONTRIBUTED: say(
            "{fence} of what was contributed to {fund}", fence=_percent(fence), fund=fence.fund
        ),
        rules.SHARE: say("{fence} of the whole plan", fence=_percent(fence)),
        rules.LAST_YEAR: say("{fence} of what was spent there last year", fence=_percent(fence)),
    }[fence.basis]
    kept = (
        (say("kept"), "good")
        if not state.missed
        else (
            say("over by {amount}", amount=exact(state.missed, currency))
            if fence.kind == rules.CEILING
            else say("short by {amount}", amount=exact(state.missed, currency)),
            "bad",
        )
    )
    amount = exact(state.level, currency)
    return {
        "fence": fence, "kind": {"ring": say("Ring fence")}.get(fence.kind, begun(fence.kind)),
        "asks": say("{asks} {amount}", asks=asks, amount=amount), "basis": basis,
        "held": exact(state.held, currency), "kept": kept, "where": fence.where.words,
    }  # fmt: skip


def _percent(fence: rules.Fence) -> str:
    return f"{float(fence.share) * 100:g} %"


def act_row(act: Act, names: Mapping[str, str], currency: str, line: str = "") -> dict[str, Any]:
    """An act on the plan in words; of one line only what came to it or left it."""
    some = [t for t in act.transfers if not line or line in {t.source, t.to}]
    amount = sum(t.amount for t in some)
    lines = [
        " → ".join((_said(names, t.source, "contributed"), _said(names, t.to, "given back")))
        for t in some
    ]
    first, last = month_words(act.first), month_words(act.last)
    return {
        "act": act, "kind": KIND_WORDS[act.kind], "amount": exact(amount, currency),
        "lines": lines[:6], "more": max(0, len(lines) - 6), "at": from_micros(act.at),
        "months": first if first == last else say("{first} to {last}", first=first, last=last),
    }  # fmt: skip


def _said(names: Mapping[str, str], code: str, else_: str) -> str:
    return names.get(code, code) or else_


def options(pairs: Sequence[tuple[str, str]], first: str) -> list[tuple[str, str]]:
    """Choices of a select, with one for nothing before them."""
    return [("", first), *pairs]


def behind_rows(
    some: Sequence[Any], here: Any, *, exact: bool, months: str
) -> list[dict[str, Any]]:
    """Contacts behind a line by service. Of a few people, neither how many nor what they cost."""
    made = []
    for each in sorted(some, key=lambda b: -b.cost):
        hidden = not exact and 0 < each.contacts < here.suppress_below
        known = here.services.get(each.service)
        made.append(
            {
                "service": each.service,
                "name": known.name if known else each.service,
                "contacts": say("fewer than {suppress_below}", suppress_below=here.suppress_below)
                if hidden
                else f"{each.contacts:,}",
                "cost": "hidden" if hidden else whole(each.cost, here.currency),
                "each": ""
                if hidden or not each.contacts
                else money(each.cost // each.contacts, here.currency).text,
                "to": f"/budget/costs/services/{each.service}/?{months}",
            }
        )
    return made


def reconciled_rows(
    rows: Sequence[Any], contacts: Mapping[str, int], here: Any, names: Mapping[str, str],
    *, exact: bool,
) -> list[list[Any]]:  # fmt: skip
    """Costed contacts beside the ledger, a service a row; what is left over first."""
    made = []
    for each in sorted(rows, key=lambda r: (-abs(r.left), -r.minor)):
        known, many = here.services.get(each.service), contacts.get(each.service, 0)
        of_contacts = each.kind == "contacts"
        hidden = not exact and of_contacts and 0 < many < here.suppress_below
        left = money(each.left, here.currency, tag="warn") if each.left else "nothing"
        made.append(
            [
                known.name if known else each.service or say("no service"),
                say("contacts") if of_contacts else say("capacity that nobody used"),
                Cell(names.get(each.line, each.line), href=f"/budget/lines/{each.line}/")
                if each.line
                else "",
                (
                    say("fewer than {suppress_below}", suppress_below=here.suppress_below)
                    if hidden
                    else many
                )
                if of_contacts
                else "",
                "hidden" if hidden else money(each.minor, here.currency),
                "hidden" if hidden else money(each.posted, here.currency),
                "hidden" if hidden and each.left else left,
                each.why,
            ]
        )
    return made


def money(minor: int, currency: str, *, tag: str = "") -> Cell:
    """An amount to the penny in a table."""
    return Cell(exact(minor, currency), value=Decimal(minor).scaleb(-2), tag=tag)
