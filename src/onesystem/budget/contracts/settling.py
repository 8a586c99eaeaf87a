"""Settling a period: worked out, signed by the parties, posted to the ledger; corrected by another.

Everything of an act is one transaction: the ledger's posting, the settlement's state and the trail
come together or not at all. A settlement that stands is never edited; a correction reverses it in
the ledger and posts what should have stood.
"""

from datetime import date

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.budget.contracts import codec, gathering, posting, queries, working
from onesystem.budget.contracts.keeping import as_json, held, require_keep, step
from onesystem.budget.contracts.knowing import around
from onesystem.budget.contracts.rows import (
    ContractRow,
    SettledLine,
    SettlementRow,
    SignatureRow,
)
from onesystem.budget.contracts.terming import terms_of
from onesystem.district import current, now
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date

OPEN = ("draft", "signed")


def settle(*, slug: str, since: date, until: date, by: Actor, why: str = "") -> int:
    """Work a period out, as a draft; gives the settlement's number.

    Raises UserError where no version holds for all of it, where it overlaps what is settled, or
    where a settlement is open.
    """
    require_keep(by)
    made = _found(slug, since, until)
    with transaction.atomic():
        row = held(slug)
        _refuse_overlap(slug, since, until)
        return _draft(row, made, by, why=why)


def preview(*, slug: str, since: date, until: date) -> "Made":
    """A period worked out as `settle` would, of which nothing is kept."""
    return _found(slug, since, until)


class Made:
    """A period worked out, before anything of it is written."""

    def __init__(self, version: int, since: date, until: date, said: str) -> None:
        self.version, self.since, self.until, self.said = version, since, until, said
        self.worked = working.again(codec.loads(said))


def _found(slug: str, since: date, until: date) -> Made:
    version = _version(slug, since, until)
    made, currency = version.agreement, current().currency
    terms = terms_of(made, code=slug, version=version.number, currency=currency)
    found = gathering.gathered(made, slug, since, until, around(), currency=currency)
    worked = working.worked(terms, found.facts, found.already)
    origins = [each.plain() for each in found.origins]
    said = working.kept(terms, found.facts, found.already, origins, worked)
    return Made(version.number, since, until, as_json(said))


def _version(slug: str, since: date, until: date) -> queries.Version:
    known = queries.contract(slug)
    months = gathering.months_of(since, until)
    found = {known.in_force(month) for month in months}
    if None in found:
        month = next(month for month in months if known.in_force(month) is None)
        raise UserError(
            say(
                "no version of {name} is in force in {month}",
                name=known.name,
                month=say_date(month, "%B %Y"),
            ),
            "Choose months for which it is signed and published.",
        )
    if len(found) > 1:
        raise UserError(
            say(
                "{found} versions of {name} are in force in these months",
                found=len(found),
                name=known.name,
            ),
            "Settle the months of each version by themselves.",
        )
    [version] = found
    assert version is not None  # noqa: S101 - None was refused above
    return version


def _refuse_overlap(slug: str, since: date, until: date) -> None:
    there = SettlementRow.objects.filter(contract=slug)
    if open_ := there.filter(state__in=OPEN).first():
        raise UserError(
            say("settlement {settlement} is open", settlement=open_.settlement),
            "Post it, or withdraw it, before another.",
        )
    stands = there.filter(state="posted", reversed_by=0, since__lt=until, until__gt=since).first()
    if stands:
        raise UserError(
            say(
                "settlement {settlement} has settled {since} already",
                settlement=stands.settlement,
                since=say_date(stands.since, "%B %Y"),
            ),
            "Correct that settlement: it is reversed, and the months are settled anew.",
        )


def _draft(row: ContractRow, made: Made, by: Actor, *, why: str = "", reverses: int = 0) -> int:
    row.settlements += 1
    SettlementRow.objects.create(
        contract=row.slug, settlement=row.settlements, version=made.version, since=made.since,
        until=made.until, facts=made.said, digest=codec.digest_of(made.said), reverses=reverses,
        at=to_micros(now()), by=by.name, why=why.strip()[:1000],
    )  # fmt: skip
    SettledLine.objects.bulk_create(
        SettledLine(
            contract=row.slug, settlement=row.settlements, nth=nth, rule=line.rule,
            words=line.words[:1000], source=line.source[:1000], amount=line.amount,
            party=line.party, fact=working.fact_of(line),
        )
        for nth, line in enumerate(made.worked.lines)
    )  # fmt: skip
    kind = "corrected" if reverses else "settled"
    step(row, kind, by, settlement=row.settlements, number=made.version, why=why)
    return int(row.settlements)


