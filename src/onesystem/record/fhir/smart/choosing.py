"""Which person, and for which purpose: from the launch, or as the user chooses."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from onesystem import access, people
from onesystem.access import purposes
from onesystem.access.deciding import persons_of
from onesystem.access.decision import refused
from onesystem.access.kinds import DEMOGRAPHICS
from onesystem.access.roles import purposes_of
from onesystem.access.volume import too_many
from onesystem.district import current, now
from onesystem.people import queries as person_queries
from onesystem.people.presenters import who_words
from onesystem.record.fhir.smart import grants
from onesystem.record.fhir.smart.asking import Request
from onesystem.record.fhir.smart.errors import OAuthError
from onesystem.record.fhir.smart.naming import patient_of
from onesystem.record.fhir.smart.roles import able_of
from onesystem.vocabulary import UserError

_MOST = 20
OWN = "own record"


class Stopped(Exception):
    """The user is told why it cannot go on like this, and stays on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """For whom and what for. `who`: the words for the person's banner."""

    purpose: str = ""
    reason: str = ""
    person: int | None = None
    who: Any = None


def chosen(request: HttpRequest, asked: Request) -> Choice:
    """What is chosen by now. Raises OAuthError where the launch is no good."""
    actor = request.actor  # type: ignore[attr-defined]
    if asked.launch:
        found = grants.launched(asked.launch, app=asked.app, username=actor.name)
        if found is None:
            raise OAuthError("invalid_request", "the launch is unknown, used or over")
        return _known(Choice(purpose=found.purpose, reason=found.reason, person=found.person))
    able = purposes_of(actor.roles, now().date())
    purpose = request.POST.get("purpose", "")
    made = Choice(
        purpose=purpose if purpose in able else (able[0] if able else ""),
        reason=request.POST.get("reason", "").strip()[:500],
    )
    if (person := request.POST.get("person", "")).isascii() and person.isdigit():
        made = replace(made, person=int(person[:18]))
        given = purposes.given(request, int(person[:18]))
        if given and given.purpose in able and "purpose" not in request.POST:
            made = replace(made, purpose=given.purpose, reason=given.reason)
    return _known(made) if made.person is not None else made


def _known(choice: Choice) -> Choice:
    """With the person's banner; without the person where there is none such."""
    assert choice.person is not None  # noqa: S101 - asked for a person only
    here = persons_of([choice.person]).get(choice.person)
    if here is None:
        return replace(choice, person=None)
    words = who_words(here, people.identities_of(here), current(), at=now())
    return replace(choice, person=here, who=words)


def opened(asker: access.Asker, choice: Choice) -> str:
    """The id of the Patient, once it is decided that the person opens. Raises Stopped."""
    assert choice.person is not None  # noqa: S101 - asked for a person only
    if choice.purpose != OWN and len(choice.reason) < 3:
        raise Stopped("Say in a few words what you are doing")
    able = able_of(asker.actor.roles, choice.purpose)
    found = access.decide(asker, choice.person, "general" if able.record else DEMOGRAPHICS)
    if found and too_many(asker.actor, choice.person):
        found = refused("too-many")
    if not found:
        access.record(
            by=asker.actor, act="access.refused", what=asker.client, person=choice.person,
            purpose=asker.purpose, detail={"why": found.reason, "client": asker.client},
        )  # fmt: skip
        raise Stopped(f"{found.words}. {found.way}")
    patient = patient_of(choice.person, asker)
    if not patient:
        raise Stopped("No source has sent this person as a FHIR Patient, so no application can "
                      "be given them. Choose another person.")  # fmt: skip
    return patient


def listed(request: HttpRequest, text: str, *, own: bool) -> tuple[list[tuple[int, Any]], str]:
    """People to choose from, each with the words for their line; and what there is to say."""
    actor = request.actor  # type: ignore[attr-defined]
    if own:
        asker = access.asker_of(actor, OWN)
        mine = [*([asker.person] if asker.person is not None else []), *sorted(asker.acts_for)]
        told = "" if mine else "No record is linked with your account. Ask your practice."
        return [(p, _words(p)) for p in mine], told
    if not text:
        return [], ""
    try:
        hits = person_queries.search(text, by=actor, limit=_MOST)
    except UserError as error:
        return [], str(error)
    seen = list(dict.fromkeys(hit.person for hit in hits))
    return [(p, _words(p)) for p in seen], "" if seen else "Nobody was found."


def _words(person: int) -> Any:
    return who_words(person, people.identities_of(person), current(), at=now())
