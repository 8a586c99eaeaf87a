"""A pathway as the fields of a form, and back: what somebody typed is never lost on the way.

`Raw` is what the form holds: texts, lists and tables of texts, whole or not, right or wrong.
A field is named by its place, `management.2.words`, and so is each problem; so every message
stands at its field. Rows that are empty are no rows; a thing without a key is named by its words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from operator import itemgetter
from typing import Any, get_args, get_type_hints

from onesystem.care.pathways.codec import SYSTEMS
from onesystem.care.pathways.document import STAFF, Action, Link, Pathway
from onesystem.vocabulary import Code, nearest
from onesystem.vocabulary.typed import whole_or

Raw = dict[str, Any]
_KEYED = "key"
_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_KEY = 60
_MOST_MINUTES = 24 * 60
CODE_SHAPE = "Write it as system|code|words, such as snomed|128045006|Cellulitis."
_SMALL = (Action, Link)  # of these a free row stands at the end
_SHORT = {url: name for name, url in SYSTEMS.items()}
HIDDEN = ("key", "kept")  # carried along, and no content by themselves


@dataclass(frozen=True, slots=True)
class Slip:
    """Something typed that cannot be read: the place, what is wrong, what to do."""

    place: str
    what: str
    cure: str


def raw_of(pathway: Pathway) -> Raw:
    """What the form of a pathway holds."""
    return _raw_thing(pathway)


def raw_from(posted: Mapping[str, str]) -> Raw:
    """What was posted, put together by the names of the fields."""
    tree: dict[str, Any] = {}
    for name, value in posted.items():
        parts, place = name.split("."), tree
        for part in parts[:-1]:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            place[parts[-1]] = value.replace("\r\n", "\n")
    return _as_typed(tree, Pathway)


def flat(raw: Raw, place: str = "") -> Iterator[tuple[str, str]]:
    """The names of the fields with what they hold: what a browser would post."""
    for name, value in raw.items():
        at = f"{place}{name}"
        if isinstance(value, list):
            for number, each in enumerate(value):
                yield from flat(each, f"{at}.{number}.")
        else:
            yield at, value


def shown(raw: Raw) -> Raw:
    """All that the page of a form holds: every field, named things, and a free row at each end."""
    return _whole_row(raw, Pathway)


def posted(raw: Raw) -> dict[str, list[str]]:
    """The same as the fields that a browser would send of that page; a draft is kept so."""
    return {name: [value] if value or not _is_tick(name) else [] for name, value in flat(raw)}


def pathway_from(raw: Raw) -> tuple[Pathway, list[Slip]]:
    """The pathway that is meant, and what of it could not be read."""
    slips: list[Slip] = []
    return _thing(raw, Pathway, "", slips), slips


def changed(raw: Raw, do: str) -> tuple[Raw, str]:
    """The form after a press of add, remove, up or down, and the place to go on from.

    `do` is such as `up:management.2`. What cannot be done changes nothing.
    """
    verb, _, place = do.partition(":")
    parts = place.split(".")
    number = parts.pop() if verb != "add" else ""
    rows = _rows(raw, parts)
    if rows is None or (number and not 0 <= whole_or(number, -1) < len(rows)):
        return raw, place
    if verb == "add":
        rows.append({})
        return raw, f"{place}.{len(rows) - 1}"
    at, last = int(number), len(rows) - 1
    to = {"up": max(at - 1, 0), "down": min(at + 1, last)}.get(verb, at)
    moved = rows.pop(at)
    if verb in {"up", "down"}:
        rows.insert(to, moved)
    return raw, ".".join([*parts, str(to)] if rows and to < len(rows) else parts)


def place_in(raw: Raw, field: str) -> str:
    """The place in the form of a place in the pathway, which has no empty rows."""
    here: Any = raw
    kind: Any = Pathway
    found: list[str] = []
    for part in field.split("."):
        nth = whole_or(part, None)
        if isinstance(here, list) and nth is not None:
            rows = [n for n, row in enumerate(here) if kind is None or not is_blank(row, kind)]
            at = rows[nth] if nth < len(rows) else nth
            here = here[at] if at < len(here) else {}
            found.append(str(at))
            continue
        found.append(part)
        kind = _inner(_shape(kind)[part][1]) if kind and part in _shape(kind) else None
        here = here.get(part, "") if isinstance(here, dict) else ""
    return ".".join(found)


def key_of(words: str, taken: Iterable[str] = ()) -> str:
    """A short name made of words, other than those taken."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    base = _SLUG.sub("-", plain).strip("-")[:_LONGEST_KEY].strip("-") or "unnamed"
    known, key, number = set(taken), base, 2
    while key in known:
        key, number = f"{base}-{number}", number + 1
    return key


