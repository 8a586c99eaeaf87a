"""What a comparison is asked for, as its address says it. What cannot be is said, and left out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from urllib.parse import urlencode

from onesystem.budget.comparing.year import Year
from onesystem.vocabulary.said import say

_LONG = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A number that may be set: its words, its unit, what it usually is, and its limits."""

    name: str
    label: str
    unit: str
    usual: str
    least: int
    most: int
    hint: str = ""


SETTINGS = (
    Setting(
        name="change",
        label=say("Contacts more or fewer"),
        unit="%",
        usual="0",
        least=-50,
        most=50,
        hint=say("as if the year had been so much busier"),
    ),
    Setting(
        name="extra",
        label=say("What one more contact costs"),
        unit=say("% of the mean"),
        usual="60",
        least=0,
        most=100,
        hint=say("the rest is there whether anybody comes or not"),
    ),
    Setting(
        name="marginal",
        label=say("Marginal rate above plan"),
        unit="%",
        usual="70",
        least=0,
        most=100,
    ),
    Setting(
        name="variable",
        label=say("Cost and volume: share of the price"),
        unit="%",
        usual="50",
        least=0,
        most=100,
    ),
    Setting(
        name="tolerance",
        label=say("Cost and volume: tolerance"),
        unit="%",
        usual="2",
        least=0,
        most=50,
    ),
    Setting(
        name="gain",
        label=say("Gain and loss: the provider's share"),
        unit="%",
        usual="50",
        least=0,
        most=100,
    ),
    Setting(
        name="cap",
        label=say("Gain and loss: at most"),
        unit=say("% of target"),
        usual="5",
        least=0,
        most=100,
    ),
    Setting(
        name="saving",
        label=say("Shared savings: the provider's share"),
        unit="%",
        usual="50",
        least=0,
        most=100,
    ),
    Setting(
        name="dead", label=say("Shared savings: dead band"), unit="%", usual="2", least=0, most=50
    ),
    Setting(
        name="quality",
        label=say("Quality reached"),
        unit="%",
        usual="80",
        least=0,
        most=100,
        hint=say("below half nothing saved is shared"),
    ),
)
ALIGNED = {
    "2021": say("2021/22: 50% both ways"),
    "2022": say("2022/23: 75% both ways"),
    "2023": say("2023/24 on: elective at the whole price"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A comparison as somebody sets it. `plan` and `price` None: as the year before has them."""

    provider: str = ""
    service: str = ""
    first: date | None = None
    plan: int | None = None
    price: int | None = None  # minor units a contact
    aligned: str = "2023"
    numbers: Mapping[str, Fraction]
    form: str = ""  # whose working is shown
    changed: Mapping[str, str]
    problems: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Fraction:
        """A setting as a share of 1."""
        return self.numbers[name]

    @property
    def query(self) -> str:
        """The address of what was set."""
        return urlencode(self.changed)

    def link(self, **changes: str) -> str:
        """The page with something else set."""
        return "?" + urlencode({k: v for k, v in {**self.changed, **changes}.items() if v})

    def filled(self, year: Year) -> "Asked":
        """With plan and price as the year has them, where nobody set them.

        The plan is what was done in the twelve months before; where the log does not go back as
        far, what was done in this year. The price is what a contact cost.
        """
        plan = self.plan if self.plan is not None else (year.before or round(year.done))
        price = self.price if self.price is not None else year.mean
        return replace(self, plan=plan, price=price)


def asked(said: Mapping[str, str]) -> Asked:
    """What an address asks for."""
    changed: dict[str, str] = {}
    problems: list[str] = []

    def number(name: str, label: str, least: int, most: int, usual: str | None) -> Fraction | None:
        text = said.get(name, "").strip().replace(",", "")[:_LONG]
        try:
            found = Fraction(text) if text and "/" not in text and "e" not in text.lower() else None
        except ValueError:
            found = None
        if text and (found is None or not least <= found <= most):
            problems.append(
                say(
                    "{label}: {text} is not between {least} and {most}.",
                    label=label,
                    text=repr(text),
                    least=f"{least:,}",
                    most=f"{most:,}",
                )
            )
            found = None
        elif text and (usual is None or found != Fraction(usual)):
            changed[name] = text
        return found if found is not None or usual is None else Fraction(usual)

    for name in ("provider", "service"):
        if said.get(name):
            changed[name] = said[name]
    first = _month(said.get("from", ""))
    if first is not None:
        changed["from"] = f"{first:%Y-%m}"
    elif said.get("from"):
        problems.append(
            say(
                "First month: {from_} is no month; write it as 2025-04.",
                from_=repr(said["from"][:_LONG]),
            )
        )
    plan = number("plan", say("Contacts planned"), 0, 100_000_000, None)
    price = number("price", say("Price of a contact"), 0, 1_000_000, None)
    numbers = {
        each.name: (number(each.name, each.label, each.least, each.most, each.usual) or 0)
        / Fraction(100)
        for each in SETTINGS
    }
    aligned = said.get("aligned", "2023")
    aligned = aligned if aligned in ALIGNED else "2023"
    if aligned != "2023":
        changed["aligned"] = aligned
    return Asked(
        provider=said.get("provider", ""), service=said.get("service", ""), first=first,
        plan=None if plan is None else round(plan),
        price=None if price is None else round(price * 100),
        aligned=aligned, numbers=numbers, form=said.get("form", ""), changed=changed,
        problems=tuple(problems),
    )  # fmt: skip


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text[:7]}-01") if text else None
    except ValueError:
        return None
