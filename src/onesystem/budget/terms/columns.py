"""Exact whole-number arithmetic on columns of draws: what would not fit 64 bits becomes Python's.

The exact path works in fractions whose parts are whole numbers. So does this one, for a thousand
draws at once: a column is an array of whole numbers over one common `bottom`.
"""

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

Column = np.ndarray[Any, Any]
_ROOM = 1 << 61


class Scaled(NamedTuple):
    """A fact that is a share, one a draw: `top / bottom`."""

    top: Column
    bottom: int


def column(value: Any, draws: int) -> Column:
    """A column of whole numbers: one a draw."""
    large = isinstance(value, int) and abs(value) > _ROOM
    made = np.asarray(value, dtype=object if large else None)
    if made.dtype.kind not in "iuO":
        msg = f"a column of whole numbers is wanted, not of {made.dtype}"
        raise TypeError(msg)
    made = made if made.dtype == object else made.astype(np.int64)
    return np.broadcast_to(made, (draws,)) if made.ndim == 0 else made


def _peak(a: Column) -> int:
    return int(max(abs(a.max()), abs(a.min()))) if a.size else 0


def times(a: Column, b: Column | int) -> Column:
    """The product; in Python's whole numbers where 64 bits would not hold it."""
    most = _peak(b) if isinstance(b, np.ndarray) else abs(b)
    if a.dtype != object and (most > _ROOM or (most and _peak(a) > _ROOM // most)):
        return a.astype(object) * b
    return a * b


def rounded_columns(top: Column, bottom: Column | int) -> Column:
    """As `numbers.rounded`: to the nearest whole, a half away from zero."""
    if isinstance(bottom, int) and bottom == 1:
        return top
    most = _peak(bottom) if isinstance(bottom, np.ndarray) else bottom
    if top.dtype != object and max(most, _peak(top)) > _ROOM // 2:
        top = top.astype(object)
    size = (2 * np.abs(top) + bottom) // (2 * bottom)
    return np.where(top >= 0, size, -size)


def share_column(value: Any, draws: int) -> Scaled:
    """A share that is a fact: given as `Scaled`, as a fraction, or as whole numbers."""
    if isinstance(value, Scaled):
        return Scaled(column(value.top, draws), value.bottom)
    if isinstance(value, Fraction):
        return Scaled(column(value.numerator, draws), value.denominator)
    return Scaled(column(value, draws), 1)


def split_columns(whole: Column, weights: list[int]) -> list[Column]:
    """As `numbers.largest_remainder`, part and left-over together, for each draw."""
    every, sign = sum(weights), np.where(whole >= 0, 1, -1)
    size = np.abs(whole)
    products = [times(size, weight) for weight in weights]
    parts = [product // every for product in products]
    left = np.stack([product - part * every for product, part in zip(products, parts, strict=True)])
    over = size - sum(parts)
    rank = np.argsort(np.argsort(-left, axis=0, kind="stable"), axis=0, kind="stable")
    return [sign * (part + (rank[at] < over)) for at, part in enumerate(parts)]
