"""What led to a posting, in words with its page, for each part of the room that posts."""

from datetime import date

from django.urls import NoReverseMatch, reverse

from onesystem.budget.ledger import causes
from onesystem.vocabulary.said import say

Told = tuple[str, str] | None


def connect() -> None:
    """Let the ledger's pages tell what led to a posting."""
    causes.register("funds", _funds)
    causes.register("costing", _costing)
    causes.register("pooled", _pooled)
    causes.register("settlement", _settlement)


def _funds(what: str) -> Told:
    return say("Act {what} on the funds: a contribution, an allotment or a move", what=what), _to(
        "funds:moves"
    )


def _costing(what: str) -> Told:
    kind, _, month = what.partition(":")
    try:
        words = f"{date.fromisoformat(f'{month}-01'):%B %Y}"
    except ValueError:
        return None
    of = say("What the contacts cost") if kind == "contacts" else say("Costing ({kind})", kind=kind)
    return f"{of}, {words}", _to("costing:month", month)


def _pooled(what: str) -> Told:
    fund, _, year = what.partition(":")
    return say("The agreement of the pooled fund {fund}, {year}", fund=fund, year=year), _to(
        "pooled:fund", fund
    )


def _settlement(what: str) -> Told:
    contract, _, number = what.rpartition(":")
    if not number.isdecimal():
        return None
    return say("Settlement {number} of {contract}", number=number, contract=contract), _to(
        "contracts:settlement", contract, int(number)
    )


def _to(name: str, *args: str | int) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
