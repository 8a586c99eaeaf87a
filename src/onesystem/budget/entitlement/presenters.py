"""Who pays, in words: the working, the rule sets side by side, steps, tables. No Django."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from onesystem.budget.entitlement.case import Case
from onesystem.budget.entitlement.here import rates_for
from onesystem.budget.entitlement.rates import Rates, Table
from onesystem.budget.entitlement.rule_sets import RULE_SETS, charge, fitting
from onesystem.budget.entitlement.steps import PURSES, STATES, Step
from onesystem.vocabulary import UserError
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import amid, listed, say, say_date, say_each

ABOUT: Mapping[str, str] = say_each({
    "need": "Need", "cost": "What the care costs", "capital": "What you have",
    "income": "What comes in each week", "keep": "What you keep", "sum": "", "pays": "Who pays",
    "later": "Later",
})  # fmt: skip
KIND: Mapping[str, str] = {
    "": "quiet", "not eligible": "quiet", "to assess": "warn", "to sign": "warn",
    "to settle": "warn", "settled": "good",
}  # fmt: skip
DID: Mapping[str, str] = say_each({
    "need": "Need assessed", "means": "Means assessed", "signed": "Charge signed",
    "settled": "Payer settled", "disputed": "Payer questioned", "undone": "Taken back",
})  # fmt: skip


def money(amount: int | None, currency: str) -> str:
    """An amount in words."""
    return "" if amount is None else str(Money(amount, currency))


def lines(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The working of a result, as `Charge.as_dict` gives it."""
    return [
        {**line, "said": money(line["amount"], result["currency"]),
         "total": line["about"] in {"sum", "pays"}}
        for line in result["lines"]
    ]  # fmt: skip


def beside(case: Case, folder: Path) -> list[dict[str, Any]]:
    """The case under every rule set that speaks of it, each with how it differs from the law."""
    made: list[dict[str, Any]] = []
    for name in fitting(case):
        chosen = RULE_SETS[name]
        shown: dict[str, Any] = {"set": chosen}
        try:
            result = charge(case, name, rates_for(chosen, folder)).as_dict()
        except UserError as error:
            made.append({**shown, "problem": str(error)})
            continue
        said = {f"{k}_said": money(result[k], case.currency) for k in ("pays", "council", "nhs")}
        made.append({**shown, "result": result, "lines": lines(result), **said})
    base = next((m["result"]["pays"] for m in made if "result" in m), None)
    for each in made:
        if "result" in each and base is not None:
            apart = each["result"]["pays"] - base
            amount = money(abs(apart), case.currency)
            more = say("{amount} more", amount=amount)
            less = say("{amount} less", amount=amount)
            each["apart"] = (more if apart > 0 else less) if apart else say("the same")
    return made


def step_words(each: Step, names: Mapping[str, str]) -> dict[str, Any]:
    """One step for the history."""
    return {"what": DID[each.verb], "words": _told(each), "by": names.get(each.by, each.by),
            "at": each.at, "number": each.number, "verb": each.verb}  # fmt: skip


def _told(each: Step) -> str:
    said = each.said
    if each.verb == "need":
        words = say("eligible") if said["eligible"] else say("not eligible")
        if said["band"] not in {"", "none"}:
            words = say("{need}, band {band}", need=words, band=said["band"])
        if said.get("starts"):
            return say("{need}; care starts {day}", need=words, day=_day(said["starts"]))
        return words
    if each.verb == "signed":
        result = said["result"]
        pays = money(result["pays"], result["currency"])
        return say("{pays} a week; review {review}", pays=pays, review=_day(said["review"]))
    if each.verb == "settled":
        shares = listed(
            say("{purse} {amount}", purse=amid(PURSES[p]), amount=money(a, "GBP")[1:])
            for p, a in said["weekly"].items() if a
        )  # fmt: skip
        return say("{shares} a week; {words}", shares=shares, words=said["words"])
    return str(said.get("words", ""))


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%-d %B %Y}"


