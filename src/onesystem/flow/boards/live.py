"""What open boards of the district's own are told: the figures that changed, never a person.

Worked out once for each board and each kind of reader by the stream process. A row that changed is
sent as the page has it; where rows came or went, their part; where parts did, the page asks anew.
Who is on a board the page always asks for itself, since that is a look that the trail holds.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

import orjson
from django.template import engines

from onesystem import district
from onesystem.flow import presenters, queries
from onesystem.flow.boards import showing
from onesystem.flow.boards.layout import layout
from onesystem.flow.boards.showing import Part, Row, Shown
from onesystem.flow.live import Event
from onesystem.vocabulary import NotFound

Open = tuple[str, bool]  # a board, and whether its readers may see people


def channel(board: str, *, full: bool) -> str:
    """Where the events of a board go, for those who see people or for the others."""
    return f"board:{board}:{'people' if full else 'counts'}"


def is_there(board: str) -> bool:
    """Whether the district has such a board."""
    try:
        layout(district.current().path).board(board)
    except NotFound:
        return False
    return True


class LiveBoards:
    """The boards that are open somewhere, as their pages have them."""

    def __init__(self) -> None:
        self.sent: dict[Open, Shown] = {}

    @cached_property
    def macros(self) -> Any:
        """What makes a row, a part and the sources: the same as the page's."""
        return engines["jinja2"].env.get_template("flow/boards/_figures.html").module

    def poll(
        self, opened: Collection[Open], board: queries.Board, changed: Iterable[str]
    ) -> list[Event]:
        """An event for each open board of which something changed; one that was not open is told
        whole, since its first page may be older than what is kept here.
        """
        self.sent = {each: shown for each, shown in self.sent.items() if each in opened}
        moved = {presenters.row_id(code) for code in changed}
        events = []
        for name, full in opened:
            before = self.sent.get((name, full))
            if before and not moved & set(before.watched):
                continue
            every = layout(board.district.path)
            try:
                which = every.board(name)
            except NotFound:  # taken away since
                continue
            seen = board if full else board.without_small()
            shown = self.sent[name, full] = showing.show(seen, every, which, exact=full)
            if said := self._said(before, shown):
                events.append(_event(name, said, full=full, change=board.change))
        return events

    def _said(self, before: Shown | None, now: Shown) -> dict[str, Any]:
        """What the page has to change: pieces by their ids, or `whole`."""
        if before is None:
            parts = {
                f"block-{part.name}": self.macros.part(part) if _is_shown(part)[1] else ""
                for part in now.parts
            }
            return self._pieces({**parts, **self._frame(now)}, now)
        if [_is_shown(p) for p in before.parts] != [_is_shown(p) for p in now.parts]:
            return {"whole": True}
        made = self._frame(now) if _frame_of(before) != _frame_of(now) else {}
        for was, part in zip(before.parts, now.parts, strict=True):
            made |= self._changed(was, part)
        return self._pieces(made, now) if made else {}

    def _pieces(self, made: Mapping[str, object], now: Shown) -> dict[str, Any]:
        return {"pieces": {k: str(v).strip() for k, v in made.items()}, "watch": now.watched}

    def _frame(self, now: Shown) -> dict[str, Any]:
        return {"headline": self.macros.lead(now), "sources": self.macros.sources(now)}

    def _changed(self, was: Part, part: Part) -> dict[str, Any]:
        if _outline(was) != _outline(part):
            return {f"block-{part.name}": self.macros.part(part)}
        return {
            f"{part.name}-{row.id}": self.macros.row(part, row)
            for before, row in zip(was.rows, part.rows, strict=True)
            if _core(before) != _core(row)
        }


def _event(name: str, said: dict[str, Any], *, full: bool, change: int) -> Event:
    data, none = orjson.dumps(said), b"{}"
    return Event(
        id=change, name="board", channel=channel(name, full=full),
        full=data if full else none, small=none if full else data,
    )  # fmt: skip


def _is_shown(part: Part) -> tuple[str, bool]:
    """A part, and whether it takes room: delays are left out where there are none."""
    return part.name, bool(part.rows) or part.name != "delays"


def _frame_of(shown: Shown) -> Any:
    """What stands around the parts, without what moves with the clock or with each message."""
    heard = [(source.code, source.stale, source.last is None) for source in shown.sources]
    return shown.headline, heard, shown.watched


def _outline(part: Part) -> Any:
    """What only the whole part can tell: its rows, and all of those that have no id."""
    rows = [row.id or _core(row) for row in part.rows]
    return part.title, part.columns, part.foot, rows


def _core(row: Row) -> Any:
    """A row without what pages bring up to date by themselves: when its source was heard."""
    cells = [(cell.column, cell.text, cell.since, cell.asks) for cell in row.cells]
    return row.code, row.name, row.organisation, row.href, row.stale, cells
