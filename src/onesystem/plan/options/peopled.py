"""How many people a plan is for: those whom the district's measures counted, else known persons."""

from onesystem import people as known
from onesystem.flow.measures import population


def people() -> int:
    """People who live in the district; those with a record where nobody was counted yet."""
    found = population.latest()
    if found is not None:
        return sum(sum(bands.values()) for bands in found[1].values())
    return len({person for _, person, _ in known.births()})
