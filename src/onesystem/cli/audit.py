"""`onesystem audit`: check, sign and export the trail of every act and every look."""

from datetime import UTC, date, datetime, time, timedelta

import click

from onesystem.cli.opened import open_district, say
from onesystem.district import District
from onesystem.vocabulary import BadConfig, to_utc


@click.group()
def audit() -> None:
    """Check, sign and export the audit trail."""


@audit.command("verify")
def verify() -> None:
    """Check every row against the chain, and the chain against the signed roots."""
    district = open_district()
    from django.conf import settings

    from onesystem.access import queries, roots, verify_trail

    found = [*verify_trail(), *roots.faults(district.path, settings.SECRET_KEY)]
    for fault in found:
        click.echo(fault)
    if found:
        raise click.exceptions.Exit(1)
    say(f"The trail holds: {queries.length():,} rows.")


@audit.command("checklist")
def checklist() -> None:
    """What access must do, line by line, with the tests that hold it."""
    from onesystem.access.checklist import LINES

    for number, line in enumerate(LINES, 1):
        click.echo(f"{number:2} {line.what}")
        for test in line.tests:
            click.echo(f"     {test}")
        if line.open_:
            click.echo(f"     not held: {line.open_}")


@audit.command("sign")
def sign() -> None:
    """Write the trail's end, signed, into audit-roots.txt; once a day, and carry the file away."""
    district = open_district()
    from django.conf import settings

    from onesystem.access import roots

    click.echo(roots.sign(district.path, settings.SECRET_KEY))


@audit.command("export")
@click.option("--from", "since", help="First day, such as 2026-11-01, in the district's time.")
@click.option("--to", "until", help="Last day, included.")
@click.option("--out", type=click.File("wb"), default="-", help="A file; else standard output.")
def export(since: str | None, until: str | None, out: click.File) -> None:
    """Write rows as FHIR R4 AuditEvents (IHE BALP), one a line."""
    district = open_district()
    from onesystem.access import Actor, balp, queries, record

    by = Actor.job("command line")
    first, last = _midnight("--from", since, district), _midnight("--to", until, district)
    end = last + timedelta(days=1) if last else None
    rows = queries.between(first, end, by=by)
    count = 0
    for line in balp.ndjson(rows, server=f"onesystem {district.code}"):
        out.write(line)  # type: ignore[attr-defined]
        count += 1
    record(by=by, act="trail.exported", what=f"{since or ''}/{until or ''}", detail={"rows": count})
    say(f"{count:,} events.")


def _midnight(option: str, text: str | None, district: District) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadConfig(f"{option} is {text!r}", "Write a day like 2026-11-01") from None
    return to_utc(datetime.combine(day, time(0)), district.zone).astimezone(UTC)
