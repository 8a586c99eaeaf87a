"""What a district has and lacks, from facts and dated limits. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from onesystem.vocabulary.said import say

WORDS = {"there": "good", "in part": "warn", "missing": "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that a district needs, and from which figure it has it."""

    code: str
    part: str
    name: str
    least: float
    begun: float
    href: str
    cure: str
    source: str
    share: bool = False

    def state(self, value: float) -> str:
        """There, in part, or missing."""
        if value >= self.least:
            return "there"
        return say("in part") if value >= self.begun else say("missing")

    def said(self, value: float) -> str:
        """The figure beside what is needed."""
        if self.share:
            return say(
                "{value} % of {least} %",
                value=f"{100 * value:.0f}",
                least=f"{100 * self.least:.0f}",
            )
        return say("{value} of {least}", value=f"{value:.0f}", least=f"{self.least:.0f}")


@dataclass(frozen=True, slots=True)
class Checked:
    """A check with the district's figure."""

    check: Check
    value: float

    @property
    def state(self) -> str:
        """There, in part, or missing."""
        return self.check.state(self.value)

    @property
    def said(self) -> str:
        """The figure in words."""
        return self.check.said(self.value)


@lru_cache(maxsize=1)
def checks() -> tuple[Check, ...]:
    """What a district needs, in the order of the loop."""
    text = (files("onesystem.alliance.learning.readiness") / "checks.toml").read_text("utf-8")
    return tuple(
        Check(**{"begun" if key == "from" else key: value for key, value in each.items()})
        for each in tomllib.loads(text)["check"]
    )


def checked(facts: Mapping[str, float]) -> list[Checked]:
    """Every check with its figure; a fact that nobody gave is 0."""
    return [Checked(each, facts.get(each.code, 0)) for each in checks()]


def lacking(found: list[Checked]) -> list[Checked]:
    """What is not there yet, what is missing altogether first."""
    return sorted((c for c in found if c.state != "there"), key=lambda c: c.state == "in part")
