"""Modifiers that need a terminology, asked of the lists that the district loaded.

`:in`, `:not-in`, `:above` and `:below` become the codes that they mean, before anything else of
the search looks at them. Without a list they are refused by name, as ever.
"""

from collections.abc import Callable, Sequence

from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.searching.splitting import split

MODIFIERS = ("in", "not-in", "above", "below")
MOST = 2000  # codes that one search may mean
Expand = Callable[[str, str], Sequence[tuple[str, str]] | None]
_lists: list[Expand] = []


def register_lists(expand: Expand) -> None:
    """Who knows the lists: a modifier and a value to codes, None where no list says."""
    _lists[:] = [expand]


def meant(modifier: str, value: str, whole: str) -> tuple[str, str] | None:
    """The modifier and value that stand for these; None without lists. Raises Refusal."""
    if modifier not in MODIFIERS or not _lists:
        return None
    codes: list[tuple[str, str]] = []
    for each in (v for v in split(value, ",") if v):
        found = _lists[0](modifier, each)
        if found is None:
            raise Refusal(
                400, f"{whole} needs a list that holds {each[:200]!r}, and none is loaded here",
                "Load it: onesystem codes load FILE; or name the codes, separated by commas",
                where=whole, code="not-supported",
            )  # fmt: skip
        codes += found
    if len(codes) > MOST:
        raise Refusal(400, f"{whole} means {len(codes):,} codes", f"Ask for {MOST:,} at most",
                      where=whole, code="too-costly")  # fmt: skip
    told = ",".join(f"{_escaped(s)}|{_escaped(c)}" for s, c in dict.fromkeys(codes))
    return ("not" if modifier == "not-in" else ""), told or "urn:onesystem:nothing|nothing"


def _escaped(text: str) -> str:
    for sign in ("\\", ",", "$", "|"):
        text = text.replace(sign, f"\\{sign}")
    return text
