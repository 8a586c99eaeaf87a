"""`onesystem twin calibrate` and `backtest`: a model from a log, and how far to trust it."""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from onesystem import district
from onesystem.cli.opened import open_district, say
from onesystem.twin.standing import FILE, REPORT

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_SHARE = click.FloatRange(0.02, 0.5)
_YEAR = 8736.0  # hours of 52 weeks
_HELD_BACK, _WITHIN, _FEWEST, _RUNS = 0.1, 4.0, 50, 20  # where nobody says otherwise


@click.command()
@click.option("--contacts", type=_FILE, help="A Parquet or CSV file instead of the district.")
@click.option("--from", "since", type=_DAY, help="The first day to learn from.  [the log's]")
@click.option("--to", "until", type=_DAY, help="The first day that is not used.  [none]")
@click.option("--hold-back", "share", type=_SHARE, default=_HELD_BACK, show_default=True,
              help="The last share of the time, to try the model on.")  # fmt: skip
@click.option("--within", type=click.FloatRange(min=0), default=_WITHIN, show_default=True,
              help="Hours in which what comes next was led to by what ended.")  # fmt: skip
@click.option("--fewest", type=click.IntRange(min=20), default=_FEWEST, show_default=True,
              help="Contacts that a service needs to be one of its own.")  # fmt: skip
@click.option("--replications", type=click.IntRange(min=2), default=_RUNS, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the model, learnt from the whole log, to this file.")  # fmt: skip
@click.option("--keep", is_flag=True,
              help="Make it the district's twin, with the report beside it.")  # fmt: skip
@click.option("--report", "as_report", is_flag=True, help="Every check, not only what is out.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
def calibrate(
    *, contacts: Path | None, since: datetime | None, until: datetime | None, share: float,
    within: float, fewest: int, replications: int, out: Path | None, keep: bool,
    as_report: bool, as_json: bool,
) -> None:  # fmt: skip
    """Make a model of the district (or of a file of contacts), and say how far to trust it."""
    from onesystem.twin.calibration import telling
    from onesystem.twin.calibration.trust import held_back

    if keep and contacts:
        raise click.UsageError("--keep is of a district's own log: leave out --contacts.")
    log, known, name, zone = _of_file(contacts) if contacts else _of_district()
    log = _between(log, since, until)
    said = {"known": known, "within": within, "fewest": fewest, "name": name, "zone": zone}
    report = held_back(log, share=share, replicas=replications, **said)
    if as_json:
        click.echo(json.dumps(telling.plain(report), ensure_ascii=False))
    else:
        for line in telling.lines(report, every=as_report):
            click.echo(line)
    if out:
        _write(log, said, out)
    if keep:
        _keep(log, said, report)


def keep_twin() -> None:
    """Calibrate the open district's twin and keep it, with the report beside it."""
    from onesystem.twin.calibration.trust import held_back

    log, known, name, zone = _of_district()
    said = {"known": known, "within": _WITHIN, "fewest": _FEWEST, "name": name, "zone": zone}
    _keep(log, said, held_back(log, share=_HELD_BACK, replicas=_RUNS, **said))


def _keep(log: Any, said: dict[str, Any], report: Any) -> None:
    """Make the model of the log the district's twin, with the report beside it."""
    from onesystem.twin import working
    from onesystem.twin.calibration import telling

    folder = district.current().path
    _put(folder / REPORT, json.dumps(telling.plain(report)))
    _write(log, said, folder / FILE, living=_living)
    say("Running it as it is, so that the first scenario need not wait for that.")
    working.run_ahead()


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--hold-back", "share", type=_SHARE, default=0.1, show_default=True,
              help="The last share, which is forecast and was never seen.")  # fmt: skip
@click.option("--replications", type=click.IntRange(min=2), default=_RUNS, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
def backtest(path: Path, *, share: float, replications: int, as_json: bool) -> None:
    """Forecast the last tenth of PATH: a log, arrivals, daily figures, or a folder of them."""
    from onesystem.twin.calibration import telling
    from onesystem.twin.calibration.tables import backtests

    found = []
    for each in backtests(path, share=share, replicas=replications):
        if as_json:
            found.append({
                "file": each.file,
                "series": {name: [asdict(s) for s in some] for name, some in each.series.items()},
                "moved": each.moved and asdict(each.moved),
                "report": each.report and telling.plain(each.report),
            })  # fmt: skip
            continue
        click.echo(each.file)
        for name, series in each.series.items():
            _series(name, series, telling.summed(series))
        if each.moved:
            _moved(each.moved)
        for line in telling.lines(each.report) if each.report else ():
            click.echo(f"  {line}" if line else "")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))


