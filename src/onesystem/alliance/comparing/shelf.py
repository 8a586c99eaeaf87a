"""The folder in which districts lay what they publish: the only thing that a national view reads.

One file a district, named after its code. Each installation of a district writes its own and reads
the others; no store is opened, so there is nothing else of a district to be seen here.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from onesystem.alliance.comparing.publication import DISTRICTS, LONGEST, Publication, read, written
from onesystem.district import folder
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True)
class Shelf:
    """What lies there: publications by district, and files that are none, with the reason."""

    publications: tuple[Publication, ...]
    refused: tuple[str, ...]


def place() -> Path:
    """The folder: ONESYSTEM_NATION, else `nation` in the district's own folder."""
    said = os.environ.get("ONESYSTEM_NATION")
    return Path(said) if said else Path(folder()) / "nation"


def every(*, nation: bool, mine: str) -> Shelf:
    """What somebody may see: a national planner all of it, a district's people their own district
    and those who publish to other districts too.
    """
    found, refused = [], []
    for path in sorted(place().glob("*.json")) if place().is_dir() else []:
        try:
            made = _read(path)
        except BadInput as error:
            refused.append(str(error))
        else:
            if nation or made.code == mine or made.audience == DISTRICTS:
                found.append(made)
    return Shelf(tuple(found), tuple(refused) if nation else ())


def lay(made: Publication) -> Path:
    """Lay a publication there, whole or not at all, in the place of the one before."""
    content = written(made)
    target = place()
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"{made.code}.json"
    part = target / f".{made.code}.{os.getpid()}.part"
    part.write_bytes(content)
    part.replace(path)
    return path


def take_away(code: str) -> bool:
    """Take a district's publication away; says whether one was there."""
    path = place() / f"{code}.json"
    there = path.is_file()
    path.unlink(missing_ok=True)
    return there


def _read(path: Path) -> Publication:
    if not path.is_file() or path.stat().st_size > LONGEST:
        raise BadInput("it is no file of a publication's size", rule="publication.file",
                       cure="Ask the district to publish it anew", where=path.name)  # fmt: skip
    made = read(path.read_bytes(), path.name)
    if path.stem != made.code:
        raise BadInput(say("it says that it is of {code}", code=made.code), rule="publication.name",
                       cure="A district's file is named after its code",
                       where=path.name)  # fmt: skip
    return made
