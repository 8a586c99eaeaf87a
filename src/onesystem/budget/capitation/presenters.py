"""Practices and their working in words, with links."""

from typing import Any

from django.urls import reverse

from onesystem.budget.capitation.practices import APART, AS_RULED, KEPT, LOCAL, Compared
from onesystem.budget.capitation.working import Worked
from onesystem.vocabulary.said import begun, say
from onesystem.vocabulary.tables import Cell, Column

COLUMNS = (
    Column("practice", "Practice"),
    Column("contract", "Contract"),
    Column("registered", "Registered", right=True),
    Column("weighted", "Weighted", right=True),
    Column("paid", "Global sum paid", right=True),
    Column("rule", "By the rule", right=True),
    Column("difference", "Difference", right=True),
    Column("share", "Of it", right=True),
    Column("reason", "Likeliest reason"),
)
_TAGS = {AS_RULED: "good", KEPT: "info", LOCAL: "quiet", APART: "warn"}
MEANINGS = {
    "Registered": say("Patients on the list, the mean of the year"),
    "Weighted": say("The same weighted by need, as published"),
    "Global sum paid": say("What NHS England published as paid in 2022/23"),
    "By the rule": say("Weighted list x 99.70 less 4.75% (out of hours); in London 2.18 a patient"),
    "Difference": say("Paid less the rule"),
    "Likeliest reason": say("What the published columns allow to be said of it"),
}


def money(pence: int) -> str:
    """£1,234.56."""
    return f"{'-' * (pence < 0)}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def row(each: Compared) -> list[Any]:
    """A practice as a row."""
    of, share = each.practice, each.share
    return [
        Cell(of.name.title(), of.name, reverse("capitation:practice", args=[of.practice]),
             note=of.practice),
        of.contract,
        Cell(f"{of.registered / 100:,.0f}", of.registered / 100),
        Cell(f"{of.weighted / 100:,.0f}", of.weighted / 100),
        Cell(money(of.global_sum), of.global_sum / 100), Cell(money(each.expected),
                                                               each.expected / 100),
        Cell(money(each.difference), each.difference / 100),
        Cell("" if share is None else f"{100 * share:+.2f}%", share),
        Cell(begun(each.reason), each.reason, tag=_TAGS.get(each.reason, "info")),
    ]  # fmt: skip


def lines(made: Worked) -> list[dict[str, str]]:
    """The working, line by line."""
    return [
        {"words": line.words, "value": f"£{line.shown}".replace("£-", "-£")
         if line.unit == "minor" else line.shown, "unit": line.unit, "source": line.source}
        for line in made.lines
    ]  # fmt: skip
