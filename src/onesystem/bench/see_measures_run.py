"""One question to a large log, for `bench see`, in a process of its own.

python -m onesystem.bench.see_measures_run FOLDER QUESTION [hand]

The questions are those of `QUESTIONS`; with `hand`, the same as an analyst would write it in SQL
for this log, without spells, zones, unknown ends or several identities of one person. Prints CPU
seconds and megabytes as a line of JSON. FOLDER is what `make` fills.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from onesystem.bench import see_log

QUESTIONS = (
    "ed-4-hours", "ambulatory-sensitive-admissions", "emergency-readmission-30", "series",
    "concentration", "transitions",
)  # fmt: skip
SERIES = 500
_AGAIN = 5.0  # CPU seconds up to which a question is asked twice, and the better one counts
_BEGUN = """
name = "contacts-begun"
title = "Contacts begun"
words = "Contacts that began."
version = 1
shape = "row"
unit = "count"
source = "made for a benchmark"
source_date = 2026-01-01
population = "known(started)"
denominator = "none"
"""
_CODES = ("L03", "J44", "I50", "N10")  # in place of the list that is shipped, for both

_BY_HAND = {
    "ed-4-hours": """
        SELECT service, date_trunc('month', ended) AS month, count(*) AS n,
               sum(CASE WHEN epoch_ms(ended) - epoch_ms(started) <= 14400000 THEN 1 ELSE 0 END)
        FROM log WHERE setting = 'ED' AND ended IS NOT NULL AND NOT cancelled GROUP BY 1, 2""",
    "ambulatory-sensitive-admissions": """
        SELECT service, date_trunc('month', started) AS month, count(*) FROM log
        WHERE setting = 'ward' AND mode IN ('from ED', 'direct admission') AND NOT cancelled
          AND (reason LIKE 'J44%' OR reason LIKE 'I50%' OR reason LIKE 'L03%' OR reason LIKE 'N10%')
        GROUP BY 1, 2""",
    "emergency-readmission-30": """
        WITH stay AS (SELECT contact, identity, service, mode, outcome, ended,
                             epoch_ms(started) AS s, epoch_ms(ended) AS e FROM log
                      WHERE setting = 'ward' AND NOT cancelled),
             again AS (SELECT DISTINCT a.contact FROM stay a JOIN stay b ON a.identity = b.identity
                       WHERE b.mode IN ('from ED', 'direct admission')
                         AND b.s - a.e > 0 AND b.s - a.e <= 2592000000)
        SELECT service, date_trunc('month', ended) AS month, count(*), count(again.contact)
        FROM stay LEFT JOIN again USING (contact)
        WHERE ended IS NOT NULL AND outcome <> 'died' GROUP BY 1, 2""",
    "series": """
        WITH week AS (SELECT service, date_trunc('week', started) AS week, count(*) AS n FROM log
                      WHERE NOT cancelled GROUP BY 1, 2),
             step AS (SELECT *, abs(n - lag(n) OVER (PARTITION BY service ORDER BY week)) AS moved
                      FROM week),
             line AS (SELECT service, avg(n) AS centre, avg(moved) AS spread FROM step GROUP BY 1),
             kept AS (SELECT service, avg(moved) AS spread FROM step JOIN line USING (service)
                      WHERE moved < 3.267 * line.spread GROUP BY 1)
        SELECT service, week, n, centre, n > centre + 2.66 * kept.spread,
               sum(CASE WHEN n > centre THEN 1 ELSE 0 END) OVER last7 AS above,
               sum(CASE WHEN n < centre THEN 1 ELSE 0 END) OVER last7 AS below
        FROM week JOIN line USING (service) JOIN kept USING (service)
        WINDOW last7 AS (PARTITION BY service ORDER BY week
                         ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)""",
    "concentration": """
        WITH each AS (
            SELECT year(started) AS year, identity, sum(
                CASE setting WHEN 'general practice' THEN 4200 WHEN 'out of hours' THEN 8500
                     WHEN 'ambulance' THEN 27198 WHEN 'ED' THEN 28017 WHEN 'outpatient' THEN 14243
                     WHEN 'diagnostics' THEN 14038 WHEN 'community' THEN 8873
                     WHEN 'pharmacy' THEN 500 WHEN 'telephone' THEN 1500 ELSE 0 END
                + CASE setting WHEN 'ward' THEN 82586 WHEN 'rehabilitation' THEN 65624
                       WHEN 'care home' THEN 9520 WHEN 'home care' THEN 2500 ELSE 0 END
                * greatest(date_diff('day', CAST(started AS DATE), CAST(ended AS DATE)), 1)) AS cost
            FROM log WHERE NOT cancelled GROUP BY 1, 2),
             placed AS (SELECT year, cost, row_number() OVER (PARTITION BY year ORDER BY cost DESC)
                               AS place, count(*) OVER (PARTITION BY year) AS people FROM each)
        SELECT year, sum(cost) FILTER (place <= people * 0.01) / sum(cost),
               sum(cost) FILTER (place <= people * 0.1) / sum(cost) FROM placed GROUP BY 1""",
    # In the order of the files, which no window has to sort.
    "transitions": """
        WITH step AS (SELECT identity, setting AS a, lead(setting) OVER () AS b,
                             lead(identity) OVER () AS whose,
                             (epoch_ms(lead(started) OVER ()) - epoch_ms(started)) // 60000 AS gap
                      FROM runs WHERE NOT cancelled),
             pair AS (SELECT a, b, CASE WHEN gap < 2880 THEN gap
                             ELSE 2880 + CAST(64 * ln(gap / 2880) AS BIGINT) END AS place,
                             count(*) AS n FROM step WHERE identity = whose GROUP BY 1, 2, 3),
             upto AS (SELECT *, sum(n) OVER (PARTITION BY a, b ORDER BY place) AS before,
                             sum(n) OVER (PARTITION BY a, b) AS every FROM pair)
        SELECT a, b, any_value(every), min(place) FROM upto WHERE before * 2 >= every
        GROUP BY 1, 2""",
}


def make(folder: Path, rows: int, people: int) -> None:
    """A district in a folder, with a log of so many contacts."""
    from onesystem.bench.scratch import HOSPITAL

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "district.toml").write_text(HOSPITAL, encoding="utf-8")
    os.environ["ONESYSTEM_DISTRICT"] = str(folder)
    see_log.write(rows, people)


class Asked:
    """The log in a folder, opened to be asked."""

    def __init__(self, folder: Path) -> None:
        os.environ["ONESYSTEM_DISTRICT"] = str(folder)
        from onesystem.contacts.log import manifest, scan
        from onesystem.flow.measures import library
        from onesystem.flow.measures.days import clock
        from onesystem.flow.measures.world import World

        self.folder = folder
        self.now = manifest.current()
        self.duck = scan.connect(memory="700MB")
        self.duck.execute("SET temp_directory = ?", [str(folder / "temporary")])
        for name, runs in (("log", False), ("runs", True)):
            rows = scan.latest_sql(self.now, runs=runs)
            self.duck.execute(f"CREATE VIEW {name} AS SELECT * FROM {rows}")
        self.people = max(run.last for run in self.now.runs)
        zone = clock("Europe/London")
        self.world = World(
            clock=zone, horizon=zone.midnight(see_log.FIRST_DAY + see_log.DAYS),
            codes=library.codes(), prices=library.prices(),
            organisations=see_log.organisations(), places=see_log.organisations(),
        )  # fmt: skip
        self.somebody = see_log.somebody(self.people)

    def portions(self, measures: Iterable[Any]) -> Any:
        """What the log has of these measures."""
        from onesystem.flow.measures import running

        return running.portions_of(self.now, self.folder / "log", measures)

    def measure(self, name: str) -> None:
        """One measure of the library by service and month."""
        from dataclasses import replace

        from onesystem.flow.measures import library
        from onesystem.flow.measures.world import CodeList

        like = CodeList("ambulatory-sensitive", "", "", frozenset(), _CODES)
        self.world = replace(self.world, codes={**self.world.codes, like.name: like})
        self.at_once({name: library.shipped()[name]})

    def everything(self) -> None:
        """All measures of the library by service and month."""
        from onesystem.flow.measures import library

        self.at_once(library.shipped())

    def at_once(self, measures: Any, every: str = "month") -> dict[str, Any]:
        """The sums of measures in one pass, by name."""
        from onesystem.flow.measures import running

        portions = self.portions(measures.values())
        return dict(running.in_columns(portions, self.somebody, measures, self.world, every=every))

    def series(self) -> None:
        """Weekly counts of services as charts with limits and flags."""
        import numpy as np

        from onesystem.flow.measures.declaration import read
        from onesystem.flow.spc import many

        table = self.at_once({"begun": read(_BEGUN)}, every="week")["begun"]
        service = table["service"].combine_chunks().dictionary_encode().indices.to_numpy()
        week = (table["day"].to_numpy() - table["day"].to_numpy().min()) // 7
        counts = np.zeros((service.max() + 1, week.max() + 1))
        counts[service, week] = table["numerator"].to_numpy()
        busiest = np.argsort(-counts.sum(axis=1), kind="stable")[:SERIES]
        many.charts(counts[busiest])

    def concentration(self) -> None:
        """The share of the costliest tenth and hundredth, and Gini's index, by year."""
        from onesystem.flow.measures import concentration, library, running

        measure = library.shipped()["cost-gini"]
        portions = self.portions([measure])
        for sizes in running.spread(portions, self.somebody, measure, self.world).values():
            concentration.gini(sizes, self.people)
            concentration.top(sizes, self.people, 0.1)
            concentration.top(sizes, self.people, 0.01)

    def transitions(self) -> None:
        """From what setting to what people go."""
        from onesystem.flow.journeys import transitions

        transitions.of_log(self.folder)

    def by_hand(self, question: str) -> None:
        """The same in SQL."""
        self.duck.execute(_BY_HAND[question]).fetchall()

    def act(self, question: str, *, hand: bool) -> Callable[[], None]:
        """What answers a question."""
        if hand:
            return lambda: self.by_hand(question)
        own = {n: getattr(self, n) for n in (*QUESTIONS[3:], "everything")}
        return own.get(question) or (lambda: self.measure(question))  # type: ignore[no-any-return]


def main(folder: Path, question: str, *, hand: bool) -> dict[str, float]:
    """CPU seconds of an answer, the better of two where it is short, and megabytes at most."""
    import onesystem.flow.measures.running
    import onesystem.flow.spc.many  # noqa: F401 - loaded before anything is measured

    act = Asked(folder).act(question, hand=hand)
    spent = [_spent(act)]
    if spent[0] < _AGAIN:
        spent.append(_spent(act))
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu": min(spent), "mb": mb}


def _spent(act: Callable[[], None]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


if __name__ == "__main__":
    if sys.argv[2] == "make":
        make(Path(sys.argv[1]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        done = main(Path(sys.argv[1]), sys.argv[2], hand="hand" in sys.argv[3:])
        sys.stdout.write(json.dumps(done) + "\n")
