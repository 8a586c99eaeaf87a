"""Words of the product that Python says: English to whoever reads them, with how they came about.

    say("Rows {first} to {last} of {all}", first=1, last=100, all=412)
    say_counted("{n} bed is free", "{n} beds are free", 3)
    STATES = say_each({"open": "Open", "done": "Done"})

It is text like any other, so what is plain stays plain: presenters, files and tests know nothing of
languages. A page in another language finds the message and what was filled in, and says it anew.
The message is a literal: that is where the catalogue's extractor finds it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Protocol, TypeVar

Key = TypeVar("Key")


class Language(Protocol):
    """What a language knows of the product's messages."""

    def message(self, text: str) -> str | None:
        """A message in the language; None where it is not translated."""

    def plural(self, one: str, many: str) -> list[str] | None:
        """All forms of a message that counts."""

    def form(self, count: Any) -> int:
        """Which form a count takes."""

    def dated(self, text: str) -> str:
        """A date whose months and days have their names in the language."""

    def marked(self, text: str) -> str:
        """A number with the marks of the language."""


class Said(str):
    """A text that knows its message and what was filled in."""

    __slots__ = ("given", "message")
    message: str
    given: dict[str, Any]

    def anew(self, language: Language) -> str:
        """The same in a language; as it is where that has no words for it."""
        text = language.message(self.message)
        return str(self) if text is None and not self.given else self._filled(text, language)

    def _filled(self, text: str | None, language: Language, **more: Any) -> str:
        """A form of words with what was given, said anew too; English where it does not fit."""
        given = {key: again(each, language) for key, each in self.given.items()} | more
        try:
            return (self.message if text is None else text).format(**given) if given else text or ""
        except (KeyError, IndexError, ValueError):
            return str(self)  # a translation that names what is not there


class Counted(Said):
    """A text whose words depend on a number."""

    __slots__ = ("many", "number")
    many: str
    number: float

    def anew(self, language: Language) -> str:
        """The form that the number takes in the language."""
        forms = language.plural(self.message, self.many)
        text = self.message if self.number == 1 else self.many
        if forms:
            text = forms[language.form(self.number)]
        n = self.given.get("n")
        return self._filled(text, language, **({"n": language.marked(str(n))} if n else {}))


class Dated(Said):
    """A date: the names of its months and days are words."""

    __slots__ = ()

    def anew(self, language: Language) -> str:
        """The date with the names of the language."""
        return language.dated(str(self))


class Begun(Said):
    """A text that begins a line, with a capital."""

    __slots__ = ()

    def anew(self, language: Language) -> str:
        """The text anew, with a capital too."""
        return _capital(again(self.given["text"], language))


class Amid(Said):
    """A text that stands in a sentence, without its capital."""

    __slots__ = ()

    def anew(self, language: Language) -> str:
        """The text anew, without a capital too."""
        return _small(again(self.given["text"], language))


def say(message: str, /, **given: Any) -> str:
    """The message with what is given filled in, in English."""
    if not given:
        return _plain(message)
    said = Said(message.format(**given))
    said.message, said.given = message, given
    return said


@cache
def _plain(message: str) -> Said:
    """A message without places, made once: a charge says ten of them."""
    return perhaps(message)


def perhaps(text: str) -> Said:
    """A text that is a message if the catalogue has it, such as what an error says.

    It may tell of somebody, so nothing of it is kept.
    """
    said = Said(text)
    said.message, said.given = text, {}
    return said


def say_counted(one: str, many: str, count: float, /, **given: Any) -> str:
    """One message for a count of one and another for all others; `{n}` is the count."""
    given.setdefault("n", count)
    said = Counted((one if count == 1 else many).format(**given))
    said.message, said.many, said.number, said.given = one, many, count, given
    return said


def say_each(table: Mapping[Key, str]) -> dict[Key, str]:
    """A table of words, each of them a message."""
    return {key: say(words) for key, words in table.items()}


def say_date(when: date, form: str) -> str:
    """A date by its form: `%-d %b %Y`."""
    said = Dated(when.strftime(form))
    said.message, said.given = "", {}
    return said


def listed(parts: Iterable[str], between: str = ", ") -> str:
    """Some texts one after the other, each of which stays a message.

    >>> listed([say("late"), "Ward 3"], "; ")
    'late; Ward 3'
    """
    given = {f"part{number}": part for number, part in enumerate(parts)}
    return say(between.join(f"{{{name}}}" for name in given), **given)


def begun(text: str) -> str:
    """A text as a line begins with it.

    >>> begun(say("ready to leave"))
    'Ready to leave'
    """
    said = Begun(_capital(text))
    said.message, said.given = "", {"text": text}
    return said


def amid(text: str) -> str:
    """A text as it stands in a sentence; what is written in capitals keeps them.

    >>> amid(say("At the door")), amid("ED")
    ('at the door', 'ED')
    """
    said = Amid(_small(text))
    said.message, said.given = "", {"text": text}
    return said


def again(value: Any, language: Language) -> Any:
    """A value for people: what Python said is said anew in the language."""
    return value.anew(language) if isinstance(value, Said) else value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
