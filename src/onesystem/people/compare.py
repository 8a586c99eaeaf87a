"""How two records are compared: fields, and the levels of likeness of each.

Every level is written twice, once in SQL for the bulk run and once in Python for one live record.
Both must say the same: DuckDB and rapidfuzz use the same Jaro-Winkler and Damerau-Levenshtein, and
a test holds the two forms against each other. Levels run from most alike to least; a field that
either side leaves empty says nothing and is level -1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from onesystem.vocabulary.said import say

Record = Mapping[str, str]
_jw = JaroWinkler.similarity
_dl = DamerauLevenshtein.distance


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field: its levels' names and SQL (the last is "anything else"), and the level of two.

    `counted` fields weigh a rare value that agrees more than a common one. `levels_of` gives the
    levels of many pairs of texts that differ, as a numpy array, where one field alone tells.
    """

    field: str
    says: str
    levels: tuple[tuple[str, str], ...]
    level: Callable[[Record, Record], int]
    counted: bool = False
    levels_of: Callable[[Sequence[str], Sequence[str]], Any] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all levels, the last one included."""
        return (*(name for name, _ in self.levels), "differs")


def _similar(field: str, *steps: float) -> Callable[[Record, Record], int]:
    last = len(steps) + 1

    def level(left: Record, right: Record) -> int:
        a, b = left[field], right[field]
        if not a or not b:
            return -1
        if a == b:
            return 0
        alike = _jw(a, b)
        for i, step in enumerate(steps):
            if alike >= step:
                return i + 1
        return last

    return level


def _all_similar(*steps: float) -> Callable[[Sequence[str], Sequence[str]], Any]:
    """`_similar` of many texts that differ; `steps` descend."""

    def levels(left: Sequence[str], right: Sequence[str]) -> Any:
        import numpy as np
        from rapidfuzz.process import cpdist

        alike = cpdist(left, right, scorer=_jw, dtype=np.float64)
        return 1 + sum((alike < step).astype(np.int8) for step in steps)

    return levels


def _family(left: Record, right: Record) -> int:
    a, b = left["family"], right["family"]
    if not a or not b:
        return -1
    if a == b:
        return 0
    alike = _jw(a, b)
    if alike >= 0.92:
        return 1
    if a == right["given"] and b == left["given"]:
        return 2
    return 3 if alike >= 0.8 else 4


def _given(left: Record, right: Record) -> int:
    a, b = left["given"], right["given"]
    if not a or not b:
        return -1
    if a == b:
        return 0
    alike = _jw(a, b)
    if alike >= 0.92:
        return 1
    if a == right["family"] and b == left["family"]:
        return 2
    if (len(a) == 1 or len(b) == 1) and a[0] == b[0]:
        return 3
    return 4 if alike >= 0.75 else 5


def _birth(left: Record, right: Record) -> int:
    a, b = left["birth"], right["birth"]
    if not a or not b:
        return -1
    if a == b:
        return 0
    if _dl(a, b, score_cutoff=1) <= 1:
        return 1
    year, month, day = a[:4] == b[:4], a[5:7] == b[5:7], a[8:] == b[8:]
    if year + month + day == 2 or (year and a[5:7] == b[8:] and a[8:] == b[5:7]):
        return 2
    return 3 if year else 4


def _postcode(left: Record, right: Record) -> int:
    a, b = left["postcode"], right["postcode"]
    if not a or not b:
        return -1
    if a == b:
        return 0
    if _dl(a, b, score_cutoff=1) <= 1:
        return 1
    return 2 if len(a) > 4 and len(b) > 4 and a[:-3] == b[:-3] else 3


def _near(field: str) -> Callable[[Record, Record], int]:
    def level(left: Record, right: Record) -> int:
        a, b = left[field], right[field]
        if not a or not b:
            return -1
        if a == b:
            return 0
        return 1 if _dl(a, b, score_cutoff=1) <= 1 else 2

    return level


def _all_near(left: Sequence[str], right: Sequence[str]) -> Any:
    """`_near` of many texts that differ."""
    from rapidfuzz.process import cpdist

    return cpdist(left, right, scorer=_dl, score_cutoff=1)  # beyond one slip it says two


def _same(field: str) -> Callable[[Record, Record], int]:
    def level(left: Record, right: Record) -> int:
        a, b = left[field], right[field]
        return -1 if not a or not b else int(a != b)

    return level


def _sql_same(field: str) -> tuple[str, str]:
    return ("same", f"{field}_l = {field}_r")


def _sql_alike(field: str, least: float, name: str) -> tuple[str, str]:
    return (name, f"jaro_winkler_similarity({field}_l, {field}_r) >= {least}")


def _sql_near(field: str) -> tuple[str, str]:
    # One slip leaves either the first two or the last two of six and more as they are: the cheap
    # look spares most pairs the dear one, and changes no answer.
    left, right = f"{field}_l", f"{field}_r"
    ends = (
        f"substr({left}, 1, 2) = substr({right}, 1, 2) OR"
        f" substr({left}, length({left}) - 1) = substr({right}, length({right}) - 1)"
    )
    short = f"length({left}) < 6 OR length({right}) < 6"
    return (say("one slip"), f"({short} OR {ends}) AND damerau_levenshtein({left}, {right}) <= 1")


_SWAPPED = ("swapped", "family_l = given_r AND given_l = family_r")
_TWO_PARTS = (
    "CAST(substr(birth_l,1,4) = substr(birth_r,1,4) AS INT)"
    " + CAST(substr(birth_l,6,2) = substr(birth_r,6,2) AS INT)"
    " + CAST(substr(birth_l,9) = substr(birth_r,9) AS INT) = 2"
    " OR (substr(birth_l,1,4) = substr(birth_r,1,4) AND substr(birth_l,6,2) = substr(birth_r,9)"
    " AND substr(birth_l,9) = substr(birth_r,6,2))"
)


_INITIAL = (
    "(length(given_l) = 1 OR length(given_r) = 1) AND substr(given_l,1,1) = substr(given_r,1,1)"
)
_SAME_DISTRICT = (
    "length(postcode_l) > 4 AND length(postcode_r) > 4 AND"
    " substr(postcode_l, 1, length(postcode_l) - 3)"
    " = substr(postcode_r, 1, length(postcode_r) - 3)"
)


def _text(field: str, says: str, *steps: float, counted: bool = False) -> Comparison:
    names = ("alike", say("somewhat alike"))
    levels = [_sql_same(field)]
    levels += [_sql_alike(field, step, names[i]) for i, step in enumerate(steps)]
    return Comparison(
        field, says, tuple(levels), _similar(field, *steps), counted, _all_similar(*steps)
    )


def _slip(field: str, says: str) -> Comparison:
    levels = (_sql_same(field), _sql_near(field))
    return Comparison(field, says, levels, _near(field), levels_of=_all_near)


COMPARISONS: dict[str, Comparison] = {
    each.field: each
    for each in (
        Comparison(
            "family", "family name",
            (_sql_same("family"), _sql_alike("family", 0.92, "alike"), _SWAPPED,
             _sql_alike("family", 0.8, "somewhat alike")),
            _family, counted=True,
        ),
        Comparison(
            "given", "given name",
            (_sql_same("given"), _sql_alike("given", 0.92, "alike"), _SWAPPED,
             ("initial", _INITIAL),
             _sql_alike("given", 0.75, "somewhat alike")),
            _given, counted=True,
        ),
        Comparison(
            "birth", "birth date",
            (_sql_same("birth"), _sql_near("birth"), ("two parts of three", _TWO_PARTS),
             ("same year", "substr(birth_l,1,4) = substr(birth_r,1,4)")),
            _birth,
        ),
        Comparison("sex", "sex", (_sql_same("sex"),), _same("sex")),
        Comparison(
            "postcode", "postcode",
            (_sql_same("postcode"), _sql_near("postcode"),
             ("same district", _SAME_DISTRICT)),
            _postcode,
        ),
        _text("address", "address", 0.92, 0.8),
        _slip("phone", "telephone"),
        _slip("number", "national number"),
        _slip("house", "house number"),
        _text("address2", "second line of the address", 0.92, 0.8),
        _text("city", "town", 0.9, counted=True),
        Comparison("region", "region", (_sql_same("region"),), _same("region")),
        _text("email", "email", 0.9),
    )
}  # fmt: skip
DISTRICT_FIELDS = (
    "family", "given", "birth", "sex", "postcode", "address", "phone", "number",
)  # fmt: skip
LIST_FIELDS = tuple(COMPARISONS)


def is_contradicted(left: Record, right: Record) -> bool:
    """Whether both the name and the birth date were given twice and are nothing alike.

    Two records that share a national number but this little are left to a person: the number was
    copied, mistyped into another that also passes, or used for a whole clinic.
    """
    levels = _family(left, right), _given(left, right), _birth(left, right)
    return bool(contradicted(*levels))


def is_doubtful(left: Record, right: Record) -> bool:
    """Whether the given name or the birth date is nothing alike.

    Twins agree on everything but the given name, a father and son of one name on everything but
    the birth date, and each agreement adds weight. So weight alone never links such a pair.
    """
    return bool(doubtful(_given(left, right), _birth(left, right)))


def contradicted(family: Any, given: Any, birth: Any) -> Any:
    """`is_contradicted` from levels; numbers, or numpy arrays of them."""
    return (birth == 4) & (family == 4) & ((given == -1) | (given == 5))


def doubtful(given: Any, birth: Any) -> Any:
    """`is_doubtful` from levels; numbers, or numpy arrays of them."""
    return (given == 5) | (birth == 4)


DOUBTFUL_SQL = "gamma_given = 0 OR gamma_birth = 0"
CONTRADICTED_SQL = "gamma_birth = 0 AND gamma_family = 0 AND gamma_given IN (-1, 0)"
