"""What a stress came to, party by party, as a table: today, then, and the difference."""

from collections.abc import Mapping
from typing import Any

from onesystem.budget.contracts.scoping import Around
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

COLUMNS = (
    Column("party", "Party"), Column("cost", "Its services cost, then", right=True),
    Column("due", "It is paid, then", right=True), Column("today", "Gain today", right=True),
    Column("then", "Gain then", right=True),
    Column("difference", "Difference (95% interval)", right=True),
)  # fmt: skip


def table(
    found: Mapping[str, Any], around: Around, currency: str, query: Mapping[str, str]
) -> Listing:
    """Winners and losers, beside today."""
    return Listing(
        caption=f"{found['scenario']}: each party beside today", columns=COLUMNS, query=query,
        all_rows=[_row(row, around, currency) for row in found["rows"]], per_page=500,
    )  # fmt: skip


def _row(row: Mapping[str, Any], around: Around, currency: str) -> list[Any]:
    gain = row["gain"]
    return [
        around.organisations.get(row["party"], row["party"]),
        _cell(row["cost"]["then"], currency), _cell(row["due"]["then"], currency),
        _cell(gain["today"], currency), _cell(gain["then"], currency),
        Cell(said(gain["difference"], currency, signed=True), value=gain["difference"]["mean"],
             tag=sure(gain["difference"])),
    ]  # fmt: skip


def _cell(figure: Mapping[str, Any], currency: str) -> Cell:
    return Cell(whole(figure["mean"], currency), value=figure["mean"],
                title=said(figure, currency))  # fmt: skip


def whole(minor: float | None, currency: str) -> str:
    """An estimate in whole pounds: its pence would say more than is known."""
    if minor is None:
        return say("not known")
    return str(Money(round(minor / 100) * 100, currency)).removesuffix(".00")


def said(figure: Mapping[str, Any], currency: str, *, signed: bool = False) -> str:
    """An estimate with its interval."""
    mean = whole(figure["mean"], currency)
    if signed and (figure["mean"] or 0) > 0:
        mean = f"+{mean}"
    if figure["low"] is None:
        return mean
    return say(
        "{mean} ({whole} to {whole2})",
        mean=mean,
        whole=whole(figure["low"], currency),
        whole2=whole(figure["high"], currency),
    )


def sure(figure: Mapping[str, Any]) -> str:
    """The colour of a difference: good or bad where its interval leaves nothing out."""
    low, high = figure["low"], figure["high"]
    if low is None or low <= 0 <= high:
        return ""
    return "good" if low > 0 else "bad"
