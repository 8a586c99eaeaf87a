"""What is done about an episode: each one gesture, refused where a rule says so, in the trail.

    number = start(person=7, package="cellulitis", by=asker, asked=True)
    review(number=number, by=asker, words="Redness goes back", seen=9)

`seen` is how many steps the page knew: whoever comes second is told who did what. Everything of a
gesture stands, or nothing does.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from onesystem.access import Asker
from onesystem.care.episodes import checking, choosing, ordering, rules, store
from onesystem.care.episodes.acting import does, event, held, known, record_plan
from onesystem.care.episodes.allotting import Chosen, with_services
from onesystem.care.episodes.counting import done_of
from onesystem.care.episodes.episode import PLANNED, undoable
from onesystem.care.episodes.numbers import key_of
from onesystem.care.episodes.packages import Ask, packages
from onesystem.care.episodes.rules import Beyond
from onesystem.care.episodes.starting import begin, line_said, order_lines, start
from onesystem.district import current, now
from onesystem.vocabulary import Act, UserError, nearest, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import needed

__all__ = [
    "Chosen", "add", "again", "begin", "delayed", "end", "escalate", "extend", "review", "settle",
    "start", "stop", "undo", "visited",
]  # fmt: skip
_VISIT = timedelta(minutes=20)  # that a visit takes, where only its end is said


@transaction.atomic
def add(*, number: int, line: Chosen, by: Asker, seen: int = 0, beyond: str = "") -> None:
    """Order one thing more, within the cap or with a reason for going beyond it."""
    found = held(number, by, seen=seen, does=say("the order"))
    kinds = packages(current().path).kinds_on(_today())
    if line.kind not in kinds:
        raise UserError(
            say("there is nothing called {kind}", kind=repr(line.kind)), nearest(line.kind, kinds)
        )
    kind = kinds[line.kind]
    to = rules.added(
        found.episode, found.package, kind, Ask(kind=line.kind, a_day=line.a_day, days=line.days),
        Beyond(by.actor.roles, beyond), done=done_of(found), currency=current().currency,
    )  # fmt: skip
    stands = checking.stands(found.person)
    options = choosing.options([kind], known=stands.known, practice=stands.practice)
    [chosen] = with_services([line], kinds, options)
    place = max((each.number for each in found.episode.lines), default=0) + 1
    said = line_said(place, chosen, kind, beyond=to, why=beyond if to else "")
    does(found, by, "line", [("line", said)], detail={"pence": kind.price * line.a_day * line.days})
    order_lines(number, by)
    found = known(number)
    made = found.episode.line(place)
    if made is not None and found.episode.started and kind.visit:
        ordering.plan_visits(found, made, by, begins=_today())
    record_plan(found, by)


@transaction.atomic
def stop(*, number: int, line: int, by: Asker, reason: str, seen: int = 0) -> None:
    """Order no more of a line: what was not done is taken back."""
    found = held(number, by, seen=seen, does=say("the stop"))
    rules.open_(found.episode, does="stop a line")
    why = needed(
        reason, say("no reason was said"), say("Say in a few words why it is not needed."), 300
    )
    one = found.episode.line(line)
    if one is None or one.stopped:
        raise UserError("that line does not stand any more", "Look at what stands now.")
    does(found, by, "stopped", [("stopped", {"line": line, "reason": why})])
    ordering.take_back(found, [one], by, why)
    record_plan(known(number), by)


@transaction.atomic
def again(
    *, number: int, line: int, by: Asker, service: str = "", agreed: str = "", seen: int = 0
) -> None:
    """Order anew what came back or was taken back: what is left of it, from another service.

    Without a `service` it is the best of the others; where there is no other, the same once more.
    """
    found = held(number, by, seen=seen, does=say("the order"))
    rules.open_(found.episode, does="order it anew")
    one = found.episode.line(line)
    if one is None or one.stopped:
        raise UserError("that line does not stand any more", "Look at what stands now.")
    left = one.amount - done_of(found).get(line, 0)
    if left < 1:
        raise UserError(say("all of “{title}” were done", title=one.title), "Order more instead.")
    kind = packages(current().path).kinds_on(_today()).get(one.kind)
    stands = checking.stands(found.person)
    some = choosing.options([kind], known=stands.known, practice=stands.practice) if kind else {}
    others = [o.service for o in some.get(one.kind, []) if o.service != one.service]
    stop(number=number, line=line, by=by, reason=say("ordered anew"))
    days = -(-left // one.a_day)  # the last of them may be a part of a day
    wanted = Chosen(kind=one.kind, a_day=one.a_day, days=days, agreed=agreed,
                    service=service or next(iter(others), ""))  # fmt: skip
    add(number=number, line=wanted, by=by)


@transaction.atomic
def visited(
    *, number: int, line: int, by: Asker, at: datetime | None = None, words: str = "", seen: int = 0
) -> None:
    """One of a line was done: a contact in the log, caused by the episode."""
    found = held(number, by, seen=seen, does=say("the visit"))
    rules.visited(found.episode, line)
    one = found.episode.line(line)
    if one is None:
        raise UserError("that line does not stand any more", "Look at what stands now.")
    moment, began = at or now(), found.episode.started or now()
    if not began <= moment <= now():
        raise UserError("that time is before it began, or not yet here", "Write when it was.")
    visit = f"{key_of(number)}/visit-{len(store.acts_of(number))}"
    told = event(
        number, Act.STATE, moment, visit=visit, service=one.service, cause=key_of(number),
        started=max(began, moment - _VISIT), ended=moment, by=by.actor.name, reason=one.title,
    )  # fmt: skip
    said = {"line": line, "at": moment.isoformat(), "words": words.strip()[:1000], "visit": visit}
    does(found, by, "visited", [("visited", said)], events=[told])


@transaction.atomic
def review(*, number: int, by: Asker, words: str, seen: int = 0) -> None:
    """The daily review."""
    found = held(number, by, seen=seen, does=say("the review"))
    rules.at_home(found.episode, does=say("review it"))
    said = needed(
        words, say("nothing was said"), say("Write how the person is, and what comes next.")
    )
    does(found, by, "reviewed", [("reviewed", {"words": said})])


@transaction.atomic
def escalate(*, number: int, what: str, by: Asker, words: str, service: str = "", seen: int = 0
             ) -> None:  # fmt: skip
    """It does not go as planned: whose help is asked for, and by when; a task of theirs."""
    found = held(number, by, seen=seen, does=say("the escalation"))
    rules.at_home(found.episode, does="escalate")
    every = packages(current().path).escalations
    if what not in found.package.escalations or what not in every:
        raise UserError(
            say("there is no escalation {what}", what=repr(what)),
            nearest(what, found.package.escalations),
        )
    asked = every[what]
    said = needed(words, say("nothing was said"), say("Write what is wrong, in a few words."))
    team = service or found.episode.service
    if team not in current().services:
        raise UserError(
            say("there is no service {team}", team=repr(team)), nearest(team, current().services)
        )
    due = now() + timedelta(minutes=asked.within)
    ordering.tell_service(found, team, "episode.escalated")
    does(found, by, "escalated",
         [("escalated", {"what": what, "title": asked.title, "words": said, "to": team,
                         "due": due.isoformat()})],
         detail={"escalation": what, "to": team})  # fmt: skip
    ordering.plan_help(found, by, team=team, due=due, words=f"{asked.title}: {found.reference}")


@transaction.atomic
def settle(*, number: int, escalation: str, by: Asker, words: str, seen: int = 0) -> None:
    """What was escalated is seen to: what came of it."""
    found = held(number, by, seen=seen, does=say("the answer"))
    if escalation not in {each.act for each in found.episode.open_escalations}:
        raise UserError("that is settled already", "Look at what stands now.")
    said = needed(words, say("nothing was said"), say("Write what came of it."))
    does(found, by, "settled", [("settled", {"escalation": escalation, "words": said})])


@transaction.atomic
def extend(
    *, number: int, days: int, by: Asker, reason: str, beyond: str = "", seen: int = 0
) -> None:
    """More days, within the limit of the package or with a reason for going beyond it."""
    found = held(number, by, seen=seen, does=say("the extension"))
    rules.extends(found.episode, found.package, days, reason, Beyond(by.actor.roles, beyond))
    said = {"days": days, "reason": "; ".join(filter(None, (reason.strip(), beyond.strip())))[:500]}
    does(found, by, "extended", [("extended", said)], detail={"days": days})
    record_plan(known(number), by)


@transaction.atomic
def delayed(*, number: int, day: date, by: Asker, reason: str, seen: int = 0) -> None:
    """Why somebody whose package is confirmed has not left hospital on a day; the board hears it.

    Raises UserError where the reason is none of the district's.
    """
    from onesystem.flow.boards.layout import layout
    from onesystem.flow.stays import acting as stays

    found = held(number, by, seen=seen, does=say("the reason"))
    if found.episode.state != PLANNED:
        raise UserError("this is not a discharge that waits", "Look at what stands now.")
    reasons = layout(current().path).reasons
    if reason not in reasons:
        raise UserError(
            say("there is no reason {reason}", reason=repr(reason)), nearest(reason, reasons)
        )
    if not _day(found.episode.at) <= day <= _today():
        raise UserError("that day is before the package, or not yet here", "Choose another day.")
    does(found, by, "delayed", [("delayed", {"day": day.isoformat(), "reason": reason})])
    if day == _today() and found.episode.stay and checking.stands(found.person).ward:
        stays.delayed(contact=found.episode.stay, reason=reason, by=by.actor)


@transaction.atomic
def end(
    *, number: int, outcome: str, by: Asker, words: str = "", at: datetime | None = None,
    seen: int = 0,
) -> None:  # fmt: skip
    """End it with its outcome: what was not done is taken back, and nobody comes any more."""
    found = held(number, by, seen=seen, does=say("the end"))
    rules.ends(found.episode, outcome)
    moment = at or now()
    if not (found.episode.started or found.episode.at) <= moment <= now():
        raise UserError("that time is before it began, or not yet here", "Write when it ended.")
    said = {"outcome": outcome, "at": moment.isoformat(), "words": words.strip()[:1000],
            "done": {str(line): many for line, many in done_of(found).items()}}  # fmt: skip
    act = Act.END if found.episode.started else Act.CANCEL
    ordering.tell_practice(found, "episode.ended")
    does(found, by, "ended", [("ended", said)], detail={"outcome": outcome},
         events=[event(number, act, moment, outcome=outcome)])  # fmt: skip
    ordering.take_back(found, found.episode.live, by, outcome)
    ordering.end_tasks(found, by, outcome)
    record_plan(known(number), by)


@transaction.atomic
def undo(*, number: int, by: Asker, seen: int = 0) -> None:
    """Take the last thing back, where it was one's own."""
    found = held(number, by, seen=seen, does=say("the taking back"))
    last = undoable(store.acts_of(number), by.actor.name)
    if last is None:
        raise UserError("there is nothing of yours to undo", "The history says who did what.")
    events = []
    if last.verb == "ended":
        was_home = found.episode.started is not None
        events = [event(number, Act.UNEND, now())] if was_home else []
    elif last.verb == "visited":
        events = [event(number, Act.CANCEL, now(), visit=last.said["visit"])]
    if last.verb == "ended" and not events:
        raise UserError("a package that never began is not taken up again", "Start a new one.")
    does(found, by, "undone", [("undone", {"act": last.act})], events=events)
    if last.verb == "ended":
        ordering.plan_review(known(number), by, known(number).episode)
    if last.verb in {"ended", "extended"}:
        record_plan(known(number), by)


def _today() -> date:
    return _day(now())


def _day(moment: datetime) -> date:
    return to_local(moment, current().zone).date()
