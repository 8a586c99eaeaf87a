"""The boards as the district has them: which places, parts and columns, thresholds, words, reasons.

Ours are in `boards.toml` beside this file; a district's own `boards.toml` goes over them key by
key. A key that is not known is answered with the nearest that is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import Any, Literal

from onesystem.district import District
from onesystem.vocabulary import BadConfig, NotFound, Setting, nearest
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say

FILE = "boards.toml"
_OURS = Path(__file__).with_name(FILE)
COLUMNS = (
    "here", "capacity", "free", "occupancy", "occupied_today", "occupied_day", "waiting",
    "longest_wait", "median_wait", "ready", "over_limit", "longest_stay", "arrivals",
    "departures", "due", "crews", "hand_over", "lost", "source",
)  # fmt: skip
PEOPLE = (
    "person", "bed", "since", "state", "leaves", "next", "urgency", "reason", "source", "change",
)  # fmt: skip
PARTS = ("services", "people", "delays", "expected", "ambulances", "community")
LIMITED = (
    "here", "free", "occupancy", "occupied_today", "occupied_day", "waiting", "longest_wait",
    "ready", "over_limit", "longest_stay", "due", "crews", "hand_over", "lost",
)  # fmt: skip
SHARES = frozenset({"occupancy", "occupied_today", "occupied_day"})
LENGTHS = frozenset({"longest_wait", "longest_stay", "hand_over"})  # in minutes
WALLS = ("counts", "beds", "initials")
_TABLES = ("threshold", "words", "lost", "now", "board", "reason", "step")
_HOUR = 3600 * 1_000_000
_KEYS = {
    "board": (
        "name", "title", "question", "settings", "organisation", "services", "parts", "columns",
        "people", "wall", "rotate_seconds", "due_hours", "threshold", "off",
    ),
    "reason": ("code", "letter", "words", "group", "owner", "off"),
    "step": ("words", "owner", "off"),
    "threshold": ("look", "act"),
}  # fmt: skip
_BY = {"board": "name", "reason": "code", "step": "words"}
_LISTS = {"parts": PARTS, "columns": COLUMNS, "people": PEOPLE, "settings": tuple(Setting)}
Asks = Literal["", "look", "act"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From which value on a figure asks for a look, and for somebody to act."""

    look: float
    act: float

    def of(self, value: float | None) -> Asks:
        """What a value asks for; nothing where it is not known."""
        if value is None:
            return ""
        if self.act < self.look < inf:  # a look that never comes turns nothing round
            return "act" if value <= self.act else "look" if value <= self.look else ""
        return "act" if value >= self.act else "look" if value >= self.look else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why somebody who is ready has not gone; who has to do something about it."""

    code: str
    words: str
    letter: str = ""
    group: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A next step to choose, and who usually owes it."""

    words: str
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLayout:
    """One board. `services` names places and their order; else all of its settings are shown.

    `thresholds` are its own, where a wait means something else than elsewhere.
    """

    name: str
    title: str
    question: str = ""
    settings: tuple[str, ...] = ()
    organisation: str = ""
    services: tuple[str, ...] = ()
    parts: tuple[str, ...] = PARTS
    columns: tuple[str, ...] = COLUMNS
    people: tuple[str, ...] = PEOPLE
    wall: str = "counts"
    rotate_seconds: int = 20
    due_hours: int = 12
    thresholds: Mapping[str, "Threshold"] = field(default_factory=dict)

    def places(self, district: District, known: Iterable[str]) -> list[str]:
        """The services that it shows, in its order; `known` are those that have figures."""
        known = set(known)
        if self.services:
            return [code for code in self.services if code in known]
        found = [
            service
            for code, service in district.services.items()
            if code in known
            and (not self.settings or service.setting in self.settings)
            and (not self.organisation or service.organisation == self.organisation)
        ]
        return [s.code for s in sorted(found, key=lambda s: (s.organisation, s.name.casefold()))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All boards of a district."""

    boards: dict[str, BoardLayout]
    reasons: dict[str, Reason]
    steps: tuple[Step, ...]
    words: Mapping[str, str]
    now: tuple[tuple[str, str], ...]  # the columns of the Now board, each with its name
    thresholds: Mapping[str, Threshold]
    lost: Mapping[str, int]  # by setting, for how long a contact can be open: microseconds

    def board(self, name: str) -> BoardLayout:
        """The board of a name. Raises NotFound."""
        if name not in self.boards:
            raise NotFound(
                say("there is no board {name}", name=repr(name)), nearest(name, self.boards)
            )
        return self.boards[name]

    def limit(self, figure: str, board: BoardLayout | None = None) -> Threshold | None:
        """From which values on a figure asks: on that board, or on every one."""
        own = board.thresholds.get(figure) if board else None
        return own or self.thresholds.get(figure)

    def asks(self, figure: str, value: float | None, board: BoardLayout | None = None) -> Asks:
        """What a figure asks for at this value."""
        limit = self.limit(figure, board)
        return limit.of(value) if limit else ""


def layout(folder: Path) -> Layout:
    """The boards of a district folder. Raises BadConfig naming what is wrong, and the cure."""
    own = folder / FILE
    return _read(own, own.stat().st_mtime_ns if own.exists() else 0)


def check(district: District, made: Layout | None = None) -> list[str]:
    """What the boards name that the district does not have. Raises BadConfig as `layout` does."""
    found = []
    for board in (made or layout(district.path)).boards.values():
        for code in board.services:
            if code not in district.services:
                hint = nearest(code, district.services)
                found.append(
                    say(
                        "board {name} names the service {code}. {hint}",
                        name=repr(board.name),
                        code=repr(code),
                        hint=hint,
                    )
                )
        if board.organisation and board.organisation not in district.organisations:
            hint = nearest(board.organisation, district.organisations)
            found.append(
                say(
                    "board {name} names the organisation {organisation}. {hint}",
                    name=repr(board.name),
                    organisation=repr(board.organisation),
                    hint=hint,
                )
            )
    return found


@lru_cache(maxsize=4)
def _read(own: Path, changed: int) -> Layout:
    return tried(own.read_text(encoding="utf-8") if changed else "")


def shipped() -> str:
    """Our own file, over which a district's goes."""
    return _OURS.read_text(encoding="utf-8")


def tried(text: str) -> Layout:
    """The boards as they would be with this file of the district's. Raises BadConfig."""
    ours, said = parsed(shipped(), FILE), parsed(text, FILE)
    check_keys(FILE, said, _TABLES)
    check_keys(say("{file}, words", file=FILE), said.get("words", {}), tuple(ours["words"]))
    check_keys(say("{file}, threshold", file=FILE), said.get("threshold", {}), LIMITED)
    boards = [_board(each) for each in _over("board", ours, said)]
    reasons = [Reason(**each) for each in _over("reason", ours, said)]
    return Layout(
        boards={each.name: each for each in boards},
        reasons={each.code: each for each in reasons},
        steps=tuple(Step(**each) for each in _over("step", ours, said)),
        words={**ours["words"], **said.get("words", {})},
        now=_now(ours["now"], said.get("now", {})),
        lost=_lost({**ours["lost"], **said.get("lost", {})}),
        thresholds={
            name: _threshold(name, {**ours["threshold"].get(name, {}), **limit})
            for name, limit in (ours["threshold"] | said.get("threshold", {})).items()
        },
    )


def _now(ours: dict[str, Any], said: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The columns of the Now board, with their names."""
    check_keys(say("{file}, now", file=FILE), said, tuple(ours))
    check_keys(f"{FILE}, now.words", said.get("words", {}), tuple(ours["words"]))
    words = {**ours["words"], **said.get("words", {})}
    columns = said.get("columns", ours["columns"])
    for each in columns:
        if each not in words:
            raise BadConfig(
                say("{file}, now: columns names {each}", file=FILE, each=repr(each)),
                nearest(each, words),
            )
    return tuple((each, words[each]) for each in dict.fromkeys(columns))


def _lost(said: dict[str, Any]) -> dict[str, int]:
    """Hours by setting, as microseconds; a setting that is set to 0 never loses an end."""
    check_keys(say("{file}, lost", file=FILE), said, tuple(Setting))
    for setting, hours in said.items():
        if isinstance(hours, bool) or not isinstance(hours, int | float) or hours < 0:
            raise BadConfig(
                say(
                    "{file}, lost: {setting} is {hours}",
                    file=FILE,
                    setting=setting,
                    hours=repr(hours),
                ),
                "Write hours, such as 24.",
            )
    return {setting: int(hours * _HOUR) for setting, hours in said.items() if hours}


def _over(table: str, ours: dict[str, Any], said: dict[str, Any]) -> list[dict[str, Any]]:
    """Ours with the district's over them, those that are off left out."""
    by = _BY[table]
    rows = {each[by]: each for each in ours[table]}
    for i, each in enumerate(said.get(table, ()), 1):
        if not isinstance(each, dict) or not each.get(by):
            raise BadConfig(
                say("{file}, {table} {i} has no {by}", file=FILE, table=table, i=i, by=by),
                say('Write {by} = "..."', by=by),
            )
        check_keys(f"{FILE}, {table} {each[by]}", each, _KEYS[table])
        rows[each[by]] = {**rows.get(each[by], {}), **each}
    for each in rows.values():
        if "words" in _KEYS[table] and not each.get("words"):
            raise BadConfig(
                say("{file}, {table} {each} has no words", file=FILE, table=table, each=each[by]),
                'Write words = "..."',
            )
    kept = [each for each in rows.values() if not each.get("off")]
    return [{k: v for k, v in each.items() if k != "off"} for each in kept]


def _board(said: dict[str, Any]) -> BoardLayout:
    where = say("{file}, board {name}", file=FILE, name=said["name"])
    if not said["name"].replace("-", "").isalnum():
        raise BadConfig(
            say("{where}: the name is part of an address", where=where),
            "Use letters, digits and dashes.",
        )
    if not said.get("title"):
        raise BadConfig(say("{where} has no title", where=where), 'Write title = "..."')
    for key, allowed in _LISTS.items():
        for each in said.get(key, ()):
            if each not in allowed:
                raise BadConfig(
                    say("{where}: {key} names {each}", where=where, key=key, each=repr(each)),
                    nearest(each, allowed),
                )
    if said.get("wall", "counts") not in WALLS:
        raise BadConfig(
            say("{where}: wall is {wall}", where=where, wall=repr(said["wall"])),
            nearest(said["wall"], WALLS),
        )
    for key in ("rotate_seconds", "due_hours"):
        if key in said and not (isinstance(said[key], int) and 1 <= said[key] <= 168):
            raise BadConfig(
                say("{where}: {key} is {said}", where=where, key=key, said=repr(said[key])),
                "Write a whole number from 1 on.",
            )
    told: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
    limits = told.pop("threshold", {})
    check_keys(say("{where}, threshold", where=where), limits, LIMITED)
    own = {name: _threshold(name, limit, where) for name, limit in limits.items()}
    return BoardLayout(**told, thresholds=own)


def _threshold(name: str, said: dict[str, Any], where: str = FILE) -> Threshold:
    where = say("{where}, threshold {name}", where=where, name=name)
    check_keys(where, said, _KEYS["threshold"])
    for key in ("look", "act"):
        if not isinstance(said.get(key), int | float) or isinstance(said.get(key), bool):
            raise BadConfig(
                say("{where}: {key} is no number", where=where, key=key),
                say("Write {key} = 0.9, or the like.", key=key),
            )
    return Threshold(look=float(said["look"]), act=float(said["act"]))
