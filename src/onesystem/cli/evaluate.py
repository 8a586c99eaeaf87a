"""`onesystem evaluate`: did it work? Each design over a CSV file."""

from pathlib import Path
from typing import Any

import click

from onesystem.cli.evaluate_power import power
from onesystem.cli.evaluating import (
    Bar,
    common_options,
    panel_of,
    series_of,
    series_options,
    sheet,
    show,
    terms,
    tried,
)

DATE = click.DateTime(["%Y-%m-%d", "%Y-%m"])


@click.group()
def evaluate() -> None:
    """Did it work? The effect with its interval, its assumptions, and what it cannot say.

    Data are read from a CSV file (- for stdin); a result goes to stdout as text or, with --json,
    as JSON.
    """


evaluate.add_command(power)


@evaluate.command()
@common_options
@series_options
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

    rows = sheet(data)
    series = series_of(rows, asked)
    at = [d.date() for d in dates]
    kept: dict[str, Any] = {"slope": slope, "waves": waves, "errors": errors,
                            "terms": terms(asked), "level": asked["level"]}  # fmt: skip
    if control:
        other = series_of(rows, {**asked, "value": control, "denominator": control_denominator})
        show(tried(controlled, series, other, at, **kept), asked)
        return
    show(tried(run, series, at, **kept), asked)


@evaluate.command()
@common_options
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

    found = panel_of(sheet(data), asked)
    kept: dict[str, Any] = {"terms": terms(asked), "per_year": per_year, "level": asked["level"]}
    begins = {int(b) for b in found.begins if b < len(found.periods)}
    if len(begins) > 1:
        with Bar("Bootstrap") as bar:
            result = tried(
                staggered, found, comparison=comparison, seed=seed, progress=bar.to, **kept
            )
        show(result, asked)
        return
    show(tried(run, found, **kept), asked)


@evaluate.command()
@common_options
@click.option("--unit", default="", help="The column of the place.")
@click.option("--treated", multiple=True, required=True, help="The one treated place.")
@click.option("--at", required=True, help="Its first treated period.")
@click.option("--per-year", type=float, default=1.0, show_default=True, help="Periods a year.")
@click.option("--complete-only", is_flag=True, help="Leave places out that lack a period.")
@click.option("--predictor", multiple=True, metavar="COLUMN[=FIRST:LAST]",
              help="Match on this column's mean over those periods; may be repeated.")  # fmt: skip
def synth(data: Path, *, per_year: float, predictor: tuple[str, ...], **asked: Any) -> None:
    """Synthetic control: one treated place against a weighted mean of others."""
    from onesystem.evidence.reading import means_of
    from onesystem.evidence.synth import synth as run

    rows = sheet(data)
    found = panel_of(rows, {**asked, "start": "", "cluster": ""})
    on = {
        said: tried(means_of, rows, found.units, said, unit=asked["unit"], when=asked["when"])
        for said in predictor
    }
    with Bar("Pretended treatments") as bar:
        result = tried(run, found, on=on, terms=terms(asked), per_year=per_year, progress=bar.to)
    show(result, asked)


@evaluate.command()
@common_options
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

    found = tried(
        steps_of, sheet(data), unit=asked["unit"], when=asked["when"], value=asked["value"],
        treated=asked["treated"], size=asked["size"], outcome=asked["unit_name"],
    )  # fmt: skip
    with Bar("Permutations") as bar:
        result = tried(
            run, found, terms=terms(asked), per_year=per_year, level=asked["level"], drawn=drawn,
            seed=seed, progress=bar.to,
        )  # fmt: skip
    show(result, asked)


@evaluate.command()
@common_options
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

    rows = sheet(data)
    value = tried(rows.column, asked["value"], "value")
    result = tried(
        run, tried(rows.numbers, tried(rows.column, score, "score")),
        tried(rows.numbers, value), threshold=threshold, h=bandwidth, order=order,
        kernel=kernel, below=below, grouped=grouped, terms=terms(asked), per_year=per_year,
        covariates={c: tried(rows.numbers, rows.column(c, "value")) for c in covariate},
        level=asked["level"], unit=asked["unit_name"] or value,
    )  # fmt: skip
    show(result, asked)


@evaluate.command()
@common_options
@series_options
@click.option("--most", type=click.IntRange(1, 10), default=3, show_default=True, help="Changes.")
@click.option("--shortest", type=click.IntRange(1), default=3, show_default=True,
              help="Periods of a stretch.")  # fmt: skip
@click.option("--declared", type=DATE, help="A date to hold against the data.")
def changepoint(data: Path, *, most: int, shortest: int, declared: Any, waves: int | None,
                **asked: Any) -> None:  # fmt: skip
    """Change-points: when did a series change, if it did?"""
    from onesystem.evidence.changepoint import changepoint as run

    result = tried(
        run, series_of(sheet(data), asked), most=most, shortest=shortest, waves=waves,
        declared=declared.date() if declared else None, terms=terms(asked), level=asked["level"],
    )  # fmt: skip
    show(result, asked)
