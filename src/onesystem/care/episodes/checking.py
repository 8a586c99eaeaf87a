"""Who somebody is when care at home is thought of: what stands against it, and what speaks for it.

Criteria with a condition are answered from the record with the reason; the others, and those of
which the record says nothing, are asked of whoever starts the episode.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from onesystem import contacts, people
from onesystem.care.episodes import store
from onesystem.care.episodes.numbers import reference
from onesystem.care.episodes.packages import Criterion, Package
from onesystem.care.pathways.conditions import condition
from onesystem.care.pathways.known import Facts
from onesystem.district import current, now
from onesystem.vocabulary import Contact, Setting, UserError, key_elsewhere
from onesystem.vocabulary.said import say, say_date, say_each

_BRINGS = (Setting.ED, Setting.WARD, Setting.AMBULANCE, Setting.GENERAL_PRACTICE,
           Setting.OUT_OF_HOURS)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A criterion and what is known of it. `met` is None where the record does not say."""

    criterion: Criterion
    met: bool | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """How a person stands now. `open` is the number of an episode that is going on (0: none)."""

    identities: tuple[int, ...]
    died: str = ""
    open: int = 0
    ward: Contact | None = None
    there: Contact | None = None
    known: frozenset[str] = frozenset()
    practice: str = ""


def stands(person: int, at: datetime | None = None) -> Stands:
    """How a person stands: alive, in a bed, under care at home already, met by which services."""
    views = people.identities_of(person)
    ids = tuple(view.identity for view in views)
    at = at or now()
    met = [c for c in contacts.newest_of(ids, visits=60) if not c.cancelled]
    here = [c for c in met if c.started and c.started <= at and not (c.ended and c.ended <= at)]
    return Stands(
        identities=ids,
        died=max((view.died for view in views if view.died), default=""),
        open=_open(ids),
        ward=next((c for c in here if c.setting == Setting.WARD), None),
        there=next((c for s in _BRINGS for c in here if c.setting == s), None),
        known=frozenset(c.service for c in met if not sensitive(c.service)),
        practice=next((view.practice for view in views if view.practice), ""),
    )


def sensitive(service: str) -> bool:
    """Whether the very name of a service says something that is sensitive."""
    known = current().services.get(service)
    return bool(known and known.sensitive)


def may_begin(found: Stands) -> None:
    """Raises UserError where nobody can be looked after at home: died, or is already."""
    if found.died:
        day = date.fromisoformat(found.died[:10])
        raise UserError(
            say("this person died on {day}", day=say_date(day, "%-d %B %Y")),
            "If that is wrong, ask a records officer to put the record right first.",
        )
    if found.open:
        raise UserError(
            say(
                "this person is under care at home already: {reference}",
                reference=reference(found.open),
            ),
            "Open that episode, and add to it what is needed.",
        )


def may_go_home(found: Stands) -> None:
    """Raises UserError where the person is in a hospital bed still."""
    if found.ward is not None:
        raise UserError(
            "this person is in a hospital bed now",
            "Confirm the package for the day of discharge; start it when they have left the ward.",
        )


def answered(package: Package, facts: Facts) -> tuple[Sequence[Answered], Sequence[Answered]]:
    """The criteria, and the red flags, with what the record says of each."""

    def one(each: Criterion) -> Answered:
        if not each.when:
            return Answered(criterion=each)
        found = condition(each.when).explain(facts)
        return Answered(criterion=each, met=found.answer, because=found.words)

    return [one(each) for each in package.criteria], [one(each) for each in package.flags]


def weighed(
    criteria: Sequence[Answered], answers: Mapping[int, bool | None]
) -> tuple[list[str], list[dict[str, str]]]:
    """What is not met, and every answer with its reason, for the act that keeps it.

    What the record says stands, unless somebody answers otherwise; nothing that is unknown passes.
    """
    unmet, kept = [], []
    for place, each in enumerate(criteria):
        told = answers.get(place)
        met = each.met if told is None else told
        said = each.because if told in {None, each.met} and each.because else say("as asked")
        kept.append({"words": each.criterion.words, "met": _word(met), "because": said})
        if not met:
            unmet.append(each.criterion.words)
    return unmet, kept


def cause_of(found: Stands) -> str:
    """The key of the contact that it is started from, as `ContactEvent.cause` says it."""
    there = found.there
    return key_elsewhere(there.source, there.key) if there else ""


def _open(identities: Sequence[int]) -> int:
    marks = ", ".join(["%s"] * len(identities))
    if not identities:
        return 0
    found = store.rows(f"identity IN ({marks}) AND state <> 'ended'", identities)
    return int(found[0]["episode"]) if found else 0


def _word(met: bool | None) -> str:
    return say_each({True: "yes", False: "no", None: "not known"})[met]
