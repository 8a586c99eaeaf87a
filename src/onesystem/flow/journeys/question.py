"""What is asked of journeys: which ones, over which days, drawn how finely. Pure.

A journey here is what a person went through around an *anchor*: a contact of the kind asked for
(say: an ED contact for a fall). Anchors of a person that are closer than `after` days belong to one
journey. It holds every contact of the person, of any organisation, from `before` days before the
first anchor to `after` days after the last.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, Self

from onesystem.vocabulary import Setting, UserError
from onesystem.vocabulary.said import say

LEVELS = ("setting", "service", "organisation")
_MOST_DAYS = 3 * 365
_ANCHORS = ("setting", "service", "organisation", "place", "reason", "condition")
_PATH = ("through", "begins", "ends", "target", "then", "along")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The anchor (empty: any), its days (`start` to the day before `end`), and what is drawn.

    `condition` names a code list that the anchor's reason is on, `place` where its service is.
    `sex`, `practice`, `area`, `deprivation` and the ages say whose journeys.
    `through`, `begins`, `ends` name a kind of step; `source` with `target` ask for journeys in
    which the one directly followed the other, with `then` in which it came at any time later.
    `along` is a whole path, its steps joined by `>`. `way` names an agreed way.
    """

    start: date
    end: date
    setting: str = ""
    service: str = ""
    organisation: str = ""
    place: str = ""
    reason: str = ""
    condition: str = ""
    sex: str = ""
    practice: str = ""
    area: str = ""
    deprivation: str = ""
    age_from: int = 0
    age_to: int = 0
    before: int = 0
    after: int = 30
    level: str = "setting"
    through: str = ""
    begins: str = ""
    ends: str = ""
    source: str = ""
    target: str = ""
    then: str = ""
    along: str = ""
    way: str = ""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise _bad("the last day lies before the first", "Choose a later last day.")
        if (self.end - self.start).days > 3 * 366:
            raise _bad("more than three years are asked for", "Ask for fewer days.")
        if self.level not in LEVELS:
            raise _bad(f"there is no level {self.level!r}", f"One of {', '.join(LEVELS)}.")
        if self.setting and self.setting not in set(Setting):
            raise _bad(f"there is no setting {self.setting!r}", "Choose one of the list.")
        for name in ("before", "after"):
            if not 0 <= getattr(self, name) <= _MOST_DAYS:
                raise _bad(f"{name} must be 0 to {_MOST_DAYS} days", "Ask for fewer days.")
        if bool(self.source) != bool(self.target or self.then):
            raise _bad("a step between two kinds needs both", "Name both ends of the arrow.")

    @classmethod
    def of(cls, query: Mapping[str, str], *, today: date) -> Self:
        """From a query string; the default is the quarter that ended yesterday.

        Raises UserError where a value is not a date or not a whole number.
        """
        given: dict[str, Any] = {}
        for field in fields(cls):
            text = str(query.get(field.name, "")).strip()
            if text:
                given[field.name] = _value(field.name, text, field.type)
        given.setdefault("end", today)
        given.setdefault("start", given["end"] - timedelta(days=91))
        if not any(given.get(name) for name in _ANCHORS):
            given["setting"] = str(Setting.ED)
        return cls(**given)

    def as_dict(self) -> dict[str, Any]:
        """As it is kept and sent: dates as ISO text."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def kept(cls, found: Mapping[str, Any]) -> Self:
        """From the kept form."""
        return cls(
            **{
                **found,
                "start": date.fromisoformat(found["start"]),
                "end": date.fromisoformat(found["end"]),
            }
        )

    @property
    def narrows(self) -> bool:
        """Whether it asks for some paths only."""
        return any(getattr(self, name) for name in _PATH)


def _value(name: str, text: str, kind: Any) -> Any:
    try:
        if kind in (date, "date"):
            return date.fromisoformat(text)
        if kind in (int, "int"):
            return int(text)
    except ValueError as error:
        what = say("a date such as 2026-03-31") if kind in (date, "date") else say("a whole number")
        raise _bad(f"{name} is {text!r}", f"Write {what}.") from error
    return text


def _bad(what: str, cure: str) -> UserError:
    return UserError(what, cure)
