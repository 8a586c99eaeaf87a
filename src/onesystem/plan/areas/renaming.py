"""Codes that changed: small areas of 2011 and 2021, trusts that merged, groups now places."""

import csv
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


def successors(code: str) -> tuple[str, ...]:
    """What an organisation's code is today; several where it was shared out, none if unknown."""
    if code not in _organisations():
        return ()
    now: list[str] = []
    seen, asked = set(), [code]
    while asked:
        each = asked.pop(0)
        if each in seen:
            continue
        seen.add(each)
        following = _organisations().get(each, ())
        asked += following
        now += [] if following else [each]
    return tuple(dict.fromkeys(now))


def older(code: str) -> tuple[str, ...]:
    """The small areas of 2011 that one of 2021 is made of; itself where nothing changed."""
    return _older().get(code, (code,))


def newer(code: str) -> tuple[str, ...]:
    """The small areas of 2021 that one of 2011 became; itself where nothing changed."""
    return _newer().get(code, (code,))


def only_2011(code: str) -> bool:
    """Whether a small area's code was given up in 2021."""
    return code in _newer()


def only_2021(code: str) -> bool:
    """Whether a small area's code is new in 2021."""
    return code in _older()


@lru_cache(maxsize=1)
def _organisations() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("organisations.csv"):
        found[row["old"]] = (*found.get(row["old"], ()), row["new"])
    return found


@lru_cache(maxsize=1)
def _newer() -> dict[str, tuple[str, ...]]:
    return _grouped("old", "new")


@lru_cache(maxsize=1)
def _older() -> dict[str, tuple[str, ...]]:
    return _grouped("new", "old")


def _grouped(key: str, value: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("renamed.csv"):
        found[row[key]] = (*found.get(row[key], ()), row[value])
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
