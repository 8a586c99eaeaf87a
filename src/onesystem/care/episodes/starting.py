"""Starting care at home: checked, priced, confirmed in one step; a number is given for it."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from onesystem import access
from onesystem.access import Asker
from onesystem.care.episodes import checking, choosing, ordering, rules, store
from onesystem.care.episodes.acting import Held, acted, does, event, held, known, record_plan
from onesystem.care.episodes.allotting import Chosen, has_room, with_services
from onesystem.care.episodes.money import price_of
from onesystem.care.episodes.numbers import LEAST, MOST
from onesystem.care.episodes.packages import Ask, Kind, Package, packages
from onesystem.care.episodes.rules import Beyond
from onesystem.care.message import Owned, Said
from onesystem.care.pathways.facts import facts_of
from onesystem.care.pathways.known import Facts
from onesystem.care.saying import say
from onesystem.district import current, now
from onesystem.vocabulary import Act, UserError, nearest, to_local

_DAY = timedelta(days=1)
_LATE = timedelta(days=7)  # how long after somebody may write down that it began


@transaction.atomic
def start(
    *, person: int, package: str, by: Asker, cause: str = "", lines: Sequence[Chosen] | None = None,
    service: str = "", days: int = 0, flags: Collection[str] = (), asked: bool = False,
    answers: Mapping[int, bool | None] | None = None, reason: str = "", beyond: str = "",
    planned: datetime | None = None, at: datetime | None = None,
    form: Mapping[str, str] | None = None, agreed: str = "",
) -> int:  # fmt: skip
    """Start an episode, or confirm its package for the day of discharge; gives its number.

    `cause` is the key of what it is started from; without one it is the contact that is open.
    `lines` are what the package proposes where nothing is said. `flags` are the red flags that
    were found, `asked` says that each was looked for. `answers` are those to the criteria, by
    their place; `reason` why it is right where one is not met, `beyond` why it goes beyond the
    cap or the time limit. `planned`: when the person is to leave hospital. Else care begins now,
    or began `at` a moment before, where it is written down late. `form` is what services want to
    know with their orders, by the names of their fields; `agreed` who of the team takes the
    person although it is full.
    """
    access.require(by.actor, "episodes.act")
    access.require_open(by, person)
    day = _today()
    made = _package(package, day)
    kinds = packages(current().path).kinds_on(day)
    found = checking.stands(person)
    store.hold_person(found.identities)
    found = checking.stands(person)
    checking.may_begin(found)
    if planned is None:
        checking.may_go_home(found)
    elif planned < now() - _DAY:
        raise UserError("that day is over", "Write when they will leave hospital.")
    facts = facts_of(person, by=by)
    checked = _checked(made, facts, flags, answers or {}, asked=asked, reason=reason)
    chosen, service = _chosen(made, lines, kinds, found, service, agreed)
    over = Beyond(by.actor.roles, beyond)
    days = days or made.days
    rules.lasts(made, days, over)
    rules.amounts([_ask(each) for each in chosen], kinds, days)
    total = sum(price_of(c.a_day, c.days, kinds[c.kind].price) for c in chosen)
    to = rules.within_cap(made, made.cap, 0, total, over, currency=current().currency)
    number, moment = _fresh(), now()
    proposed = {
        "package": made.name, "since": made.since.isoformat(), "title": made.title,
        "purpose": made.purpose, "service": service, "cap": made.cap, "days": days,
        "reviews": made.reviews, "reason": reason.strip()[:500],
        "planned": planned.isoformat() if planned else "",
        "stay": found.ward.contact if found.ward else 0,
        "form": {name: value.strip()[:4000] for name, value in (form or {}).items() if value},
    }  # fmt: skip
    acts: list[tuple[str, Mapping[str, Any]]] = [("proposed", proposed), ("checked", checked)]
    acts += [("line", line_said(n, each, kinds[each.kind], beyond=to, why=beyond if to else ""))
             for n, each in enumerate(chosen, 1)]  # fmt: skip
    told: list[Said | Owned] = acted(number, by, acts, uuid4().hex, moment)
    told.append(
        event(number, Act.REQUEST, moment, service=service, requested=moment, planned=planned,
              cause=cause or checking.cause_of(found), reason=made.title)
    )  # fmt: skip
    say(person=person, by=by, act="episode.proposed", what=service, readings=told,
        detail={"episode": number, "package": made.name, "pence": total})  # fmt: skip
    order_lines(number, by, facts)
    if planned is None:
        begin(number=number, by=by, at=at)
    else:
        _tell_ward(known(number), by)
        record_plan(known(number), by)
    return number


def _tell_ward(found: Held, by: Asker) -> None:
    """The board of the ward shows when they leave, and that the package is there."""
    from onesystem.flow.stays import acting as stays

    if found.episode.stay and access.may(by.actor, "now.act"):
        team = current().service_name(found.episode.service)
        stays.leaves(contact=found.episode.stay, at=found.episode.planned, by=by.actor)
        stays.comes_next(contact=found.episode.stay, by=by.actor, owner=team,
                         step=f"Goes home: package confirmed, {found.reference}")  # fmt: skip


@transaction.atomic
def begin(*, number: int, by: Asker, seen: int = 0, at: datetime | None = None) -> None:
    """The person is at home under care, from now or a moment before on."""
    found = held(number, by, seen=seen, does="the start")
    rules.open_(found.episode, does="start it")
    if found.episode.started is not None:
        raise UserError("it was started already", "Look at what stands now.")
    stands = checking.stands(found.person)
    checking.may_begin(replace(stands, open=0))
    checking.may_go_home(stands)
    moment = at or now()
    if not now() - _LATE <= moment <= now():
        raise UserError("that time is more than a week ago, or not yet here",
                        "Write when the person came home.")  # fmt: skip
    ordering.tell_practice(found, "episode.started")
    ordering.tell_service(found, found.episode.service, "episode.started")
    does(found, by, "started", [("started", {"at": moment.isoformat()})],
         events=[event(number, Act.START, moment, service=found.episode.service, started=moment,
                       by=by.actor.name)])  # fmt: skip
    found = known(number)
    for line in found.episode.live:
        if ordering.kind_visits(line):
            ordering.plan_visits(found, line, by, begins=_day(moment))
    ordering.plan_review(found, by, found.episode)
    record_plan(found, by)


def order_lines(number: int, by: Asker, facts: Facts | None = None) -> None:
    """Order what is not ordered yet; what the screen cannot order is arranged by telephone."""
    found = known(number)
    facts = facts or ordering.facts_for(found, by)
    for line in found.episode.live:
        if line.request:
            continue
        request, why = ordering.order(found, line, by, facts)
        if request:
            does(known(number), by, "ordered", [("ordered", {"line": line.number,
                                                             "request": request})])  # fmt: skip
        else:
            ordering.plan_call(found, line, by, why)


def line_said(
    number: int, chosen: Chosen, kind: Kind, *, beyond: int = 0, why: str = ""
) -> dict[str, Any]:
    """A line as its act says it."""
    return {
        "line": number, "kind": kind.name, "title": kind.title, "unit": kind.unit,
        "service": chosen.service, "a_day": chosen.a_day, "days": chosen.days,
        "price": kind.price, "beyond": beyond,
        "reason": "; ".join(filter(None, (why.strip()[:300], chosen.agreed.strip()[:200]))),
    }  # fmt: skip


def _chosen(
    package: Package, lines: Sequence[Chosen] | None, kinds: Mapping[str, Kind],
    found: checking.Stands, service: str, agreed: str,
) -> tuple[list[Chosen], str]:  # fmt: skip
    said = packages(current().path)
    if lines is None:
        lines = [Chosen(kind=a.kind, a_day=a.a_day, days=a.days) for a in package.lines]
    some = [each for each in lines if each.a_day * each.days]
    wanted = [kinds[each.kind] for each in some if each.kind in kinds]
    team = said.team_of(package)
    options = choosing.options([*wanted, team], known=found.known, practice=found.practice)
    chosen = with_services(some, kinds, options)
    teams = {option.service: option for option in options["team"]}
    one = teams.get(service) if service else next(iter(teams.values()), None)
    if one is None:
        raise UserError("no team of the district looks after people at home",
                        nearest(service, teams))  # fmt: skip
    has_room(team, one, options["team"], agreed)
    return chosen, one.service


def _checked(
    package: Package, facts: Facts, flags: Collection[str],
    answers: Mapping[int, bool | None], *, asked: bool, reason: str,
) -> dict[str, Any]:  # fmt: skip
    criteria, known_flags = checking.answered(package, facts)
    unmet, kept = checking.weighed(criteria, answers)
    rules.eligible(package, flags, unmet, asked=asked, reason=reason)
    told = [f"{each.criterion.words}: {each.because}" for each in known_flags if each.met]
    return {"criteria": kept, "flags": sorted(flags), "told": told, "asked": asked}


def _package(name: str, day: date) -> Package:
    some = {each.name: each for each in packages(current().path).on(day)}
    if name not in some:
        raise UserError(f"there is no package {name!r} now", nearest(name, some))
    return some[name]


def _ask(chosen: Chosen) -> Ask:
    return Ask(kind=chosen.kind, a_day=chosen.a_day, days=chosen.days)


def _fresh() -> int:
    while True:
        number = LEAST + secrets.randbelow(MOST - LEAST + 1)
        if not store.rows("episode = %s", [number]):
            return number


def _today() -> date:
    return _day(now())


def _day(moment: datetime) -> date:
    return to_local(moment, current().zone).date()
