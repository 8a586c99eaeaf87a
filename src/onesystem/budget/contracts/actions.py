"""Writing contracts: keep a draft, sign it for a party, publish it, withdraw it.

A version is written until its first signature; from then on its text stands, and what should be
otherwise is the next version. Whoever acts says the number of the last step that they `seen`.
"""

import re

from django.db import transaction

from onesystem.access import Actor
from onesystem.budget.contracts import checks, codec, gating, queries
from onesystem.budget.contracts.agreement import Agreement
from onesystem.budget.contracts.keeping import NotYet, Wrong, held, require_keep, step
from onesystem.budget.contracts.knowing import around
from onesystem.budget.contracts.rows import ContractRow, SignatureRow, VersionRow
from onesystem.budget.contracts.scoping import Around, services_of
from onesystem.budget.contracts.terming import terms_of
from onesystem.budget.terms import checks as terms_checks
from onesystem.district import current, now
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date
from onesystem.vocabulary.typed import Problem

_SLUG = re.compile(r"[^a-z0-9]+")
TAKEN = {"new", "import", "compare", "decompose", "spend"}  # addresses of other pages


def slug_of(name: str) -> str:
    """What a contract is found by: its name in small letters, with a number where it is taken."""
    base = _SLUG.sub("-", name.casefold()).strip("-")[:60] or "contract"
    taken = TAKEN | set(
        ContractRow.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    )
    tries = (base, *(f"{base}-{n}" for n in range(2, len(taken) + 4)))
    return next(each for each in tries if each not in taken)


def problems(made: Agreement, near: Around, last: Agreement | None = None) -> list[Problem]:
    """Everything that is wrong with an agreement, as itself and as the terms that it comes to."""
    found = checks.problems(made, near)
    if last is not None and made.since <= last.since:
        found.append(
            Problem(
                "since",
                say(
                    "A version is in force from {since} on", since=say_date(last.since, "%-d %B %Y")
                ),
                say("Let this one begin later, so that each day has one."),
            )
        )
    if found:
        return found
    terms = terms_of(made, code="contract", version=1, currency=current().currency)
    said = (Problem("terms", f"{p.where}: {p.what}", p.cure) for p in terms_checks.problems(terms))
    return list(said)


def paid_twice(slug: str, made: Agreement, near: Around) -> list[Problem]:
    """Services that another contract pays for at the same time: a contact is paid once."""
    mine = set(services_of(made, near.services))
    found = []
    for other in queries.contracts():
        live = [each for each in other.versions if each.state == "published"]
        for each in live if other.slug != slug else ():
            there = each.agreement
            both = mine & set(services_of(there, near.services))
            if both and there.since < made.until and made.since < there.until:
                names = ", ".join(sorted(near.services[code].name for code in both))
                found.append(
                    Problem(
                        "scope",
                        say(
                            "{name} pays for {names} in these months already",
                            name=other.name,
                            names=names,
                        ),
                        say("Take it out of one of them: a contact is paid once."),
                    )
                )
                break
    return found


@transaction.atomic
def begin(*, agreement: Agreement, by: Actor, slug: str = "", why: str = "") -> str:
    """A new contract, as the draft of its first version; gives its slug. Raises Wrong."""
    require_keep(by)
    if found := problems(agreement, around()):
        raise Wrong(found)
    row = ContractRow.objects.create(
        slug=slug or slug_of(agreement.name), name=agreement.name, at=to_micros(now()), by=by.name
    )
    _write(VersionRow(contract=row.slug, number=1), agreement, by)
    step(row, "begun", by, number=1, why=why)
    return str(row.slug)


@transaction.atomic
def keep(*, slug: str, agreement: Agreement, seen: int, by: Actor, why: str = "") -> int:
    """Keep a draft as it is now written: of the open version, else of the next one.

    Gives the version's number. Raises Wrong, Overtaken, UserError where it is being signed.
    """
    require_keep(by)
    row = held(slug, seen)
    known = queries.contract(slug)
    open_, last = known.open, _published(known)
    if found := problems(agreement, around(), last):
        raise Wrong(found)
    if open_ is not None and open_.state != "draft":
        raise UserError(
            say(
                "version {number} has been signed by {signatures} of its parties, so it does "
                "not change any more",
                number=open_.number,
                signatures=len(open_.signatures),
            ),
            "Withdraw it, and write the next version.",
        )
    if open_ is not None and codec.text_of(agreement) == open_.row.body:
        return open_.number
    version = open_.row if open_ else VersionRow(contract=slug, number=_next(known))
    _write(version, agreement, by)
    row.name = agreement.name
    step(row, "kept", by, number=version.number, why=why)
    return int(version.number)


