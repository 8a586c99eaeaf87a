"""What the forms of need and means offer: choices, rows, what is known already."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from onesystem import people
from onesystem.budget.entitlement import needs
from onesystem.budget.entitlement.case import BANDS, FREE, PREMIUMS
from onesystem.budget.entitlement.kinds import CAPITAL, HOME, INCOME, kinds
from onesystem.budget.entitlement.needing import SCHEMES
from onesystem.budget.entitlement.rates import text_of
from onesystem.budget.entitlement.typed import CAPITALS, GIFTS, INCOMES, pounds
from onesystem.vocabulary.declared import parsed
from onesystem.vocabulary.said import begun, say

_SETTINGS = (
    ("home", say("At home")),
    ("care home", say("In a care home")),
    ("nhs", say("An NHS service")),
    ("prescription", say("Prescriptions")),
)
_HOUSEHOLDS = (
    ("single", say("Single")),
    ("couple", say("One of a couple")),
    ("lone parent", say("Lone parent")),
)
_NURSING = (("", say("None")), ("standard", say("Standard rate")),
            ("higher", say("Higher rate, since before October 2007")))  # fmt: skip
_RESIDENTS = (("single", say("Single, in care")), ("both", say("Both of a couple in care")),
              ("one", say("One of a couple in care")))  # fmt: skip
_ADULT_YEAR = 18


def means_form(
    given: Mapping[str, str], premiums: list[str], day: date, currency: str
) -> dict[str, Any]:
    """The form of means, with what was typed."""
    return {
        "given": given,
        "premiums": [(p, begun(p), p in premiums) for p in PREMIUMS],
        "settings": _SETTINGS if currency == "GBP" else _SETTINGS[1:2],
        "households": _HOUSEHOLDS,
        "nursing": _NURSING,
        "residents": _RESIDENTS,
        "free": [(k, v or say("No, charged as usual")) for k, v in FREE.items()],
        "income_kinds": [(k.name, k.title) for k in kinds(INCOME).values()],
        "capital_kinds": [(k.name, k.title) for k in kinds(CAPITAL).values()],
        "lives": [(k.name, k.title) for k in kinds(HOME).values()],
        "incomes": range(1, INCOMES + 1),
        "capitals": range(1, CAPITALS + 1),
        "gifts": range(1, GIFTS + 1),
        "bands": [(b, b.capitalize() or say("Not said")) for b in BANDS],
        "benefits": benefits(day) if currency == "GBP" else [],
        "day": day,
        "symbol": "$" if currency == "NZD" else "£",
        "nz": currency == "NZD",
    }


def need_form(given: Mapping[str, str], unable: list[str], *, nz: bool) -> dict[str, Any]:
    """The form of need, with what was typed."""
    outcomes = {**needs.OUTCOMES, **needs.CARER_OUTCOMES}
    return {
        "given": given, "outcomes": [(k, v, k in unable) for k, v in outcomes.items()],
        "schemes": [(k, v) for k, v in SCHEMES.items() if nz or k != "assessed"],
        "facs": [(d, words, _cells(cells)) for d, (words, cells) in needs.FACS.items()],
        "domains": [(d, words, _levels(top)) for d, (words, top) in needs.DOMAINS.items()],
        "scheme": given.get("scheme") or (say("assessed") if nz else say("care act")),
    }  # fmt: skip


def _cells(cells: Mapping[str, str]) -> list[tuple[str, str]]:
    said = [(answer, f"{answer.capitalize()} ({band})") for answer, band in cells.items()]
    return [("", say("Not at risk")), *said]


def _levels(top: int) -> list[tuple[str, str]]:
    return [("", say("Not said")), *((x, x.capitalize()) for x in needs.LEVELS[: top + 1])]


def benefits(day: date) -> list[tuple[str, str, str]]:
    """Benefits of a day, for whoever types: what, how much, where it was read."""
    for year in reversed(parsed(text_of("benefits.toml"), "benefits.toml")["year"]):
        if year["since"] <= day:
            return [(k.capitalize(), pounds(v), year["source"]) for k, v in year.items()
                    if isinstance(v, int)]  # fmt: skip
    return []


def known_of(person: int, day: date) -> dict[str, str]:
    """What is known of a person already: the age."""
    born = next((i.birth_date for i in people.identities_of(person) if i.birth_date), "")
    try:
        birth = date.fromisoformat(born)
    except ValueError:
        return {}
    age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return {"age": str(age)} if age >= _ADULT_YEAR else {}