@transaction.atomic
def sign(*, slug: str, settlement: int, party: str, signatory: str, by: Actor) -> None:
    """Write down that a party agrees to a settlement, by whose hand."""
    require_keep(by)
    row = held(slug)
    one = _open(slug, settlement)
    parties = _parties(slug, one)
    if party not in parties:
        raise UserError(
            say("{party} is no party of it", party=repr(party)), "Choose one of the parties."
        )
    if party in {each.party for each in one.signatures}:
        raise UserError(
            say("{party} has signed it already", party=repr(party)), "Nothing is left to do for it."
        )
    if not signatory.strip():
        raise UserError("it is not said who signed", "Write the name and the office of who did.")
    SignatureRow.objects.create(
        contract=slug, number=one.row.version, settlement=settlement, party=party,
        signatory=signatory.strip()[:200], digest=one.row.digest, at=to_micros(now()), by=by.name,
    )  # fmt: skip
    if parties <= {party, *(each.party for each in one.signatures)}:
        one.row.state = "signed"
        one.row.save()
    step(row, say("settlement signed"), by, settlement=settlement, detail={"party": party})


def _parties(slug: str, one: queries.Settled) -> set[str]:
    version = queries.contract(slug).version(one.row.version)
    return {party.organisation for party in version.agreement.parties}


def unsigned(slug: str, one: queries.Settled) -> list[str]:
    """The parties that have not signed a settlement."""
    signed = {each.party for each in one.signatures}
    return sorted(_parties(slug, one) - signed)


def _open(slug: str, settlement: int) -> queries.Settled:
    one = queries.settled(slug, settlement)
    if one.row.state not in OPEN:
        raise UserError(
            say("settlement {settlement} is {state}", settlement=settlement, state=one.row.state),
            "Look at what became of it.",
        )
    return one


@transaction.atomic
def post(*, slug: str, settlement: int, by: Actor) -> list[int]:
    """Post a settlement that all parties signed; gives the ledger's numbers. Again posts nothing.

    What it corrects is reversed in the same act.
    """
    require_keep(by)
    row = held(slug)
    one = queries.settled(slug, settlement)
    if one.row.state == "posted":
        return one.postings
    if one.row.state != "signed":
        names = ", ".join(unsigned(slug, one))
        what = (
            say("it is not signed by {names}", names=names)
            if one.row.state == "draft"
            else say("it is withdrawn")
        )
        raise UserError(what, "Post it once all parties have signed.")
    version = queries.contract(slug).version(one.row.version)
    if one.row.reverses:
        _reverse(slug, one, by)
    numbers = posting.posted(slug, version.agreement, one, by=by)
    one.row.state, one.row.posted, one.row.postings = "posted", to_micros(now()), as_json(numbers)
    one.row.save()
    step(row, "posted", by, settlement=settlement, detail={"postings": len(numbers)})
    return numbers


def _reverse(slug: str, one: queries.Settled, by: Actor) -> None:
    wrong = queries.settled(slug, one.row.reverses)
    for number in wrong.postings:
        posting.reversed_(number, why=one.row.why, by=by)
    wrong.row.reversed_by = one.row.settlement
    wrong.row.save()


@transaction.atomic
def withdraw(*, slug: str, settlement: int, by: Actor, why: str) -> None:
    """Put an open settlement away: its facts and lines stay, and move nothing."""
    require_keep(by)
    row = held(slug)
    one = _open(slug, settlement)
    if not why.strip():
        raise UserError("it is not said why it is withdrawn", "Say it in a line.")
    one.row.state = "withdrawn"
    one.row.save()
    step(row, "dropped", by, settlement=settlement, why=why)


def correct(*, slug: str, settlement: int, by: Actor, why: str) -> int:
    """Work a posted settlement out anew, as a draft that reverses it once it is posted."""
    require_keep(by)
    if not why.strip():
        raise UserError("it is not said what was wrong", "Say it in a line.")
    wrong = queries.settled(slug, settlement).row
    if wrong.state != "posted" or wrong.reversed_by:
        raise UserError(
            say("settlement {settlement} does not stand", settlement=settlement),
            "Correct the one that does.",
        )
    made = _found(slug, wrong.since, wrong.until)
    with transaction.atomic():
        row = held(slug)
        if SettlementRow.objects.filter(contract=slug, state__in=OPEN).exists():
            raise UserError("a settlement is open", "Post it, or withdraw it, before another.")
        return _draft(row, made, by, why=why, reverses=settlement)


def rerun(slug: str, settlement: int) -> list[str]:
    """Work a settlement out again from the facts kept with it; what differs, in words."""
    one = queries.settled(slug, settlement)
    found = working.again(one.kept).lines
    told = [(each.rule, each.words, each.amount, each.party) for each in one.lines]
    anew = [(each.rule, each.words[:1000], each.amount, each.party) for each in found]
    if codec.digest_of(one.row.facts) != one.row.digest:
        return [say("the facts that were kept are not those that were signed")]
    if len(told) != len(anew):
        return [say("{anew} lines, where {told} were kept", anew=len(anew), told=len(told))]
    return [
        say(
            "line {n}: {new} where {old} was kept ({old2})",
            n=n + 1,
            new=new[2],
            old=old[2],
            old2=old[0],
        )
        for n, (old, new) in enumerate(zip(told, anew, strict=True))
        if old != new
    ]


def looked(slug: str, settlement: int, by: Actor) -> None:
    """Say in the trail that a settlement left as a file."""
    access.record(by=by, act="contract.settlement_exported", what=f"{slug} {settlement}")
