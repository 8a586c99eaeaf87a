"""`onesystem plan case`: what doing nothing leads to, in any area or in all of them."""

import json
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onesystem.vocabulary import spreadsheets
from onesystem.vocabulary.errors import UserError

if TYPE_CHECKING:
    from onesystem.plan.areas.people import PeopleNow
    from onesystem.plan.case.figures import Case

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_SHOWN = ("people", "people-85", "emergency", "beds", "gps", "nurses", "care-home-places",
          "waiting", "money")  # fmt: skip


@click.command()
@click.option("--area", help="A code in any style, or a name: QMM, E54000022, Canterbury.")
@click.option("--all", "everywhere", is_flag=True, help="All 42 boards of England.")
@click.option("--own", type=_FOLDER, help="A folder with people.csv, and more where known.")
@click.option("--list", "listed", is_flag=True, help="Name every area that is shipped, and stop.")
@click.option("--years", type=click.IntRange(1, 30), default=20, show_default=True)
@click.option("--since", type=click.IntRange(2022, 2030), default=2026, show_default=True)
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE",
              help="Set an assumption, such as growth-emergency=1.2; repeatable.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="A line a figure and year as CSV.")
@click.option("--report", type=_FILE, help="Write a report: FILE.html or FILE.pdf.")
@click.option("--workbook", type=_FILE, help="Write a workbook: FILE.xlsx.")
def case(
    area: str | None, *, everywhere: bool, own: Path | None, listed: bool, years: int, since: int,
    pairs: tuple[str, ...], as_json: bool, as_csv: bool, report: Path | None, workbook: Path | None,
) -> None:  # fmt: skip
    """What doing nothing leads to: people, need, beds, staff and money by year."""
    from onesystem.plan.case.building import case_of

    if listed:
        return _list()
    if (report or workbook) and everywhere:
        raise UserError("A file is of one area", "Name it with --area or --own.")
    said = _assumed(pairs)
    began = time.perf_counter()
    made = []
    for each in _people(area, own, everywhere=everywhere):
        made.append(case_of(each, years=years, since=since, assumptions=said))
        if everywhere and sys.stderr.isatty():
            click.echo(f"{len(made):>3}  {made[-1].area.name}", err=True)
    _write(made, report, workbook)
    if as_json:
        _json(made)
    elif as_csv:
        _csv(made)
    else:
        for told in made:
            _say(told)
    click.echo(f"{_many(len(made))} in {time.perf_counter() - began:.1f} s.", err=True)
    return None


def _people(area: str | None, own: Path | None, *, everywhere: bool) -> Iterator["PeopleNow"]:
    from onesystem.plan.areas import catalogue
    from onesystem.plan.areas.people import people_of

    if sum((bool(area), bool(own), everywhere)) != 1:
        raise UserError("No area is named", "Give one of --area, --own and --all; or --list.")
    if everywhere:
        yield from (people_of(each) for each in catalogue.areas("board"))
    elif own:
        yield _own(own)
    else:
        yield people_of(catalogue.find(area or ""))


def _own(folder: Path) -> "PeopleNow":
    from onesystem.plan.areas.own import FILES, Brought, read

    about = folder / "area.toml"
    try:
        told = tomllib.loads(about.read_text(encoding="utf-8")) if about.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{about.name} cannot be read: {error}", "Write it as TOML.") from None
    files = {
        name: (folder / name).read_text(encoding="utf-8")
        for name in FILES if (folder / name).exists()
    }  # fmt: skip
    return read(
        Brought(
            code="own", name=str(told.get("name", folder.resolve().name)), files=files,
            country=str(told.get("country", "United Kingdom")), year=int(told.get("year", 2024)),
            source=str(told.get("source", "As brought")),
        )
    )  # fmt: skip


def _assumed(pairs: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for pair in pairs:
        key, _, value = pair.partition("=")
        try:
            found[key.strip()] = float(value)
        except ValueError:
            raise UserError(f"{pair!r} sets nothing", "Write it as KEY=NUMBER.") from None
    return found


def _write(made: list["Case"], report: Path | None, workbook: Path | None) -> None:
    if report:
        from onesystem.plan.case.report import write

        write(made[0], report)
    if workbook:
        from onesystem.plan.case.workbook import workbook_of

        workbook.write_bytes(workbook_of(made[0]))


def _json(made: list["Case"]) -> None:
    from onesystem.plan.case.codec import written

    told = [written(each) for each in made]
    click.echo(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False))


def _csv(made: list["Case"]) -> None:
    from onesystem.plan.case.presenters import HEAD, rows

    out = spreadsheets.Writer(sys.stdout, lineterminator="\n")
    out.writerow(HEAD)
    for each in made:
        out.writerows(rows(each))


def _say(made: "Case") -> None:
    from onesystem.plan.case.wording import between, change, plain

    first, last = made.years[0], made.years[-1]
    click.echo(f"{made.area.name} ({made.area.code}), doing nothing, {first} to {last}")
    for key in _SHOWN:
        each = made.of(key)
        then = plain(each, each.middle[-1])
        click.echo(
            f"  {each.name:<36} {plain(each, each.today):>16} today {then:>16} in {last} "
            f"({between(each, -1)}; {change(each)})"
        )
    for note in made.notes:
        click.echo(f"  {note}")


def _list() -> None:
    from onesystem.plan.areas import catalogue
    from onesystem.plan.areas.area import KINDS

    for each in catalogue.areas():
        click.echo(f"{each.code:<32} {each.name} ({KINDS[each.kind]})")


def _many(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
