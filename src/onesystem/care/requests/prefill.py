"""What the form of a service asks for, with what the record knows of it already. Pure.

Nothing is asked twice: a field that says where the record has it comes filled in, can be changed,
and says what it was taken from and of when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onesystem.care.pathways import known
from onesystem.care.pathways.conditions import condition
from onesystem.care.pathways.known import Facts, Resource
from onesystem.care.services.entry import Entry, Field
from onesystem.record.views.trouble import BadView
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_each

_MOST = 12  # of a kind: a form is no record
_LISTED = {  # resources of one thing under several names
    "MedicationStatement": "MedicationRequest",
}
_NONE = say_each({
    "AllergyIntolerance": "allergies", "MedicationRequest": "medicines", "Condition": "problems",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A value out of the record: `what` it was taken from, and `at` when its newest was so."""

    value: str
    what: str
    at: datetime | None = None


def filled(entry: Entry, facts: Facts) -> dict[str, Filled]:
    """The fields of a form that the record knows, by their names."""
    found = {field.name: _field(field, facts) for field in entry.form if field.known}
    return {name: each for name, each in found.items() if each is not None}


def _field(field: Field, facts: Facts) -> Filled | None:
    if field.known.isalnum():
        return _of_kind(field.known, facts)
    try:
        asked = condition(field.known)
    except (UserError, BadView):
        return None  # the directory says so where it is edited; the form asks
    value = _text(asked.value(facts), field)
    if not value:
        return None
    because = asked.explain(facts).because if "(" in field.known else ()
    seen = next((b.ref for b in because if b.ref), "")
    return Filled(value=value, what=say("the record"), at=_moment(facts, seen))


def _of_kind(kind: str, facts: Facts) -> Filled | None:
    kind = _LISTED.get(kind, kind)
    standing = [each for each in facts.resources.get(kind, ()) if known.stands(each)]
    names = list(dict.fromkeys(filter(None, map(known.words_of, standing))))
    if not names:
        return None
    more = say("; and {names} more", names=len(names) - _MOST) if len(names) > _MOST else ""
    moments = [at for each in standing if (at := known.moment_of(each)) is not None]
    return Filled(
        value="; ".join(names[:_MOST]) + more,
        what=_NONE.get(kind, "what is known") + " in the record",
        at=max(moments, default=None),
    )


def _moment(facts: Facts, ref: str) -> datetime | None:
    kind, _, number = ref.partition("/")
    held: Sequence[Resource] = facts.resources.get(kind, ())
    found = next((each for each in held if each.get("id") == number), None)
    return None if found is None else known.moment_of(found)


def _text(value: Any, field: Field) -> str:
    if isinstance(value, bool):
        return ("yes" if value else "no") if field.type == "yes-no" else ""
    if isinstance(value, Mapping):
        if "value" in value:
            return f"{value['value']} {value.get('unit', '')}".strip()
        return known.words_of({"code": value})
    text = "" if value is None else str(value)
    return text if field.type != "choice" or text in field.options else ""


def starting(
    entry: Entry, facts: Facts, said: Mapping[str, str]
) -> dict[str, tuple[str, Filled | None]]:
    """The value of each field as the form opens, and where it came from; `said` goes first."""
    have = filled(entry, facts)
    return {
        each.name: (said.get(each.name, have[each.name].value if each.name in have else ""),
                    have.get(each.name))
        for each in entry.form
    }  # fmt: skip
