"""The form of a proposal: what somebody typed as a question, and what is typed usually. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from onesystem.plan.portfolio.building import Allowed
from onesystem.plan.portfolio.shape import NEVER
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

SHARES = {
    "demand": (say("Need grows, % a year"), say("Of care that the case for change does not name.")),
    "money": (say("Money grows, % a year over prices"), say("From what is spent today.")),
    "hires": (
        say("Staff hired on top, % of posts a year"),
        say("They arrive after their training."),
    ),
    "empty": (say("Posts that stand empty today, %"), ""),
    "agency": (say("Agency staff, % of posts at most"), say("At half as much again.")),
    "floor": (
        say("At least this % of each kind of care is done"),
        say("0 lets the least valued go first."),
    ),
}
NUMBERS = {
    "starts": (
        say("Options that can start in a quarter"),
        say("What those who change things can bear."),
    ),
    "worth": (
        say("A unit left undone counts as, times its cost"),
        say("How heavily unmet need weighs."),
    ),
}
FREE, OUT = "free", "out"


def usual(years: int = 5) -> dict[str, str]:
    """What the form holds before anybody typed."""
    may = Allowed()
    said = {name: f"{getattr(may, name) * 100:g}" for name in SHARES}
    said |= {name: f"{getattr(may, name):g}" for name in NUMBERS}
    return said | {"years": str(years), "extra": "0", "case": "1"}


def typed(asked: Mapping[str, Any]) -> dict[str, str]:
    """What the form held when a proposal was asked for."""
    said = usual()
    for name, value in asked.items():
        if name in SHARES:
            said[name] = f"{value * 100:g}"
        elif name in NUMBERS or name == "years":
            said[name] = f"{value:g}"
        elif name == "extra":
            said[name] = f"{value / 100:g}"
        elif name == "case":
            said[name] = "1" if value else "0"
    said |= {f"o-{key}": OUT for key in asked.get("banned", ())}
    return said | {f"o-{key}": f"by-{at}" for key, at in asked.get("must", {}).items()}


def may_of(said: Mapping[str, str], keys: Iterable[str]) -> dict[str, Any]:
    """The question's limits. Raises BadConfig naming the field."""
    usually = usual()
    found: dict[str, Any] = {
        name: round(_number(said.get(name, usually[name]), words) / 100, 6)
        for name, (words, _) in SHARES.items()
    }
    found |= {
        name: _number(said.get(name, usually[name]), words)
        for name, (words, _) in NUMBERS.items()
    }  # fmt: skip
    found["years"] = int(_number(said.get("years", "5"), "Years"))
    found["extra"] = round(_number(said.get("extra", "0"), "Money on top") * 100)
    found["case"] = said.get("case", "1") == "1"
    must, banned = {}, []
    for key in keys:
        chosen = said.get(f"o-{key}", FREE)
        if chosen == OUT:
            banned.append(key)
        elif chosen.startswith("by-") and (by := whole_or(chosen[3:], None)) is not None:
            must[key] = by
    return found | {"must": must, "banned": banned}


def starts_of(said: Mapping[str, str], keys: Iterable[str]) -> dict[str, int]:
    """When each option starts, as somebody decided."""
    found = {}
    for key in keys:
        chosen = said.get(f"s-{key}", "")
        if chosen == OUT:
            found[key] = NEVER
        elif (start := whole_or(chosen, None)) is not None:
            found[key] = start
        else:
            raise BadConfig("it is not said of every option when it starts", "Choose for each.")
    return found


def _number(text: str, words: str) -> float:
    plain = text.strip().replace(",", "").rstrip("%").lstrip("£$€").strip()
    try:
        found = float(plain)
    except ValueError:
        found = float("nan")
    if not abs(found) < 1e12:
        raise BadConfig(
            say("{words}: {text} is no number", words=words, text=repr(text)),
            "Write a number such as 1.5.",
        )
    return found
