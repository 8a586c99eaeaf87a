"""The state of a page of measures, all of it in the address: what is shown, by what, from when.

What an address says that cannot be is set aside with a word on the page, so that a link from an
older district, or one with a slip, still opens. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from onesystem.flow.measures import days
from onesystem.flow.spc import ChartKind
from onesystem.vocabulary.said import say

PERIODS = ("day", "week", "month", "quarter", "year")
DIMENSIONS = (
    "setting", "service", "organisation", "place", "practice", "age_band", "sex", "deprivation",
    "area",
)  # fmt: skip
# How far back a chart goes where nobody says: two to three years, as Making Data Count asks for,
# as long as the points can be told apart.
_BACK = {"day": 91, "week": 7 * 78, "month": 1096, "quarter": 1827, "year": 3653}
_BESIDE = ("service", "practice", "organisation", "place", "area")  # what a funnel compares
FUNNEL = "funnel"
RARE = frozenset({ChartKind.T, ChartKind.G})
_KEYS = (*DIMENSIONS, "by", "every", "from", "to", "chart", "baseline", "target", "screen", "ref",
         "q", "signals")  # fmt: skip


def _usual(end: date, every: str) -> date:
    """Where a chart begins if nobody says: with a whole period. The log may begin within one."""
    back = days.day_of(end) - _BACK[every]
    first = days.begin(back, every)
    return days.date_of(first if first == back else days.after(first, every))


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a page shows. `said` is the address as far as it could be read."""

    said: Mapping[str, str]
    where: Mapping[str, str]
    start: date
    end: date  # the day after the last
    by: str = ""
    every: str = "month"
    kind: ChartKind = ChartKind.XMR
    funnel: bool = False
    baseline: int | None = None
    target: float | None = None
    screen: bool | None = None
    text: str = ""
    signals: bool = False
    problems: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, query: Mapping[str, str], *, today: date, every: str = "month", shortest: str = "day",
        dimensions: tuple[str, ...] = DIMENSIONS, kinds: tuple[str, ...] = ("xmr",),
    ) -> "State":  # fmt: skip
        """The state that an address asks for; `today` is the first day without figures."""
        said = {key: query[key].strip() for key in _KEYS if query.get(key, "").strip()}
        problems: list[str] = []
        take = _Taker(said, problems)
        every = take.one_of("every", PERIODS, every)
        if PERIODS.index(every) < PERIODS.index(shortest):
            if "every" in said:
                problems.append(
                    say(
                        "This measure has no figures by {every}: it is shown by {shortest}.",
                        every=every,
                        shortest=shortest,
                    )
                )
            every = shortest
        end = take.day("to", today - timedelta(days=1)) + timedelta(days=1)
        start = take.day("from", _usual(end, every))
        if start >= end:
            problems.append(say("The time ends before it begins: the usual time is shown."))
            end = today
            start = _usual(end, every)
            said.pop("from", None), said.pop("to", None)
        where = {}
        for key in DIMENSIONS:
            if key in said and key not in dimensions:
                problems.append(
                    say(
                        "This measure is not kept by {words_of}: all are shown.",
                        words_of=words_of(key),
                    )
                )
                said.pop(key)
            elif key in said:
                where[key] = said[key]
        baseline = take.number("baseline")
        if baseline is not None and (baseline < 12 or baseline != int(baseline)):
            problems.append(say("A baseline takes 12 points or more: all points are used."))
            said.pop("baseline")
            baseline = None
        chart = take.one_of("chart", kinds, kinds[0])
        by = take.one_of("by", ("", *dimensions), "")
        if chart == FUNNEL and not by:
            by = next((d for d in _BESIDE if d in dimensions and d not in where), "")
            problems += [] if by else [say("There are no groups to stand beside each other.")]
        screen = take.one_of("screen", ("yes", "no", ""), "")
        return cls(
            said=said,
            where=where,
            start=start,
            end=end,
            by=by,
            every=every,
            kind=ChartKind.XMR if chart == FUNNEL else ChartKind(chart),
            funnel=chart == FUNNEL and bool(by),
            baseline=None if baseline is None else int(baseline),
            target=take.number("target"),
            screen=None if not screen else screen == "yes",
            text=said.get("q", "")[:100],
            signals=said.get("signals") == "1",
            problems=tuple(problems),
        )

    def link(self, path: str = "", **changes: str | None) -> str:
        """The address of the same with some of it changed; None and empty leave it out."""
        kept = {key: value for key, value in self.said.items() if key not in changes}
        added = {key: value for key, value in changes.items() if value}
        asked = urlencode({**kept, **added})
        return f"{path}?{asked}" if asked else path or "?"

    @property
    def chart(self) -> str:
        """The chart's name in the address."""
        return FUNNEL if self.funnel else str(self.kind)

    @property
    def rare(self) -> bool:
        """Whether events are charted one by one."""
        return self.kind in RARE

    @property
    def scope(self) -> str:
        """The selection in canonical words, by which marks on charts are kept."""
        return scope_of(self.where)


