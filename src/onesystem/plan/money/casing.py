"""What the case for change says of demand: how fast each setting grows when nobody does anything.

Where no case of an area is there, growth is assumed, and the line says so.
"""

from collections.abc import Mapping

from onesystem.plan.money.shape import Path

ASSUMED: Path = (180,)
_WORDS = "Demand: assumed, 1.8 per cent a year"
_CASE = "Demand: the case for change of the area, doing nothing"


def growth(area: str, years: int) -> Mapping[str, Path]:
    """The yearly growth of need by setting, in hundredths of a per cent; nothing without a case."""
    del area, years
    return {}


def source(setting: str, grows: Mapping[str, Path]) -> str:
    """Where a line's growth is from."""
    return _CASE if setting in grows else _WORDS
