"""The functions of conditions that a clinician would ask for, beside those of FHIRPath.

Each gives what FHIRPath gives: a collection of one, or none where it is not known. Where the
reason is asked for (`seen`), it says which fact it found, in words.

    hasCondition(%copd)         whether a condition of the list stands now
    hadCondition(%copd, 365)    whether it ever did, or did in so many days
    hasMedicine(%warfarin)      whether it is taken
    hasAllergy(%penicillin)     whether they are allergic to it
    hasAlert(%falls)            whether an alert says so
    hasWishes()                 whether wishes for care ahead were written down
    hadVaccine(%flu, 365)       whether it was given in so many days
    latest(%hba1c, 365)         the newest value in so many days
    measured(%hba1c, 365)       whether there is one
    contacts('ED', 90)          how many contacts with services of a setting began in so many days
    here('ward')                whether they are there now
    asked('physiotherapy')      whether a request with that in its words waits for its answer
    answer('confusion')         what was answered on this pathway
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onesystem.care.pathways import known
from onesystem.care.pathways.known import Facts, Resource
from onesystem.vocabulary.said import say, say_each

Items = Sequence[Any]
NONE: Items = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact that a condition looked at. `ref` is the resource it comes from, as `Type/id`."""

    words: str
    known: bool = True
    ref: str = ""


Told = list[Seen] | None
Helper = Callable[[Facts, str, Sequence[Items], Told], Items]


def _standing(kind: str, called: str, test: Callable[[Resource], bool]) -> Helper:
    def run(facts: Facts, label: str, args: Sequence[Items], seen: Told) -> Items:
        days = _days(args, 1)
        for each in facts.found(kind, _tokens(args)):
            if test(each) and known.within(known.moment_of(each), days, facts.now):
                if seen is not None:
                    seen.append(_since(each))
                return (True,)
        told = facts.told(kind)
        if seen is not None:
            some = say("no {label} in the record{in_days}", label=label, in_days=_in_days(days))
            none = (
                say("no {called} in the record", called=called)
                if not facts.partly
                else (
                    say("{label}: not seen, and not all of the record is open to you", label=label)
                )
            )
            seen.append(Seen(some, known=True) if told else Seen(none, known=False))
        return (False,) if told else NONE

    return run


def _wishes(facts: Facts, label: str, args: Sequence[Items], seen: Told) -> Items:
    del label, args
    held = next((c for c in facts.resources.get("Consent", ()) if known.stands(c)), None)
    if held is not None:
        if seen is not None:
            seen.append(
                Seen(say("wishes for care ahead{dated}", dated=_dated(held)), ref=_ref(held))
            )
        return (True,)
    if seen is not None:
        seen.append(Seen(say("no wishes for care ahead in the record"), known=not facts.partly))
    return NONE if facts.partly else (False,)


def _latest(facts: Facts, label: str, args: Sequence[Items], seen: Told) -> Items:
    days, tokens = _days(args, 1), _tokens(args)
    for each in facts.found("Observation", tokens):
        if known.counts(each) and known.within(known.moment_of(each), days, facts.now):
            value, unit = known.value_of(each, tokens)
            if value is not None:
                if seen is not None:
                    words = f"{label} {_shown(value)} {unit}".strip() + _dated(each)
                    seen.append(Seen(words, ref=_ref(each)))
                return (value,)
    if seen is not None:
        seen.append(
            Seen(
                say("no {label} in the record{in_days}", label=label, in_days=_in_days(days)),
                known=False,
            )
        )
    return NONE


def _measured(facts: Facts, label: str, args: Sequence[Items], seen: Told) -> Items:
    mine: Told = None if seen is None else []
    found = bool(_latest(facts, label, args, mine))
    if seen is not None and mine:
        seen.append(Seen(mine[0].words, known=True, ref=mine[0].ref))
    return (found,)


