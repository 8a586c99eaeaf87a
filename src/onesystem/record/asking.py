"""A timeline's filter as it stands in the address of its page, both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from onesystem.record.timeline import Choice
from onesystem.vocabulary import Setting, to_utc
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

PAGE = 100
_LAST = 999_999  # row that a page begins with


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the reader asked for, word by word, so that the form shows it again."""

    settings: tuple[str, ...] = ()
    organisation: str = ""
    open_only: bool = False
    since: str = ""
    until: str = ""
    text: str = ""
    start: int = 0  # how many lines are on the page already
    show: int = PAGE
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def filtered(self) -> bool:
        """Whether anything but the whole timeline is asked for."""
        return bool(self._pairs())

    def _pairs(self) -> list[tuple[str, str]]:
        pairs = [("setting", s) for s in self.settings]
        named = (
            ("organisation", self.organisation), ("open", "1" if self.open_only else ""),
            ("since", self.since), ("until", self.until), ("text", self.text),
        )  # fmt: skip
        return pairs + [(name, value) for name, value in named if value]

    def query(self, **more: object) -> str:
        """The query string of this filter, with what a link adds to it."""
        return urlencode(self._pairs() + [(k, str(v)) for k, v in more.items()])

    def without(self, name: str, value: str = "") -> str:
        """The query string with one part of the filter taken away."""
        return urlencode([p for p in self._pairs() if p != (name, value or p[1]) or p[0] != name])


def asking_from(params: Mapping[str, Sequence[str]]) -> Asking:
    """What a query string asks for. What cannot be read is named, never guessed."""

    def one(name: str) -> str:
        return (params.get(name) or [""])[-1].strip()

    problems = {}
    for name in ("since", "until"):
        if one(name) and _date(one(name)) is None:
            problems[name] = say("Write the date as day, month and year")
    return Asking(
        settings=tuple(s for s in params.get("setting", ()) if s in set(Setting)),
        organisation=one("organisation"),
        open_only=one("open") == "1",
        since=one("since"),
        until=one("until"),
        text=one("text")[:100],
        start=min(whole_or(one("start"), 0), _LAST),
        show=min(max(whole_or(one("show"), PAGE), 1), 5000),
        problems=problems,
    )


def choice_of(asking: Asking, zone_name: str) -> Choice:
    """The choice that it means: days of the district, the last one included."""
    since, until = _date(asking.since), _date(asking.until)
    return Choice(
        settings=frozenset(Setting(s) for s in asking.settings),
        organisation=asking.organisation,
        open_only=asking.open_only,
        since=_midnight(since, zone_name) if since else None,
        until=_midnight(until + timedelta(days=1), zone_name) if until else None,
        text=asking.text,
    )


def _midnight(day: date, zone_name: str) -> datetime:
    return to_utc(datetime(day.year, day.month, day.day), zone_name).astimezone(UTC)  # noqa: DTZ001


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1850 <= found.year <= 2200 else None
