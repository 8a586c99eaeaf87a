"""What a new budget begins with: how much work, from the log or the twin; whose minutes, by whom.

The care room knows the minutes of pathways' steps, and this room may not know the care room: the
wiring tells it whom to ask. Staff of pathways who work elsewhere than in a specialty are left out.
"""

from collections.abc import Callable, Iterable, Mapping

from onesystem.budget.funds.foreseeing import Volumes
from onesystem.budget.funds.foreseeing import volumes as of_the_twin
from onesystem.budget.months import Year
from onesystem.budget.specialty.shape import GROUPS, Step
from onesystem.vocabulary import Money
from onesystem.vocabulary.said import say

Minutes = Iterable[tuple[str, str, int]]  # what is done, by whom, in how many minutes
_TOLD: list[Callable[[], Mapping[str, tuple[str, Minutes]]]] = []
_GROUP = {
    "hospital-doctor": "doctor", "specialist-nurse": "nurse", "assistant": "support-worker",
    "coordinator": "admin",
}  # fmt: skip


def register(told: Callable[[], Mapping[str, tuple[str, Minutes]]]) -> None:
    """Whom to ask for pathways: title and minutes of the steps, by name. Again replaces."""
    _TOLD[:] = [told]


def pathways() -> list[tuple[str, str]]:
    """The pathways whose steps a specialty's staff do: name and title, by title."""
    told = _TOLD[0]() if _TOLD else {}
    found = [(slug, title) for slug, (title, minutes) in told.items() if steps_from(minutes)]
    return sorted(found, key=lambda pair: pair[1].casefold())


def steps_of_pathway(slug: str) -> tuple[Step, ...]:
    """The minutes of a pathway as steps of a work; none where there is no such pathway."""
    told = _TOLD[0]() if _TOLD else {}
    return steps_from(told[slug][1]) if slug in told else ()


def steps_from(minutes: Minutes) -> tuple[Step, ...]:
    """Those of a specialty's own staff, in their order.

    >>> steps_from([("Ask", "gp", 5), ("Scan", "hospital-doctor", 10)])
    (Step(words='Scan', group='doctor', minutes=10),)
    """
    named = ((words, _GROUP.get(staff, staff), many) for words, staff, many in minutes)
    return tuple(
        Step(words=words, group=group, minutes=many)
        for words, group, many in named
        if group in GROUPS and many
    )


def foreseen(
    services: Iterable[str], year: Year, seen: Mapping[str, int], *, volumes: Volumes | None = None
) -> tuple[dict[str, int], str]:
    """How much the twin takes in in a year, by mode as the log has them; and why not, else empty.

    The mean of the runs of the district's model as it is; each mode has its part of the log's.
    """
    known = of_the_twin() if volumes is None else volumes
    runs = [known.alone[service] for service in services if service in known.alone]
    if not runs or not sum(seen.values()):
        return {}, known.why_not or say("The twin does not know this service by itself.")
    a_day = sum(sum(each) / len(each) for each in runs)
    days = (year.after.first - year.first).days
    modes = sorted(seen)
    parts = Money(round(a_day * days), "").split([seen[mode] for mode in modes])
    return {mode: part.minor for mode, part in zip(modes, parts, strict=True)}, ""
