"""Who a description could be: the live scorer asked about somebody who is not kept."""

from dataclasses import dataclass

from onesystem.district import folder
from onesystem.people import store
from onesystem.people.blocking import in_one_crowd
from onesystem.people.candidates import candidates
from onesystem.people.decide import decide
from onesystem.people.described import Description, description_of
from onesystem.people.weights import scorer_for
from onesystem.vocabulary import CheckState, PersonSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """An identity that may be them. `state` is what linkage would do: `link`, or `ask` a person.

    `weight` is in bits, the binary logarithm of the odds; `strong` where it is enough to link.
    """

    identity: int
    person: int
    weight: float
    state: str
    strong: bool

    @property
    def probability(self) -> float:
        """The odds as a probability."""
        return 1 / (1 + 2 ** -max(-60.0, min(60.0, self.weight)))


def alike(said: PersonSeen) -> list[Alike]:
    """Identities that may be whoever is described, the most alike first. Nothing is kept."""
    whole = description_of(said)
    record = store.record_of(-1, whole)
    numbered = _with_number(whole)
    scorer = scorer_for(folder())
    found = []
    near = candidates(record, numbered)
    for other in near.others:
        identity = int(other["id"])
        verdict = decide(
            scorer, record, other, shares_number=identity in numbered,
            crowded=in_one_crowd(record, other, near.crowds),
        )  # fmt: skip
        if verdict is not None:
            found.append((verdict, identity))
    persons = store.persons(identity for _, identity in found)
    made = [
        Alike(
            identity=identity, person=persons[identity], weight=verdict.weight,
            state=verdict.state, strong=verdict.weight >= scorer.weights.link,
        )
        for verdict, identity in found
    ]  # fmt: skip
    return sorted(made, key=lambda each: (each.state != "link", -each.weight, each.identity))


def _with_number(whole: Description) -> set[int]:
    """Who has one of the national numbers that are said, and pass their check."""
    found: set[int] = set()
    for number in whole.numbers:
        if number.scheme in store.NATIONAL and number.check is CheckState.PASSES:
            sql = (
                "SELECT identity FROM people_number WHERE scheme = %s AND value = %s"
                " AND checked = 'passes' AND current = 1"
            )
            found.update(row[0] for row in store.rows(sql, [number.scheme, number.value]))
    return found
