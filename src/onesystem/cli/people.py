"""`onesystem people`: link lists of people, train the weights, search, link what waits."""

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from onesystem.cli.keeping import hold, retention
from onesystem.cli.opened import open_district, say
from onesystem.cli.protection import sar
from onesystem.vocabulary import BadConfig, spreadsheets

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def people() -> None:
    """Link records and look after identities."""


@people.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--id", "id_column", required=True, help="The column that tells the rows apart.")
@click.option("--out", type=_FILE, help="Clusters as CSV: file, id, cluster. Without it: to here.")
@click.option("--pairs", type=_FILE, help="The links as CSV, each with its weight.")
@click.option(
    "--map", "mapping", multiple=True, help="FIELD=COLUMN; an empty COLUMN leaves it out."
)
@click.option(
    "--dates",
    multiple=True,
    help="What dates have first, day or month, where they do not tell; FILE=month for one file.",
)
@click.option("--threshold", default=0.5, show_default=True, help="Probability to link from.")
@click.option("--unique", is_flag=True, help="A person is in each file at most once.")
@click.option("--truth", default="", help="A column of known persons, to check against.")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb")
@click.option("--json", "as_json", is_flag=True, help="The quality report as JSON.")
def link(
    files: tuple[Path, ...], *, id_column: str, out: Path | None, pairs: Path | None,
    mapping: tuple[str, ...], dates: tuple[str, ...], threshold: float, unique: bool, truth: str,
    engine: str, as_json: bool,
) -> None:  # fmt: skip
    """Who in FILES (CSV, gzip is fine) is the same person, between and within them.

    Needs no district. Columns are guessed by their names and printed; --map corrects a guess.
    """
    from onesystem.people.lists import link_lists

    result = link_lists(
        files, id_column=id_column, mapping=_mapping(mapping), dates=_dates(dates),
        threshold=threshold, unique=unique, truth=truth, engine=engine, say=say,
    )  # fmt: skip
    if out or not as_json:
        _write(out, ("file", id_column, "cluster"), result.rows)
    if pairs:
        _write(pairs, ("file_a", "id_a", "file_b", "id_b", "weight"), result.pairs)
    if as_json:
        click.echo(json.dumps(result.report, indent=2))
    else:
        _say_report(result.report)


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals:
            raise BadConfig(f"--map {pair!r} is not FIELD=COLUMN", "Such as: --map family=surname")
        found[field.strip()] = column.strip()
    return found


def _dates(said: tuple[str, ...]) -> dict[str, str]:
    parted = (each.rpartition("=") for each in said)
    return {file.strip(): order.strip().lower() for file, _, order in parted}


def _write(path: Path | None, header: tuple[str, ...], rows: Any) -> None:
    text = io.StringIO()
    writer = spreadsheets.Writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    if path is None:
        sys.stdout.write(text.getvalue())
        return
    try:
        path.write_text(text.getvalue(), encoding="utf-8")
    except OSError as error:
        raise BadConfig(f"{path} cannot be written: {error.strerror}", "Choose another.") from error


def _say_report(report: Mapping[str, Any]) -> None:
    say(
        f"{report['records']:,} records, {report['persons']:,} persons, {report['links']:,} links"
        f" ({report['doubtful']:,} of them doubtful), largest group {report['largest']}"
    )
    if report["expected_precision"] is not None:
        say(
            f"expected precision {report['expected_precision']:.4f}, recall among compared pairs"
            f" {report['expected_recall_among_compared']:.4f} (the model's own estimate)"
        )
    thin = [f"{name} {share:.0%}" for name, share in report["fields"].items() if share < 0.9]
    if thin:
        say(f"often empty: {', '.join(thin)} filled")
    if truth := report.get("truth"):
        say(
            f"against the truth: precision {truth['precision']:.4f}, recall"
            f" {truth['recall']:.4f}, F1 {truth['f1']:.4f}"
        )


@people.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def search(text: tuple[str, ...], *, limit: int, as_json: bool) -> None:
    """People by name in any order, birth date, or number."""
    from dataclasses import asdict

    open_district()
    from onesystem.people import queries

    hits = queries.search(" ".join(text), by=_actor(), limit=limit)
    if as_json:
        click.echo(json.dumps([asdict(hit) for hit in hits], indent=2, ensure_ascii=False))
        return
    for hit in hits:
        click.echo(
            f"{hit.person:>10}  {hit.family}, {hit.given}  {hit.birth_date or '-'}  "
            f"{hit.number or '-'}  {hit.postcode or '-'}"
        )
    say(f"{len(hits)} found" if hits else "Nobody found. A name may be cut short: nga mai")


@people.command("link-pending")
@click.option(
    "--engine", type=click.Choice(["own", "duckdb", "spark"]), default="own",
    help="Our own comparing, or Splink on DuckDB or Spark, which finds the same pairs.",
)  # fmt: skip
@click.option("--all", "everybody", is_flag=True, help="Everybody again, as after training.")
@click.option("--json", "as_json", is_flag=True)
def link_pending(*, engine: str, everybody: bool, as_json: bool) -> None:
    """Link identities that bulk loads left waiting."""
    open_district()
    from onesystem.people import pending

    if everybody:
        pending.relink_all()
    done = pending.link_pending(say, engine=engine)
    if as_json:
        click.echo(json.dumps(done.as_dict()))
    else:
        click.echo(
            f"{done.identities:,} identities waited, {done.pairs:,} pairs alike,"
            f" {done.moved:,} identities joined or parted"
        )


@people.command()
@click.option("--json", "as_json", is_flag=True)
def train(*, as_json: bool) -> None:
    """Learn linkage weights from the district's own records (linkage.json)."""
    district = open_district()
    from onesystem.people import pending

    path, weights = pending.train_district(district.path, by=_actor())
    if as_json:
        click.echo(path.read_text(encoding="utf-8"))
        return
    from math import log2

    from onesystem.people.compare import COMPARISONS

    for name, field in weights.fields.items():
        bits = [log2(m / u) for m, u in zip(field.m, field.u, strict=True)]
        levels = zip(COMPARISONS[name].names, bits, strict=True)
        click.echo(f"{name:10} " + ", ".join(f"{level} {w:+.1f}" for level, w in levels))
    say(f"Kept in {path}. Apply them with: onesystem people link-pending --all")


def _actor() -> Any:
    from onesystem.access import Actor

    return Actor.job("command line")


people.add_command(sar)
people.add_command(retention)
people.add_command(hold)
