"""What is asked of the model, as an address says it: settings, years, assumptions. Pure.

price=2.50 for a prescription is  prescriptions=2.50, the second stage from 2019  stage-2=2019
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from urllib.parse import urlencode

from onesystem.budget.policy.model import Model
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say

_STAGES = {"stage-1": 2015, "stage-2": 2020}
_LONG = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The model as somebody sets it."""

    settings: Mapping[str, Fraction]
    begins: Mapping[str, int]  # of bands and of stages of revenue
    options: Mapping[str, str]
    gdp_growth: Fraction
    spend_growth: Fraction
    changed: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The address of what was changed."""
        return urlencode(self.changed)

    def starts(self, stage: int) -> int:
        """From which year a stage brings money in."""
        return self.begins[f"stage-{stage}"]


def defaults(model: Model) -> dict[str, str]:
    """Every setting as the package has it, by its name in an address."""
    found = {each.name: plain(each.setting) for each in model.revenues}
    found |= {f"{each.name}-from": str(each.begins) for each in model.costs}
    found |= {stage: str(year) for stage, year in _STAGES.items()}
    found |= {f"assume-{each.name}": each.options[0].name for each in model.assumptions}
    found["gdp-growth"] = plain(model.economy.gdp_growth)
    found["spend-growth"] = plain(model.economy.spend_growth)
    return found


def asked(model: Model, said: Mapping[str, str], *, strict: bool = False) -> Asked:
    """What an address asks for. What cannot be is left out, or with `strict` refused.

    Raises UserError naming the setting, what it may be, and the cure.
    """
    known = defaults(model)
    told = {}
    for key, value in said.items():
        text = value.strip()[:_LONG]
        if key not in known:
            if strict:
                raise UserError(
                    say("there is no setting {key}", key=repr(key)), nearest(key, known)
                )
            continue
        try:
            _checked(model, key, text)
        except UserError:
            if strict:
                raise
            continue
        told[key] = text
    now = known | told
    return Asked(
        settings={each.name: Fraction(now[each.name]) for each in model.revenues},
        begins={c.name: int(now[f"{c.name}-from"]) for c in model.costs}
        | {stage: int(now[stage]) for stage in _STAGES},
        options={each.name: now[f"assume-{each.name}"] for each in model.assumptions},
        gdp_growth=Fraction(now["gdp-growth"]), spend_growth=Fraction(now["spend-growth"]),
        changed={k: v for k, v in told.items() if not _same(v, known[k])},
    )  # fmt: skip


def limits(model: Model, key: str) -> tuple[Fraction, Fraction]:
    """Between what a number may be set."""
    for each in model.revenues:
        if each.name == key:
            return each.least, each.most
    if key.endswith("growth"):
        return Fraction(-5), Fraction(10)
    return Fraction(model.first), Fraction(model.last + 1)  # one later than the last is: never


def plain(number: Fraction) -> str:
    """A number as it is typed: 2.5, 12000."""
    return f"{float(number):g}" if number.denominator > 1 else str(number.numerator)


def _checked(model: Model, key: str, text: str) -> None:
    if key.startswith("assume-"):
        names = [o.name for o in model.assumption(key.removeprefix("assume-")).options]
        if text not in names:
            raise UserError(
                say("{key} is {text}", key=key, text=repr(text)),
                say("One of {names}.", names=", ".join(names)),
            )
        return
    low, high = limits(model, key)
    number = _number(key, text)
    if not low <= number <= high:
        raise UserError(
            say("{key} is {text}", key=key, text=text),
            say("Between {plain} and {plain2}.", plain=plain(low), plain2=plain(high)),
        )
    if _is_year(key) and number.denominator > 1:
        raise UserError(say("{key} is {text}", key=key, text=text), "Write a whole year.")


def _number(key: str, text: str) -> Fraction:
    try:
        return Fraction(text) if "/" not in text and "e" not in text.lower() else Fraction("x")
    except (ValueError, ZeroDivisionError):
        raise UserError(
            say("{key} is {text}, which is no number", key=key, text=repr(text)), "Write digits."
        ) from None


def _is_year(key: str) -> bool:
    return key in _STAGES or key.endswith("-from")


def _same(one: str, other: str) -> bool:
    try:
        return Fraction(one) == Fraction(other)
    except ValueError:
        return one == other


def of_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """`NAME=VALUE` of a command line. Raises UserError."""
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UserError(say("{pair} sets nothing", pair=repr(pair)), "Write it as NAME=VALUE.")
        found[name.strip()] = value.strip()
    return found
