"""National numbers for people who do not exist: test ranges only, each with a right check digit.

NHS numbers 999 000 0000 to 999 999 9999 are never issued to a patient (NHS England, test data);
NHI numbers that begin with Z are kept for testing (HISO 10046). 909,091 NHS numbers of the range
pass their check digit, so the largest demo has some people without one.
"""

import numpy as np

from onesystem.vocabulary import NHI

_LETTERS = np.frombuffer(b"ABCDEFGHJKLMNPQRSTUVWXYZ", dtype=np.uint8)
_ZERO = ord("0")


def numbers(scheme: str, count: int, rng: np.random.Generator) -> np.ndarray:
    """That many different numbers as text, empty where the test range is used up."""
    made = _nhi(rng) if scheme == NHI else _nhs(rng)
    made = made[:count]
    return np.concatenate([made, np.full(count - len(made), "", dtype=made.dtype)])


def _nhs(rng: np.random.Generator) -> np.ndarray:
    body = 999_000_000 + rng.permutation(1_000_000)
    digits = body[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = (11 - digits @ np.arange(10, 1, -1) % 11) % 11
    return (body * 10 + check)[check != 10].astype("U10")  # type: ignore[no-any-return]


def _nhi(rng: np.random.Generator) -> np.ndarray:
    """The old form ZAANNNC, then the new form ZAANNAX."""
    old = np.stack(np.unravel_index(rng.permutation(24 * 24 * 1000), (24, 24, 10, 10, 10)), 1)
    text, worth = _nhi_body(old)
    remainder = worth @ np.array([7, 6, 5, 4, 3, 2]) % 11
    text[:, 6] = _ZERO + (11 - remainder) % 10
    first = text[remainder != 0]
    new = np.stack(np.unravel_index(rng.permutation(24 * 24 * 100 * 8), (24, 24, 10, 10, 8)), 1)
    text, worth = _nhi_body(new)
    text[:, 5], worth[:, 5] = _LETTERS[new[:, 4]], new[:, 4] + 1
    text[:, 6] = _LETTERS[22 - worth @ np.array([7, 6, 5, 4, 3, 2]) % 23]
    both = np.ascontiguousarray(np.concatenate([first, text]))
    return both.view("S7").ravel().astype("U7")


def _nhi_body(parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bytes of `Z` and the drawn letters and digits, and what each place is worth in the sum."""
    text = np.full((len(parts), 7), _ZERO, dtype=np.uint8)
    worth = np.zeros((len(parts), 6), dtype=np.int64)
    text[:, 0], worth[:, 0] = ord("Z"), 24
    for place in (0, 1):
        text[:, place + 1], worth[:, place + 1] = _LETTERS[parts[:, place]], parts[:, place] + 1
    for place in (2, 3, 4):
        text[:, place + 1], worth[:, place + 1] = _ZERO + parts[:, place], parts[:, place]
    return text, worth
