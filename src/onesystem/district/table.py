"""A table of `district.toml`, read with care."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.sensitive import SENSITIVE


class Table:
    """One table of the file: knows its own name, so that every complaint names the full key."""

    def __init__(self, name: str, raw: object, known: set[str]) -> None:
        if not isinstance(raw, Mapping):
            raise BadConfig(f"{name} is not a table", f"Write it as [{name}].")
        self.name, self.raw = name, raw
        for key in raw:
            if key not in known:
                raise BadConfig(f"{self._full(key)} is not a setting", nearest(key, known))

    def _full(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def get(self, key: str, kind: type | tuple[type, ...], default: Any) -> Any:
        """A value of that kind, or the default."""
        value = self.raw.get(key, default)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            raise BadConfig(
                f"{self._full(key)} is {value!r}",
                f"It has to be {' or '.join(k.__name__ for k in kinds)}.",
            )
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.raw.get(key, default)
        if not isinstance(value, bool):
            raise BadConfig(f"{self._full(key)} is {value!r}", "Write true or false.")
        return value

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number between two others."""
        value: int = self.get(key, int, default)
        if not least <= value <= most:
            raise BadConfig(
                f"{self._full(key)} is {value}", f"It has to be from {least} to {most}."
            )
        return value

    def kinds(self, key: str) -> tuple[str, ...]:
        """Kinds of sensitive data, each of them known."""
        found = tuple(self.get(key, list, []))
        for kind in found:
            if kind not in SENSITIVE:
                raise BadConfig(f"{self._full(key)} names {kind!r}", nearest(str(kind), SENSITIVE))
        return found

    def need(self, key: str, kind: type | tuple[type, ...]) -> Any:
        """A value that must be there."""
        if key not in self.raw:
            raise BadConfig(f"{self._full(key)} is missing", "Add it to district.toml.")
        return self.get(key, kind, None)

    def dates(self) -> dict[str, date | None]:
        """From when until when something is there; the end comes after the beginning."""
        since, until = self.get("from", date, None), self.get("to", date, None)
        if since and until and until <= since:
            raise BadConfig(f"{self.name} ends ({until}) before it begins ({since})", "Mend `to`.")
        return {"since": since, "until": until}
