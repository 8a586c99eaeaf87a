"""`onesystem measure`: figures of the district, and the files that measures are written in."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig, BadInput, Busy, spreadsheets

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Default(click.Group):
    """A group that gives figures where a measure is named instead of a verb."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["figures", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Default)
def measure() -> None:
    """Figures of the district: `onesystem measure NAME`; and the measures' files."""


def _actor() -> Any:
    from onesystem.access import Actor

    return Actor.job("command line")


@measure.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_measures(*, as_json: bool) -> None:
    """The measures that there are: name, shape, unit, version, title."""
    open_district()
    from onesystem.flow.measures import library

    rows = [
        {"name": m.name, "shape": m.shape, "unit": m.unit, "version": m.version, "title": m.title}
        for m in library.everything().values()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo("\t".join(str(value) for value in row.values()))


@measure.command("show")
@click.argument("name")
@click.option("--file", "as_file", is_flag=True, help="The file as it is, to begin another from.")
def show(name: str, *, as_file: bool) -> None:
    """What a measure says: its words, terms, source, and versions of the district."""
    open_district()
    from onesystem.flow.measures import describing, publishing
    from onesystem.flow.measures.library import measure as found

    declared = found(name)
    if as_file:
        click.echo(declared.text, nl=False)
        return
    click.echo(describing.page(declared))
    for version, at, by, withdrawn in publishing.versions(name):
        gone = ", withdrawn" if withdrawn else ""
        click.echo(f"Version {version}: published {at:%Y-%m-%d %H:%M} UTC by {by}{gone}")


@measure.command("check")
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Read a measure's file; says the line and the cure where it is wrong."""
    from onesystem.flow.measures import previewing

    declared = previewing.measure_of("", file)
    say(f"{file.name}: {declared.name} version {declared.version} reads well")


def _asked(function: Any) -> Any:
    """The options that figures and previews share."""
    for option in (
        click.option("--by", multiple=True, help="A dimension; may be repeated, or a,b."),
        click.option("--from", "start", help="First day, or a month (default: a year ago)."),
        click.option("--to", "end", help="Day after the last (default: today)."),
        click.option("--every", default="month", show_default=True, help="day, week, month ..."),
        click.option("--json", "as_json", is_flag=True, help="As JSON."),
        click.option("--csv", "as_csv", is_flag=True, help="As CSV."),
    ):
        function = option(function)
    return function


@measure.command("figures")
@click.argument("name")
@click.option("--where", multiple=True, help="DIMENSION=CODE; may be repeated.")
@_asked
def figures(
    name: str, *, where: tuple[str, ...], by: tuple[str, ...], start: str | None,
    end: str | None, every: str, as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    """A measure by period and group, from the kept cells."""
    open_district()
    from onesystem.flow import measures
    from onesystem.flow.measures.library import measure as known

    # What is wrong is said before anything is worked out.
    known(name)
    dimensions, first, last = _split(by), _start(start), _end(end)
    _brought_up()
    found = measures.figures(
        name, by=dimensions, every=every, start=first, end=last, where=_pairs(where),
        asker=_actor(),
    )  # fmt: skip
    rows = [
        {
            "period": period.isoformat(), **each.group,
            "value": each.value[i], "numerator": each.numerator[i],
            "denominator": each.denominator[i], "people": each.people[i],
            **(dict(zip(("low", "high"), each.intervals[i] or (None, None), strict=True))
               if each.intervals else {}),
        }
        for each in found
        for i, period in enumerate(each.periods)
    ]  # fmt: skip
    _print(rows, as_json=as_json, as_csv=as_csv)


@measure.command("preview")
@click.argument("file", type=_FILE)
@click.option("--seconds", default=120.0, show_default=True, help="Stop it after so long.")
@_asked
def preview(
    file: Path, *, seconds: float, by: tuple[str, ...], start: str | None,
    end: str | None, every: str, as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    """Work a measure's file out from the contacts, without publishing it."""
    district = open_district()
    from onesystem import open as opened
    from onesystem.flow.measures import previewing

    with opened.District.open(district.path, memory="1GB") as here:
        found = previewing.table(
            district, here.contacts, here.duck, "", by=_split(by), every=every,
            start=_start(start), end=_end(end), file=file, seconds=seconds,
        )  # fmt: skip
    rows = [row | {"period": row["period"].isoformat()} for row in found.to_pylist()]
    _print(rows, as_json=as_json, as_csv=as_csv)


@measure.command("publish")
@click.argument("file", type=_FILE)
def publish(file: Path) -> None:
    """Publish a measure's file as a version of the district's, and work its cells out."""
    open_district()
    from onesystem.flow.measures import previewing, publishing, refreshing

    declared = publishing.publish(previewing.text_of(file), where=file.name, by=_actor())
    refreshing.refresh(say=say)
    say(f"{declared.name} version {declared.version} is published")


@measure.command("withdraw")
@click.argument("name")
def withdraw(name: str) -> None:
    """Take the district's latest version of a measure away."""
    open_district()
    from onesystem.flow.measures import publishing, refreshing

    publishing.withdraw(name, by=_actor())
    refreshing.refresh(say=say)


@measure.command("refresh")
@click.option("--all", "everything", is_flag=True, help="Work every cell out anew.")
@click.option("--quiet", is_flag=True, help="Say nothing but what goes wrong.")
def refresh(*, everything: bool, quiet: bool) -> None:
    """Bring the kept cells up to what the contacts and people say now."""
    tell: Callable[[str], None] = (lambda _: None) if quiet else say
    open_district()
    from onesystem.flow.measures import refreshing

    if everything:
        counts = refreshing.compute(say=tell)
        tell(f"{sum(counts.values()):,} cells of {len(counts)} measures")
        return
    done = refreshing.refresh(say=tell)
    while done.left:
        tell(f"{done.people:,} people")
        done = refreshing.refresh(say=tell)
    tell(f"{done.people:,} people; {len(done.computed)} measures worked out anew")


def _split(by: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.strip() for each in by for part in each.split(",") if part.strip())


def _pairs(where: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in where:
        name, equals, code = each.partition("=")
        if not equals:
            raise BadConfig(f"--where {each!r} says no code", "Write DIMENSION=CODE")
        found[name] = (*found.get(name, ()), code)
    return found


def _brought_up() -> None:
    """Work the cells out where none are kept, and bring them up to what came since."""
    from onesystem.flow.measures import refreshing

    try:
        if not refreshing.begun():
            say("No figures are kept yet: all measures are worked out first")
            refreshing.compute(say=say)
            return
        while refreshing.pending() and refreshing.refresh().left:
            pass
    except Busy:
        say("Another process brings the figures up: these are as it has found them so far")


def _start(said: str | None) -> date:
    return _day(said, "--from") if said else datetime.now(UTC).date() - timedelta(days=365)


def _end(said: str | None) -> date:
    return _day(said, "--to") if said else datetime.now(UTC).date()


def _day(said: str, option: str) -> date:
    from onesystem.flow.sheets import day

    try:
        return day(said, 0, option)
    except BadInput as error:
        raise BadConfig(f"{option}: {error.what}", error.cure) from None


def _print(rows: Sequence[dict[str, Any]], *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    if as_csv:
        spreadsheets.Writer(sys.stdout).write_named(rows, () if rows else ["period"])
        return
    for row in rows:
        click.echo("\t".join("" if v is None else _short(v) for v in row.values()))


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
