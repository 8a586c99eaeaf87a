"""What to make of two records that were compared: link them, ask a person, or leave them apart."""

from dataclasses import dataclass

from onesystem.people.clusters import NUMBER, SCORE
from onesystem.people.compare import Record, is_contradicted, is_doubtful
from onesystem.people.scorer import Scorer

LINK, ASK = "link", "ask"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is link or ask; `rule` says what it rests on."""

    state: str
    rule: str
    weight: float


def decide(
    scorer: Scorer, left: Record, right: Record, *, shares_number: bool = False,
    crowded: bool = False,
) -> Verdict | None:  # fmt: skip
    """What two records are to each other; None keeps them apart.

    A national number that passes its check and is the same links, unless name and birth date both
    say otherwise. By weight, two records never link with different national numbers, or with
    given names or birth dates that are nothing alike: at most a person is asked. So it is where
    both are `crowded`: their birth date is one that very many of a name have.
    """
    weight = scorer.weight(left, right)
    if shares_number:
        return Verdict(ASK if is_contradicted(left, right) else LINK, NUMBER, weight)
    if weight < scorer.weights.ask:
        return None
    enough = weight >= scorer.weights.link
    doubtful = crowded or differ_in_number(left, right) or is_doubtful(left, right)
    sure = enough and not doubtful
    return Verdict(LINK if sure else ASK, SCORE, weight)


def differ_in_number(left: Record, right: Record) -> bool:
    """Whether both have a national number that passes its check, and not the same."""
    return bool(left["number"] and right["number"] and left["number"] != right["number"])
