"""Cases for change: rows for `onesystem bench plan`.

The stated limits: a whole board under 60 seconds on two cores, under 5 once tables are read.
"""

import time
from collections.abc import Iterable

from onesystem.bench.shape import Row, cpu_seconds

_BOARD = "QHM"  # three million people, the largest


def rows(*, full: bool) -> Iterable[Row]:
    """The largest board, first and again; `full` takes all 42."""
    from onesystem.plan.areas.catalogue import areas, by_code
    from onesystem.plan.case.building import case_of

    for name, target in (("tables read anew", 60.0), ("again", 5.0)):
        started = time.perf_counter()
        case_of(by_code(_BOARD))
        spent = time.perf_counter() - started
        yield Row(name=f"case for change of a board of three million, {name}",
                  value=round(spent, 2), unit="s", target=target, lower_is_better=True)  # fmt: skip
    if full:
        started = cpu_seconds()
        for each in areas("board"):
            case_of(each)
        spent = cpu_seconds() - started
        yield Row(name="cases of all 42 boards", value=round(spent, 1), unit="CPU s",
                  lower_is_better=True)  # fmt: skip
