"""Where the kinds come from: ours beside this module, then `opportunities/` of the district.

A file of the district with the name of one of ours takes its place.
"""

from pathlib import Path

from onesystem.flow.chances.declaration import Kind, read
from onesystem.vocabulary import NotFound, nearest
from onesystem.vocabulary.said import say

OURS = Path(__file__).parent / "kinds"
THEIRS = "opportunities"


def kinds(folder: Path) -> dict[str, Kind]:
    """The kinds of a district by name. Raises BadConfig naming file, key and cure."""
    files = {path.stem: path for place in (OURS, folder / THEIRS) for path in place.glob("*.toml")}
    made = (read(path.read_text(encoding="utf-8"), name) for name, path in files.items())
    return {each.name: each for each in sorted(made, key=lambda kind: kind.title)}


def kind_of(name: str, folder: Path) -> Kind:
    """One kind. Raises NotFound with the nearest name."""
    known = kinds(folder)
    if name not in known:
        raise NotFound(
            say("there is no kind of opportunity called {name}", name=repr(name)),
            nearest(name, known),
        )
    return known[name]