def _series(name: str, series: list[Any], whole: dict[str, float]) -> None:
    click.echo(
        f"  {name}: {len(series)} series, one to {len(series[0].by_lead)} {series[0].unit} ahead: "
        f"error {whole['error']:.1%} of "
        f"the mean, seasonal-naive {whole['naive']:.1%}; closer in {whole['better']:.0%} of them; "
        f"{whole['covered80']:.0%} in the 80% interval, {whole['covered95']:.0%} in the 95%"
    )
    if len(series) <= 12:
        for each in series:
            click.echo(
                f"    {each.name}: error {each.error:.3g}, seasonal-naive {each.naive:.3g}, mean "
                f"{each.mean:.4g}; {each.covered80:.0%} and {each.covered95:.0%} in the intervals"
            )


def _moved(found: Any) -> None:
    click.echo(
        f"  dates are moved person by person: {found.stays} stays of {found.held} of "
        f"{found.people} people were held back instead of days"
    )
    click.echo(
        f"  stays: error by a factor of {math.exp(found.error):.2f}, of the median of all "
        f"{math.exp(found.naive):.2f}; {found.covered80:.0%} in the 80% interval, "
        f"{found.covered95:.0%} in the 95%"
    )
    click.echo(
        f"  ways on: {found.ways:.0%} was given to where people went, {found.ways_naive:.0%} by "
        "the shares of all"
    )


def _of_file(file: Path) -> tuple[Any, dict[str, Any], str, str]:
    from onesystem.twin.calibration import arrow

    return arrow.log_of(arrow.read(file), where=file.name), {}, file.stem, "UTC"


def _of_district() -> tuple[Any, dict[str, Any], str, str]:
    import numpy as np

    from onesystem import District, people
    from onesystem.twin.calibration import district as reading
    from onesystem.twin.calibration.traits import traits_of

    described = open_district()
    rows = people.births()
    ids, persons = (np.array([row[n] for row in rows], np.int64) for n in (0, 1))
    born = np.array([row[2] or "NaT" for row in rows], "datetime64[D]")
    dated = ~np.isnat(born)
    order = np.argsort(ids)
    say(f"Reading the log of {described.name}.")
    with District.open(described.path) as opened:
        log = reading.log_of(
            opened, born=(ids[dated], born[dated].astype(np.int64)), person=(ids, persons),
            traits=traits_of(ids[order], persons[order]),
        )  # fmt: skip
    return log, reading.known_of(described, log.zero), described.name, described.zone


def _between(log: Any, since: datetime | None, until: datetime | None) -> Any:
    from onesystem.twin.calibration.log import known_by
    from onesystem.twin.calibration.log import since as watched_since

    if until:
        log = known_by(log, (until - log.zero).total_seconds() / 3600)
    if since:
        log = watched_since(log, (since - log.zero).total_seconds() / 3600)
    return log


def _living(classes: Iterable[str]) -> dict[str, float]:
    """How many people of each class live in the district now, where that has been counted."""
    from onesystem.twin.people.living import living

    return living(classes)


def _write(
    log: Any, said: dict[str, Any], out: Path,
    living: Callable[[Iterable[str]], dict[str, float]] = lambda _: {},
) -> None:  # fmt: skip
    """The model of the whole log, from its last midnight on, with who is there then."""
    from onesystem.twin.calibration.building import model_of
    from onesystem.twin.calibration.calibrating import calibrated
    from onesystem.twin.network.writing import model_text

    start = math.floor(log.last / 24) * 24.0
    model, let_go = model_of(calibrated(log, **said), start=start, horizon=_YEAR, replications=10)
    for name, why in let_go.items():
        say(f"{name}: {why}.")
    model = replace(model, living=living(model.classes))
    _put(out, model_text(model))
    say(f"The model is in {out}: {len(model.nodes)} services, {len(model.inside)} people inside.")


def _put(file: Path, text: str) -> None:
    """Write a file whole or not at all: pages read it at any time."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