@cache
def _shape(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    """The fields of a thing with what they are."""
    hints = get_type_hints(kind)
    return {each.name: (each, hints[each.name]) for each in fields(kind)}


def _inner(hint: Any) -> type | None:
    """Of what things a field is a list; None where it is no such list."""
    inner = next(iter(get_args(hint)), None)
    return inner if isinstance(inner, type) and is_dataclass(inner) and inner is not Code else None


def _raw_thing(thing: Any) -> Raw:
    made: Raw = {}
    kind: Any = type(thing)
    for name, (_, hint) in _shape(kind).items():
        value = getattr(thing, name)
        if name == "minutes":
            made[name] = [{"staff": staff, "minutes": str(many)} for staff, many in value]
        elif _inner(hint):
            made[name] = [_raw_thing(each) for each in value]
        else:
            made[name] = _text(value)
    return made


def _text(value: Any) -> str:
    match value:
        case bool():
            return "1" if value else ""
        case tuple():
            return "\n".join(_text(each) for each in value)
        case Code():
            system = _SHORT.get(value.system, value.system)
            bar = "|" if value.display or " " in value.code else ""
            return f"{system}|{value.code}{bar}{value.display}"
        case None:
            return ""
        case _:
            return str(value)


def _as_typed(tree: Mapping[str, Any], kind: type | None) -> Raw:
    """The tree of what was posted with its lists as lists."""
    made: Raw = {}
    shape = _shape(kind) if kind else {}
    for name, value in tree.items():
        if not isinstance(value, dict):
            made[name] = value
            continue
        inner = _inner(shape[name][1]) if name in shape else None
        rows = [(int(n), each) for n, each in value.items() if whole_or(n, None) is not None]
        rows.sort(key=itemgetter(0))
        made[name] = [_as_typed(each, inner) for _, each in rows if isinstance(each, dict)]
    return made


def _whole_row(row: Raw, kind: type) -> Raw:
    made: Raw = {}
    for name, (each, hint) in _shape(kind).items():
        inner = _inner(hint)
        if name == "minutes":
            rows = [r for r in row.get(name, []) if any(r.values())]
            made[name] = [{"staff": "", "minutes": ""} | r for r in (*rows, {})]
        elif inner:
            rows = _keyed(row.get(name, []), inner)
            if inner in _SMALL:
                rows = [*(r for r in rows if not is_blank(r, inner)), {}]
            made[name] = [_whole_row(r, inner) for r in rows]
        else:
            made[name] = row.get(name, _usual(each))
    return made


def _keyed(rows: list[Raw], kind: type) -> list[Raw]:
    """The rows, each that says something under a key."""
    if _KEYED not in _shape(kind):
        return rows
    made, taken = [], {row.get(_KEYED, "").strip() for row in rows}
    for row in rows:
        if row.get(_KEYED, "").strip() or is_blank(row, kind):
            made.append(row)
            continue
        key = key_of(row.get("words") or row.get("title") or "", taken)
        taken.add(key)
        made.append({**row, _KEYED: key})
    return made


def _is_tick(name: str) -> bool:
    return name.endswith(".required")


def _rows(raw: Raw, parts: list[str]) -> list[Raw] | None:
    place: Any = raw
    for at, part in enumerate(parts):
        if isinstance(place, dict):
            place = place.setdefault(part, []) if at == len(parts) - 1 else place.get(part)
        elif isinstance(place, list) and 0 <= (nth := whole_or(part, -1)) < len(place):
            place = place[nth]
        else:
            return None
    return place if isinstance(place, list) else None


def is_blank(row: Raw, kind: type) -> bool:
    """Whether nothing was typed in a row: what is chosen by itself, and its key, say nothing."""
    shape = _shape(kind)
    for name, value in row.items():
        each, hint = shape.get(name, (None, None))
        if isinstance(value, list):
            inner = _inner(hint)
            if not all(is_blank(r, inner) if inner else not any(r.values()) for r in value):
                return False
        elif name not in HIDDEN and str(value).strip() not in {"", _usual(each)}:
            return False
    return True


def _usual(each: Field[Any] | None) -> str:
    return "" if each is None or each.default is MISSING else _text(each.default)


def _thing(raw: Raw, kind: type, place: str, slips: list[Slip]) -> Any:
    made: dict[str, Any] = {}
    for name, (each, hint) in _shape(kind).items():
        if name in raw:
            made[name] = _value(raw[name], each, hint, f"{place}{name}", slips)
        elif each.default is MISSING:
            made[name] = ""
    return kind(**made)


def _value(raw: Any, each: Field[Any], hint: Any, place: str, slips: list[Slip]) -> Any:
    if isinstance(raw, list):
        if each.name == "minutes":
            return tuple(_minutes(raw, place, slips))
        inner = _inner(hint)
        return _things(raw, inner, place, slips) if inner else ()
    text = str(raw).strip()
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    read: dict[Any, Callable[[], Any]] = {
        bool: lambda: bool(text),
        int: lambda: _whole(text, each.default, place, slips),
        tuple[str, ...]: lambda: tuple(lines),
        tuple[Code, ...]: lambda: tuple(_code(line, place, slips) for line in lines),
        Code | None: lambda: _code(text, place, slips) if text else None,
    }
    return read.get(hint, lambda: text)()


def _things(raw: list[Raw], kind: type, place: str, slips: list[Slip]) -> tuple[Any, ...]:
    return tuple(
        _thing(row, kind, f"{place}.{at}.", slips)
        for at, row in enumerate(_keyed(raw, kind))
        if not is_blank(row, kind)
    )


def _minutes(raw: list[Raw], place: str, slips: list[Slip]) -> Iterator[tuple[str, int]]:
    for at, row in enumerate(raw):
        staff, text = row.get("staff", "").strip(), row.get("minutes", "").strip()
        if not staff and not text:
            continue
        if staff not in STAFF:
            slips.append(Slip(f"{place}.{at}.staff", f"{staff or 'nobody'} is no staff group",
                              nearest(staff, STAFF)))  # fmt: skip
        many = _whole(text, 0, f"{place}.{at}.minutes", slips)
        if not 0 < many <= _MOST_MINUTES:
            slips.append(
                Slip(f"{place}.{at}.minutes", f"{text or 'nothing'} is no time that it takes",
                     "Write whole minutes, more than 0.")
            )  # fmt: skip
        yield staff, many


def _whole(text: str, default: Any, place: str, slips: list[Slip]) -> int:
    if not text:
        return default if isinstance(default, int) else 0
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        slips.append(Slip(place, f"{text[:20]!r} is no whole number", "Write digits only."))
        return 0
    return int(text)


def _code(line: str, place: str, slips: list[Slip]) -> Code:
    """A code from a line: `snomed|128045006|Cellulitis`, or with a space before the words."""
    system, bar, rest = line.strip().partition("|")
    code, _, display = rest.partition("|" if "|" in rest else " ")
    if not (bar and system.strip() and code.strip()):
        slips.append(Slip(place, f"{line.strip()[:60]!r} is no code", CODE_SHAPE))
    system = system.strip()
    return Code(SYSTEMS.get(system, system), code.strip(), display.strip())
