"""The environment of a language: templates compiled with its catalogue, filters that speak it."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from markupsafe import Markup, escape

from onesystem.web.language.catalogue import AGES, Catalogue
from onesystem.web.language.declared import declared, shown
from onesystem.web.language.shown import Macros
from onesystem.web.language.translating import translated


class InLanguage(jinja2.Environment):
    """An environment whose templates are in the language of its catalogue."""

    catalogue: Any = None
    macros: Macros

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None,
        defer_init: bool = False,
    ) -> str:  # fmt: skip
        if self.catalogue is not None:
            source = translated(source, self.catalogue, self.macros, self.catalogue.language)
        return super()._generate(source, name, filename, defer_init=defer_init)


def speaking(env: jinja2.Environment, catalogue: Any) -> InLanguage:
    """The same templates and filters as `env`, in the language of the catalogue."""
    made = InLanguage(  # as the environment that it follows
        loader=env.loader,
        undefined=env.undefined,
        autoescape=env.autoescape,
        trim_blocks=env.trim_blocks,
        lstrip_blocks=env.lstrip_blocks,
        auto_reload=env.auto_reload,
        cache_size=1000,
    )
    made.catalogue, made.macros = catalogue, Macros(made)
    made.globals.update(env.globals)
    # The words in which an open page keeps its ages true.
    ages = {word: said for word in AGES if (said := catalogue.message(word))}
    made.globals["ages_said"] = json.dumps(ages) if ages else ""
    made.tests.update(env.tests)
    made.filters.update(env.filters)
    made.filters.update(_filters(made, catalogue))
    return made


@lru_cache(maxsize=16)
def of_file(env: jinja2.Environment, file: Path, _written: int) -> InLanguage:
    """The environment of a catalogue's file, made anew when the file is written."""
    return speaking(env, Catalogue.read(file))


class _Spoken:
    """The filters of pages in a language: those of English, with its words and marks."""

    def __init__(self, env: jinja2.Environment, catalogue: Catalogue) -> None:
        self._env, self._catalogue = env, catalogue
        self._english = dict(env.filters)

    def of(self, value: Any, attribute: str) -> Any:
        """An attribute of something, for people."""
        found = self._env.getattr(value, attribute)
        kind: type = type(value)
        if type(found) is str and declared(kind, attribute):
            return self._catalogue.message(found) or found
        return self.shown(found)

    def shown(self, value: Any) -> Any:
        """A value, for people."""
        return shown(value, self._catalogue)

    def plural(self, count: int, one: str, many: str = "") -> str:
        """A count with its noun."""
        return self._catalogue.counted(count, one, many or f"{one}s")

    def ago(self, moment: datetime | None, *given: Any) -> Markup:
        """How long ago, as the markup that English has."""
        head, _, rest = self._english["ago"](moment, *given).partition(">")
        words, _, tail = rest.partition("<")
        said = escape(self._aged(words))
        return Markup("").join((self._catalogue.dated(head), Markup(">"), said, Markup("<"), tail))

    def age(self, moment: datetime | None) -> str:
        """How long ago, as words alone."""
        return self._aged(self._english["age"](moment))

    def length_of(self, length: Any) -> str:
        """How long: its units are words too."""
        parts = self._english["length_of"](length).split(" ")
        return " ".join((self._said(part) if part in AGES else part) for part in parts)

    def through(self, name: str, change: Callable[[str], str]) -> Callable[..., str]:
        """A filter of English with something done to what it gives."""
        english = self._english[name]
        return lambda *given: change(english(*given))

    def _aged(self, words: str) -> str:
        """`5 min ago`, `in 2 h`, `never` in the language."""
        for before, after in (("", " ago"), ("in ", "")):
            if words.startswith(before) and words.endswith(after) and words not in AGES:
                length = words.removeprefix(before).removesuffix(after).split(" ")
                told = " ".join(self._said(p) if p in AGES else p for p in length)
                return self._said(f"{before}{{length}}{after}").replace("{length}", told)
        return self._said(words)

    def _said(self, words: str) -> str:
        return self._catalogue.message(words) or words


def _filters(env: jinja2.Environment, catalogue: Catalogue) -> dict[str, Any]:
    made = _Spoken(env, catalogue)
    return {
        "of": made.of,
        "shown": made.shown,
        "dated": catalogue.dated,
        "marked": catalogue.marked,
        "plural_form": catalogue.form,
        "plural": made.plural,
        "ago": made.ago,
        "age": made.age,
        "length_of": made.length_of,
        "local": made.through("local", catalogue.dated),
        "day": made.through("day", catalogue.dated),
        "number": made.through("number", catalogue.marked),
        "percent": made.through("percent", catalogue.marked),
    }
