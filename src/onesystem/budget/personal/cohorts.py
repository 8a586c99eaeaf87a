"""Who belongs to which group of the programme, by age and by what their record calls them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.budget.personal.programme import Cohort


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A group that a person seems to belong to, and the words that say so."""

    cohort: Cohort
    because: tuple[str, ...]


def flags(
    cohorts: Iterable[Cohort], born: str, conditions: Sequence[str], today: date
) -> list[Flag]:
    """The groups that fit. Without a birth date age is not asked; somebody still decides."""
    age = age_on(born, today)
    found = []
    for cohort in cohorts:
        if age is not None and not cohort.from_age <= age < cohort.until_age:
            continue
        because = tuple(
            dict.fromkeys(c for c in conditions if any(w in c.casefold() for w in cohort.words))
        )
        if because:
            found.append(Flag(cohort=cohort, because=because[:5]))
    return found


def age_on(born: str, day: date) -> int | None:
    """Whole years on a day; None where the birth date is not known."""
    try:
        birth = date.fromisoformat(born)
    except ValueError:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
