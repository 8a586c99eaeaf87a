"""What pages ask the cells for again and again, remembered until the cells are written to.

A page of a chart offers every group of a measure to choose from: each of them is told by all cells
of a year, which takes longer than the chart does.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from onesystem.flow.measures import store

_MOST = 64  # answers, of some kilobytes each


def remembered(work: Callable[..., Any], *asked: Any) -> Any:
    """What `work` answers to what was asked of it, as long as the cells are the same.

    Nobody may change an answer. Cells that are being written are none to remember anything of.
    """
    marks = store.get_marks()
    edition = marks.get("edition")
    if edition is None or marks.get("computing"):
        return work(*asked)
    return _worked(edition, work, *asked)


@lru_cache(maxsize=_MOST)
def _worked(_edition: int, work: Callable[..., Any], *asked: Any) -> Any:
    return work(*asked)
