"""Values and conditions of a mapping: where a thing that we keep comes from in a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from onesystem.feeds.extract import keys
from onesystem.vocabulary import BadConfig, nearest

UNITS = ("days", "hours", "minutes", "seconds")
_BASES = ("column", "fixed", "concat", "first", "row")
_KINDS: dict[str, type | tuple[type, ...]] = {
    "column": str, "fixed": (str, int, float, bool), "concat": list, "first": list, "row": bool,
    "split": str, "pattern": str, "part": int, "case": str, "values": dict, "default": str,
    "source": str, "format": (str, list), "zone": str, "otherwise": str, "before": dict,
    "after": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value: exactly one of `column`, `fixed`, `concat`, `first`, `joined` (a list in TOML) and
    `row`, then what is done to it, in this order: split or pattern, case, values, default; for
    times format, time, before and after.
    """

    column: str = ""
    fixed: str | None = None
    concat: tuple["Value", ...] = ()
    first: tuple["Value", ...] = ()
    joined: tuple["Value", ...] = ()
    row: bool = False
    split: str = ""
    pattern: str = ""
    part: int = 1
    case: str = ""
    values: dict[str, str] = field(default_factory=dict)
    default: str | None = None
    source: str = ""
    formats: tuple[str, ...] = ()
    zone: str = ""
    time: "Value | None" = None
    before: tuple[tuple[str, "Value"], ...] = ()
    after: tuple[tuple[str, "Value"], ...] = ()
    otherwise: str = "refuse"

    def columns(self) -> Iterator[str]:
        """Every column that the value reads."""
        if self.column:
            yield self.column
        inner = (*self.concat, *self.first, *self.joined, *((self.time,) if self.time else ()))
        for each in (*inner, *(v for _, v in (*self.before, *self.after))):
            yield from each.columns()

    def sources(self) -> Iterator[str]:
        """Every other source whose keys the value holds."""
        if self.source:
            yield self.source
        for each in (*self.concat, *self.first, *self.joined):
            yield from each.sources()


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A condition on one column of a row. Exactly one of the three holds something."""

    column: str
    among: tuple[str, ...] = ()
    not_among: tuple[str, ...] = ()
    empty: bool | None = None


def check_keys(name: str, raw: object, known: Mapping[str, str]) -> dict[str, Any]:
    """The table, once every key of it is known. Raises BadConfig with the nearest known key."""
    if not isinstance(raw, dict):
        raise BadConfig(f"{name} is not a table", f"Write it as [{name}].")
    for key in raw:
        if key not in known:
            raise BadConfig(f"{name}.{key} is not a key of a mapping", nearest(key, known))
    return raw


def value(name: str, raw: object) -> Value:
    """A value from TOML: a column's name, a list of values whose filled ones are joined by commas,
    or a table. Raises BadConfig.
    """
    if isinstance(raw, str):
        return Value(column=raw)
    if isinstance(raw, list):
        return Value(joined=_several(name, raw))
    table = check_keys(name, raw, keys.VALUE)
    bases = [key for key in _BASES if key in table]
    if len(bases) != 1:
        raise BadConfig(
            f"{name} has {' and '.join(bases) or 'no source'}",
            f"Give exactly one of: {', '.join(_BASES)}.",
        )
    for key, kind in _KINDS.items():
        if key in table and not isinstance(table[key], kind):
            raise BadConfig(f"{name}.{key} is {table[key]!r}", f"It says {keys.VALUE[key]}.")
    _choice(name, table, "case", ("upper", "lower"))
    _choice(name, table, "otherwise", ("refuse", "empty"))
    if table.get("part", 1) < 1:
        raise BadConfig(f"{name}.part is {table['part']}", "Pieces are counted from 1.")
    formats = table.get("format", [])
    return Value(
        column=table.get("column", ""),
        fixed=_words(table["fixed"]) if "fixed" in table else None,
        concat=_several(f"{name}.concat", table.get("concat", [])),
        first=_several(f"{name}.first", table.get("first", [])),
        row=table.get("row", False),
        split=table.get("split", ""),
        pattern=table.get("pattern", ""),
        part=table.get("part", 1),
        case=table.get("case", ""),
        values={str(k): _words(v) for k, v in table.get("values", {}).items()},
        default=table.get("default"),
        source=table.get("source", ""),
        formats=(formats,) if isinstance(formats, str) else tuple(map(str, formats)),
        zone=table.get("zone", ""),
        time=value(f"{name}.time", table["time"]) if "time" in table else None,
        before=_lengths(f"{name}.before", table.get("before", {})),
        after=_lengths(f"{name}.after", table.get("after", {})),
        otherwise=table.get("otherwise", "refuse"),
    )


def when(name: str, raw: object) -> When:
    """A condition from TOML. Raises BadConfig."""
    table = check_keys(name, raw, keys.WHEN)
    tests = [key for key in ("is", "in", "not_in", "empty") if key in table]
    if "column" not in table or len(tests) != 1:
        raise BadConfig(
            f"{name} is not a condition", 'Write it like: { column = "status", in = ["A", "B"] }'
        )
    test = table[tests[0]]
    if tests[0] == "empty":
        return When(column=str(table["column"]), empty=bool(test))
    among = tuple(map(_words, test if isinstance(test, list) else [test]))
    column = str(table["column"])
    if tests[0] == "not_in":
        return When(column=column, not_among=among)
    return When(column=column, among=among)


def _several(name: str, raw: list[Any]) -> tuple[Value, ...]:
    return tuple(value(f"{name}[{i}]", each) for i, each in enumerate(raw))


def _lengths(name: str, raw: dict[str, Any]) -> tuple[tuple[str, Value], ...]:
    for unit in raw:
        if unit not in UNITS:
            raise BadConfig(f"{name}.{unit} is not a length of time", nearest(unit, UNITS))
    return tuple(
        (unit, Value(fixed=str(v)) if isinstance(v, int | float) else value(f"{name}.{unit}", v))
        for unit, v in raw.items()
    )


def _choice(name: str, table: dict[str, Any], key: str, choices: tuple[str, ...]) -> None:
    if key in table and table[key] not in choices:
        raise BadConfig(f"{name}.{key} is {table[key]!r}", nearest(str(table[key]), choices))


def _words(raw: object) -> str:
    return str(raw).lower() if isinstance(raw, bool) else str(raw)
