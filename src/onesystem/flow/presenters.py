"""The board in words: rows, tags, marks of age, the line that answers the question first."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from onesystem.district import District
from onesystem.flow import now
from onesystem.flow.boards.layout import Layout, layout
from onesystem.flow.queries import Board, Inside
from onesystem.vocabulary import Setting, words
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say, say_counted, say_each
from onesystem.vocabulary.tables import Cell

_ORDER = {setting: i for i, setting in enumerate(Setting)}
_NAMES = say_each(
    {
        Setting.GENERAL_PRACTICE: "General practice",
        Setting.ED: "Emergency departments",
        Setting.WARD: "Wards",
        Setting.OUT_OF_HOURS: "Out of hours",
        Setting.CARE_HOME: "Care homes",
    }
)
# The settings in which flow is decided come first, the many practices last.
_FIRST = (Setting.ED, Setting.WARD, Setting.AMBULANCE, Setting.REHABILITATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A source of a figure and when it last sent. `stale` once it is silent for too long."""

    code: str
    name: str
    last: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the board. Counts are words: a dash where not known, `<5` where hidden."""

    id: str
    code: str
    name: str
    organisation: str
    href: str
    setting: str
    mapped: bool
    here: str
    capacity: str
    share: float | None
    percent: str
    today: str  # occupancy weighted by time since midnight
    state: tuple[str, str] | None  # words and kind of a tag
    waiting: str
    waiting_since: datetime | None
    median_wait: str
    here_since: datetime | None
    ready: str
    over_limit: str
    lost: str  # empty where every end came
    crews: str  # empty where no ambulance is at the door, or it is no ED
    crews_since: datetime | None
    arrivals: str
    departures: str
    spark: "Spark"
    heard: tuple[Heard, ...]
    columns: tuple[tuple[str, str], ...]  # those of the Now board, each with its name
    asks: dict[str, str]  # which figures ask for a look, or for somebody to act

    @property
    def stale(self) -> bool:
        """Whether every source behind the row is silent."""
        return bool(self.heard) and all(h.stale for h in self.heard)

    @property
    def newest(self) -> Heard | None:
        """The source that sent last."""
        return _newest(self.heard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """Bars of 24 hours, arrivals upward and departures downward, oldest left, in SVG units."""

    up: tuple[tuple[int, float, float], ...]  # x, y, height
    down: tuple[tuple[int, float, float], ...]
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The services of one setting."""

    setting: str
    name: str
    lines: list[Line]


def row_id(code: str) -> str:
    """The id of a service's row in the page: codes of unmapped places hold any character."""
    return f"now-{hashlib.blake2b(code.encode(), digest_size=6).hexdigest()}"


def line(figures: now.ServiceNow, board: Board) -> Line:
    """One service in words."""
    district, below = board.district, board.district.suppress_below
    service, boards = district.services.get(figures.service), layout(district.path)
    runs = district.organisations.get(service.organisation) if service else None

    def count(value: int | None) -> str:
        return f"<{below}" if value is None else f"{value:,}"

    return Line(
        id=row_id(figures.service),
        code=figures.service,
        name=district.service_name(figures.service),
        organisation=runs.name if runs else "",
        href=f"/now/{quote(figures.service, safe='')}/",
        setting=figures.setting,
        mapped=service is not None,
        here=count(figures.here),
        capacity="" if figures.capacity is None else f"{figures.capacity:,}",
        share=figures.occupancy,
        percent=words.percent(figures.occupancy, missing=""),
        today=words.percent(figures.occupied_today, missing=""),
        state=_state(figures, boards),
        waiting=count(figures.waiting),
        waiting_since=from_micros(figures.waiting_since) if figures.waiting_since else None,
        median_wait=(
            "" if figures.median_wait is None else words.length_of(figures.median_wait / now.SECOND)
        ),
        here_since=from_micros(figures.here_since) if figures.here_since else None,
        ready=count(figures.ready),
        over_limit="" if figures.setting != Setting.ED else count(figures.over_limit),
        lost="" if figures.lost == 0 else count(figures.lost),
        crews="" if figures.setting != Setting.ED else count(figures.crews),
        crews_since=from_micros(figures.crews_since) if figures.crews_since else None,
        arrivals=count(figures.arrivals),
        departures=count(figures.departures),
        spark=spark(figures),
        heard=heard(figures, board),
        columns=boards.now,
        asks={
            "ready": boards.asks("ready", figures.ready),
            "over_limit": boards.asks("over_limit", figures.over_limit),
            "crews": boards.asks("hand_over", _minutes(figures.crews_since, figures.at)),
        },
    )


