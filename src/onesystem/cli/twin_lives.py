"""`onesystem twin lives`: a model in which people live, and what they missed has effects later."""

from pathlib import Path

import click

from onesystem.cli.opened import say
from onesystem.vocabulary import BadConfig

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("model", type=_FILE)
@click.option("--missed", multiple=True, metavar="SERVICE=SHARE",
              help='Who comes to a service and misses it, such as "Clinic=8%".')  # fmt: skip
@click.option("--then", "then", multiple=True, metavar="SERVICE=TIMES",
              help='How much more of it they need until they are seen: "ED=1.8".')  # fmt: skip
@click.option("--people", "living", type=_FILE,
              help="CSV: age, sex, people.  [as in the country]")  # fmt: skip
@click.option("--country", default="United Kingdom", show_default=True,
              help="Whose births, deaths and moves. Or New Zealand.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def lives(
    model: Path, *, missed: tuple[str, ...], then: tuple[str, ...], living: Path | None,
    country: str, out: Path,
) -> None:  # fmt: skip
    """Make of MODEL one whose people keep their history: they live there, come, and go home."""
    from onesystem.twin import model_of, model_text
    from onesystem.twin.people import known
    from onesystem.twin.people import lives as of
    from onesystem.twin.people.ageing import births
    from onesystem.twin.people.growing import begins
    from onesystem.twin.people.passing import passing

    read = model_of(model.read_bytes(), model.name)
    people = known.people_of(country)
    if living is not None:
        people = known.people_from(living.read_text(encoding="utf-8"), living.name)
    rates = known.rates_of(country)(begins(read))
    born = births(people, rates) * sum(read.living.values()) / sum(map(sum, people.values()))
    after = of.FollowUp(dict(map(_said, missed)), dict(map(_said, then)))
    made = of.lives(read, passing(read.living, people, rates), born, after)
    out.write_text(model_text(made), encoding="utf-8")
    many = sum(read.living.values())
    say(f"{many:,.0f} people live in {out}: run it, compare scenarios with it, for years too.")


def _said(line: str) -> tuple[str, float]:
    name, _, number = line.rpartition("=")
    try:
        return name.strip(), float(number.rstrip("%")) / (100 if number.endswith("%") else 1)
    except ValueError:
        raise BadConfig(f"{line!r} is no service and number", 'Such as "Clinic=8%".') from None
