"""Plain data as the text of a TOML file (toml.io, version 1.0), as pathways and terms use it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # all but the tab
_WIDE = 90


def toml(said: Mapping[str, Any]) -> str:
    """The text: lines of a table first, then the tables in it."""
    return "\n".join(_table(said, "")).lstrip("\n") + "\n"


def _table(said: Mapping[str, Any], path: str) -> Iterator[str]:
    deep = {name: value for name, value in said.items() if _is_deep(value)}
    for name, value in said.items():
        if name not in deep:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in deep.items():
        inner = f"{path}.{_key(name)}" if path else _key(name)
        if isinstance(value, Mapping):
            yield f"\n[{inner}]"
            yield from _table(value, inner)
            continue
        for each in value:
            yield f"\n[[{inner}]]"
            yield from _table(each, inner)


def _is_deep(value: object) -> bool:
    """A list of tables that do not fit on a line each, or a table that does not."""
    if isinstance(value, Mapping):
        return len(_value(value)) > _WIDE
    if not (isinstance(value, list) and value and all(isinstance(each, dict) for each in value)):
        return False
    return any("\n" in str(v) or isinstance(v, list | dict) for e in value for v in e.values()) or (
        max(len(_value(each)) for each in value) > _WIDE
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    parts = [_value(each) for each in value]
    if sum(map(len, parts)) <= _WIDE and "\n" not in "".join(parts):
        return f"[{', '.join(parts)}]"
    return "[\n" + "".join(f"  {part},\n" for part in parts) + "]"


def _text(value: str) -> str:
    if "\n" in value and '"""' not in value:
        lines = value.replace("\\", "\\\\").split("\n")
        return '"""\n' + "\n".join(_escaped(line) for line in lines) + '"""'
    return f'"{_escaped(value, quotes=True)}"'


def _escaped(line: str, *, quotes: bool = False) -> str:
    if quotes:
        # JSON escapes what TOML does, but for DEL, which only TOML does.
        return json.dumps(line, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007F")
    kept = "".join(
        f"\\u{ord(c):04X}" if (c < " " and c != "\t") or c == "\x7f" else c for c in line
    )
    return kept if not kept.endswith('"') else kept[:-1] + '\\"'


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else f'"{_escaped(name, quotes=True)}"'