def _minutes(since: int | None, at: int) -> float | None:
    return None if since is None else (at - since) / (60 * now.SECOND)


def _state(figures: now.ServiceNow, boards: Layout) -> tuple[str, str] | None:
    if figures.capacity == 0:
        return (say("Closed, people here"), "warn") if figures.here else (say("Closed"), "quiet")
    if figures.full:
        return say("Over capacity"), "bad"
    return (say("Nearly full"), "warn") if boards.asks("occupancy", figures.occupancy) else None


def heard(figures: now.ServiceNow, board: Board) -> tuple[Heard, ...]:
    """The sources behind a service's figures: those that sent, and those mapped to it."""
    district = board.district
    mapped = {c for c, s in district.sources.items() if figures.service in s.services.values()}
    found = []
    for code in sorted({*figures.sources, *mapped}):
        source, last = district.source(code), board.heard.get(code)
        limit = timedelta(minutes=source.silent_after_minutes)
        stale = bool(limit) and (last is None or board.at - last > limit)
        found.append(Heard(code=code, name=source.name, last=last, stale=stale))
    return tuple(found)


def newest(figures: now.ServiceNow, board: Board) -> Heard | None:
    """The source of a service's figures that sent last; None where none ever did."""
    return _newest(heard(figures, board))


def _newest(every: Iterable[Heard]) -> Heard | None:
    spoke = [(h.last, h.code, h) for h in every if h.last]
    return max(spoke)[2] if spoke else None


def spark(figures: now.ServiceNow, *, half: float = 12.0) -> Spark:
    """The sparkline; a hidden count is a stub of half a unit, which says "some"."""
    counts = [c or 0 for c in (*figures.arrived, *figures.departed)]
    top = max(counts, default=0) or 1

    def bars(hours: Iterable[int | None], sign: int) -> tuple[tuple[int, float, float], ...]:
        heights = [0.5 if c is None else round(c / top * half, 1) for c in hours]
        return tuple(
            (i * 4, half - h if sign > 0 else half + 1, h) for i, h in enumerate(heights) if h
        )

    if figures.hidden:
        said = say("Arrivals and departures by hour over the last day; small counts are hidden")
    else:
        said = say(
            "Arrivals by hour over the last day, oldest first: {arrived}. Departures: {departed}",
            arrived=_listed(figures.arrived),
            departed=_listed(figures.departed),
        )
    return Spark(up=bars(figures.arrived, 1), down=bars(figures.departed, -1), said=said)


