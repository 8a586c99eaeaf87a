"""Another number of training places for a moment: "double the commissions tomorrow". Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.shape import Commission, Workforce
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import fraction_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A plan with other places for a role, decided on a day; when that is felt; what it costs."""

    plan: Workforce
    role: str
    times: Fraction
    decided: date
    places: int
    costs: int

    @property
    def intake(self) -> date:
        """The first intake that can still be changed."""
        return role(self.role).intake(self.decided)

    @property
    def reaches(self) -> date:
        """When they begin to work."""
        return role(self.role).reaches(self.decided)


def tried(plan: Workforce, query: Mapping[str, str], today: date) -> Tried | None:
    """What the address asks for; None for nothing. Raises UserError."""
    text, code = query.get("times", "").strip(), query.get("role", "")
    if not text or not code:
        return None
    kind = role(code)
    times = _times(text)
    held = next((each for each in plan.commissions if each.role == code), None)
    if held is None:
        raise UserError(say("nobody is trained as {name} in this plan", name=kind.name),
                        "Edit the plan, and say how many places there are")  # fmt: skip
    places = round(held.places * times)
    made = tuple(
        Commission(role=code, places=each.places, decided=today, then=places, source=each.source)
        if each.role == code else each
        for each in plan.commissions
    )  # fmt: skip
    return Tried(plan=replace(plan, commissions=made), role=code, times=times, decided=today,
                 places=places, costs=(places - held.places) * kind.place)  # fmt: skip


def _times(text: str) -> Fraction:
    try:
        made = fraction_of(text)
    except ValueError:
        raise UserError(say("{text} is no number", text=repr(text)), "Write 2 for double") from None
    if not 0 <= made <= 10:
        raise UserError(
            say("{text} times as many places is beyond all bounds", text=text), "Write 0 to 10"
        )
    return made