def state_words(state: str) -> tuple[str, str]:
    """A state and its colour."""
    return STATES[state], KIND[state]


def tables(rates: Rates, day: date, currency: str, *, every: bool = False) -> list[dict[str, Any]]:
    """The tables in force on a day, or all of them, for the page and the file."""
    some: Iterable[Table] = rates.tables if every else (t for t in rates.tables if t.on(day))
    found = []
    for table in sorted(some, key=lambda t: (t.name, not t.local, t.since)):
        for key, amount in table.amounts.items():
            found.append({
                "name": table.name, "key": "" if key == "amount" else key, "amount": amount,
                "said": amount_words(key, amount, currency), "since": table.since,
                "until": table.until, "source": table.source, "local": table.local,
                "harsher": table.harsher, "assumed": table.because if key in table.assumed else "",
            })  # fmt: skip
    return found


WORDS: Mapping[str, str] = say_each({
    "": "A week", "lower": "Lower limit", "upper": "Upper limit", "step": "Each step of capital",
    "a_step": "Counted for a step, a week", "percent": "Share", "review_percent": "Review at",
    "keeps": "May be kept a week", "standard": "Standard rate", "higher": "Higher rate",
    "young": "Single, 18 to 24", "adult": "Single, 25 to pension age",
    "pension": "Single, pension age", "couple adult": "One of a couple, working age",
    "couple pension": "One of a couple, pension age", "child": "For each child",
    "disability": "Disability premium", "enhanced disability": "Enhanced disability premium",
    "couple disability": "Disability premium, couple",
    "couple enhanced disability": "Enhanced disability premium, couple", "carer": "Carer premium",
    "an_item": "An item", "a_year": "Never more in a year", "least": "Collected from",
    "weeks": "Left out for", "a": "Threshold A", "b": "Threshold B", "both": "Both in care",
    "one": "One in care", "recent": "A year, in the last five", "earlier": "A year, before",
    "years": "Recent is the last", "funeral": "Pre-paid funeral, each", "care": "For care given",
    "superannuation_percent": "Of private superannuation", "loan_assets": "Loan, other assets to",
})  # fmt: skip


def groups(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The amounts of `tables`, a group a table: its source is said once."""
    made: list[dict[str, Any]] = []
    for each in found:
        if not made or (made[-1]["name"], made[-1]["since"], made[-1]["local"]) != (
            each["name"], each["since"], each["local"]
        ):  # fmt: skip
            made.append({**each, "rows": [], "because": ""})
        words = WORDS.get(each["key"], each["key"].capitalize())
        made[-1]["rows"].append({**each, "words": words})
        made[-1]["because"] = made[-1]["because"] or each["assumed"]
    return made


_COUNTS = frozenset({"percent", "review_percent", "superannuation_percent", "weeks", "years"})


def amount_words(key: str, amount: int, currency: str) -> str:
    """An amount of a table: money, per cent, weeks.

    >>> amount_words("percent", 90, "GBP"), amount_words("upper", 2325000, "GBP")
    ('90 %', '£23,250.00')
    """
    if key not in _COUNTS:
        return money(amount, currency)
    return f"{amount} %" if key.endswith("percent") else f"{amount} {key}"


def moved_words(moved: Sequence[Sequence[Any]], currency: str) -> list[str]:
    """What a settlement moved, a sentence a month and purse."""
    return [
        say(
            "{fromisoformat}: {amount} from {purses} to {purses2}",
            fromisoformat=say_date(date.fromisoformat(month), "%B %Y"),
            amount=money(amount, currency),
            purses=PURSES[pays].lower(),
            purses2=PURSES[purse].lower(),
        )
        for month, pays, purse, amount in moved
    ]


STATES_WAITING = [(k, v) for k, v in STATES.items() if k not in {"", "not eligible"}]
