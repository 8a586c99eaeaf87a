"""A district for analysts: its contacts as a lazy DuckDB relation, without a server.

    from onesystem import District

    with District.open("norfolk") as district:
        district.contacts.filter("setting = 'ED'").aggregate("service, count(*)")

Nothing here needs Django, so any number of districts can be open in one process.
"""

import os
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from onesystem.contacts import operational, relation
from onesystem.contacts.log import scan
from onesystem.district import load
from onesystem.district.shape import District as Described

_COSTS = (
    "SELECT contact, version, make_date(1970 + month // 12, month % 12 + 1, 1) AS month, minor,"
    " basis, rule"
)


class District:
    """One district, opened to be read. Close it, or use it in a `with`."""

    def __init__(self, path: Path, *, memory: str, threads: int, url: str) -> None:
        self.described: Described = load(path)
        self.duck = scan.connect(memory=memory, threads=threads)
        self._url = url

    @classmethod
    def open(
        cls, path: str | Path, *, memory: str = "2GB", threads: int = 2, url: str | None = None
    ) -> "District":
        """Open the district folder at `path`. Raises BadConfig where there is none.

        `url` names the operational store where it is PostgreSQL (default: DATABASE_URL).
        """
        url = os.environ.get("DATABASE_URL", "") if url is None else url
        return cls(Path(path).resolve(), memory=memory, threads=threads, url=url)

    @property
    def contacts(self) -> Any:
        """The latest version of every contact, over both stores: a DuckDB relation.

        Lazy: files are read when the relation is, and only the columns and months it asks for.
        Columns are those of `vocabulary.Contact` but for `key`; cancelled contacts are in it.
        """
        return self._contacts(None)

    def contacts_as_of(self, moment: datetime) -> Any:
        """Every contact as it was known at that moment (with a zone)."""
        if moment.tzinfo is None:
            msg = "as of when? give the moment a zone, such as datetime(2026, 1, 1, tzinfo=UTC)"
            raise ValueError(msg)
        return self._contacts(moment)

    @property
    def services(self) -> Any:
        """The services of `district.toml`: code, name, setting, organisation, place."""
        import pyarrow as pa

        columns = ("code", "name", "setting", "organisation", "place")
        rows = [
            {name: str(getattr(each, name)) for name in columns}
            for each in self.described.services.values()
        ]
        return self.duck.from_arrow(
            pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in columns]))
        )

    @property
    def costs(self) -> Any:
        """What each contact cost in each month: a DuckDB relation, joined to contacts by `contact`.

        Columns: contact, version, month (its first day), minor (pence or cents), basis, rule. As of
        the last costing; empty where nothing is costed.
        """
        from onesystem.budget.costing.store import files_in

        files = files_in(self.described.path)
        if not files:
            return self.duck.sql(f"{_COSTS} FROM (SELECT NULL::BIGINT AS contact, NULL::INTEGER AS"
                                 " version, 0 AS month, 0::BIGINT AS minor, '' AS basis, '' AS rule"
                                 ") WHERE false")  # fmt: skip
        return self.duck.read_parquet(files).select(_COSTS.removeprefix("SELECT "))

    def sql(self, query: str) -> Any:
        """A query over `contacts`, `services` and `costs`."""
        self.costs.create_view("costs", replace=True)
        self.contacts.create_view("contacts", replace=True)
        self.services.create_view("services", replace=True)
        return self.duck.sql(query)

    def measure(
        self,
        name: str,
        *,
        by: tuple[str, ...] = (),
        every: str = "month",
        start: date | None = None,
        end: date | None = None,
        file: str | Path | None = None,
    ) -> Any:
        """A measure worked out from the contacts now, by period and group, as an Arrow table.

        Columns: period, one a dimension of `by`, numerator, denominator, people. `file` measures
        by a file that is not published. `.to_pandas()` makes a data frame of it. Nothing is read
        from the kept cells; for who the people are, this process becomes the district's.
        """
        os.environ["ONESYSTEM_DISTRICT"] = str(self.described.path)
        from onesystem.wiring import open_district

        open_district(migrate=False)
        from onesystem.flow.measures import previewing

        return previewing.table(
            self.described, self.contacts, self.duck, name,
            by=by, every=every, start=start, end=end, file=file,
        )  # fmt: skip

    def forecast(
        self,
        *,
        at: datetime | None = None,
        hours: int = 72,
        replications: int = 200,
        levers: bool = True,
        workers: int | None = None,
    ) -> Any:
        """What is coming, from who is in the district now or was at a moment (with a zone).

        A `twin.forecast.Forecast`: services and hospitals with bands, chance of gridlock, levers.
        For who the people are, this process becomes the district's. Raises BadConfig where no twin
        was made of it.
        """
        os.environ["ONESYSTEM_DISTRICT"] = str(self.described.path)
        from onesystem.wiring import open_district

        open_district(migrate=False)
        from onesystem.twin.forecast.live import of_district

        return of_district(
            self, at=at, hours=hours, replications=replications, levers=levers, workers=workers
        )

    def close(self) -> None:
        """Let go of files and memory."""
        self.duck.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _contacts(self, as_of: datetime | None) -> Any:
        folder = self.described.path
        stored = operational.latest(folder, self._url, as_of)
        return relation.contacts(self.duck, folder, stored, as_of=as_of)
