"""The mappings at hand: those shipped, those of the district, those mended on the Feeds page."""

import csv
import gzip
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from onesystem.district import District, Source
from onesystem.feeds.extract.mapping import Lookup, Mapping, parse
from onesystem.vocabulary import BadConfig, BadInput, nearest

SHIPPED = Path(__file__).parent / "mappings"
FOLDER = "mappings"  # in the district's folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A mapping, its text, and where it comes from: shipped, district, or mended."""

    mapping: Mapping
    text: str
    origin: str
    folder: Path


def library(
    district: District | None, *, mended: MappingOf[str, str] | None = None
) -> list[Shelved]:
    """All mappings, one of each name: a mended one before the district's before a shipped one."""
    found = {each.mapping.name: each for each in _shipped()}
    if district is not None:
        for file in sorted((district.path / FOLDER).glob("*.toml")):
            text = file.read_text(encoding="utf-8")
            mapping = _named(file.name, text)
            found[mapping.name] = Shelved(
                mapping=mapping, text=text, origin="district", folder=file.parent
            )
    for name, text in (mended or {}).items():
        old = found.get(name)
        found[name] = Shelved(
            mapping=parse(text), text=text, origin="mended", folder=old.folder if old else SHIPPED
        )
    return list(found.values())


@lru_cache(maxsize=1)
def _shipped() -> tuple[Shelved, ...]:
    return tuple(
        Shelved(mapping=parse(text), text=text, origin="shipped", folder=SHIPPED)
        for file in sorted(SHIPPED.glob("*.toml"))
        for text in [file.read_text(encoding="utf-8")]
    )


def _named(file: str, text: str) -> Mapping:
    try:
        return parse(text)
    except BadConfig as error:
        raise BadConfig(f"{FOLDER}/{file}: {error.what}", error.cure) from None


def choose(
    shelf: Iterable[Shelved], *, file: str, columns: Iterable[str], source: Source
) -> Shelved | None:
    """The mapping for a file: of those that fit, the source's own first, then the one that asks
    for most. A source that names its mappings may still use a shipped one for another file.
    """
    names = folded(columns)
    fitting = [each for each in shelf if fits(each.mapping, file, names)]
    order = {"mended": 2, "district": 1, "shipped": 0}

    def rank(each: Shelved) -> tuple[bool, int, int, str]:
        mapping = each.mapping
        return (
            mapping.name in source.mappings,
            order[each.origin],
            len(mapping.having) + len(mapping.files),
            mapping.name,
        )

    return max(fitting, key=rank, default=None)


def fits(mapping: Mapping, file: str, columns: frozenset[str]) -> bool:
    """Whether a file may be read by a mapping; all that `applies_to` says has to hold."""
    if not mapping.files and not mapping.having:
        return False
    if not columns.issuperset(folded(mapping.having)):
        return False
    if not columns.isdisjoint(folded(mapping.without)):
        return False
    return not mapping.files or any(fnmatch(plain(file), f.lower()) for f in mapping.files)


def folded(columns: Iterable[str]) -> frozenset[str]:
    """Names of columns as they are compared: some databases write all of them in capitals."""
    return frozenset(each.casefold() for each in columns)


def plain(file: str) -> str:
    """A file's bare name in small letters, without .gz.

    >>> plain("2026/Visits_03.CSV.gz")
    'visits_03.csv'
    """
    return file.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".gz")


def closest(shelf: Iterable[Shelved], columns: Iterable[str]) -> str:
    """The cure for a file that no mapping fits: the one that misses least, and what it misses."""
    names = folded(columns)
    best, lacks = None, frozenset[str]()
    for each in shelf:
        having = folded(each.mapping.having)
        if each.mapping.refuse or len(having & names) * 2 < len(having) or not having & names:
            continue
        if best is None or len(having - names) < len(lacks):
            best, lacks = each, having - names
    if best is None:
        return ""
    listed = ", ".join(sorted(lacks))
    return f"The nearest mapping, {best.mapping.name}, also needs: {listed}."


def named(shelf: Iterable[Shelved], name: str) -> Shelved:
    """The mapping of that name. Raises BadConfig with the nearest."""
    by_name = {each.mapping.name: each for each in shelf}
    if name not in by_name:
        raise BadConfig(f"there is no mapping {name!r}", nearest(name, by_name))
    return by_name[name]


def words_for(lookup: Lookup, folder: Path) -> pa.Table:
    """A look-up as a table of words, its columns named `lookup.NAME`; of one code the last row."""
    file = folder / lookup.file
    if not file.is_file():
        raise BadInput(
            f"the look-up {lookup.file} is not beside the mapping",
            rule="extract.no-lookup",
            cure=f"Put {lookup.file} into the folder of the mapping.",
        )
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    if rows and lookup.key not in rows[0]:
        raise BadConfig(
            f"the look-up {lookup.file} has no column {lookup.key!r}",
            nearest(lookup.key, rows[0]),
        )
    once = list({row[lookup.key].strip(): row for row in rows}.values())
    columns = list(rows[0]) if rows else [lookup.key]
    return pa.table(
        {
            f"lookup.{c}": pa.array([row.get(c) or None for row in once], pa.string())
            for c in columns
        }
    )