def _listed(hours: Iterable[int | None]) -> str:
    return ", ".join("hidden" if c is None else str(c) for c in hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the address asks to see."""

    setting: str = ""
    organisation: str = ""
    text: str = ""
    everything: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filter":
        """From a query string."""
        return cls(
            setting=query.get("setting", ""),
            organisation=query.get("organisation", ""),
            text=query.get("service", "").strip(),
            everything=query.get("all") == "1",
        )

    @property
    def narrows(self) -> bool:
        """Whether it leaves services out."""
        return bool(self.setting or self.organisation or self.text)

    def lets(self, figures: now.ServiceNow, district: District) -> bool:
        """Whether a service is shown."""
        service = district.services.get(figures.service)
        if self.setting and figures.setting != self.setting:
            return False
        if self.organisation and (service is None or service.organisation != self.organisation):
            return False
        name = district.service_name(figures.service)
        if self.text and self.text.casefold() not in name.casefold():
            return False
        return self.everything or figures.stirs or bool(figures.capacity)


def groups(board: Board, asked: Filter) -> list[Group]:
    """The services that the filter lets through, by setting, those that decide flow first."""
    by_setting: dict[str, list[now.ServiceNow]] = {}
    for figures in board.services.values():
        if asked.lets(figures, board.district):
            by_setting.setdefault(figures.setting, []).append(figures)
    return [
        Group(
            setting=setting,
            name=setting_name(setting),
            lines=sorted((line(f, board) for f in found), key=lambda each: each.name.casefold()),
        )
        for setting, found in sorted(by_setting.items(), key=lambda pair: rank(pair[0]))
    ]


def rank(setting: str) -> tuple[int, int]:
    """Where a setting stands on the board."""
    first = _FIRST.index(setting) if setting in _FIRST else len(_FIRST)  # type: ignore[arg-type]
    return first, _ORDER.get(setting, 99)  # type: ignore[call-overload]


def setting_name(setting: str) -> str:
    """A setting as the heading of a group."""
    if setting in set(Setting):
        return _NAMES.get(Setting(setting)) or setting[:1].upper() + setting[1:]
    return say("Setting not known")


def headline(board: Board) -> str:
    """The answer, in one or two sentences."""
    t = board.totals
    if not t.services:
        return say("No contact is open, and none began or ended in the last day.")
    about = "About " if t.about else ""
    people = say(
        "{about}{people_are} in a service now",
        about=about,
        people_are=words.plural(t.here, "person is", "people are"),
    )
    said = say_counted(
        "{people}, {waiting} waits to start, ",
        "{people}, {waiting} wait to start, ",
        t.waiting,
        people=people,
        waiting=f"{t.waiting:,}",
    )
    said = say("{said}and {are} ready to go.", said=said, are=words.plural(t.ready, "is", "are"))
    if t.over_limit:
        said += say(
            " {have} been in an ED for more than 4 hours.",
            have=words.plural(t.over_limit, "has", "have"),
        )
    if t.crews:
        said += say(
            " {ambulances_wait} to hand over.",
            ambulances_wait=words.plural(t.crews, "ambulance waits", "ambulances wait"),
        )
    if t.full:
        names = [board.district.service_name(code) for code in t.full]
        more = say(" and {names} more", names=len(names) - 3) if len(names) > 3 else ""
        verb = "is" if len(names) == 1 else "are"
        said += say(
            " {names}{more} {verb} over capacity.", names=", ".join(names[:3]), more=more, verb=verb
        )
    return said


def table_rows(found: list[Group]) -> list[list[Any]]:
    """The board as rows for a file, in the columns of COLUMNS."""
    return [
        [
            line.code, line.name, line.organisation, line.setting, line.here, line.capacity,
            line.percent, line.waiting, line.waiting_since, line.median_wait, line.ready,
            line.over_limit, line.crews, line.crews_since, line.lost, line.arrivals,
            line.departures,
            " ".join(h.code for h in line.heard), line.newest.last if line.newest else None,
        ]
        for group in found
        for line in group.lines
    ]  # fmt: skip


COLUMNS = (
    "service",
    "name",
    "organisation",
    "setting",
    "here",
    "capacity",
    "occupancy",
    "waiting",
    say("longest wait since (UTC)"),
    say("median wait"),
    say("ready to go"),
    say("over 4 h"),
    say("ambulances at the door"),
    say("longest at the door since (UTC)"),
    say("no end came"),
    say("arrivals 24 h"),
    say("departures 24 h"),
    "sources",
    say("last message (UTC)"),
)


def inside_row(each: Inside, at: datetime) -> list[Any]:
    """Somebody in a service as the cells of the list: a number that opens the record, no name.

    The name stands behind the purpose: a list of who is in a clinic is itself a record of care.
    """
    if each.ready and each.ready <= at:
        state, since = Cell(say("Ready to go"), tag="good"), each.ready
    elif each.started and each.started <= at:
        state, since = Cell(say("Here"), tag="info"), each.started
    else:
        state, since = Cell(say("Waiting"), tag="warn"), each.requested or at
    seconds = int((at - since).total_seconds())
    return [
        Cell(
            say("Person {person}", person=each.person),
            value=each.person,
            href=f"/people/{each.person}/",
        ),
        state,
        Cell(words.length_of(seconds), value=seconds),
        each.bed,
        each.urgency,
        each.reason,
    ]
