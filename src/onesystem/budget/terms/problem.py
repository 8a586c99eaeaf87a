"""A fault of terms: the rule that it breaks, where it is, what it is, and the cure."""

from dataclasses import dataclass

from onesystem.vocabulary import UserError


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: a stable slug, where it is, what it is and what to do."""

    rule: str
    where: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.cure}"


class BadTerms(UserError, ValueError):
    """Terms that may not be used as they are. `problems` has all of their faults."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(f"{each.where}: {each.what}" for each in found), found[0].cure)
        self.problems = found


def nobody(where: str, code: str) -> Problem:
    """A code that no party has."""
    return Problem(
        "party",
        where,
        f"{code!r} is no party of these terms",
        "Name one of the parties, or add it to them.",
    )
