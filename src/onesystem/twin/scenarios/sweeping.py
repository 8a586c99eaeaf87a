"""A grid of settings: each value of each of one or two changes with each other. Pure."""

from itertools import product
from typing import Any

from onesystem.twin.scenarios.changes import Scenario
from onesystem.twin.scenarios.reading import change_of, line_of
from onesystem.vocabulary import BadConfig

MOST = 100


def grid(lines: list[str]) -> list[tuple[tuple[str, ...], Scenario]]:
    """Every combination as a scenario, with its settings in words.

    A line is a change (`reading.line_of`) in which one key has several values: `more=0,5,10`, or
    `more=0..20:5`.
    """
    varied = [_varied(line) for line in lines]
    count = 1
    for _, _, values in varied:
        count *= len(values)
    if count > MOST:
        raise BadConfig(f"the grid has {count} points", f"Give fewer values; {MOST} at most.")
    found = []
    for chosen in product(*(values for _, _, values in varied)):
        changes = [
            change_of({**said, key: value}, f"the setting {value}")
            for (said, key, _), value in zip(varied, chosen, strict=True)
        ]
        name = ", ".join(
            f"{_of(said)} {key} {value}".strip()
            for (said, key, _), value in zip(varied, chosen, strict=True)
        )
        found.append((chosen, Scenario(name=name, changes=tuple(changes))))
    return found


def _of(said: dict[str, Any]) -> str:
    """What the setting is a setting of."""
    return str(said.get("service") or said.get("leaving") or said.get("inflow") or "")


def _varied(line: str) -> tuple[dict[str, Any], str, list[str]]:
    """The change, the key that varies, and its values."""
    said = line_of(line)
    several = [
        key for key, value in said.items()
        if isinstance(value, str) and key in ("more", "to", "times", "share", "places")
        and ("," in value or ".." in value)
    ]  # fmt: skip
    if len(several) != 1:
        raise BadConfig(
            f"{line!r} varies {' and '.join(several) or 'nothing'}",
            "Give one number several values: more=0,5,10 or more=0..20:5.",
        )
    (key,) = several
    return said, key, _values(said[key], line)


def _values(said: str, line: str) -> list[str]:
    if ".." not in said:
        return [each.strip() for each in said.split(",") if each.strip()]
    ends, _, step = said.partition(":")
    first, _, last = ends.partition("..")
    try:
        low, high, by = float(first), float(last), float(step or 1)
    except ValueError:
        raise BadConfig(f"{line!r}: {said!r} is no range", "Give FIRST..LAST:STEP.") from None
    if by <= 0 or high < low or (high - low) / by > MOST:
        raise BadConfig(f"{line!r}: {said!r} is no range", f"Rising, and {MOST} values at most.")
    return [f"{low + n * by:g}" for n in range(int((high - low) / by + 1e-9) + 1)]
