"""What kind of log a file is: contacts, arrivals alone, or daily figures; and its backtest."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from onesystem.twin.calibration import arrow, daily, monthly, moved
from onesystem.twin.calibration.daily import Series
from onesystem.twin.calibration.moved import Moved
from onesystem.twin.calibration.trust import Report, held_back
from onesystem.vocabulary import BadConfig

_ARRIVALS = ("arrival_datetime", "arrival_time", "arrived")
_READABLE = (".parquet", ".csv")


@dataclass(frozen=True)
class Backtest:
    """A file, and what came of its backtest: daily series by figure, or a log's report."""

    file: str
    series: dict[str, list[Series]]
    report: Report | None = None
    moved: Moved | None = None


def backtests(path: Path, *, share: float = 0.1, replicas: int = 20) -> Iterator[Backtest]:
    """The backtest of a file, or of each file of a folder that has one. Raises BadConfig."""
    files = [path]
    if path.is_dir():
        files = sorted(each for each in path.iterdir() if each.suffix in _READABLE)
    some = False
    for file in files:
        try:
            found = _backtest(file, share, replicas)
        except BadConfig:
            if not path.is_dir():
                raise
            continue
        if found is not None:
            some = True
            yield found
    if not some:
        raise BadConfig(
            f"nothing in {path.name} is a log of contacts, of arrivals or of daily figures",
            "Give columns person, service, started, ended; or date and a number for each day.",
        )


def _backtest(file: Path, share: float, replicas: int) -> Backtest | None:
    table = arrow.read(file)
    names = table.column_names
    if "date" in names:
        found = {figure: tested for figure, tested in _daily(table, share) if tested}
        return Backtest(file.name, found) if found else None
    came = next((name for name in _ARRIVALS if name in names), None)
    if came is not None and not set(names) & set(arrow.PEOPLE):
        return Backtest(file.name, _arrivals(table, came, share))
    if not set(names) & set(arrow.PEOPLE):
        return None
    log = arrow.log_of(table, where=file.name)
    if moved.is_moved(log):
        return Backtest(file.name, {}, moved=moved.backtest(log, share=share))
    return Backtest(file.name, {}, report=held_back(log, share=share, replicas=replicas))


def _daily(table: Any, share: float) -> Iterator[tuple[str, list[Series]]]:
    """Each figure of a table of dates, by what else says whose it is."""
    import pyarrow as pa

    if not pa.types.is_timestamp(table["date"].type) and not pa.types.is_date(table["date"].type):
        return
    moment = table["date"].cast(pa.timestamp("s")).to_numpy()
    found = _grain(moment)
    if found is None:
        return
    grain, day = found
    dates = np.unique(day)
    keys = [f.name for f in table.schema if pa.types.is_string(f.type)
            or pa.types.is_large_string(f.type)]  # fmt: skip
    whose = [
        " ".join(map(str, row)) for row in zip(*(table[k].to_pylist() for k in keys), strict=True)
    ] or ["all"] * len(table)
    series, place = np.unique(whose, return_inverse=True)
    for figure in table.schema:
        if pa.types.is_floating(figure.type) or pa.types.is_integer(figure.type):
            values = table[figure.name].to_numpy(zero_copy_only=False).astype(float)
            grid = np.full((len(series), dates[-1] - dates[0] + 1), np.nan)
            grid[place, day - dates[0]] = values
            told = np.isfinite(grid).sum(1) > 0
            names = [str(each) for each, there in zip(series, told, strict=True) if there]
            tested = (
                daily.backtest(names, grid[told], share) if grain is None
                else monthly.backtest(names, grid[told], grain, share)
            )  # fmt: skip
            yield figure.name, tested


def _grain(moment: Any) -> tuple[monthly.Grain | None, Any] | None:
    """Whether figures are of days (None), months or quarters, and each date's number as such."""
    day = moment.astype("datetime64[D]").astype(np.int64)
    month = moment.astype("datetime64[M]").astype(np.int64)
    if len(dates := np.unique(day)) >= 60 and np.median(np.diff(dates)) == 1:
        return None, day
    apart = np.diff(np.unique(month))
    if len(apart) >= monthly.MONTHS.period and np.median(apart) == 1:
        return monthly.MONTHS, month
    if len(apart) >= monthly.QUARTERS.period and np.median(apart) == 3:
        return monthly.QUARTERS, month // 3
    return None


def _arrivals(table: Any, came: str, share: float) -> dict[str, list[Series]]:
    """Arrivals a day of all, and by each column of a few words."""
    import pyarrow as pa

    day = table[came].cast(pa.timestamp("s")).to_numpy().astype("datetime64[D]").astype(np.int64)
    groups = {"all": np.ones(len(day), bool)}
    for figure in table.schema:
        if pa.types.is_string(figure.type) or pa.types.is_large_string(figure.type):
            words = np.array([str(w) for w in table[figure.name].to_pylist()])
            few = np.unique(words[words != "None"])
            if len(few) <= 12 and not figure.name.startswith("training"):
                groups |= {f"{figure.name} {word}": words == word for word in few}
    grid = np.stack([
        np.bincount(day[mine] - day.min(), minlength=day.max() - day.min() + 1)
        for mine in groups.values()
    ]).astype(float)  # fmt: skip
    return {"arrivals a day": daily.backtest(list(groups), grid, share)}
