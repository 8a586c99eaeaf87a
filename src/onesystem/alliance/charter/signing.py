"""The charter: written, laid out for signing, signed by every member, and then in force.

The text stands from when it is laid out. It is in force from the moment that everybody who sits
has signed it; the one before is superseded in the same moment. A member who joins later signs the
one in force. Who has an account signs themselves; for who has none the keeper writes it down.
"""

import hashlib

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries, text
from onesystem.alliance.charter.keeping import found, micros, step, words
from onesystem.alliance.charter.rows import Alliance, CharterSignature, CharterVersion, Member
from onesystem.alliance.charter.standing import CHAIR, COMMUNITY, SERVICE
from onesystem.alliance.charter.standing import Member as Sits
from onesystem.alliance.charter.text import Charter
from onesystem.district import now
from onesystem.vocabulary import NotPermitted, UserError
from onesystem.vocabulary.said import say

_KEEPS = "alliance.keep"
_OPEN = ("draft", "signing")


@transaction.atomic
def write(
    *, alliance: str, charter: Charter, by: Actor, why: str = "", seen: int | None = None
) -> int:
    """Keep a draft of the next version; gives its number. Another draft takes its place."""
    access.require(by, _KEEPS)
    row = queries.alliance(alliance)
    draft = CharterVersion.objects.filter(alliance=row, state__in=_OPEN).first()
    if draft is not None and draft.state == "signing":
        raise UserError(
            say(
                "version {number} is laid out for signing, and its text stands", number=draft.number
            ),
            "Withdraw it first, or wait until all have signed",
        )
    number = draft.number if draft else CharterVersion.objects.filter(alliance=row).count() + 1
    row = step(row.code, "charter-written", number, by, seen=seen, why=why)
    body = text.written(charter)
    CharterVersion.objects.update_or_create(
        alliance=row, number=number,
        defaults={"body": body, "digest": digest_of(body), "why": why.strip()[:1000],
                  "at": micros(), "by": by.name},
    )  # fmt: skip
    return number


@transaction.atomic
def lay_out(*, alliance: str, by: Actor, seen: int | None = None) -> int:
    """From now on the draft's text stands, and every member is asked to sign it."""
    access.require(by, _KEEPS)
    row = queries.alliance(alliance)
    draft = found(CharterVersion, say("draft of a charter"), alliance=row, state="draft")
    sitting = queries.standing(row.code).seated
    if missing := _mandatory(sitting):
        raise UserError(missing, "Fill the seat first: a charter without it binds nobody")
    row = step(row.code, "charter-laid-out", draft.number, by, seen=seen)
    draft.state = "signing"
    draft.save(update_fields=["state"])
    for member in sitting:
        if member.username:
            _tell(row, draft, member)
    return int(draft.number)


@transaction.atomic
def sign(*, alliance: str, by: Actor, digest: str, member: int = 0) -> bool:
    """A member signs what is laid out, else what is in force; says whether it came into force.

    `digest` is of the text that they saw. `member` is whose signature a keeper writes down.
    """
    row = step(alliance, "charter-signed", member or by.name, by)
    sits = _signatory(row, by, member)
    version = _to_sign(row, digest)
    _, new = CharterSignature.objects.get_or_create(
        version=version, member=sits,
        defaults={"digest": version.digest, "at": micros(), "by": by.name},
    )  # fmt: skip
    if not new:
        raise UserError("it is signed already", "One signature a version is enough")
    return settle(row, by)


@transaction.atomic
def withdraw(*, alliance: str, why: str, by: Actor, seen: int | None = None) -> None:
    """Put the open version away; the one in force stays."""
    access.require(by, _KEEPS)
    row = queries.alliance(alliance)
    version = found(CharterVersion, say("open version"), alliance=row, state__in=_OPEN)
    step(row.code, "charter-withdrawn", version.number, by, seen=seen,
         why=words(why, "the reason"))  # fmt: skip
    version.state = "withdrawn"
    version.save(update_fields=["state"])


def settle(row: Alliance, by: Actor) -> bool:
    """Bring the version that is laid out into force, once everybody who sits has signed it.

    Whoever is suspended is not waited for; whoever left is not either.
    """
    version = CharterVersion.objects.filter(alliance=row, state="signing").first()
    if version is None or waited_for(row.code, version.number):
        return False
    if _mandatory(queries.standing(row.code).seated):
        return False
    moment = micros()
    CharterVersion.objects.filter(alliance=row, state="in force").update(
        state="superseded", until=moment
    )
    version.state, version.since = say("in force"), moment
    version.save(update_fields=["state", "since"])
    step(row.code, "charter-in-force", version.number, by)
    return True


def waited_for(code: str, number: int) -> tuple[Sits, ...]:
    """Who sits, is not suspended, and has not signed a version."""
    signed = set(
        CharterSignature.objects.filter(version__alliance=code, version__number=number)
        .values_list("member_id", flat=True)
    )  # fmt: skip
    return tuple(
        m for m in queries.standing(code, now()).seated
        if m.key not in signed and not m.suspended
    )  # fmt: skip


def digest_of(body: str) -> str:
    """What somebody signs: the SHA-256 of the text as it is kept."""
    return hashlib.sha256(body.encode()).hexdigest()


def _mandatory(sitting: tuple[Sits, ...]) -> str:
    seats = {m.seat for m in sitting}
    if CHAIR not in seats:
        return say("nobody sits as independent chair")
    return "" if COMMUNITY in seats else say("nobody sits for the community")


def _to_sign(row: Alliance, digest: str) -> CharterVersion:
    there = CharterVersion.objects.filter(alliance=row, state__in=("signing", "in force"))
    if not there.exists():
        raise UserError("there is no charter to sign yet", "The chair lays it out for signing")
    version = there.filter(digest=digest).first()
    if version is None:
        raise UserError("the charter that you saw is not the one to sign",
                        "Read it again: somebody changed it meanwhile")  # fmt: skip
    return version


def _signatory(row: Alliance, by: Actor, member: int) -> Member:
    """Whose signature it is: one's own, or that of somebody without an account."""
    sitting = Member.objects.filter(alliance=row, until__isnull=True).exclude(seat=SERVICE)
    own = sitting.filter(username=by.name).first()
    if not member or (own is not None and own.id == member):
        if own is None:
            raise NotPermitted("you have no seat in this alliance", "Only members sign its charter")
        return own
    access.require(by, _KEEPS)
    sits: Member = found(Member, "member who sits", alliance=row, id=member, until__isnull=True)
    if sits.username:
        raise UserError("they sign themselves, with their own account",
                        "Ask them: a signature is written down only for who has none")  # fmt: skip
    return sits


def _tell(row: Alliance, version: CharterVersion, member: Sits) -> None:
    access.notify(
        topic="alliance.sign", username=member.username, link="/alliance/charter/",
        words=say("{name}, version {number}", name=row.name, number=version.number),
    )  # fmt: skip
