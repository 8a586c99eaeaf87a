"""Which competences a membership covers, how well, and where its gaps are. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onesystem.alliance.charter.standing import Member
from onesystem.alliance.charter.text import Need
from onesystem.vocabulary.said import say, say_each

LEVELS = say_each({0: "None", 1: "Knows it", 2: "Does it", 3: "Leads it"})
DOES = 2  # the level from which a competence is covered: knowing of it is not enough


@dataclass(frozen=True, slots=True)
class Covered:
    """A competence with who has it: `does` do it or lead it, `knows` know of it."""

    need: Need
    does: tuple[str, ...]
    knows: tuple[str, ...]

    @property
    def short(self) -> int:
        """How many more are wanted."""
        return max(0, self.need.least - len(self.does))

    @property
    def state(self) -> tuple[str, str]:
        """The words and the colour for it."""
        if not self.short:
            return say("covered"), "good"
        return (
            (say("gap"), "bad")
            if not self.does
            else (say("{short} more", short=self.short), "warn")
        )


def grid(members: Iterable[Member], needs: Sequence[Need]) -> list[Covered]:
    """Each competence that is wanted, with who brings it."""
    sitting = sorted(members, key=lambda m: m.name)
    return [
        Covered(
            need,
            tuple(m.name for m in sitting if m.levels.get(need.code, 0) >= DOES),
            tuple(m.name for m in sitting if 0 < m.levels.get(need.code, 0) < DOES),
        )
        for need in needs
    ]


def gaps(covered: Iterable[Covered]) -> list[Covered]:
    """What is not covered, the widest gap first."""
    return sorted((c for c in covered if c.short), key=lambda c: (bool(c.does), -c.short))
