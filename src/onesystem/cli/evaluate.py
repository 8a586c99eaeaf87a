"""`onesystem evaluate`: did it work? Each design over a CSV file, and power beforehand."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import click

from onesystem.cli.opened import say
from onesystem.vocabulary import BadConfig, BadInput, NotFound, UserError

DATE = click.DateTime(["%Y-%m-%d", "%Y-%m"])
Deco = Callable[[Any], Any]


@click.group()
def evaluate() -> None:
    """Did it work? The effect with its interval, its assumptions, and what it cannot say.

    Data are read from a CSV file (- for stdin); a result goes to stdout as text or, with --json,
    as JSON.
    """


def _common(command: Any) -> Any:
    options: list[Deco] = [
        click.argument(
            "data", metavar="DATA.csv", type=click.Path(path_type=Path, allow_dash=True)
        ),
        click.option("--json", "as_json", is_flag=True, help="The whole result as JSON."),
        click.option("--date", "when", default="", help="The column of the period."),
        click.option("--value", default="", help="The column of the outcome."),
        click.option(
            "--unit-name", default="", help="What the outcome is called, such as bed-days."
        ),
        click.option(
            "--people", type=float, help="People that one unit of the outcome stands for."
        ),
        click.option("--days", type=float, help="Days that one unit of the outcome stands for."),
        click.option("--cost", type=float, help="Money that one unit of the outcome costs."),
        click.option("--currency", default="GBP", show_default=True),
        click.option("--level", type=float, default=0.95, show_default=True, help="Of intervals."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _series(command: Any) -> Any:
    kinds = click.Choice(["count", "share", "mean"])
    spans = click.Choice(["day", "week", "month", "quarter", "year"])
    options: list[Deco] = [
        click.option("--denominator", default="", help="The column of the population or of all."),
        click.option("--kind", type=kinds, default=None, help="Worked out where it is not said."),
        click.option("--every", type=spans, default=None, help="How far apart the rows are."),
        click.option("--gaps", is_flag=True, help="Leave missing periods out of the model."),
        click.option("--waves", type=int, help="Pairs of waves a year; 0 for no season."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@evaluate.command()
@_common
@_series
@click.option("--at", "dates", type=DATE, multiple=True, required=True, help="May be repeated.")
@click.option("--control", default="", help="The column of a control's values.")
@click.option("--control-denominator", default="", help="The column of its denominators.")
@click.option("--slope/--no-slope", default=True, show_default=True, help="May the trend change?")
@click.option(
    "--errors", type=click.Choice(["auto", "ar", "newey-west", "naive"]), default="auto",
    show_default=True, help="Naive errors are refused where residuals follow one another.",
)  # fmt: skip
def its(data: Path, *, dates: tuple[Any, ...], control: str, control_denominator: str, slope: bool,
        errors: Any, waves: int | None, **asked: Any) -> None:  # fmt: skip
    """Interrupted time series, with a control where one is named."""
    from onesystem.evidence.controlled import controlled
    from onesystem.evidence.its import its as run

    sheet = _sheet(data)
    series = _series_of(sheet, asked)
    at = [d.date() for d in dates]
    kept: dict[str, Any] = {"slope": slope, "waves": waves, "errors": errors,
                            "terms": _terms(asked), "level": asked["level"]}  # fmt: skip
    if control:
        other = _series_of(sheet, {**asked, "value": control, "denominator": control_denominator})
        _show(_tried(controlled, series, other, at, **kept), asked)
        return
    _show(_tried(run, series, at, **kept), asked)


@evaluate.command()
@_common
@click.option("--unit", default="", help="The column of the place.")
@click.option("--start", default="", help="The column of its first treated period; empty: never.")
@click.option("--cluster", default="", help="The column of a cluster of places.")
@click.option("--treated", multiple=True, help="A treated place, instead of --start.")
@click.option("--at", default="", help="Its first treated period.")
@click.option("--per-year", type=float, default=1.0, show_default=True, help="Periods a year.")
@click.option("--complete-only", is_flag=True, help="Leave places out that lack a period.")
@click.option(
    "--comparison", type=click.Choice(["never", "not-yet"]), default="never", show_default=True,
    help="With whom staggered starts are compared.",
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Of the bootstrap.")
def did(data: Path, *, per_year: float, comparison: Any, seed: int, **asked: Any) -> None:
    """Difference in differences; staggered where places began at different times."""
    from onesystem.evidence.did import did as run
    from onesystem.evidence.staggered import staggered

    found = _panel_of(_sheet(data), asked)
    kept: dict[str, Any] = {"terms": _terms(asked), "per_year": per_year, "level": asked["level"]}
    begins = {int(b) for b in found.begins if b < len(found.periods)}
    if len(begins) > 1:
        with _Bar("Bootstrap") as bar:
            result = _tried(
                staggered, found, comparison=comparison, seed=seed, progress=bar.to, **kept
            )
        _show(result, asked)
        return
    _show(_tried(run, found, **kept), asked)


@evaluate.command()
@_common
@click.option("--unit", default="", help="The column of the place.")
@click.option("--treated", multiple=True, required=True, help="The one treated place.")
@click.option("--at", required=True, help="Its first treated period.")
@click.option("--per-year", type=float, default=1.0, show_default=True, help="Periods a year.")
@click.option("--complete-only", is_flag=True, help="Leave places out that lack a period.")
def synth(data: Path, *, per_year: float, **asked: Any) -> None:
    """Synthetic control: one treated place against a weighted mean of others."""
    from onesystem.evidence.synth import synth as run

    found = _panel_of(_sheet(data), {**asked, "start": "", "cluster": ""})
    with _Bar("Pretended treatments") as bar:
        result = _tried(run, found, terms=_terms(asked), per_year=per_year, progress=bar.to)
    _show(result, asked)


@evaluate.command()
@_common
@click.option("--unit", default="", help="The column of the cluster.")
@click.option("--treated", default="", help="The column that is 1 where the change is in place.")
@click.option("--size", default="", help="The column of how many a value is the mean of.")
@click.option("--drawn", is_flag=True, help="The order was drawn by lot: permute it too.")
@click.option("--per-year", type=float, default=1.0, show_default=True, help="Periods a year.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the permutations.")
def wedge(data: Path, *, drawn: bool, per_year: float, seed: int, **asked: Any) -> None:
    """Stepped wedge: every cluster gets the change, in steps."""
    from onesystem.evidence.reading import steps_of
    from onesystem.evidence.wedge import wedge as run

    found = _tried(
        steps_of, _sheet(data), unit=asked["unit"], when=asked["when"], value=asked["value"],
        treated=asked["treated"], size=asked["size"], outcome=asked["unit_name"],
    )  # fmt: skip
    with _Bar("Permutations") as bar:
        result = _tried(
            run, found, terms=_terms(asked), per_year=per_year, level=asked["level"], drawn=drawn,
            seed=seed, progress=bar.to,
        )  # fmt: skip
    _show(result, asked)


@evaluate.command()
@_common
@click.option("--score", default="", help="The column of the score that the threshold is on.")
@click.option("--threshold", type=float, required=True)
@click.option("--below", is_flag=True, help="Those below are treated, not those above.")
@click.option("--bandwidth", type=float, help="Instead of that of Imbens and Kalyanaraman.")
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True)
@click.option(
    "--kernel", type=click.Choice(["triangular", "uniform"]), default="triangular",
    show_default=True,
)  # fmt: skip
@click.option("--covariate", multiple=True, help="A column that must not jump; may be repeated.")
@click.option("--grouped", is_flag=True, help="Rows are means of groups: no density test.")
@click.option("--per-year", type=float, default=1.0, show_default=True, help="Periods a year.")
def rd(data: Path, *, score: str, threshold: float, below: bool, bandwidth: float | None,
       order: int, kernel: Any, covariate: tuple[str, ...], grouped: bool, per_year: float,
       **asked: Any) -> None:  # fmt: skip
    """Regression discontinuity: where a threshold of a score decides who is treated."""
    from onesystem.evidence.discontinuity import rd as run

    sheet = _sheet(data)
    value = _tried(sheet.column, asked["value"], "value")
    result = _tried(
        run, _tried(sheet.numbers, _tried(sheet.column, score, "score")),
        _tried(sheet.numbers, value), threshold=threshold, h=bandwidth, order=order,
        kernel=kernel, below=below, grouped=grouped, terms=_terms(asked), per_year=per_year,
        covariates={c: _tried(sheet.numbers, sheet.column(c, "value")) for c in covariate},
        level=asked["level"], unit=asked["unit_name"] or value,
    )  # fmt: skip
    _show(result, asked)


@evaluate.command()
@_common
@_series
@click.option("--most", type=click.IntRange(1, 10), default=3, show_default=True, help="Changes.")
@click.option("--shortest", type=click.IntRange(1), default=3, show_default=True,
              help="Periods of a stretch.")  # fmt: skip
@click.option("--declared", type=DATE, help="A date to hold against the data.")
def changepoint(data: Path, *, most: int, shortest: int, declared: Any, waves: int | None,
                **asked: Any) -> None:  # fmt: skip
    """Change-points: when did a series change, if it did?"""
    from onesystem.evidence.changepoint import changepoint as run

    result = _tried(
        run, _series_of(_sheet(data), asked), most=most, shortest=shortest, waves=waves,
        declared=declared.date() if declared else None, terms=_terms(asked), level=asked["level"],
    )  # fmt: skip
    _show(result, asked)


@evaluate.group()
def power() -> None:
    """Beforehand: the smallest effect that a design would probably find."""


def _power_options(command: Any) -> Any:
    options: list[Deco] = [
        click.option("--power", "chance", type=float, default=0.8, show_default=True),
        click.option("--alpha", type=float, default=0.05, show_default=True),
        click.option("--json", "as_json", is_flag=True, help="As JSON."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@power.command("its")
@click.argument("data", metavar="BEFORE.csv", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--date", "when", default="", help="The column of the period.")
@click.option("--value", default="", help="The column of the outcome.")
@_series
@click.option("--periods", type=click.IntRange(1), required=True, help="That will follow.")
@click.option("--slope/--no-slope", default=False, show_default=True)
@_power_options
def power_its(data: Path, *, periods: int, slope: bool, waves: int | None, chance: float,
              alpha: float, as_json: bool, **asked: Any) -> None:  # fmt: skip
    """From the periods before a change, and how many will follow."""
    from onesystem.evidence import power as powers

    series = _series_of(_sheet(data), {**asked, "unit_name": ""})
    _say_power(_tried(powers.its, series, periods=periods, slope=slope, waves=waves, power=chance,
                      alpha=alpha), as_json=as_json)  # fmt: skip


@power.command("did")
@click.option("--treated", type=int, required=True, help="Places.")
@click.option("--untreated", type=int, required=True, help="Places.")
@click.option("--sd", type=float, required=True, help="The spread of places' changes.")
@_power_options
def power_did(*, chance: float, as_json: bool, **asked: Any) -> None:
    """From how many places there are, and how their changes spread."""
    from onesystem.evidence import power as powers

    _say_power(_tried(powers.did, power=chance, **asked), as_json=as_json)


@power.command("wedge")
@click.option("--per-step", type=int, required=True, help="Clusters a step.")
@click.option("--steps", type=int, required=True)
@click.option("--size", type=float, required=True, help="People a cluster and period.")
@click.option("--sd", type=float, required=True, help="The spread of people.")
@click.option("--icc", type=float, required=True, help="The part of it between clusters.")
@_power_options
def power_wedge(*, chance: float, as_json: bool, **asked: Any) -> None:
    """From the steps, by the equation of Hussey and Hughes."""
    from onesystem.evidence import power as powers

    _say_power(_tried(powers.wedge, power=chance, **asked), as_json=as_json)


@power.command("rd")
@click.option("--below", type=int, required=True, help="Cases within the bandwidth.")
@click.option("--above", type=int, required=True, help="Cases within the bandwidth.")
@click.option("--sd", type=float, required=True, help="The spread of outcomes.")
@_power_options
def power_rd(*, chance: float, as_json: bool, **asked: Any) -> None:
    """From how many cases are near the threshold."""
    from onesystem.evidence import power as powers

    _say_power(_tried(powers.rd, power=chance, **asked), as_json=as_json)


@power.command("synth")
@click.argument("data", metavar="BEFORE.csv", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--unit", default="", help="The column of the place.")
@click.option("--date", "when", default="", help="The column of the period.")
@click.option("--value", default="", help="The column of the outcome.")
@click.option("--periods", type=click.IntRange(1), required=True, help="That will follow.")
@_power_options
def power_synth(data: Path, *, periods: int, chance: float, alpha: float, as_json: bool,
                **asked: Any) -> None:  # fmt: skip
    """From places and periods before, by pretended treatments."""
    from onesystem.evidence import power as powers
    from onesystem.evidence.panel import panel
    from onesystem.evidence.reading import number, period

    sheet = _sheet(data)
    unit, when = (
        _tried(sheet.column, asked[k], r) for k, r in (("unit", "unit"), ("when", "date"))
    )
    value = _tried(sheet.column, asked["value"], "value")
    rows = [(r[unit], period(r[when]), _tried(number, r[value], value, i))
            for i, r in enumerate(sheet.rows)]  # fmt: skip
    grid = _tried(panel, rows, {}).values
    _say_power(_tried(powers.synth, grid, periods=periods, unit=value, power=chance, alpha=alpha),
               as_json=as_json)  # fmt: skip


@power.command("changepoint")
@click.option("--periods", type=int, required=True)
@click.option("--level", type=float, required=True, help="The level before.")
@click.option("--effect", type=float, multiple=True, required=True, help="May be repeated.")
@click.option("--sd", type=float, help="The spread of periods; without it, as Poisson counts.")
@click.option("--times", type=int, default=200, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def power_changepoint(*, effect: tuple[float, ...], as_json: bool, **asked: Any) -> None:
    """By simulation: how often a step in the middle would be seen."""
    from onesystem.evidence import power as powers

    with _Bar("Simulations") as bar:
        found = _tried(powers.changepoint, effects=effect, progress=bar.to, **asked)
    if as_json:
        click.echo(json.dumps({"curve": found}))
        return
    for size, chance in found:
        click.echo(f"{size:g}\t{chance:.0%}")


def _sheet(path: Path) -> Any:
    from onesystem.evidence.reading import sheet

    if str(path) == "-":
        return _tried(sheet, sys.stdin.buffer.read())
    try:
        return _tried(sheet, path.read_bytes())
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", "Name a CSV file") from None
    except IsADirectoryError:
        raise BadConfig(f"{path} is a folder", "Name a CSV file") from None


def _series_of(sheet: Any, asked: dict[str, Any]) -> Any:
    from onesystem.evidence.reading import series_of

    return _tried(
        series_of, sheet, when=asked["when"], value=asked["value"],
        denominator=asked["denominator"], kind=asked["kind"] or "", every=asked["every"],
        gaps=asked["gaps"], unit=asked["unit_name"],
    )  # fmt: skip


def _panel_of(sheet: Any, asked: dict[str, Any]) -> Any:
    from onesystem.evidence.reading import panel_of

    return _tried(
        panel_of, sheet, unit=asked["unit"], when=asked["when"], value=asked["value"],
        start=asked["start"], cluster=asked["cluster"], treated=asked["treated"], at=asked["at"],
        complete_only=asked["complete_only"], outcome=asked["unit_name"],
    )  # fmt: skip


def _terms(asked: dict[str, Any]) -> Any:
    from onesystem.evidence.translating import Terms

    cost = asked["cost"]
    return Terms(
        people=asked["people"], days=asked["days"], currency=asked["currency"],
        minor=None if cost is None else round(cost * 100),
    )  # fmt: skip


def _tried(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a file says that cannot be used is the user's to mend: one line, and an exit code."""
    try:
        return work(*args, **kwargs)
    except BadInput as error:
        what = f"{error.where}: {error.what}" if error.where else error.what
        raise UserError(what, error.cure) from error


