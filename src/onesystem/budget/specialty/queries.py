"""What can be asked of specialty budgets. Nothing of it is about a person."""

from dataclasses import dataclass

from onesystem import access
from onesystem.budget.costing import loading
from onesystem.budget.costing import queries as costs
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.months import Year
from onesystem.budget.specialty.actions import line_of, planned
from onesystem.budget.specialty.building import PARTS, Built
from onesystem.budget.specialty.reading import every, maybe, standing, steps, version, years
from onesystem.budget.specialty.shape import GROUPS, Specialty, Step

__all__ = [
    "Reconciled", "every", "maybe", "reconciled", "spent", "standing", "steps", "steps_of",
    "version", "volumes", "years",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A part of an agreed budget beside the ledger's plan."""

    part: str
    line: str
    agreed: int
    plan: int

    @property
    def differs(self) -> int:
        """What the plan has more than was agreed: nothing, if all is well."""
        return self.plan - self.agreed


def reconciled(s: Specialty, built: Built, *, by: access.Actor) -> list[Reconciled]:
    """The budget against the ledger, part by part, to the penny."""
    access.require(by, "budget.see")
    year = Year.of(s.year)
    return [
        Reconciled(
            part=words, line=line_of(s.slug, part), agreed=built.part(part),
            plan=planned(s.slug, part, year),
        )
        for part, words in PARTS.items()
    ]  # fmt: skip


def spent(s: Specialty) -> int:
    """What contacts of its services cost in the year, as the ledger has it on whatever line."""
    year = Year.of(s.year)
    if not s.services:
        return 0
    return ledger.balance(book="actual", account="spent", service=list(s.services),
                          month_from=year.first, month_to=year.months[-1])  # fmt: skip


def volumes(services: tuple[str, ...], year: Year) -> dict[str, int]:
    """How many contacts of each kind the log had in the year before, by mode."""
    if not services:
        return {}
    before = year.before
    rows = costs.costs(before.first, before.months[-1], by=("service", "mode"))
    found: dict[str, int] = {}
    for row in rows:
        if row.key["service"] in services:
            mode = str(row.key["mode"] or "contact")
            found[mode] = found.get(mode, 0) + row.contacts
    return found


def steps_of(service: str, setting: str, mode: str, year: Year) -> tuple[Step, ...]:
    """The minutes that the rules of costing say of such a contact, as steps to begin with.

    Groups that costing has and a budget has not are left out; so are minutes that a contact's own
    length decides.
    """
    found = loading.book().rules.candidates(service, setting, mode, year.first)
    lines = found[0].lines if found else ()
    return tuple(
        Step(words=line.words or found[0].words, group=line.group, minutes=round(line.minutes))
        for line in lines
        if line.kind == "staff" and line.per == "contact" and line.group in GROUPS
    )
