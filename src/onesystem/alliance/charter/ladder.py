"""Disagreements climb the charter's ladder: each rung has somebody who settles it, and a clock.

    raise_        it begins on the first rung, due so many working days later
    say           what was said or tried, wherever it is
    climb         it goes up: because it could not be settled there, or its days are over
    resolve       how it was settled, in words; withdraw: whoever raised it takes it back

The ladder is the one of the charter under which it was raised: a later version does not move a
case that is on its way. On the last rung nothing climbs any further.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time

from django.db import transaction
from django.db.models import Max

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries, text
from onesystem.alliance.charter.keeping import LONGEST, found, micros, step, words
from onesystem.alliance.charter.more_rows import Disagreement, DisagreementStep
from onesystem.alliance.charter.rows import Alliance, CharterVersion
from onesystem.alliance.charter.standing import CHAIR
from onesystem.alliance.charter.text import Rung
from onesystem.district import current, now
from onesystem.vocabulary import UserError, nearest, to_local, to_utc
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.working_days import after, country_of

KINDS = {"disagreement": "Disagreement", "breach": "Breach of the charter"}


@transaction.atomic
def raise_(
    *, alliance: str, title: str, text: str, by: Actor, between: Iterable[str] = (),
    kind: str = "disagreement", proposal: int = 0,
) -> int:  # fmt: skip
    """Somebody raises it; gives its number. Members raise one, and whoever may propose."""
    row = step(alliance, "disagreement-raised", kind, by)
    stands = queries.standing(row.code)
    if stands.of_user(by.name) is None:
        access.require(by, "alliance.propose")
    if stands.version is None or not stands.version.charter.ladder:
        raise UserError("no charter with a ladder is in force", "Sign a charter that has one first")
    if kind not in KINDS:
        raise UserError(f"there is no kind {kind!r}", nearest(kind, KINDS))
    known, parties = {p.code for p in stands.parties}, sorted(set(between))
    for code in parties:
        if code not in known:
            raise UserError(f"{code!r} is no party", nearest(code, known))
    last = Disagreement.objects.filter(alliance=row).aggregate(last=Max("number"))["last"] or 0
    made = Disagreement.objects.create(
        alliance=row, number=last + 1, kind=kind, title=words(title, "the title", 200),
        words=words(text, "what it is about", LONGEST), between=json.dumps(parties),
        proposal=proposal, charter=stands.version.number,
        due=due(stands.version.charter.ladder[0]), at=micros(), by=by.name,
    )  # fmt: skip
    _step(made, "raised", text, by)
    _tell(made, by)
    return int(made.number)


@transaction.atomic
def say(*, alliance: str, number: int, text: str, by: Actor) -> None:
    """What was said, or tried, on the rung where it is."""
    made = _open(alliance, number, by)
    _step(made, "said", words(text, "what was said", LONGEST), by)


@transaction.atomic
def climb(*, alliance: str, number: int, text: str, by: Actor, seen: int | None = None) -> int:
    """It goes one rung up; gives the rung. Raises UserError on the last one."""
    made = _open(alliance, number, by, seen)
    rungs = ladder_of(made)
    if made.rung >= len(rungs):
        raise UserError("it is on the last rung", "Settle it there: write down how, or withdraw it")
    made.rung += 1
    made.due = due(rungs[made.rung - 1])
    made.save(update_fields=["rung", "due"])
    _step(made, "climbed", words(text, "why it could not be settled there", LONGEST), by)
    _tell(made, by)
    return int(made.rung)


@transaction.atomic
def resolve(*, alliance: str, number: int, text: str, by: Actor, seen: int | None = None) -> None:
    """It is settled: how, in words that both sides would use."""
    made = _open(alliance, number, by, seen)
    _close(made, "resolved", words(text, "how it was settled", LONGEST), by)


@transaction.atomic
def withdraw(*, alliance: str, number: int, text: str, by: Actor) -> None:
    """Whoever raised it takes it back."""
    made = _open(alliance, number, by)
    if made.by != by.name:
        access.require(by, "alliance.keep")
    _close(made, "withdrawn", words(text, "the reason", LONGEST), by)


def ladder_of(made: Disagreement) -> tuple[Rung, ...]:
    """The rungs of the charter under which it was raised."""
    version = CharterVersion.objects.get(alliance=made.alliance_id, number=made.charter)
    return text.read(version.body).ladder


def due(rung: Rung) -> int:
    """Until when it may stay on a rung: the end of so many working days from today."""
    zone, country = current().zone, country_of(current().currency)
    last = after(to_local(now(), zone).date(), rung.days, country)
    return to_micros(to_utc(datetime.combine(last, time(23, 59)), zone).astimezone(UTC))


def _tell(made: Disagreement, by: Actor) -> None:
    """The chair is told, and those who command the money of the parties between whom it is."""
    between = set(json.loads(made.between))
    for member in queries.standing(made.alliance_id).seated:
        concerned = member.seat == CHAIR or member.commands in between
        if member.username and concerned and member.username != by.name:
            access.notify(
                topic="alliance.disagreement", username=member.username,
                words=f"Disagreement {made.number}, rung {made.rung}",
                link=f"/alliance/disagreements/{made.number}/",
            )  # fmt: skip


def _open(alliance: str, number: int, by: Actor, seen: int | None = None) -> Disagreement:
    """One that is open, taken by whoever acts on it first."""
    row = step(alliance, "disagreement-acted", number, by)
    _require(row, by)
    made: Disagreement = found(Disagreement, "disagreement", alliance=row, number=number)
    if made.state != "open":
        raise UserError(f"it is {made.state}", "Raise it anew if it is there again")
    if seen is not None and made.steps != seen:
        raise UserError("somebody did something to it meanwhile", "Look at it again, then decide")
    return made


def _require(row: Alliance, by: Actor) -> None:
    if queries.member_of(by, row.code) is None:
        access.require(by, "alliance.keep")


def _close(made: Disagreement, state: str, said: str, by: Actor) -> None:
    made.state = state
    made.save(update_fields=["state"])
    _step(made, state, said, by)


def _step(made: Disagreement, kind: str, said: str, by: Actor) -> None:
    made.steps += 1
    made.save(update_fields=["steps"])
    DisagreementStep.objects.create(
        of=made, step=made.steps, kind=kind, rung=made.rung, words=said.strip(), at=micros(),
        by=by.name,
    )  # fmt: skip
