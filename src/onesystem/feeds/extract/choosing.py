"""From a landed file to the mapping that reads it, or to the reason why none does."""

from collections.abc import Iterable
from pathlib import Path

from onesystem.district import District, Source
from onesystem.feeds.extract.library import Shelved, choose, closest, library, plain
from onesystem.feeds.extract.mapping import Form
from onesystem.feeds.extract.opening import Opened, open_extract
from onesystem.feeds.extract.reading import Extract, open_by
from onesystem.feeds.extract.reasons import not_taken
from onesystem.feeds.extract.tables import table_of
from onesystem.vocabulary import BadConfig, BadInput

_WORDS = ("readme", "license", "licence", "copying", "notice", "changelog")


def extract_of(
    file: Path, *, name: str, source: Source, district: District, shelf: Iterable[Shelved] = ()
) -> Extract:
    """The file, opened by the mapping that fits it. Raises BadInput, with the cure."""
    refuse_words(name)
    shelf = list(shelf) or library(district, mended=mended_texts())
    opened = open_extract(file, encoding=source.encoding)
    columns = _columns(opened)
    found = choose(shelf, file=name, columns=columns, source=source)
    if found is None:
        raise not_taken(plain(name), columns, closest(shelf, columns))
    if found.mapping.refuse:
        rule, what, cure = found.mapping.refuse
        raise BadInput(what, rule=f"extract.{rule}", cure=cure, where=plain(name))
    return open_with(file, found, source=source, opened=opened)


def open_with(
    file: Path, shelved: Shelved, *, source: Source, opened: Opened | None = None
) -> Extract:
    """The file, opened by a given mapping. Raises BadInput, or BadConfig for one that misfits."""
    form = shelved.mapping.form
    encoding = form.encoding or source.encoding
    if opened is None or encoding != source.encoding:
        opened = open_extract(file, encoding=encoding)
    if form.format and (form.format == "parquet") != opened.parquet:
        raise BadConfig(
            f"the mapping {shelved.mapping.name} is for {form.format} files",
            "Take `format` out of [file], or choose another mapping.",
        )
    return open_by(shelved, opened)


def _columns(opened: Opened) -> list[str]:
    con, table = table_of(opened, Form())
    con.close()
    return list(table.columns)


def refuse_words(name: str) -> None:
    """Say of a file for people that it is one. Raises BadInput."""
    bare = plain(name)
    if bare.endswith(".md") or bare.startswith(_WORDS):
        raise BadInput(
            "this is a page for people to read, not data",
            rule="extract.not-data",
            cure="Nothing to do; it belongs beside the data.",
            where=bare,
        )


def mended_texts() -> dict[str, str]:
    """The latest mappings that people saved on the Feeds page, by name; none without a store."""
    from django.apps import apps

    if not apps.ready:
        return {}
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, text FROM feeds_mapping_text m WHERE version = "
            "(SELECT MAX(version) FROM feeds_mapping_text WHERE name = m.name)"
        )
        return dict(cursor.fetchall())
