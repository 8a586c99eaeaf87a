"""A calibration and its backtests in words, and as plain values for JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from onesystem.twin.calibration.calibrating import Calibration
from onesystem.twin.calibration.daily import Series
from onesystem.twin.calibration.fitting import Fit
from onesystem.twin.calibration.log import NONE
from onesystem.twin.calibration.stays import Fitted
from onesystem.twin.calibration.trust import Check, Daily, Report, Trust
from onesystem.vocabulary.said import say


def plain(report: Report) -> dict[str, Any]:
    """Everything that a report says, worst service first; times are hours."""
    made = report.calibration
    return {
        "name": made.name,
        "from": made.log.moment(made.log.first).isoformat(timespec="minutes"),
        "held_back_from": made.log.moment(report.cut).isoformat(timespec="minutes"),
        "to": made.log.moment(report.end).isoformat(timespec="minutes"),
        "contacts": len(made.log),
        "replications": report.replications,
        "inside_intervals": report.inside,
        "coverage": {str(sure): share for sure, share in report.coverage.items()},
        "services": [
            _service(each, made.services[each.name], made.log.services) for each in report.services
        ],
        "left_out": made.left_out,
        "pooled": made.pooled,
        "never_ended": made.forgotten,
        "link_within_hours": made.within,
    }


def _service(trust: Trust, fit: Fit, services: tuple[str, ...]) -> dict[str, Any]:
    limit = fit.limit
    return {
        "name": trust.name,
        "kind": fit.kind,
        "contacts": fit.events,
        "from_outside": fit.outside,
        "findings": list(trust.findings),
        "checks": [
            asdict(check) | {"outside": check.outside, "error": check.error}
            for check in trust.checks
        ],
        "arrivals_a_day": _days(trust.arrivals),
        "inside_at_noon": _days(trust.occupancy),
        "capacity": {
            "source": "district" if limit.stated else "log" if limit.number else "none",
            "number": limit.number,
            "most_seen": limit.seen.most,
            "mean_inside": limit.seen.mean,
        },
        "wait_apart": limit.apart,
        "stay": _stay(fit.stay),
        "treatment": _stay(fit.treatment),
        "delay": _stay(fit.delay),
        "patience": _stay(fit.patience),
        "left": fit.left,
        "arrivals": fit.arrivals and {
            "an_hour": [round(float(rate), 5) for rate in fit.arrivals.rates],
            "borrowed": fit.arrivals.borrowed,
            "dispersion": fit.arrivals.dispersion,
            "trend_a_year": fit.arrivals.trend,
            "season": fit.arrivals.season,
        },
        "ways": {
            "out" if to == NONE else services[to]: float(share)
            for to, share in zip(fit.ways.targets, fit.ways.all, strict=True)
        },
    }  # fmt: skip


def _stay(fitted: Fitted | None) -> dict[str, Any] | None:
    if fitted is None:
        return None
    return {
        "mean": fitted.distribution.mean, "shape": fitted.kind, "ended": fitted.ended,
        "open": fitted.open, "distance": fitted.distance, "reaches": fitted.reaches,
    }  # fmt: skip


def _days(daily: Daily | None) -> dict[str, Any] | None:
    return None if daily is None else asdict(daily)


def lines(report: Report, *, every: bool = False) -> Iterator[str]:
    """The report for a reader, worst first; `every` tells checks that hold, too."""
    made = report.calibration
    log = made.log
    yield (
        say(
            "{log} contacts of {services} services from {moment} on; tried on {moment2} to "
            "{moment3}, which the calibration never saw, with {replications} runs.",
            log=f"{len(log):,}",
            services=len(made.services),
            moment=f"{log.moment(log.first):%Y-%m-%d}",
            moment2=f"{log.moment(report.cut):%Y-%m-%d}",
            moment3=f"{log.moment(report.end):%Y-%m-%d}",
            replications=report.replications,
        )
    )
    checks = [check for each in report.services for check in each.checks]
    yield (
        say(
            "{inside} of {checks} figures lie within their 95% interval or a tenth of it; "
            "of days, {coverage} within the 80% and {coverage2} within the 95% interval.",
            inside=f"{report.inside:.0%}",
            checks=len(checks),
            coverage=f"{report.coverage[80]:.0%}",
            coverage2=f"{report.coverage[95]:.0%}",
        )
    )
    better = [d for each in report.services for d in (each.arrivals, each.occupancy) if d]
    if better:
        won = sum(d.error < d.naive for d in better)
        yield say(
            "Closer than seasonal-naive in {won} of {better} series of days.",
            won=won,
            better=len(better),
        )
    yield from _set_aside(made)
    for each in report.services:
        yield from _of_service(each, every)


def _of_service(each: Trust, every: bool) -> Iterator[str]:
    yield ""
    yield f"{each.name}"
    for finding in each.findings:
        yield f"  {finding}"
    for check in each.checks:
        if check.outside or every:
            yield "  " + said(check)
    for what, days in (
        (say("arrivals a day"), each.arrivals),
        (say("inside at noon"), each.occupancy),
    ):
        if days:
            yield (
                say(
                    "  {what}: error {error}, seasonal-naive {naive}; {covered80} of days in the "
                    "80%, {covered95} in the 95% interval",
                    what=what,
                    error=f"{days.error:.3g}",
                    naive=f"{days.naive:.3g}",
                    covered80=f"{days.covered80:.0%}",
                    covered95=f"{days.covered95:.0%}",
                )
            )


def _set_aside(made: Calibration) -> Iterator[str]:
    """What is in the log and not in the model, or not as it is."""
    for name, why in made.left_out.items():
        yield say("Left out: {name} ({why}).", name=name, why=why)
    for name, what in made.pooled.items():
        yield say("Too small alone: {name} is part of {what}.", name=name, what=what)
    for name, many in made.forgotten.items():
        yield say(
            "{many} contacts of {name} were never ended and are not counted as being there.",
            many=many,
            name=name,
        )


def said(check: Check) -> str:
    """A check as a line."""
    unit = "" if check.unit == "share" else f" {check.unit}"
    mark = "  <- outside" if check.outside else ""
    if check.model is None or check.low is None:
        return say(
            "{what}: the model says nothing, observed {observed}{unit}{mark}",
            what=check.what,
            observed=f"{check.observed:.3g}",
            unit=unit,
            mark=mark,
        )
    return say(
        "{what}: model {model} ({low} to {high}), observed {observed}{unit}{mark}",
        what=check.what,
        model=f"{check.model:.3g}",
        low=f"{check.low:.3g}",
        high=f"{check.high:.3g}",
        observed=f"{check.observed:.3g}",
        unit=unit,
        mark=mark,
    )


def summed(series: Sequence[Series]) -> dict[str, float]:
    """Errors over several series, each as a share of its mean and weighed by its days."""
    many = [each for each in series if each.mean > 0]
    weight = sum(each.days for each in many) or 1

    def mean(values: Iterator[float]) -> float:
        return sum(value * each.days for value, each in zip(values, many, strict=True)) / weight

    return {
        "series": len(many),
        "error": mean(each.error / each.mean for each in many),
        "naive": mean(each.naive / each.mean for each in many),
        "covered80": mean(each.covered80 for each in many),
        "covered95": mean(each.covered95 for each in many),
        "better": sum(each.error < each.naive for each in many) / max(len(many), 1),
    }
