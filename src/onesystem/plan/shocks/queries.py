"""What a shock has to know of the district: its people, and how many practices it has."""

from onesystem.district import current
from onesystem.plan.options.peopled import people as counted
from onesystem.vocabulary import Setting

_UNKNOWN = 500_000  # where nobody was counted, sizes are those of the district they are told of


def people() -> int:
    """People whom the shock meets."""
    return counted() or _UNKNOWN


def practices() -> int:
    """Practices of the district."""
    known = current().services.values()
    return sum(each.setting == Setting.GENERAL_PRACTICE for each in known)
