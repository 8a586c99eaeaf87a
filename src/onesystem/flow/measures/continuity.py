"""How split up somebody's contacts are, in the published ways. Pure.

All four are worked out from how many contacts each provider (a clinician, an organisation) had.
`squares` and `largest` are the words of measures too; see the measures of continuity.
"""

from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise


def squares(counts: Iterable[int]) -> int:
    """The sum of squares of how often each was seen."""
    return sum(n * n for n in counts)


def largest(counts: Iterable[int]) -> int:
    """How often the one was seen who was seen most."""
    return max(counts, default=0)


def again(providers: Sequence[Hashable]) -> int:
    """How many contacts were with the same provider as the one before, in order of time."""
    return sum(a == b for a, b in pairwise(providers))


def bice_boxerman(squared: int, contacts: int) -> float | None:
    """COC, 0 (a new face each time) to 1 (always the same); None below two contacts.

    (sum of squares - n) / (n (n - 1)): Bice and Boxerman, Medical Care 15(4):347-349, 1977.

    >>> bice_boxerman(squares([3, 1]), 4)
    0.5
    """
    if contacts < 2:
        return None
    return (squared - contacts) / (contacts * (contacts - 1))


def usual_provider(most: int, contacts: int) -> float | None:
    """UPC, the share of contacts with whom was seen most; None without contacts.

    Breslau and Reeb, Journal of Medical Education 50(10):965-969, 1975.

    >>> usual_provider(largest([3, 1]), 4)
    0.75
    """
    return most / contacts if contacts else None


def sequential(same: int, contacts: int) -> float | None:
    """SECON, the share of contacts with the same provider as the one before; None below two.

    Steinwachs, Medical Care 17(6):551-565, 1979.

    >>> sequential(again(["Alder", "Alder", "Withy"]), 3)
    0.5
    """
    return same / (contacts - 1) if contacts >= 2 else None
