"""A matrix solved by HiGHS, called directly; each status is looked at.

One thread, one seed and no time limit: the same problem gives the same answer.
"""

from dataclasses import dataclass
from threading import Event
from typing import Any

import numpy as np

from onesystem.plan.portfolio.matrix import Matrix

GAP = 1e-3


class Stopped(Exception):
    """Nobody waits for the answer any more."""


class Infeasible(Exception):
    """No plan keeps to all limits."""


@dataclass(frozen=True)
class Solved:
    """Columns, what they come to, the proven bound; duals of rows and columns of a linear one."""

    value: Any
    total: float
    bound: float
    row_dual: Any = None
    column_dual: Any = None


class Solver:
    """A matrix in the solver: solved as it is, with choices fixed, or with other bounds."""

    def __init__(self, matrix: Matrix, *, whole: bool = True, gap: float = GAP) -> None:
        import highspy

        self.matrix, self._api = matrix, highspy
        self._watched: Event | None = None
        self._highs = highs = _quiet()
        for name, said in (
            ("threads", 1), ("parallel", "off"), ("random_seed", 0), ("mip_rel_gap", gap),
            ("simplex_dual_edge_weight_strategy", 1),  # devex: a third less time on these
        ):  # fmt: skip
            self._done(highs.setOptionValue(name, said), f"the option {name}")
        m, columns = matrix, matrix.count
        integral = np.zeros(columns, np.int32)
        if whole:
            integral[m.columns.on.ravel()] = 1
        status = highs.passModel(
            columns, len(m.row_lower), len(m.value), 2, 1, 0.0, m.cost, m.lower, m.upper,
            m.row_lower, m.row_upper, m.start[:-1], m.index, m.value, integral,
        )  # fmt: skip
        self._done(status, "the matrix")
        self.whole = whole and bool(m.columns.on.size)

    def solve(self, stop: Event | None = None) -> Solved:
        """The least total. Raises Infeasible, Stopped."""
        highs = self._highs
        if stop is not None and stop is not self._watched:
            self._watch(stop)
        self._done(highs.run(), "the run")
        status, known = highs.getModelStatus(), self._api.HighsModelStatus
        if status == known.kInterrupt or (stop is not None and stop.is_set()):
            raise Stopped
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            raise Infeasible
        if status != known.kOptimal:
            msg = f"the solver ended with {highs.modelStatusToString(status)}"
            raise RuntimeError(msg)
        info, found = highs.getInfo(), highs.getSolution()
        value = np.array(found.col_value)
        if self.whole:
            on = self.matrix.columns.on
            value[on] = np.rint(value[on])
            return Solved(value, info.objective_function_value, info.mip_dual_bound)
        total = info.objective_function_value
        return Solved(value, total, total, np.array(found.row_dual), np.array(found.col_dual))

    def bound(self, columns: Any, lower: Any, upper: Any) -> None:
        """Other bounds of columns."""
        columns = np.asarray(columns, np.int32).ravel()
        lower, upper = (
            np.ascontiguousarray(np.broadcast_to(np.asarray(each, float), columns.shape))
            for each in (lower, upper)
        )
        done = self._highs.changeColsBounds(len(columns), columns, lower, upper)
        self._done(done, "the bounds of columns")

    def unbound(self, columns: Any) -> None:
        """The bounds that the matrix says."""
        columns = np.asarray(columns).ravel()
        self.bound(columns, self.matrix.lower[columns], self.matrix.upper[columns])

    def limit(self, rows: Any, lower: Any, upper: Any) -> None:
        """Other bounds of rows."""
        rows = np.asarray(rows, np.int32).ravel()
        lower, upper = (
            np.ascontiguousarray(np.broadcast_to(np.asarray(each, float), rows.shape))
            for each in (lower, upper)
        )
        done = self._highs.changeRowsBounds(len(rows), rows, lower, upper)
        self._done(done, "the bounds of rows")

    def costs(self, cost: Any) -> None:
        """Other costs of all columns."""
        every = np.arange(self.matrix.count, dtype=np.int32)
        done = self._highs.changeColsCost(len(every), every, np.asarray(cost, float))
        self._done(done, "the costs")

    def fix(self, on: Any) -> None:
        """Choices as they are, no longer to be made."""
        every = self.matrix.columns.on.ravel()
        self.bound(every, np.ravel(on), np.ravel(on))
        kinds = np.full(len(every), self._api.HighsVarType.kContinuous)
        done = self._highs.changeColsIntegrality(
            len(every), every.astype(np.int32), kinds.astype(np.uint8)
        )
        self._done(done, "the kinds of columns")
        self.whole = False

    def _watch(self, stop: Event) -> None:
        self._watched = stop

        def looked(event: Any) -> None:
            event.interrupt() if stop.is_set() else None

        self._highs.cbMipInterrupt.subscribe(looked)
        self._highs.cbSimplexInterrupt.subscribe(looked)

    def _done(self, status: Any, what: str) -> None:
        # A warning is an answer too: an unusable matrix is said in nothing but the status.
        if status == self._api.HighsStatus.kError:
            msg = f"the solver refused {what}"
            raise RuntimeError(msg)


def _quiet() -> Any:
    """A solver that prints nothing: its banner would stand among the data of a command."""
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 - the solver's own name
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Quiet()  # type: ignore[no-untyped-call]
