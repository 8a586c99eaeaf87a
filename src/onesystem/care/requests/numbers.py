"""Reference numbers of requests: short enough for the telephone, with a sign that finds slips.

`R-7K3M-Q9TD`: 35 bits by chance and one check sign, in letters and digits that are not mistaken
for each other (Crockford's base 32, modulo 37 cut to its 32 signs).
"""

import re
import secrets

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORM = re.compile(r"^\s*[Rr][-\s]?([0-9A-Za-z]{4})[-\s]?([0-9A-Za-z]{4})\s*$")
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def fresh() -> str:
    """A number that nobody has: one in 34 thousand million by chance."""
    return _written(secrets.randbits(35))


def _written(number: int) -> str:
    signs = "".join(_SIGNS[number >> shift & 31] for shift in range(30, -5, -5))
    whole = signs + _check(signs)
    return f"R-{whole[:4]}-{whole[4:]}"


def _check(signs: str) -> str:
    # Weights that are odd and different: a wrong sign and two signs swapped are both found.
    return _SIGNS[sum((2 * i + 1) * _SIGNS.index(sign) for i, sign in enumerate(signs)) % 32]


def tidy(text: str) -> str:
    """The number as it is kept, however it was typed; empty where it is none.

    >>> tidy(" r-0000 0000 ")
    'R-0000-0000'
    >>> tidy("R-0000-0001")
    ''
    """
    found = _FORM.match(text)
    if not found:
        return ""
    signs = (found[1] + found[2]).upper().translate(_MEANT)
    if "U" in signs or _check(signs[:7]) != signs[7]:
        return ""
    return f"R-{signs[:4]}-{signs[4:]}"
