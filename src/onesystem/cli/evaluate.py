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
from onesystem.cli.opened import say

WITHOUT = click.option("--without", multiple=True, help="A place that is left out.")
POST = click.option("--post", default="", help="The column that is 1 from the change on.")


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
@click.option("--at", "dates", multiple=True, help="When it changed; may be repeated.")
@POST
@click.option("--control", default="", help="The column of a control's values.")
@click.option("--control-denominator", default="", help="The column of its denominators.")
@click.option("--slope/--no-slope", default=True, show_default=True, help="May the trend change?")
@click.option(
    "--errors", type=click.Choice(["auto", "ar", "newey-west", "naive"]), default="auto",
    show_default=True, help="Naive errors are refused where residuals follow one another.",
)  # fmt: skip
def its(data: Path, *, dates: tuple[str, ...], post: str, control: str, control_denominator: str,
        slope: bool, errors: Any, waves: int | None, **asked: Any) -> None:  # fmt: skip
    """Interrupted time series, with a control where one is named."""
    from onesystem.evidence.controlled import controlled
    from onesystem.evidence.its import its as run
    from onesystem.evidence.reading import begins
    from onesystem.flow.sheets import at as read

    rows = sheet(data)
    series = series_of(rows, asked)
    said = dates or (tried(begins, rows, when=asked["when"], post=post),)
    at = [tried(read, each, series.dates) for each in said]
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
@click.option("--treated", multiple=True,
              help="A treated place, or the column that is 1 where treated.")  # fmt: skip
@click.option("--at", default="", help="The first treated period.")
@POST
@WITHOUT
@click.option("--per-year", type=float, default=1.0, show_default=True, help="Periods a year.")
@click.option("--complete-only", is_flag=True, help="Leave places out that lack a period.")
@click.option(
    "--comparison", type=click.Choice(["never", "not-yet"]), default="never", show_default=True,
    help="With whom staggered starts are compared.",
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Of the bootstrap.")
def did(data: Path, *, per_year: float, comparison: Any, seed: int, **asked: Any) -> None:
    """Difference in differences; staggered where places began at different times."""
    from onesystem.evidence import rows_did
    from onesystem.evidence.did import did as run
    from onesystem.evidence.staggered import staggered

    rows = sheet(data)
    if rows_did.fits(rows, unit=asked["unit"], start=asked["start"], treated=asked["treated"]):
        show(_of_rows(rows, asked), asked)
        return
    found = panel_of(rows, asked)
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


def _of_rows(rows: Any, asked: dict[str, Any]) -> Any:
    """Difference in differences of people who are seen once each."""
    from onesystem.evidence import rows_did

    names = ("when", "value", "treated", "post", "at", "cluster")
    found = tried(rows_did.read, rows, **{name: asked[name] for name in names})
    return tried(rows_did.did, found, unit=asked["unit_name"], level=asked["level"])


@evaluate.command()
@common_options
@click.option("--unit", default="", help="The column of the place.")
@click.option("--treated", multiple=True,
              help="The one treated place, or the column that is 1 where treated.")  # fmt: skip
@click.option("--at", default="", help="Its first treated period.")
@click.option("--start", default="", help="The column of it; empty: never treated.")
@POST
@WITHOUT
@click.option("--per-year", type=float, default=1.0, show_default=True, help="Periods a year.")
@click.option("--complete-only", is_flag=True, help="Leave places out that lack a period.")
@click.option("--predictor", multiple=True, metavar="COLUMN[=FIRST:LAST]",
              help="Match on this column's mean over those periods; may be repeated.")  # fmt: skip
def synth(data: Path, *, per_year: float, predictor: tuple[str, ...], **asked: Any) -> None:
    """Synthetic control: one treated place against a weighted mean of others."""
    from onesystem.evidence.cells import means_of
    from onesystem.evidence.synth import synth as run

    rows = sheet(data)
    found = panel_of(rows, {**asked, "cluster": ""})
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
@click.option("--start", default="", help="Or the column of a cluster's first treated period.")
@click.option("--size", default="", help="The column of how many a value is the mean of.")
@click.option("--drawn", is_flag=True, help="The order was drawn by lot: permute it too.")
@click.option("--per-year", type=float, default=1.0, show_default=True, help="Periods a year.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the permutations.")
def wedge(data: Path, *, drawn: bool, per_year: float, seed: int, **asked: Any) -> None:
    """Stepped wedge: every cluster gets the change, in steps. A row a cluster and period, or a row
    a person.
    """
    from onesystem.evidence.cells import steps_of
    from onesystem.evidence.wedge import wedge as run

    found = tried(
        steps_of, sheet(data), unit=asked["unit"], when=asked["when"], value=asked["value"],
        treated=asked["treated"], start=asked["start"], size=asked["size"],
        outcome=asked["unit_name"],
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
@click.option("--threshold", type=float, help="[where the column treated changes]")
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
def rd(data: Path, *, score: str, threshold: float | None, below: bool, bandwidth: float | None,
       order: int, kernel: Any, covariate: tuple[str, ...], grouped: bool, per_year: float,
       **asked: Any) -> None:  # fmt: skip
    """Regression discontinuity: where a threshold of a score decides who is treated."""
    from onesystem.evidence.discontinuity import rd as run
    from onesystem.evidence.thresholds import cases_of, threshold_of

    found = tried(cases_of, sheet(data), score=score, value=asked["value"], covariates=covariate)
    at, under = (threshold, below) if threshold is not None else tried(threshold_of, found)
    result = tried(
        run, found.score, found.outcome, threshold=at, h=bandwidth, order=order,
        kernel=kernel, below=under, grouped=grouped, terms=terms(asked), per_year=per_year,
        covariates=found.covariates, level=asked["level"],
        unit=asked["unit_name"] or found.name,
    )  # fmt: skip
    if found.left_out:
        say(f"{found.left_out} rows without a score or an outcome are left out.")
    show(result, asked)


@evaluate.command()
@common_options
@series_options
@click.option("--most", type=click.IntRange(1, 10), default=3, show_default=True, help="Changes.")
@click.option("--shortest", type=click.IntRange(1), default=3, show_default=True,
              help="Periods of a stretch.")  # fmt: skip
@click.option("--declared", default="", help="A date to hold against the data.")
def changepoint(data: Path, *, most: int, shortest: int, declared: str, waves: int | None,
                **asked: Any) -> None:  # fmt: skip
    """Change-points: when did a series change, if it did?"""
    from onesystem.evidence.changepoint import changepoint as run
    from onesystem.flow.sheets import at

    series = series_of(sheet(data), asked)
    day = tried(at, declared, series.dates, "--declared") if declared else None
    result = tried(
        run, series, most=most, shortest=shortest, waves=waves, declared=day,
        terms=terms(asked), level=asked["level"],
    )  # fmt: skip
    show(result, asked)
