"""Words of the product that Python says: English to whoever reads them, with how they came about.

    say("Rows {first} to {last} of {all}", first=1, last=100, all=412)

It is text like any other, so what is plain stays plain: presenters, files and tests know nothing of
languages. A page in another language finds the message and what was filled in, and says it anew.
The message is a literal: that is where the catalogue's extractor finds it.
"""

from typing import Any


class Said(str):
    """A text that knows its message and what was filled in."""

    __slots__ = ("given", "message")
    message: str
    given: dict[str, Any]


def say(message: str, /, **given: Any) -> Said:
    """The message with what is given filled in, in English."""
    said = Said(message.format(**given) if given else message)
    said.message, said.given = message, given
    return said
