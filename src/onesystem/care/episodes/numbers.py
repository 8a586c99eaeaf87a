"""The numbers of episodes: eight digits, to be read out on the telephone. Pure.

>>> key_of(12345678), number_of("AH-12345678"), reference(12345678)
('AH-12345678', 12345678, 'AH-1234-5678')
"""

from onesystem.vocabulary import contact_id
from onesystem.vocabulary.typed import whole_or

_MARK = "AH-"
LEAST, MOST = 10_000_000, 99_999_999
SOURCE = "care"


def key_of(number: int) -> str:
    """The key of an episode, which is also the visit of its contact."""
    return f"{_MARK}{number}"


def number_of(key: str) -> int:
    """The number behind a key; 0 where it is none of ours."""
    digits = key.removeprefix(_MARK)
    return whole_or(digits, 0) if key.startswith(_MARK) and len(digits) == 8 else 0


def contact_of(number: int) -> int:
    """The id of the episode's contact in the log."""
    return contact_id(SOURCE, key_of(number))


def reference(number: int) -> str:
    """The reference number as people read it out."""
    digits = str(number)
    return f"{_MARK}{digits[:4]}-{digits[4:]}"
