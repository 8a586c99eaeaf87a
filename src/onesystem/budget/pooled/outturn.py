"""How a year came out, scheme by scheme: what the share-out works on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from onesystem.budget.pooled.agreement import Agreement
from onesystem.vocabulary.said import say

REVENUE, CAPITAL = "revenue", "capital"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outturn:
    """A scheme's year. What is `held` was never committed, so it is no underspend by good work."""

    scheme: str
    name: str
    owner: str
    ring: str
    planned: int
    spent: int
    held: int = 0
    fixed: bool = False

    @property
    def over(self) -> int:
        """What was spent beyond the plan."""
        return max(0, self.spent - self.planned)

    @property
    def under(self) -> int:
        """What was committed and not spent."""
        return max(0, self.planned - self.held - self.spent)

    @property
    def uncommitted(self) -> int:
        """What is still held and was not spent after all."""
        return max(0, min(self.held, self.planned - self.spent))


def outturns(agreement: Agreement, spent: Mapping[str, int]) -> list[Outturn]:
    """Each scheme's outturn; what is in no scheme stands as one that spent nothing."""
    found = [
        Outturn(
            scheme=s.code,
            name=s.name,
            owner=s.owner,
            planned=s.amount,
            spent=spent.get(s.code, 0),
            ring=CAPITAL if agreement.kind_of(s) == "capital" else REVENUE,
            held=s.held,
            fixed=s.fixed,
        )
        for s in agreement.cash_schemes
    ]
    return found + _free(agreement)


def _free(agreement: Agreement) -> list[Outturn]:
    """Money in no scheme, by ring: nobody committed it."""
    made = []
    for ring, kinds, pool in (
        (REVENUE, ("minimum", "additional"), agreement.risk_pool),
        (CAPITAL, ("capital",), 0),
    ):
        schemes = sum(s.amount for s in agreement.cash_schemes if agreement.kind_of(s) in kinds)
        free = agreement.total(*kinds) - pool - schemes
        if free > 0:
            made.append(
                Outturn(
                    scheme="",
                    name=say("In no scheme"),
                    owner=agreement.host,
                    ring=ring,
                    planned=free,
                    spent=0,
                    held=free,
                )
            )
    return made