def _contacts(facts: Facts, label: str, args: Sequence[Items], seen: Told) -> Items:
    del label
    days, settings = _days(args, 1), set(args[0])
    count = sum(
        1 for each in facts.contacts
        if each.setting in settings and known.within(each.at, days, facts.now)
    )  # fmt: skip
    if seen is not None:
        seen.append(
            Seen(
                say(
                    "contacts with {settings}{in_days}: {count}",
                    settings=_listed(settings),
                    in_days=_in_days(days),
                    count=count,
                )
            )
        )
    return (count,)


def _here(facts: Facts, label: str, args: Sequence[Items], seen: Told) -> Items:
    del label
    settings = set(args[0])
    found = any(each.open and each.setting in settings for each in facts.contacts)
    if seen is not None:
        seen.append(
            Seen(
                say(
                    "{if_found}in {settings} now",
                    if_found="" if found else say("not "),
                    settings=_listed(settings),
                )
            )
        )
    return (found,)


def _asked(facts: Facts, label: str, args: Sequence[Items], seen: Told) -> Items:
    del label
    words = [str(each).casefold() for each in args[0]]
    found = next(
        (r for r in facts.requests
         if any(w in r.what.casefold() or w == r.service.casefold() for w in words)), None,
    )  # fmt: skip
    if seen is not None:
        said = say("a request for {what} is open", what=found.what or found.service) if found else (
            say("no open request for {words}", words=_listed(words)))  # fmt: skip
        seen.append(Seen(said))
    return (found is not None,)


def _answer(facts: Facts, label: str, args: Sequence[Items], seen: Told) -> Items:
    value = facts.answers.get(str(args[0][0])) if args[0] else None
    if seen is not None:
        said = (
            f"{label}: {_shown(value)}"
            if value is not None
            else say("{label}: not answered yet", label=label)
        )
        seen.append(Seen(said, known=value is not None))
    return NONE if value is None else (value,)


HELPERS: dict[str, tuple[Helper, int, int]] = {  # the least and the most arguments
    "hasCondition": (_standing("Condition", "list of conditions", known.stands), 1, 2),
    "hadCondition": (_standing("Condition", "list of conditions", known.counts), 1, 2),
    "hasMedicine": (_standing("MedicationRequest", "list of medicines", known.stands), 1, 2),
    "hasAllergy": (_standing("AllergyIntolerance", "word on allergies", known.stands), 1, 1),
    "hasAlert": (_standing("Flag", "alert", known.stands), 1, 1),
    "hadVaccine": (_standing("Immunization", "list of vaccines", known.counts), 1, 2),
    "hasWishes": (_wishes, 0, 0),
    "latest": (_latest, 1, 2),
    "measured": (_measured, 1, 2),
    "contacts": (_contacts, 1, 2),
    "here": (_here, 1, 1),
    "asked": (_asked, 1, 1),
    "answer": (_answer, 1, 1),
}


def shown_day(at: datetime) -> str:
    """A day in words."""
    return f"{at.day} {at:%B %Y}"


def _since(each: Resource) -> Seen:
    if each.get("resourceType") == "Immunization":
        return Seen(known.words_of(each) + _dated(each), ref=_ref(each))
    at = known.moment_of(each)
    since = f", {'since' if known.stands(each) else 'from'} {shown_day(at)}" if at else ""
    return Seen(f"{known.words_of(each)}{since}", ref=_ref(each))


def _tokens(args: Sequence[Items]) -> list[str]:
    return [each if "|" in each else known.token("", each) for each in map(str, args[0])]


def _days(args: Sequence[Items], place: int) -> int | None:
    return int(args[place][0]) if len(args) > place and args[place] else None


def _in_days(days: int | None) -> str:
    if days is None:
        return ""
    return say(" in the last day") if days == 1 else say(" in the last {days} days", days=days)


def _dated(each: Resource) -> str:
    at = known.moment_of(each)
    return say(" on {shown_day}", shown_day=shown_day(at)) if at else ""


def _ref(each: Resource) -> str:
    return f"{each.get('resourceType', '')}/{each['id']}" if "id" in each else ""


def _shown(value: Any) -> str:
    return say_each({True: "yes", False: "no"})[value] if isinstance(value, bool) else str(value)


def _listed(words: Iterable[str]) -> str:
    return " or ".join(sorted(map(str, words)))
