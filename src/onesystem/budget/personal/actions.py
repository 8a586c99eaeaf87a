"""What is done about a personal budget: assess, agree, sign, add, pause, end.

    number = assess(person=7, needs=[...], purses=[...], programme="integrated", ..., by=actor)
    agree(budget=number, sums={"nhs": 60000, "council": 40000}, ways={"direct": 100000}, ...)
    sign(budget=number, by=holder)

`seen` is how many steps the page knew. Money may be an `int` of minor units or `Money`; another
currency than the budget's is refused. Everything of an act stands, or nothing does.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from django.db import IntegrityError, transaction

from onesystem import access, people
from onesystem.access import Actor
from onesystem.access.keeping import take_on_caseload
from onesystem.budget.funds import queries as funds
from onesystem.budget.ledger.entry import minor
from onesystem.budget.personal import posting
from onesystem.budget.personal.acting import does, held, keeps, person_of, rules
from onesystem.budget.personal.acting import holder_or_keeper as told_by_holder
from onesystem.budget.personal.indication import Need, Purse, indicate
from onesystem.budget.personal.paying import charge_for, pays
from onesystem.budget.personal.rows import PersonalBudget, PersonalPurse, PersonalWay
from onesystem.budget.personal.standing import ENDED, INDICATIVE, PAUSES, after
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, UserError, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import needed

Amount = int | Money
_THERE, _OR_END = (
    say("this person has a personal budget already"),
    say("Change that one, or end it."),
)


@transaction.atomic
def assess(
    *, person: int, needs: Sequence[Need], purses: Sequence[Purse], programme: str, starts: date,
    ends: date, by: Actor, cohort: str = "", goals: str = "", owner: str = "",
    organisation: str = "", charge: int | None = None,
) -> int:  # fmt: skip
    """Assess what needs cost, and tell the indicative budget at once; gives its number.

    `charge` is what the person pays for care a week; None takes what was signed (`paying`).
    """
    keeps(by, person)
    ids = people.identity_ids_of(person)
    if not ids:
        raise NotFound(say("there is no person {person}", person=person), "Search for them again.")
    if PersonalBudget.objects.filter(identity__in=ids).exclude(state=ENDED).exists():
        raise UserError(_THERE, _OR_END)
    if not starts <= ends or (ends - starts).days > 366:
        raise UserError("a budget is for a year at most, and ends after it begins",
                        "Mend the days.")  # fmt: skip
    go_by, day = rules(), starts
    if cohort:
        go_by.one("cohort", cohort, day)
    known = [_known(purse) for purse in purses]
    off = charge_for(person, known, starts, ends, charge)
    chosen = go_by.one("programme", programme, day)
    found = indicate(needs, known, chosen, current().currency, off)
    keeper = organisation or by.organisation
    try:
        with transaction.atomic():
            row = PersonalBudget.objects.create(
                identity=ids[0], person_key=secrets.token_hex(8), programme=programme,
                cohort=cohort,
                state=INDICATIVE, starts=starts, ends=ends, currency=current().currency,
                owner=owner or by.name, organisation=keeper, goals=goals.strip()[:4000],
                caseload=_tie(person, keeper, by),
                indicative=found.total, working=json.dumps([asdict(line) for line in found.lines]),
                created=to_micros(now()),
            )  # fmt: skip
    except IntegrityError:  # somebody assessed at the same moment
        raise UserError(_THERE, _OR_END) from None
    _keep_purses(row, known, found.by_purse)
    sums = {"indicative": found.total, "pays": found.pays, "purses": sorted(found.by_purse)}
    does(row, "assessed", by, {"programme": programme, "cohort": cohort}, sums)
    return int(row.pk)


@transaction.atomic
def reassess(
    *, budget: int, needs: Sequence[Need], purses: Sequence[Purse], by: Actor,
    charge: int | None = None, seen: int | None = None,
) -> None:  # fmt: skip
    """Assess anew, before anything is agreed."""
    row = held(budget, seen=seen)
    keeps(by, person_of(row))
    known = [_known(purse) for purse in purses]
    programme = rules().one("programme", row.programme, row.starts)
    off = charge_for(person_of(row), known, row.starts, row.ends, charge)
    found = indicate(needs, known, programme, row.currency, off)
    row.purses.all().delete()
    _keep_purses(row, known, found.by_purse)
    row.indicative = found.total
    row.working = json.dumps([asdict(line) for line in found.lines])
    does(row, "reassessed", by, {}, {"indicative": found.total, "pays": found.pays})


@transaction.atomic
def agree(
    *, budget: int, sums: Mapping[str, Amount], ways: Mapping[str, Amount], by: Actor,
    goals: str = "", review: date | None = None, why: str = "", seen: int | None = None,
) -> None:  # fmt: skip
    """Agree the sum of each purse, how each part is held, and what it is to achieve."""
    row = held(budget, seen=seen)
    keeps(by, person_of(row))
    after(row.state, "agreed")
    purses = {purse.line: purse for purse in row.purses.all()}
    agreed = {line: minor(sum_, row.currency) for line, sum_ in sums.items()}
    if set(agreed) != set(purses) or min(agreed.values()) < 0:
        raise UserError(
            "each purse of the budget says what it gives",
            say("Say a sum for each of {purses}.", purses=", ".join(sorted(purses))),
        )
    total = sum(agreed.values())
    held_as = {
        w: minor(sum_, row.currency) for w, sum_ in ways.items() if minor(sum_, row.currency)
    }
    _check(row, total, held_as, why)
    for line, purse in purses.items():
        purse.agreed = agreed[line]
        purse.save()
    row.ways.all().delete()
    PersonalWay.objects.bulk_create(
        PersonalWay(budget=row, way=way, agreed=sum_) for way, sum_ in held_as.items()
    )
    row.agreed, row.review = total, review or row.ends
    row.goals = goals.strip()[:4000] or row.goals
    does(row, "agreed", by, {"sums": agreed, "ways": held_as, "why": why.strip()[:1000]},
         {"agreed": total, "ways": held_as})  # fmt: skip


def _check(row: PersonalBudget, total: int, ways: Mapping[str, int], why: str) -> None:
    programme = rules().one("programme", row.programme, row.starts)
    if not total:
        raise UserError("nothing was agreed", "Say what each purse gives.")
    if total + pays(row) < programme.floor:  # the floor is of the cost, whoever pays
        raise UserError(
            say(
                "{money} is under the least that a budget is: {money2}",
                money=Money(total + pays(row), row.currency),
                money2=Money(programme.floor, row.currency),
            ),
            "Agree at least that, or choose a programme without a floor.",
        )
    if sum(ways.values()) != total:
        raise UserError(
            say(
                "the ways come to {money}, and {money2} was agreed",
                money=Money(sum(ways.values()), row.currency),
                money2=Money(total, row.currency),
            ),
            "Let the parts that are held by us, by others and by the person sum to the whole.",
        )
    for way in ways:
        rules().one("way", way, row.starts)
    if total != row.indicative and not why.strip():
        raise UserError("it is not the indicative sum, and nobody said why",
                        "Write why it is more or less.")  # fmt: skip


@transaction.atomic
def sign(*, budget: int, by: Actor, paper: str = "", seen: int | None = None) -> None:
    """The holder signs, or a keeper says how they signed on paper: the money is set aside."""
    row = held(budget, seen=seen)
    person = person_of(row)
    own = told_by_holder(by, person)
    words = (
        ""
        if own
        else needed(
            paper,
            say("nobody said how it was signed"),
            say("Write who signed on paper, before whom, and when."),
        )
    )
    after(row.state, "signed")
    for purse in row.purses.order_by("pk"):
        if purse.agreed:
            posting.reserve(row, purse, purse.agreed, by, "signed")
            purse.save()
    row.signed_by, row.signed_at = by.name, to_micros(now())
    does(row, "signed", by, {"paper": words}, {"agreed": row.agreed, "by_holder": own})


@transaction.atomic
def add(
    *, budget: int, line: str, way: str, amount: Amount, why: str, by: Actor,
    seen: int | None = None,
) -> None:  # fmt: skip
    """More money in the course of the year, from one of the purses, held in one way."""
    row = held(budget, seen=seen)
    keeps(by, person_of(row))
    after(row.state, "added")
    reason = needed(why, say("nobody said why"), say("Write what has changed."))
    sum_ = minor(amount, row.currency)
    if sum_ <= 0:
        raise UserError("no sum was said", "Write how much is added.")
    purse = row.purses.filter(line=line).first()
    if purse is None:
        raise UserError(say("{line} is no purse of this budget", line=repr(line)),
                        nearest(line, [p.line for p in row.purses.all()]))  # fmt: skip
    rules().one("way", way, posting.today())
    posting.reserve(row, purse, sum_, by, f"added-{row.steps}")
    purse.agreed += sum_
    purse.save()
    kept, _ = PersonalWay.objects.get_or_create(budget=row, way=way, defaults={"agreed": 0})
    kept.agreed += sum_
    kept.save()
    row.agreed += sum_
    does(row, "added", by, {"line": line, "way": way, "amount": sum_, "why": reason,
                            "day": posting.today().isoformat()}, {"amount": sum_})  # fmt: skip


@transaction.atomic
def pause(*, budget: int, why: str, by: Actor, seen: int | None = None) -> None:
    """Nothing is bought and nothing paid until it is resumed."""
    row = held(budget, seen=seen)
    keeps(by, person_of(row))
    if why not in PAUSES:
        raise UserError(say("{why} is no reason to pause", why=repr(why)), nearest(why, PAUSES))
    row.paused_on = posting.today()
    does(row, "paused", by, {"why": why}, {"why": why})


@transaction.atomic
def resume(*, budget: int, by: Actor, seen: int | None = None) -> None:
    """It is used again."""
    row = held(budget, seen=seen)
    keeps(by, person_of(row))
    row.paused_on = None
    does(row, "resumed", by)


@transaction.atomic
def hand_over(*, budget: int, owner: str, by: Actor, seen: int | None = None) -> None:
    """Somebody else looks after the budget and what waits of it."""
    from onesystem.access.models import User

    row = held(budget, seen=seen)
    keeps(by, person_of(row))
    user = User.objects.filter(username=owner, is_active=True).first()
    if user is None or not access.may(Actor.of(user), "personal.keep"):
        raise UserError(
            say("{owner} does not keep personal budgets", owner=repr(owner)),
            "Choose somebody who does.",
        )
    row.asks.filter(state="waiting", owner=row.owner).exclude(kind="appeal").update(owner=owner)
    row.owner = owner
    does(row, say("handed over"), by, {"owner": owner}, {"owner": owner})


def _tie(person: int, organisation: str, by: Actor) -> int | None:
    """The tie of whoever keeps it: the person is on their organisation's caseload meanwhile."""
    if organisation not in current().organisations:
        return None
    return take_on_caseload(person=person, organisation=organisation, by=by,
                            reason=say("a personal budget"))  # fmt: skip


def _keep_purses(row: PersonalBudget, purses: Sequence[Purse], sums: Mapping[str, int]) -> None:
    PersonalPurse.objects.bulk_create(
        PersonalPurse(budget=row, line=purse.line, kind=purse.kind, organisation=purse.organisation,
                      name=_name(purse.line), indicative=sums[purse.line])
        for purse in purses
    )  # fmt: skip


def _known(purse: Purse) -> Purse:
    """The purse with what its line says. Raises NotFound where no fund has such a line."""
    line = funds.line(purse.line)
    return Purse(line=purse.line, kind=purse.kind, organisation=line.organisation, fund=line.fund)


def _name(line: str) -> str:
    return str(funds.line(line).name)


__all__ = ["Amount", "add", "agree", "assess", "hand_over", "pause", "reassess", "resume",
           "sign"]  # fmt: skip
