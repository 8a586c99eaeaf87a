"""What can be done with ideas: bring one, answer it, ask again, give money, tell, end it.

Whoever brings an idea cannot answer it. One that was declined may be asked again once, and somebody
else answers then. Money is a reservation of a budget line, no more in all than the rule allows.
"""

from datetime import date

from django.db import transaction
from django.db.models import F

from onesystem import access, budget
from onesystem.access import Actor
from onesystem.access.notices.telling import notify
from onesystem.access.queries import able
from onesystem.alliance.charter import rules as lists
from onesystem.alliance.charter.keeping import Overtaken, found, micros, words
from onesystem.alliance.learning.ideas import rules
from onesystem.alliance.learning.ideas.rows import Idea, IdeaStep
from onesystem.district import current, now
from onesystem.vocabulary import Money, NotPermitted, UserError, nearest, to_local
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.working_days import after, country_of

ENDS = say_each({"done": "It is done", "stopped": "It is stopped"})


@transaction.atomic
def bring(*, title: str, text: str, sector: str, by: Actor) -> int:
    """Bring an idea; gives its number. It waits for an answer, with a day by when."""
    access.require(by, "ideas.bring")
    if sector not in lists.sectors():
        raise UserError(
            say("there is no sector {sector}", sector=repr(sector)),
            nearest(sector, lists.sectors()),
        )
    made = Idea.objects.create(
        title=words(title, "a title", 200), words=words(text, "the idea", 4000),
        sector=sector, organisation=by.organisation, due=_due(), at=micros(), by=by.name,
    )  # fmt: skip
    _step(made, "brought", made.title, by)
    return int(made.number)


@transaction.atomic
def support(*, number: int, supporter: str, permission: str, why: str, by: Actor) -> None:
    """Answer yes: who supports it by name, and what its bringer may do without asking further."""
    made = _answerable(number, by)
    known = dict(able("ideas.bring"))
    if supporter not in known:
        raise UserError(
            say("nobody signs in as {supporter}", supporter=repr(supporter)),
            nearest(supporter, known),
        )
    if supporter == made.by:
        raise UserError("nobody supports their own idea", "Choose somebody else")
    made.state, made.supporter, made.answered_by = "supported", supporter, by.name
    made.permission = words(permission, say("what they may do"), 2000)
    made.save(update_fields=["state", "supporter", "permission", "answered_by"])
    _step(made, "supported", words(why, say("the reason"), 4000), by)
    _tell(made, "idea.answered", made.by)
    _tell(made, "idea.support", supporter)


@transaction.atomic
def decline(*, number: int, why: str, by: Actor) -> None:
    """Answer no, with the reason and what would change it."""
    made = _answerable(number, by)
    made.state, made.answered_by = "declined", by.name
    made.save(update_fields=["state", "answered_by"])
    _step(made, "declined", words(why, say("the reason"), 4000), by)
    _tell(made, "idea.answered", made.by)


@transaction.atomic
def ask_again(*, number: int, why: str, by: Actor) -> None:
    """Ask once more after a no: somebody else answers, with a day by when."""
    made: Idea = found(Idea, "idea", number=number)
    if made.by != by.name:
        raise NotPermitted("only who brought an idea asks again", "Bring one of your own")
    if made.state != "declined" or made.asked_again:
        raise UserError("it can be asked again once, after a no", "Bring it anew, changed")
    made.state, made.asked_again, made.due = "waits", True, _due()
    made.save(update_fields=["state", "asked_again", "due"])
    _step(made, say("asked again"), words(why, say("what was not seen"), 4000), by)


@transaction.atomic
def give(*, number: int, line: str, amount: int, by: Actor) -> None:
    """Let a supported idea use money of a budget line: reserved now, drawn as it is spent.

    Raises UserError over the rule's most, and TooLittle where the line has not that much left.
    """
    access.require(by, "alliance.fund")
    made: Idea = found(Idea, "idea", number=number)
    if made.state != "supported":
        raise UserError("only an idea that is supported has money", "Answer it first")
    day = _today()
    most = rules.rule(day).most
    if amount <= 0 or made.amount + amount > most:
        raise UserError(
            say(
                "an idea may have {money} in all, and this one has {money2}",
                money=Money(most, current().currency),
                money2=Money(made.amount, current().currency),
            ),
            "Give less, or bring it to the alliance as a proposal",
        )
    if made.line and made.line != line:
        raise UserError("its money comes from another line", say("Choose {line}", line=made.line))
    budget.reserve(
        line=line,
        amount=amount,
        month=day.replace(day=1),
        words=say("Idea {number}", number=made.number),
        by=by,
        key=f"idea:{made.number}:{made.amount}",
        cause=say("idea:{number}", number=made.number),
        organisation=by.organisation,
    )
    made.line, made.amount = line, made.amount + amount
    made.save(update_fields=["line", "amount"])
    _step(
        made,
        say("given money"),
        say("{money} of {line}", money=Money(amount, current().currency), line=line),
        by,
    )
    _tell(made, "idea.answered", made.by)


@transaction.atomic
def tell(*, number: int, text: str, by: Actor) -> None:
    """Say how it goes: whoever brought it, and whoever supports it."""
    made = _theirs(number, by)
    _step(made, "told", words(text, say("what happened"), 4000), by)


@transaction.atomic
def end(*, number: int, state: str, learnt: str, by: Actor) -> None:
    """It is done or stopped; what was learnt is for everybody."""
    made = _theirs(number, by)
    if state not in ENDS:
        raise UserError(say("no idea ends as {state}", state=repr(state)), nearest(state, ENDS))
    made.state = state
    made.save(update_fields=["state"])
    _step(made, state, words(learnt, say("what was learnt"), 4000), by)


def _answerable(number: int, by: Actor) -> Idea:
    access.require(by, "alliance.propose")
    made: Idea = found(Idea, "idea", number=number)
    if made.state != "waits":
        raise UserError(say("it has its answer: {state}", state=made.state), "Look at the answer")
    if made.by == by.name:
        raise NotPermitted("nobody answers their own idea", "Ask somebody else to")
    if made.asked_again and made.answered_by == by.name:
        raise NotPermitted("somebody else answers what is asked again", "Ask somebody else to")
    return made


def _theirs(number: int, by: Actor) -> Idea:
    made: Idea = found(Idea, "idea", number=number)
    if by.name not in (made.by, made.supporter):
        raise NotPermitted("only who brought it or supports it says how it goes", "Tell them")
    if made.state != "supported":
        raise UserError(say("it is not under way: {state}", state=made.state), "Look at its answer")
    return made


def _step(made: Idea, kind: str, said: str, by: Actor) -> None:
    if not Idea.objects.filter(number=made.number, steps=made.steps).update(steps=F("steps") + 1):
        raise Overtaken("somebody did something with it meanwhile", "Look at what they did")
    IdeaStep.objects.create(
        idea=made, step=made.steps + 1, kind=kind, words=said, at=micros(), by=by.name
    )
    access.record(by=by, act=f"idea.{kind.replace(' ', '-')}", what=str(made.number))


def _tell(made: Idea, topic: str, username: str) -> None:
    notify(topic=topic, username=username, words=say("Idea {number}", number=made.number),
           link=f"/ideas/{made.number}/")  # fmt: skip


def _due() -> date:
    day = _today()
    return after(day, rules.rule(day).answer_days, country_of(current().currency))


def _today() -> date:
    return to_local(now(), current().zone).date()