class _Bar:
    """A bar on stderr for what takes over a second, where somebody looks."""

    def __init__(self, label: str) -> None:
        self.label, self.shown = label, False

    def __enter__(self) -> Self:
        import time

        self.began = time.monotonic()
        return self

    def to(self, done: int, total: int) -> None:
        """So many of so many are done."""
        import time

        if sys.stderr.isatty() and time.monotonic() - self.began > 1:
            self.shown = True
            click.echo(f"\r{self.label}: {done} of {total}", err=True, nl=False)

    def __exit__(self, *_: object) -> None:
        if self.shown:
            click.echo("", err=True)


MARKS = {"passed": "passed  ", "doubtful": "doubtful", "failed": "FAILED  "}


def _show(result: Any, asked: dict[str, Any]) -> None:
    if asked["as_json"]:
        click.echo(json.dumps(result.plain(), ensure_ascii=False, indent=1))
        return
    from onesystem.evidence.translating import said

    click.echo(f"{result.title}\n\n{result.words}\n")
    for effect in result.effects[:12]:
        p = "" if effect.p is None else f"  p {effect.p:.2g}"
        click.echo(
            f"  {effect.label}: {effect.estimate:.4g} ({effect.low:.4g} to {effect.high:.4g})"
            f" {effect.unit}".rstrip()
            + p
        )
    for line in said(result.translated):
        click.echo(f"  {line}")
    click.echo("\nAssumptions")
    for check in result.checks:
        click.echo(f"  {MARKS[check.verdict]}  {check.title}: {check.figure}. {check.words}")
    click.echo("\nWhat it cannot say")
    for limit in result.limits:
        click.echo(f"  - {limit}")
    click.echo(f"\n{result.method}\n{result.source}")
    if result.standing == "failed":
        say("An assumption failed: do not report this effect without saying so.")


def _say_power(found: Any, *, as_json: bool) -> None:
    from onesystem.evidence.result import plain

    if as_json:
        click.echo(json.dumps(plain(found)))
        return
    click.echo(found.words)
    for effect, chance in found.curve:
        click.echo(f"  {effect:.4g}\t{chance:.0%}")
    if warning := found.facts.get("warning"):
        say(warning)
