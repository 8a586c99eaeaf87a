"""Numbers that name a person, and their check digits.

NHS number: NHS Data Dictionary, modulus 11. NHI: Te Whatu Ora HISO 10046, the old form AAANNNC
(modulus 11) and the new form AAANNAX (modulus 23); a withdrawn modulus-24 version of the new form
circulates in examples and is refused here. A number that fails its check is kept and flagged:
published examples fail it, and the people behind them are no less real.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

NHS = "nhs"
NHI = "nhi"

_NHI_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I, no O; A is 1 and Z is 24
_NHI_WEIGHTS = (7, 6, 5, 4, 3, 2)


class CheckState(StrEnum):
    """What the check digit says of a number."""

    PASSES = "passes"
    FAILS = "fails"
    NONE = "none"  # the scheme has no check digit


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number in a scheme. `verified` means that the source traced it to the national index."""

    scheme: str
    value: str
    verified: bool = False
    superseded: bool = False

    @property
    def check(self) -> CheckState:
        """What the scheme's check digit says; NONE for local numbers."""
        rule = _CHECKS.get(self.scheme)
        if rule is None:
            return CheckState.NONE
        return CheckState.PASSES if rule(self.value) else CheckState.FAILS


def tidy(scheme: str, value: str) -> str:
    """The number as it is compared: no spaces or hyphens, capitals.

    >>> tidy("nhs", "943 476 5919")
    '9434765919'
    """
    if scheme in _CHECKS:
        return "".join(value.split()).replace("-", "").upper()
    return value.strip()


@lru_cache(maxsize=1024)
def passes_nhs(value: str) -> bool:
    """Whether ten digits are an NHS number: weights 10 to 2, modulus 11, 11 counts as 0.

    >>> passes_nhs("9434765919"), passes_nhs("9912003814")
    (True, False)
    """
    if len(value) != 10 or not (value.isascii() and value.isdigit()):
        return False
    if value == value[0] * 10:  # 0000000000 passes the sum and is what systems send for "none"
        return False
    check = 11 - sum(int(d) * w for d, w in zip(value, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(value[9]) and check != 10


@lru_cache(maxsize=1024)
def passes_nhi(value: str) -> bool:
    """Whether seven characters are an NHI of the old or the new form.

    >>> passes_nhi("ZZZ0016"), passes_nhi("ZZZ00AC"), passes_nhi("ALU18KZ")
    (True, True, False)
    """
    if len(value) != 7 or any(c not in _NHI_LETTERS for c in value[:3]):
        return False
    if not (value[3:5].isascii() and value[3:5].isdigit()):
        return False
    if value[5:].isascii() and value[5:].isdigit():
        remainder = _nhi_sum(value) % 11
        return remainder != 0 and (11 - remainder) % 10 == int(value[6])
    if value[5] in _NHI_LETTERS and value[6] in _NHI_LETTERS:
        return _NHI_LETTERS[22 - _nhi_sum(value) % 23] == value[6]
    return False


def _nhi_sum(value: str) -> int:
    def worth(c: str) -> int:
        return int(c) if "0" <= c <= "9" else _NHI_LETTERS.index(c) + 1

    return sum(worth(c) * w for c, w in zip(value, _NHI_WEIGHTS, strict=False))


_CHECKS = {NHS: passes_nhs, NHI: passes_nhi}
