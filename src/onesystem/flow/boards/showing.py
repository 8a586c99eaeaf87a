"""A board in words: cells with their sign, parts as rows. A colour always comes with a sign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isinf
from urllib.parse import quote

from onesystem.flow import now, presenters, queries
from onesystem.flow.boards import parts
from onesystem.flow.boards.layout import SHARES, Asks, BoardLayout, Layout, Threshold
from onesystem.vocabulary import Setting, words
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import listed, say

_MINUTE = 60 * now.SECOND
_SINCE = {
    "longest_wait": "waiting_since", "longest_stay": "here_since", "hand_over": "crews_since",
}  # fmt: skip
COMMUNITY = frozenset(
    {
        Setting.COMMUNITY, Setting.HOME_CARE, Setting.CARE_HOME, Setting.REHABILITATION,
        Setting.OUT_OF_HOURS, Setting.MEALS,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure in words. `since` is a moment whose age the page counts on by itself."""

    column: str
    text: str = ""
    since: datetime | None = None
    asks: Asks = ""
    share: float | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not self.text and self.since is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A place with its figures."""

    code: str
    id: str
    name: str
    organisation: str
    href: str
    cells: tuple[Cell, ...]
    heard: presenters.Heard | None
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a board that is a table of places or of reasons."""

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    foot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A board as one actor may see it."""

    layout: BoardLayout
    at: datetime
    change: int
    headline: str
    parts: tuple[Part, ...]
    services: tuple[str, ...]
    watched: tuple[str, ...]  # the ids of rows whose change is a change of this board
    sources: tuple[presenters.Heard, ...]
    exact: bool
    below: int


def show(board: queries.Board, layout: Layout, which: BoardLayout, *, exact: bool) -> Shown:
    """A board in words. `board` is already as its readers may see it: `exact`, or without what is
    of few people.
    """
    codes = which.places(board.district, board.services)
    view = _View(board, layout, which, exact=exact, codes=codes)
    made = [part for name in which.parts if name != "people" if (part := view.part(name))]
    return Shown(
        layout=which, at=board.at, change=board.change, headline=view.headline(),
        parts=tuple(made), services=tuple(codes),
        watched=tuple(presenters.row_id(code) for code in view.watched()),
        sources=view.sources(), exact=exact, below=board.district.suppress_below,
    )  # fmt: skip


class _View:
    """The words of one board, part by part."""

    def __init__(
        self,
        board: queries.Board,
        layout: Layout,
        which: BoardLayout,
        *,
        exact: bool,
        codes: Sequence[str],
    ) -> None:
        self.board, self.layout, self.which = board, layout, which
        self.codes, self.district = codes, board.district
        self.below = 0 if exact else board.district.suppress_below
        self.due: dict[str, parts.Due] = {}
        if "due" in which.columns or "expected" in which.parts:
            found = parts.due(codes, at=board.at, hours=which.due_hours)
            self.due = {each.service: each.hide(self.below) for each in found}

    def part(self, name: str) -> Part | None:
        return getattr(self, f"_{name}")()

    def watched(self) -> Iterable[str]:
        yield from self.codes
        if "ambulances" in self.which.parts:
            for code, figures in self.board.services.items():
                if figures.setting == Setting.AMBULANCE:
                    yield code

    def sources(self) -> tuple[presenters.Heard, ...]:
        """Who the figures come from, and how old they are."""
        seen: dict[str, presenters.Heard] = {}
        for code in self.watched():
            if code in self.board.services:
                for each in presenters.heard(self.board.services[code], self.board):
                    seen[each.code] = each
        return tuple(seen[code] for code in sorted(seen))

    def headline(self) -> str:
        """The answer in one sentence, from exact figures or from those that are not hidden."""
        every = [self.board.services[code] for code in self.codes]
        said = [say("{added} here", added=added(f.here for f in every))]
        open_ = [f for f in every if f.capacity is not None]
        if open_ and "free" in self.which.columns:
            free = added(max(0, f.free) if f.free is not None else None for f in open_)
            said.append(say("{free} free", free=free))
        said.append(say("{added} waiting", added=added(f.waiting for f in every)))
        said.append(say("{added} ready and not gone", added=added(f.ready for f in every)))
        over = [f.over_limit for f in every if f.setting == Setting.ED]
        if over:
            said.append(say("{added} over four hours", added=added(over)))
        places = words.plural(len(every), "place")
        return say("{said}, in {places}.", said=listed(said), places=places)

    def _services(self) -> Part:
        return self._table("services", self.codes, self.which.columns)

    def _community(self) -> Part:
        found = [
            code
            for code, figures in self.board.services.items()
            if figures.setting in COMMUNITY and (figures.capacity or figures.stirs)
            and (self.which.services == () or code in self.codes)
        ]  # fmt: skip
        found.sort(key=lambda c: (-(self.board.services[c].free or 0), self._name(c)))
        columns = ("here", "capacity", "free", "waiting", "longest_wait", "source")
        return self._table("community", found, columns)

    def _table(self, name: str, codes: Iterable[str], columns: Sequence[str]) -> Part:
        rows = [self._row(code, columns) for code in codes]
        return Part(
            name=name, title=self.layout.words[name], rows=tuple(rows),
            columns=tuple((c, self.layout.words[c]) for c in columns),
        )  # fmt: skip

    def _row(self, code: str, columns: Sequence[str]) -> Row:
        figures = self.board.services[code]
        line = presenters.line(figures, self.board)
        return Row(
            code=code, id=line.id, name=line.name, organisation=line.organisation,
            href=line.href, stale=line.stale, heard=line.newest,
            cells=tuple(self._cell(column, figures) for column in columns),
        )  # fmt: skip

    def _cell(self, column: str, figures: now.ServiceNow) -> Cell:
        if column == "source" or (column == "crews" and figures.setting != Setting.ED):
            return Cell(column=column)
        if column == "due":
            due = self.due.get(figures.service)
            return self._counted(column, due.planned if due else 0)
        if column in SHARES:
            share = getattr(figures, column)
            return Cell(column=column, text=words.percent(share, missing=""), share=share,
                        asks=self._asks(column, share))  # fmt: skip
        if column in _SINCE:
            return self._since(column, getattr(figures, _SINCE[column]))
        if column == "median_wait":
            seconds = figures.median_wait
            text = "" if seconds is None else words.length_of(seconds / now.SECOND)
            return Cell(column=column, text=text)
        value = getattr(figures, column)
        known = column in {"capacity", "free", "over_limit"} and value is None
        hidden = known and not (column == "free" and figures.capacity is not None)
        return Cell(column=column) if hidden else self._counted(column, value)

    def _counted(self, column: str, value: int | None) -> Cell:
        return Cell(column=column, text=self._count(value), asks=self._asks(column, value))

    def _count(self, value: int | None) -> str:
        return f"<{self.district.suppress_below}" if value is None else f"{value:,}"

    def _since(self, column: str, since: int | None) -> Cell:
        if since is None:
            return Cell(column=column)
        minutes = (to_micros(self.board.at) - since) / _MINUTE
        return Cell(column=column, since=from_micros(since),
                    asks=self._asks(column, minutes))  # fmt: skip

    def _asks(self, column: str, value: float | None) -> Asks:
        return self.layout.asks(column, value, self.which)

    def _delays(self) -> Part:
        told = parts.delays(self.codes, at=self.board.at)
        found = [q.hide(self.below, round_to=5) for q in told]
        rows = []
        for each in found:
            reason = self.layout.reasons.get(each.key)
            name = reason.words if reason else each.key or say("No reason given yet")
            days = "" if each.hours is None else f"{each.hours / 24:.1f}"
            cells = (
                self._counted("ready", each.count),
                self._since("longest_stay", each.longest),
                Cell(column="days", text=days),
                Cell(column="owner", text=reason.owner if reason else ""),
            )
            rows.append(self._plain(name, reason.group if reason else "", cells))
        heads = (
            ("ready", say("People")),
            ("longest_stay", say("Longest")),
            ("days", say("Days so far")),
            ("owner", say("Who owes the next step")),
        )
        foot = say("Rounded to fives, since your role does not see people.") if self.below else ""
        return Part(name="delays", title=self.layout.words["delays"], columns=heads,
                    rows=tuple(rows), foot=foot)  # fmt: skip

    def _expected(self) -> Part:
        rows = []
        for code in self.codes:
            if due := self.due.get(code):
                cells = (
                    self._counted("due", due.planned),
                    Cell(column="first", text=self._clock(due.first)),
                    self._counted("asked", due.asked),
                    self._since("longest_wait", due.longest),
                )
                rows.append(self._plain(self._name(code), "", cells, code=code))
        heads = (
            ("due", say("Planned, {due_hours} h", due_hours=self.which.due_hours)),
            ("first", say("First")),
            ("asked", say("Asked, no time yet")),
            ("longest_wait", say("Longest asked")),
        )
        return Part(
            name="expected", title=self.layout.words["expected"], columns=heads, rows=tuple(rows)
        )

    def _ambulances(self) -> Part:
        at = to_micros(self.board.at)
        limit = self.which.thresholds.get("hand_over", self.layout.thresholds["hand_over"])
        every = self.board.services.values()
        eds = [c for c in self.codes if self.board.services[c].setting == Setting.ED]
        sends = [f.service for f in every if f.setting == Setting.AMBULANCE]
        found = queries.hand_overs(self.district, at=at, over=now.DAY)
        rows = [self._door(each, limit, at) for each in parts.doors(found, eds, at=at)]
        lost = self.layout.lost.get(Setting.AMBULANCE, now.DAY)
        on_way = parts.under_way(sends, at=self.board.at, lost=lost)
        calls = [
            parts.Queue(key=f.service, count=f.waiting, longest=f.waiting_since)
            for f in every
            if f.setting == Setting.AMBULANCE and f.waiting != 0
        ]
        rows += [
            self._queue(f"{said}: {self._name(each.key)}", each.hide(self.below), column)
            for said, queue, column in ((say("With a crew"), on_way, "longest"),
                                        (say("Calls waiting"), calls, "longest_wait"))
            for each in queue
        ]  # fmt: skip
        heads = (
            ("count", say("Now")),
            ("longest", say("Longest")),
            ("look", say("Over {look} min", look=f"{limit.look:.0f}")),
            ("act", say("Over {act} min", act=f"{limit.act:.0f}")),
            ("handed", say("Handed over, 24\xa0h")),
            ("median", say("Median, 24\xa0h")),
        )
        never = {name for name in ("look", "act") if isinf(getattr(limit, name))}
        heads = tuple(head for head in heads if head[0] not in never)
        rows = [replace(r, cells=tuple(c for c in r.cells if c.column not in never)) for r in rows]
        gone = sum(f.lost or 0 for f in every if f.setting == Setting.AMBULANCE)
        foot = say(
            "No end came of {contacts} with a crew: not counted.",
            contacts=words.plural(gone, "contact"),
        )
        return Part(
            name="ambulances",
            title=self.layout.words["ambulances"],
            columns=heads,
            rows=tuple(rows),
            foot=foot if gone else "",
        )

    def _door(self, door: parts.Door, limit: Threshold, at: int) -> Row:
        """The crews at one ED's door; all of it hidden where few are there and none is to see."""
        few = 0 < len(door.waiting) < self.below
        looks, acts = (door.over(m, at=at) for m in (limit.look, limit.act))
        handed = None if 0 < door.handed < self.below else door.handed
        known = door.median is not None and handed
        cells = (
            self._counted("crews", None if few else len(door.waiting)),
            Cell(column="longest") if few or not door.waiting
            else self._since("hand_over", door.waiting[0]),
            self._over(few, "look", looks),
            self._over(few, "act", acts),
            Cell(column="handed", text=self._count(handed)),
            Cell(column="median", text=words.length_of(door.median / now.SECOND) if known else ""),
        )  # fmt: skip
        name = self._name(door.ed) if door.ed else say("hospital not said yet")
        return self._plain(say("At the door: {name}", name=name), "", cells, code=door.ed)

    def _over(self, few: bool, name: Asks, count: int) -> Cell:
        """How many crews are over a limit; hidden with the crews, or where they are few."""
        if few:
            return Cell(column=name)
        text = self._count(None if 0 < count < self.below else count)
        return Cell(column=name, text=text, asks=name if count else "")

    def _queue(self, name: str, each: parts.Queue, column: str) -> Row:
        empty = tuple(Cell(column=name) for name in ("look", "act", "handed", "median"))
        counts = (self._counted("count", each.count), self._since(column, each.longest))
        return self._plain(name, "", counts + empty)

    def _plain(self, name: str, about: str, cells: tuple[Cell, ...], code: str = "") -> Row:
        href = f"/now/{quote(code, safe='')}/" if code else ""
        return Row(code=code, id="", name=name, organisation=about, href=href, cells=cells,
                   heard=None, stale=False)  # fmt: skip

    def _clock(self, count: int | None) -> str:
        from onesystem.vocabulary import to_local

        if count is None:
            return ""
        return to_local(from_micros(count), self.district.zone).strftime("%H:%M")

    def _name(self, code: str) -> str:
        return self.district.service_name(code)


def added(counts: Iterable[int | None]) -> str:
    """A sum in words: at least so many, or some, where a part of it is hidden."""
    every = list(counts)
    known = sum(count for count in every if count is not None)
    if None in every:
        return say("at least {known}", known=f"{known:,}") if known else say("some")
    return f"{known:,}"