def _published(known: queries.Contract) -> Agreement | None:
    last = max(
        (each for each in known.versions if each.state == "published"),
        key=lambda each: each.row.since, default=None,
    )  # fmt: skip
    return last.agreement if last else None


def _next(known: queries.Contract) -> int:
    return max((each.number for each in known.versions), default=0) + 1


def _write(row: VersionRow, agreement: Agreement, by: Actor) -> None:
    row.since, row.until = agreement.since, agreement.until
    row.body = codec.text_of(agreement)
    row.digest = codec.digest_of(row.body)
    row.at, row.by = to_micros(now()), by.name
    row.save()


@transaction.atomic
def sign(*, slug: str, party: str, signatory: str, seen: int, by: Actor) -> int:
    """Write down that a party signed the open version, by whose hand; gives the step.

    Raises UserError where it signed already or is no party, Wrong where the text cannot stand.
    """
    require_keep(by)
    row = held(slug, seen)
    version = _open(queries.contract(slug))
    _refuse_signature(version, party, signatory)
    made, near = version.agreement, around()
    last = _published(queries.contract(slug))
    if found := problems(made, near, last) or paid_twice(slug, made, near):
        raise Wrong(found)
    SignatureRow.objects.create(
        contract=slug, number=version.number, party=party, signatory=signatory.strip()[:200],
        digest=version.row.digest, at=to_micros(now()), by=by.name,
    )  # fmt: skip
    version.row.state = "signed" if set(version.unsigned) <= {party} else "signing"
    version.row.save()
    return step(row, "signed", by, number=version.number, detail={"party": party})


def _refuse_signature(version: queries.Version, party: str, signatory: str) -> None:
    if party in {each.party for each in version.signatures}:
        raise UserError(
            say("{party} has signed it already", party=repr(party)), "Nothing is left to do for it."
        )
    if party not in version.unsigned:
        raise UserError(
            say("{party} is no party of it", party=repr(party)), "Choose one of the parties."
        )
    if not signatory.strip():
        raise UserError("it is not said who signed", "Write the name and the office of who did.")


def _open(known: queries.Contract) -> queries.Version:
    if known.open is None:
        raise UserError(
            say("no version of {name} is being written", name=known.name),
            "Write the next one first.",
        )
    return known.open


@transaction.atomic
def publish(*, slug: str, seen: int, by: Actor, override: str = "") -> int:
    """Let a version that all parties signed go live on its day; gives the step.

    Raises NotYet with everything that the gate misses. With `override`, the reason of whoever goes
    on all the same, it goes live and keeps that name and reason for ever.
    """
    require_keep(by)
    row = held(slug, seen)
    version = _open(queries.contract(slug))
    if version.state != "signed":
        names = ", ".join(version.unsigned)
        raise UserError(
            say("it is not signed by {names}", names=names),
            "Publish it once all parties have signed.",
        )
    missing = gating.missing(version.agreement)
    reason = override.strip() if missing else ""
    if missing and not reason:
        raise NotYet(missing)
    version.row.state, version.row.published = "published", to_micros(now())
    version.row.override, version.row.override_by = reason[:1000], by.name if reason else ""
    version.row.save()
    kind = "overridden" if reason else "published"
    return step(row, kind, by, number=version.number, why=reason)


@transaction.atomic
def withdraw(*, slug: str, seen: int, by: Actor, why: str) -> int:
    """Put the open version away: its text and its signatures stay, and bind nobody."""
    require_keep(by)
    row = held(slug, seen)
    version = _open(queries.contract(slug))
    if not why.strip():
        raise UserError("it is not said why it is withdrawn", "Say it in a line.")
    version.row.state = "withdrawn"
    version.row.save()
    return step(row, "withdrawn", by, number=version.number, why=why)
