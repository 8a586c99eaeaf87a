"""The board as the stream process keeps it: what changed, told once for all open pages.

`LiveBoard.changed` reads the services that the outbox names, renders their rows, and gives one
event for those who see people and one for those who do not. Nothing here is done for each page.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from django.template import engines

from onesystem import contacts, district
from onesystem.flow import now, presenters, queries, reading
from onesystem.vocabulary import to_local

TOPIC = "contacts"
MANY = 200  # services in one event; beyond, a page asks for the board itself


@dataclass(frozen=True, slots=True)
class Event:
    """What goes out: the id of the last change in it, and its data by who may see what.

    `channel` is empty for boards; what is of an inbox goes to the pages of that inbox alone.
    """

    id: int
    name: str
    full: bytes = b"{}"
    small: bytes = b"{}"
    channel: str = ""


class LiveBoard:
    """The figures that pages have, and the events that bring them up to date."""

    def __init__(self) -> None:
        self.board = queries.read_board(at=district.now())
        self.sent = {code: _core(f) for code, f in self.board.services.items()}
        self.stale = self._stale()
        self.heard = self.board.heard
        self.changed: set[str] = set()  # services, since somebody last took them

    @cached_property
    def row(self) -> Any:
        """The macro that makes a row, the same one as the page's."""
        return engines["jinja2"].env.get_template("flow/_row.html").module.row

    @property
    def last(self) -> int:
        """The last change that is in the figures."""
        return self.board.change

    def poll(self) -> Event | None:
        """The event for what was announced since; None where nothing was."""
        changes = contacts.changes_since(self.last)
        if not changes:
            return None
        codes = {
            c.payload["service"] for c in changes if c.topic == TOPIC and "service" in c.payload
        }
        if len(codes) > MANY:
            return self._reload(changes[-1].id)
        return self._told(changes[-1].id, codes)

    def tick(self) -> Event | None:
        """The event for what only time changed: four hours passed, a ward opened, a feed fell
        silent. To be asked for every half minute.
        """
        fresh = queries.read_board(at=district.now())
        change, self.board = self.board.change, replace(fresh, change=self.board.change)
        codes = {c for c, f in fresh.services.items() if self.sent.get(c) != _core(f)}
        stale = self._stale()
        codes |= {c for c in stale if stale[c] != self.stale.get(c)}
        return self._event(change, codes) if codes or self._just_heard() else None

    def take_changed(self) -> set[str]:
        """The services of which something was told since this was last asked."""
        taken, self.changed = self.changed, set()
        return taken

    def _reload(self, change: int) -> Event:
        self.board = replace(queries.read_board(at=district.now()), change=change)
        self.changed |= set(self.board.services)
        self.sent = {code: _core(f) for code, f in self.board.services.items()}
        return Event(id=change, name="refresh")

    def _told(self, change: int, codes: set[str]) -> Event:
        at = district.now()
        fresh = queries.read_services(codes, at=at)
        self.board = replace(
            self.board,
            at=at,
            change=change,
            services={**self.board.services, **fresh},
            heard=reading.last_messages(),
        )
        return self._event(change, codes | set(fresh))

    def _event(self, change: int, codes: set[str]) -> Event:
        self.changed |= codes
        for code in codes:
            self.sent[code] = _core(self.board.services[code])
        self.stale, heard = self._stale(), self._just_heard()
        self.heard = self.board.heard
        return Event(
            id=change,
            name="now",
            full=self._data(self.board, codes, heard),
            small=self._data(self.board.without_small(), codes, heard),
        )

    def _just_heard(self) -> dict[str, datetime]:
        return {c: at for c, at in self.board.heard.items() if self.heard.get(c) != at}

    def _data(self, board: queries.Board, codes: set[str], heard: dict[str, datetime]) -> bytes:
        lines = [presenters.line(board.services[code], board) for code in sorted(codes)]
        last = max(board.heard.values(), default=None)
        return orjson.dumps(
            {
                "at": board.at,
                "clock": to_local(board.at, board.district.zone).strftime("%H:%M:%S"),
                "last": last,
                "headline": presenters.headline(board),
                "heard": heard,
                "rows": {line.id: str(self.row(line)) for line in lines},
            }
        )

    def _stale(self) -> dict[str, tuple[bool, ...]]:
        return {
            code: tuple(h.stale for h in presenters.heard(f, self.board))
            for code, f in self.board.services.items()
        }


def _core(figures: now.ServiceNow) -> now.ServiceNow:
    """The figures without what moves with the clock by itself; pages count waits on their own."""
    return replace(
        figures, at=0, median_wait=None, arrived=(), departed=(), arrivals=0, departures=0,
        occupied_today=None, occupied_day=None,
    )  # fmt: skip
