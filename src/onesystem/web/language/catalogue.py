"""A language's catalogue: gettext read from a `.po` file, and what a template asks of it."""

import gettext
import io
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.wording import DAY_NAMES

SHIPPED = Path(__file__).resolve().parents[1] / "locale"
FOLDER = "languages"  # in the district's folder
POT = SHIPPED / "onesystem.pot"
# A message that no page has: its forms are their own numbers, so gettext says which form a count
# takes.
_FORM, _FORMS = "onesystem form", "onesystem forms"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
NAMES = (*MONTHS, *(m[:3] for m in MONTHS), *DAY_NAMES, *(d[:3] for d in DAY_NAMES))
MARKS = "1,234.5"
AGES = ("never", "just now", "{length} ago", "in {length}", "min", "h", "d", "s")
OWN_NAME = "English"


class Catalogue:
    """Messages of one language, by gettext."""

    wraps = True

    def __init__(self, language: str, words: gettext.NullTranslations, forms: int) -> None:
        self.language = language
        self._words, self._forms = words, forms

    @classmethod
    def read(cls, file: Path) -> "Catalogue":
        """The catalogue of a `.po` file. Raises BadConfig where it cannot be read."""
        import polib

        try:
            entries = polib.pofile(str(file), encoding="utf-8")
            forms = _number_of_forms(entries.metadata.get("Plural-Forms", ""))
            numbered = {i: str(i) for i in range(forms)}
            entries.append(polib.POEntry(msgid=_FORM, msgid_plural=_FORMS, msgstr_plural=numbered))
            # What nobody has looked at yet is not shown to anybody.
            made = gettext.GNUTranslations(io.BytesIO(entries.to_binary()))
            made.ngettext(_FORM, _FORMS, 2)
        except (OSError, ValueError, IndexError) as error:
            raise BadConfig(
                f"the catalogue {file} cannot be read: {error}",
                "Write it with a gettext editor from onesystem.pot.",
            ) from error
        return cls(file.stem, made, forms)

    def message(self, text: str) -> str | None:
        """A message in the language; None where nobody has translated it."""
        said = self._words.gettext(text) if text else text
        return None if said == text else said

    def plural(self, one: str, many: str) -> list[str] | None:
        """All forms of a message that counts, in the order of the catalogue's rule."""
        by_form = {self.form(n): self._words.ngettext(one, many, n) for n in range(200, -1, -1)}
        if set(by_form.values()) <= {one, many} or len(by_form) < self._forms:
            return None
        return [by_form[i] for i in sorted(by_form)]

    def form(self, count: Any) -> int:
        """Which form a count takes."""
        number = abs(int(count)) if isinstance(count, int | float) else 0
        return int(self._words.ngettext(_FORM, _FORMS, number))

    def counted(self, count: int, one: str, many: str) -> str:
        """A count with its noun."""
        forms = self.plural(f"{{n}} {one}", f"{{n}} {many}")
        text = forms[self.form(count)] if forms else f"{{n}} {one if count == 1 else many}"
        return text.replace("{n}", self.marked(f"{count:,}"))

    def dated(self, text: str) -> str:
        """A date whose months and days have their names in the language; markup stays markup."""
        made = _ENGLISH.sub(lambda found: escape(self.message(found[0]) or found[0]), text)
        return Markup(made) if isinstance(text, Markup) else made  # noqa: S704 - it was, and names are escaped

    def marked(self, text: str) -> str:
        """A number with the language's own marks: it says how 1,234.5 is written."""
        return text.translate(self._marks) if self._marks else text

    @cached_property
    def _marks(self) -> dict[int, str]:
        like = self.message(MARKS) or MARKS
        if len(like) != len(MARKS) or like == MARKS:
            return {}
        return {ord(","): like[1], ord("."): like[5]}


_ENGLISH = re.compile(rf"\b({'|'.join(sorted(NAMES, key=len, reverse=True))})\b")


def _number_of_forms(rule: str) -> int:
    found = re.search(r"nplurals\s*=\s*(\d+)", rule)
    if not found:
        raise ValueError("its header has no Plural-Forms")
    return int(found[1])


def file_of(language: str, folder: Path) -> Path | None:
    """Where a language's catalogue is: the district's own before one that is shipped."""
    for file in (folder / FOLDER / f"{language}.po", SHIPPED / f"{language}.po"):
        if file.is_file():
            return file
    return None
