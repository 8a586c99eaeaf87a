"""What was typed into a table's form, as the table takes it. Pure.

An empty field is not known; what is no number stays text, so that the table says what is wrong.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from onesystem.care.triage.tables import Input, Table, Value
from onesystem.vocabulary.said import say


def given_of(table: Table, typed: Mapping[str, str]) -> dict[str, Value | None]:
    """The values by input, from the fields `KEY.NAME` of a form, or `NAME` where it has one table.

    >>> from onesystem.care.triage import library
    >>> given_of(library.table("crb-65"), {"crb-65.age": "70", "confusion": "no"})["age"]
    70.0
    """
    return {
        each.name: _value(each, typed.get(f"{table.key}.{each.name}", typed.get(each.name, "")))
        for each in table.inputs
    }


def _value(each: Input, text: str) -> Value | None:
    said = text.strip()
    if not said:
        return None
    if each.kind == "yes-no":
        return {"yes": True, "no": False}.get(said, said)
    if each.kind == "choice":
        return said
    try:
        return float(said.replace(",", "."))
    except ValueError:
        return said


def as_typed(table: Table, given: Mapping[str, Value | None]) -> dict[str, str]:
    """Values as the form has them."""
    return {each.name: _text(given.get(each.name)) for each in table.inputs}


def _text(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float | int) else value


def known_of(table: Table, born: str, today: date) -> dict[str, str]:
    """What need not be asked, because the record knows it: the age."""
    years = age_of(born, today)
    asked = years is not None and "age" in {each.name for each in table.inputs}
    return {"age": str(years)} if asked else {}


def age_of(born: str, today: date) -> int | None:
    """Whole years on a day; None where the birth date is not known whole.

    >>> age_of("2010-11-24", date(2026, 11, 23)), age_of("2010", date(2026, 11, 23))
    (15, None)
    """
    try:
        when = date.fromisoformat(born)
    except ValueError:
        return None
    return today.year - when.year - ((today.month, today.day) < (when.month, when.day))


def words_of(table: Table, given: Mapping[str, Value | None]) -> list[tuple[str, str]]:
    """What was given, in the words of the table: for a page and for paper."""
    return [(each.words, _said(each, given.get(each.name))) for each in table.inputs]


def _said(each: Input, value: Value | None) -> str:
    if value is None:
        return say("not known")
    if each.kind == "choice":
        return dict(each.options).get(str(value), str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{_text(value)} {each.unit}".strip()


def missing_words(table: Table, names: Iterable[str]) -> str:
    """The inputs that are missing, in their words."""
    return ", ".join(table.input(name).words.lower() for name in names)
