"""What is typed in the form of means, as a case; amounts in pounds become whole pence exactly.

Nothing is rounded: 230.255 is refused, and so is what is no number.
"""

import re
from collections.abc import Mapping
from typing import Any

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

INCOMES, CAPITALS, GIFTS = 8, 5, 3
_AMOUNT = re.compile(r"\d{1,11}(\.\d{1,2})?")
_MONEY = ("cost", "dre", "housing", "metered", "start_assets", "maximum", "funeral", "kept")
_WHOLE = ("age", "children", "weeks", "items")
_TEXT = ("setting", "household", "band", "nursing", "free", "resident", "choice", "territory")
_FLAGS = ("chc", "end_of_life", "low_income")


def pence(words: str, text: str) -> int:
    """Pounds as typed, in whole pence. Raises UserError naming the field.

    >>> pence("Cost", "£1,234.5")
    123450
    """
    plain = re.sub(r"[\s,£$]", "", text)
    if not plain:
        return 0
    if not _AMOUNT.fullmatch(plain):
        raise UserError(
            say("{words} is {text}", words=words, text=repr(text.strip())),
            "Write pounds and pence, such as 230.25.",
        )
    whole, _, rest = plain.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def number(words: str, text: str) -> int:
    """A whole number as typed. Raises UserError naming the field."""
    if not re.fullmatch(r"\d{1,6}", text.strip()):
        raise UserError(
            say("{words} is {text}", words=words, text=repr(text.strip())), "Write a whole number."
        )
    return int(text)


def case_said(given: Mapping[str, str], premiums: list[str], currency: str) -> dict[str, Any]:
    """The form as the JSON of a case; what is left empty is left out."""
    said: dict[str, Any] = {"currency": currency, "premiums": premiums}
    if given.get("day"):
        said["day"] = given["day"]
    for key in _TEXT:
        if given.get(key):
            said[key] = given[key]
    for key in _MONEY:
        if given.get(key, "").strip():
            said[key] = pence(key.replace("_", " ").capitalize(), given[key])
    for key in _WHOLE:
        if given.get(key, "").strip():
            said[key] = number(key.capitalize(), given[key])
    said |= {key: True for key in _FLAGS if given.get(key)}
    if given.get("accommodation", "").strip():
        said["accommodation"] = pence(say("Board and lodging"), given["accommodation"])
    if given.get("eligible_said"):
        said["eligible"] = given.get("eligible") == "1"
    said["income"] = _incomes(given)
    said["capital"] = _capitals(given)
    said["gifts"] = _gifts(given)
    said["home"] = _home(given)
    said.setdefault("cost", 0)
    return said


def _incomes(given: Mapping[str, str]) -> list[dict[str, Any]]:
    found = []
    for n in range(1, INCOMES + 1):
        if given.get(f"income-amount-{n}", "").strip():
            each: dict[str, Any] = {
                "kind": given.get(f"income-kind-{n}", "other"),
                "amount": pence(say("Income {n}", n=n), given[f"income-amount-{n}"]),
            }
            if given.get(f"income-out-{n}", "").strip():
                each["out"] = pence(say("Left out of income {n}", n=n), given[f"income-out-{n}"])
                each["why"] = given.get(f"income-why-{n}", "").strip()[:200]
            found.append(each)
    return found


def _capitals(given: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "kind": given.get(f"capital-kind-{n}", "savings"),
            "amount": pence(say("Capital {n}", n=n), given[f"capital-amount-{n}"]),
            "share": given.get(f"capital-share-{n}") or "1",
        }
        for n in range(1, CAPITALS + 1)
        if given.get(f"capital-amount-{n}", "").strip()
    ]


def _gifts(given: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "amount": pence(say("Gift {n}", n=n), given[f"gift-amount-{n}"]),
            "back": number(
                say("Years back of gift {n}", n=n), given.get(f"gift-back-{n}", "") or "0"
            ),
        }
        for n in range(1, GIFTS + 1)
        if given.get(f"gift-amount-{n}", "").strip()
    ]


def _home(given: Mapping[str, str]) -> dict[str, Any] | None:
    if not given.get("home-value", "").strip():
        return None
    return {
        "value": pence(say("Value of the home"), given["home-value"]),
        "secured": pence(say("Secured on the home"), given.get("home-secured", "")),
        "deferred": pence(say("Lent on the home"), given.get("home-deferred", "")),
        "share": given.get("home-share") or "1",
        "lives": given.get("home-lives") or "nobody",
    }


def typed_of(said: Mapping[str, Any]) -> dict[str, str]:
    """A case as the form shows it: the other way."""
    found = {k: str(said[k]) for k in (*_TEXT, *_WHOLE, "day") if said.get(k) not in {None, ""}}
    found |= {k: pounds(said[k]) for k in _MONEY if said.get(k)}
    found |= {k: "1" for k in _FLAGS if said.get(k)}
    if said.get("accommodation") is not None:
        found["accommodation"] = pounds(said["accommodation"])
    for n, each in enumerate(said.get("income", ()), 1):
        found |= {f"income-kind-{n}": each["kind"], f"income-amount-{n}": pounds(each["amount"])}
        if each.get("out"):
            found |= {
                f"income-out-{n}": pounds(each["out"]),
                f"income-why-{n}": each.get("why", ""),
            }
    for n, each in enumerate(said.get("capital", ()), 1):
        found |= {f"capital-kind-{n}": each["kind"], f"capital-amount-{n}": pounds(each["amount"]),
                  f"capital-share-{n}": str(each.get("share", "1"))}  # fmt: skip
    for n, each in enumerate(said.get("gifts", ()), 1):
        found |= {f"gift-amount-{n}": pounds(each["amount"]), f"gift-back-{n}": str(each["back"])}
    if home := said.get("home"):
        found |= {
            say("home-{k}", k=k): pounds(home[k])
            for k in ("value", "secured", "deferred")
            if home.get(k)
        }
        found |= {
            "home-share": str(home.get("share", "1")),
            "home-lives": home.get("lives", "nobody"),
        }
    return found


def pounds(amount: int) -> str:
    """Pence as they are typed.

    >>> pounds(23025)
    '230.25'
    """
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"
