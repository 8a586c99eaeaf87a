"""`onesystem people sar`: answer a person who asks what is held about them."""

from pathlib import Path

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig, NotFound


@click.command("sar")
@click.argument("person", type=int)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The zip to write.")
@click.option("--user", default="", help="The officer who answers the request.")
def sar(*, person: int, out: Path | None, user: str) -> None:
    """A zip with everything held about PERSON, to read and for machines."""
    open_district()
    from onesystem.access import Actor
    from onesystem.access.models import User
    from onesystem.record.protection.packing import answer

    by = Actor.job("command line")
    if user:
        found = User.objects.filter(username=user, is_active=True).first()
        if found is None:
            raise NotFound(f"there is no user {user!r}", "See: onesystem user list")
        by = Actor.of(found)
    packed, held = answer(person, by=by)
    path = out or Path(f"person-{person}.zip")
    try:
        path.touch(mode=0o600)
        path.write_bytes(packed)
    except OSError as error:
        raise BadConfig(f"{path} cannot be written: {error.strerror}", "Choose another.") from error
    counts = held.counts()
    left = counts.pop("kept_back")
    say(f"{path}: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
    if left:
        say(f"{left:,} restricted entries were kept back: decide on each before you send this.")
