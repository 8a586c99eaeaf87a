"""`onesystem language`: catalogues in which the pages are put into another language."""

from pathlib import Path
from typing import Any

import click

from onesystem.cli.opened import open_district, say
from onesystem.vocabulary import BadConfig


@click.group()
def language() -> None:
    """Begin, bring up to date and check a language's catalogue."""


@language.command("renew")
@click.argument("code")
def renew(code: str) -> None:
    """Write languages/CODE.po in the district's folder; what is translated there stays.

    CODE is a language: cy, mi. New messages are added empty; what no page says any more is kept at
    the end, out of use.
    """
    district = open_district(migrate=False)
    import polib

    from onesystem.web.language.catalogue import FOLDER, POT, file_of

    if not POT.exists():
        raise BadConfig(f"there is no {POT}", "Write it with: make messages")
    begun = file_of(code, district.path)
    made = polib.pofile(str(begun), encoding="utf-8") if begun else _begun(code)
    made.merge(polib.pofile(str(POT), encoding="utf-8"))
    made.sort(key=lambda entry: entry.obsolete)
    file = district.path / FOLDER / f"{code}.po"
    file.parent.mkdir(exist_ok=True)
    made.save(str(file))
    say(f"{file}: {made.percent_translated()} % of {len(made):,} messages are translated.")
    if code not in district.languages:
        say(f'To offer it, write languages = ["{code}"] under [district] in district.toml.')


@language.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say which messages of a catalogue would be shown in English, and why. Exit code 1 for any."""
    open_district(migrate=False)
    import polib

    from onesystem.web.language.catalogue import POT, Catalogue
    from onesystem.web.language.sentences import places_of

    Catalogue.read(file)
    entries = polib.pofile(str(file), encoding="utf-8")
    known = {entry.msgid for entry in polib.pofile(str(POT), encoding="utf-8")}
    wrong = 0
    for entry in entries.translated_entries():
        allowed = places_of(entry.msgid) | places_of(entry.msgid_plural)
        for said in (entry.msgstr, *entry.msgstr_plural.values()):
            for place in sorted(places_of(said) - allowed):
                wrong += 1
                click.echo(f"{entry.msgid}\n  has no {place}, which its translation names: {said}")
        if entry.msgid not in known:
            wrong += 1
            click.echo(f"{entry.msgid}\n  is said by no page any more")
    left = len([entry for entry in entries if entry.msgid in known and not entry.translated()])
    say(f"{entries.percent_translated()} % translated, {left:,} left, {wrong:,} wrong.")
    if wrong:
        raise click.exceptions.Exit(1)


def _begun(code: str) -> Any:
    import polib

    from onesystem.web.language.plurals import RULES

    if code not in RULES:
        raise BadConfig(
            f"how {code!r} counts is not known here",
            f"Begin languages/{code}.po with a gettext editor, which knows its Plural-Forms.",
        )
    made = polib.POFile(wrapwidth=100)
    made.metadata = {
        "Project-Id-Version": "onesystem",
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": RULES[code],
    }
    return made