class _Taker:
    """Reads values of an address; what cannot be read is taken out of it, with a word."""

    def __init__(self, said: dict[str, str], problems: list[str]) -> None:
        self.said, self.problems = said, problems

    def _off(self, key: str, words: str) -> None:
        self.problems.append(say("“{value}” {words}", value=self.said.pop(key), words=words))

    def one_of(self, key: str, known: tuple[str, ...], usual: str) -> str:
        if key in self.said and self.said[key] not in known:
            self._off(
                key,
                say(
                    "is none of {known}: {usual} is used.",
                    known=", ".join(k for k in known if k),
                    usual=usual or "none",
                ),
            )
        return self.said.get(key, usual)

    def day(self, key: str, usual: date) -> date:
        try:
            found = date.fromisoformat(self.said[key]) if key in self.said else usual
            if not 1950 <= found.year <= 2150:
                raise ValueError(key)  # noqa: TRY301 - the same words as for no date at all
        except ValueError:
            self._off(key, say("is not a day such as 2026-01-31: the usual time is shown."))
            return usual
        return found

    def number(self, key: str) -> float | None:
        try:
            return float(self.said[key].replace(",", "")) if key in self.said else None
        except ValueError:
            self._off(key, say("is not a number: the {key} is left out.", key=key))
            return None


def words_of(dimension: str) -> str:
    """A dimension as people say it."""
    return {"age_band": "age", "organisation": "provider"}.get(dimension, dimension)


def scope_of(where: Mapping[str, str]) -> str:
    """A selection in canonical words; empty for the whole district."""
    return urlencode(sorted(where.items()))


def period_words(first: date, every: str) -> str:
    """A period within a sentence: `in the week from 3 Nov 2026`."""
    month = f"{first:%b} {first.year}"
    return {
        "day": say("on {day} {month}", day=first.day, month=month),
        "week": say("in the week from {day} {month}", day=first.day, month=month),
        "month": say("in {month}", month=month),
        "quarter": say("in the quarter from {month}", month=month),
        "year": say("in {year}", year=first.year),
    }[every]


def period_name(first: date, every: str) -> str:
    """A period in a table: `3 Nov 2026`, `Nov 2026`, `2026`."""
    month = f"{first:%b} {first.year}"
    return {"month": month, "quarter": f"from {month}", "year": str(first.year)}.get(
        every, f"{first.day} {month}"
    )


def selection(state: State, named: Mapping[str, str]) -> Iterator[str]:
    """The selection in words, one part at a time; `named` has words for codes."""
    for key, value in state.where.items():
        yield f"{words_of(key)} {named.get(key) or value}"


def as_json(value: Any) -> Any:
    """Dates as text, for files."""
    return value.isoformat() if isinstance(value, date) else value
