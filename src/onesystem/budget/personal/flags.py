"""Which groups of the programme somebody seems to belong to, by what the asker may see of them."""

from onesystem import access, people
from onesystem.budget.personal.acting import rules
from onesystem.budget.personal.cohorts import Flag, flags
from onesystem.budget.personal.posting import today
from onesystem.record import queries as record
from onesystem.record.entries import entries_of


def flags_of(person: int, asker: access.Asker) -> list[Flag]:
    """The groups that fit what the record says, as far as it is open to the asker."""
    known = people.identities_of(person)
    entries = entries_of(
        [each.identity for each in known], kinds=("Condition",), seen=record.seen(asker)
    )
    words = [each.code.display for each in entries if each.code and each.code.display]
    born = next((each.birth_date for each in known if each.birth_date), "")
    return flags(rules().on("cohort", today()).values(), born, words, today())
