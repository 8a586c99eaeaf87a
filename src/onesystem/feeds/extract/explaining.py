"""How an extract is read, line by line in words, for the page that shows a message."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from onesystem.district import Source, current
from onesystem.feeds.extract.choosing import extract_of
from onesystem.feeds.extract.reading import Extract
from onesystem.feeds.readers import Explained
from onesystem.vocabulary import OnesystemError

_ROWS = 20


def explain_file(file: Path, *, name: str, source: Source) -> list[Explained]:
    """The mapping, the columns and what becomes of each, and the first rows. Never raises."""
    try:
        extract = extract_of(file, name=name, source=source, district=current())
        return [_mapping(extract), *_columns(extract), *_rows(extract, source)]
    except OnesystemError as error:
        return [Explained(text=name, problem=str(error))]
    except (duckdb.Error, OSError, ValueError) as error:
        return [Explained(text=name, problem=f"the file cannot be shown: {error}")]


def _mapping(extract: Extract) -> Explained:
    mapping = extract.mapping
    return Explained(
        text=extract.opened.path.name if not extract.opened.kept else "",
        says=f"read by the mapping {mapping.name}, version {mapping.version} "
        f"({extract.shelved.origin}): {mapping.about}",
    )


def _columns(extract: Extract) -> list[Explained]:
    uses: dict[str, list[str]] = {}
    for section in extract.mapping.sections():
        for key, value in section.values.items():
            for column in value.columns():
                uses.setdefault(column, []).append(f"{section.kind}.{key}")
    return [
        Explained(text=column, says=", ".join(dict.fromkeys(uses.get(column, []))) or "not used")
        for column in extract.table.columns
    ]


def _rows(extract: Extract, source: Source) -> list[Explained]:
    zone = source.zone or current().zone
    lines = []
    chunks = extract.chunks(zone=zone, known_at=datetime.now(UTC), stamp=lambda: "page")
    rows = next(chunks, None)
    if rows is not None:
        for row in rows.slice(0, _ROWS).to_pylist():
            said = {k: str(v) for k, v in row.items() if v not in {None, ""} and "." in k}
            lines.append(
                Explained(
                    text=f"row {row['_onesystem_row']:,}",
                    says=", ".join(f"{k} = {v}" for k, v in said.items() if not k.endswith(".on")),
                )
            )
    bad = extract.refused[:_ROWS]
    return lines + [
        Explained(text=f"row {r.row:,}: {r.content[:300]}", problem=f"{r.what}. {r.cure}")
        for r in bad
    ]
