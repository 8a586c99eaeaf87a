# ruff: noqa: RUF001, RUF002  the look-alikes are what this module is about
"""Names and addresses as they are compared: accents, macrons, case and punctuation folded.

Māia is Maia, Siân is Sian, O'Brien is OBrien, Smith-Jones is Smith Jones.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Letters that Unicode does not take apart into a letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_NO_DIGIT = re.compile("[^0-9]")
_APOSTROPHES = dict.fromkeys(map(ord, "'`´‘’ʻʼ′"))
# ASCII in one table: letters to lower case, apostrophes away, all else but digits to a space.
_ASCII = {
    code: (chr(code).lower() if chr(code).isalnum() else None if chr(code) in "'`" else " ")
    for code in range(128)
}


def fold(text: str) -> str:
    """The text as words of plain letters and digits, one space between.

    >>> fold("Māia  O’Brien-Łukasz"), fold("Siân"), fold("  ")
    ('maia obrien lukasz', 'sian', '')
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    bare = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    bare = "".join(c for c in bare if not unicodedata.combining(c)).casefold().translate(_LETTERS)
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


@lru_cache(maxsize=65536)
def family_key(family: str) -> str:
    """A family name as one word.

    >>> family_key("Smith-Jones") == family_key("smith jones")
    True
    """
    return fold(family).replace(" ", "")


@lru_cache(maxsize=65536)
def given_key(given: str) -> str:
    """The first of the given names.

    >>> given_key("Mary-Jane Ann")
    'mary'
    """
    return fold(given).partition(" ")[0]


def alias_keys(
    family: str, given: str, others: Iterable[tuple[str, str]] = ()
) -> set[tuple[str, str]]:
    """The other (family, given) keys to find somebody by: names they had, and parts of names.

    >>> sorted(alias_keys("Smith-Jones", "Mary", [("Ngata", "")]))
    [('jones', 'mary'), ('ngata', 'mary')]
    """
    found: set[tuple[str, str]] = set()
    for other_family, other_given in ((family, given), *others):
        key = given_key(other_given or given)
        words = fold(other_family).split()
        # From each word to the end: the first word begins the whole name, which is found by it.
        found.update(("".join(words[at:]), key) for at in range(len(words) or 1))
    return found - {(family_key(family), given_key(given)), ("", "")}


def postcode_key(postcode: str) -> str:
    """A postcode without spaces, capitals.

    >>> postcode_key(" nr2 3tx ")
    'NR23TX'
    """
    return "".join(postcode.upper().split())


def phone_key(phone: str) -> str:
    """The last nine digits, so that +44 and 0 are one; empty under six digits.

    >>> phone_key("+44 1603 123456") == phone_key("(01603) 123 456")
    True
    """
    digits = phone if phone.isascii() and phone.isdigit() else _NO_DIGIT.sub("", phone)
    return digits[-9:] if len(digits) >= 6 else ""
