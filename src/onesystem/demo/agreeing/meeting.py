"""The demo's meetings: decisions of the last year, one sent back and resolved, one without money.

Members who have no account speak in the room, and whoever takes the minutes writes it down. The
clock is set back for each, so that voices, comings and goings have their times.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.charter.rows import Alliance
from onesystem.alliance.charter.standing import Standing
from onesystem.alliance.meeting import bringing, deciding, doing, holding, linking, queries, sitting
from onesystem.alliance.meeting.proposal import Ask, Effect, Evidence, Proposed, Risk
from onesystem.alliance.meeting.rows import Meeting
from onesystem.budget.contracts import queries as contracts
from onesystem.district import clock, current, folder, now
from onesystem.flow.measures import library
from onesystem.vocabulary import Setting, UserError, to_local

_PLACE = "Committee room, and on line"
_FIRST, _SECOND, _THIRD = 119, 91, 28  # days ago
_NEXT = 7  # days to come


def agree(say: Callable[[str], None]) -> None:
    """Hold three meetings, and call the next."""
    clerk = _actor("contracts")
    if Meeting.objects.exists() or clerk is None:
        return
    if not Alliance.objects.exists():
        return
    table = _Table(clerk)
    table.first()
    table.second()
    table.third()
    table.next()
    made = queries.decisions(table.code)
    waits = sum(each.waits_for_money for each in made)
    say(f"{len(made)} decisions in the register, {waits} of them agreed and not resourced")


def _actor(username: str) -> Actor | None:
    found = User.objects.filter(username=username).first()
    return Actor.of(found) if found else None


@contextmanager
def at(days: float, hour: int, minute: int = 0) -> Iterator[None]:
    """The district's clock at a time of the day, so many days ago."""
    place, was = folder(), clock.read(folder())
    moment = _moment(days, hour, minute)
    try:
        clock.write(place, clock.Clock(real=time.time(), here=moment.timestamp()))
        yield
    finally:
        if was is None:
            (place / clock.FILE).unlink(missing_ok=True)
        else:
            clock.write(place, was)


def _moment(days: float, hour: int, minute: int = 0) -> datetime:
    """A time of the day, so many days ago."""
    zone = current().zone
    day = to_local(now(), zone).date() - timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))


def _day(ahead: int) -> date:
    """A day so many days from the district's today."""
    return to_local(now(), current().zone).date() + timedelta(days=ahead)


class _Table:
    """The alliance of the demo around its table, with its clerk."""

    def __init__(self, clerk: Actor) -> None:
        self.clerk, self.standing = clerk, charter.standing()
        self.code = self.standing.alliance
        self.funders = [p.code for p in self.standing.funders]
        self.measures = library.everything()

    def _here(self, days: float) -> Standing:
        with at(days, 9):
            return charter.standing(self.code)

    def _call(self, days: float) -> int:
        starts = _moment(days, 9, 30)
        with at(days + 14, 11):
            return holding.call(title=_title(starts), alliance=self.code, place=_PLACE,
                                starts=starts, by=self.clerk)  # fmt: skip

    def _bring(self, days: float, made: Proposed, meeting: int) -> tuple[int, int]:
        with at(days + 10, 15):
            number = bringing.begin(proposed=made, by=self.clerk, alliance=self.code)
            bringing.put(proposal=number, seen=1, by=self.clerk)
            return number, holding.list_(meeting=meeting, proposal=number, by=self.clerk)

    def _open(self, days: float, meeting: int, *away: int) -> None:
        with at(days, 9, 32):
            holding.open_(meeting=meeting, by=self.clerk)
            for member in charter.standing(self.code).members:
                if member.key in away:
                    holding.apologise(meeting=meeting, member=member.key, by=self.clerk)
                else:
                    holding.come(meeting=meeting, member=member.key, by=self.clerk)

    def _hear(
        self, days: float, minute: int, item: int, *, objects: str = "", aside: str = "",
        reason: str = "", minutes: str = "",
    ) -> None:  # fmt: skip
        """Open an item, handle interests, hear everybody, and close it."""
        with at(days, 9, minute):
            deciding.open_item(item=item, by=self.clerk)
            self._handle(item)
        with at(days, 9, minute + 8):
            row = queries.item(item)
            excluded = {m for m, how in sitting.handled_of(row).items() if how != "stay"}
            present = {p.member for p in sitting.presences_of(row.meeting) if p.left is None}
            for member in charter.standing(self.code).members:
                if member.key in present and member.key not in excluded:
                    said = {objects: "object", aside: "aside"}.get(member.perspective, "agree")
                    deciding.speak(item=item, member=member.key, said=said, by=self.clerk,
                                   reason=reason if said != "agree" else "")  # fmt: skip
            holding.write(meeting=row.meeting_id, item=item, text=minutes, was="", by=self.clerk)
        with at(days, 9, minute + 9):
            deciding.close_item(item=item, by=self.clerk)

    def _handle(self, item: int) -> None:
        """Those who are employed by whom it touches stay; who would gain themselves does not."""
        row = queries.item(item)
        made = sitting.proposed_of(row)
        for each in sitting.interests_in(made, self.code, now()):
            own = each.category == "financial"
            handling = "speak" if own else "stay"
            reason = ("Gains by it: is heard, and does not decide" if own
                      else "Known to all, and sits here for what they bring")  # fmt: skip
            deciding.handle(item=item, member=each.member, handling=handling, reason=reason,
                            interest=each.id, by=self.clerk)  # fmt: skip

    def _close(self, days: float, meeting: int, notes: str) -> None:
        with at(days, 11, 20):
            holding.write(meeting=meeting, text=notes, was="", by=self.clerk)
            holding.close(meeting=meeting, by=self.clerk)

    def _confirm(self, days: float) -> None:
        """The minutes of the meeting before."""
        with at(days, 9, 34):
            last = next(each for each in queries.meetings(self.code) if each.state == "closed")
            holding.confirm(meeting=last.id, by=self.clerk, seen=last.steps)

    def _who(self, days: float, brings: str) -> int:
        found = [m.key for m in self._here(days).members if m.perspective.startswith(brings)]
        return found[0] if found else self._here(days).members[0].key

    def _measure(self, *wanted: str) -> str:
        return next((name for name in wanted if name in self.measures), next(iter(self.measures)))

    def _evidence(self, days: float, measure: str, *settings: Setting) -> tuple[Evidence, ...]:
        """What is known then of a measure, what services of a kind cost, what was settled."""
        of_kind = [c for c, s in current().services.items() if s.setting in settings]
        settled = [f"/contracts/{each.slug}/settlements/1/" for each in contracts.contracts()]
        months = _months(-13 - int(days) // 30, 12)
        asked = f"from={months[0]:%Y-%m}&to={months[1]:%Y-%m}"
        costs = [f"/budget/costs/services/{code}/?{asked}" for code in of_kind[:2]]
        found = []
        with at(days, 12):
            for address in (f"/measures/{measure}/?every=month", *settled[-1:], *costs):
                with suppress(UserError):
                    found.append(linking.attached(address, by=self.clerk))
            title = self.measures[measure].title
            page = linking.attached("/measures/", by=self.clerk, title=f"Measures, with {title}")
        return tuple(found) or (page,)

    def _services(self, *settings: Setting) -> tuple[tuple[str, str], ...]:
        some = [c for c, s in current().services.items() if s.setting in settings]
        return tuple(("service", code) for code in some[:3])

    def first(self) -> None:
        """Rules of advice before referral, agreed at once; it needs no money."""
        meeting = self._call(_FIRST)
        measure = self._measure("wait-outpatient")
        made = Proposed(
            title="Advice before referral in dermatology and cardiology",
            plain="A practice may ask a specialist before it refers somebody, with a picture or a "
            "trace, and gets an answer within two working days. Some people then need no visit to "
            "the hospital.",
            problem="People wait for a first visit that ends with advice alone.",
            design="Two half days a week of specialists' time are kept free for answers.",
            funding="none", touches=self._services(Setting.OUTPATIENT),
            effects=(
                Effect(organisation=self.funders[-1], side="loses",
                       words="First visits, and what is paid for them"),
                Effect(organisation=self._practice(), side="gains", words="An answer in two days"),
            ),
            risks=(Risk(words="Answers come late when a specialist is away",
                        answer="Each specialty names who answers in their place"),),
            evidence=self._evidence(_FIRST + 11, measure, Setting.OUTPATIENT),
            measure=measure, goal="Fewer first visits that end with advice alone",
            review=_day(190), owner=self._who(_FIRST, "Hospital medicine"),
        )  # fmt: skip
        _, item = self._bring(_FIRST, made, meeting)
        self._open(_FIRST, meeting)
        self._hear(_FIRST, 40, item, minutes="Specialists said how many questions they can answer "
                   "a week. Practices will send pictures from September on.")  # fmt: skip
        with at(_FIRST, 10, 5):
            doing.take(meeting=meeting, item=item, what="Write the form for a question",
                       owner=self._who(_FIRST, "General practice"), due=_day(21),
                       by=self.clerk)  # fmt: skip
        self._close(_FIRST, meeting, "The chair welcomed all. The minutes of the last meeting were "
                    "taken as read.")  # fmt: skip

    def second(self) -> None:
        """Help after a fall: sent back by community nursing, changed, agreed in the same month."""
        meeting = self._call(_SECOND)
        measure = self._measure("ambulance-conveyed", "emergency-admissions")
        since, until = _months(-2, 12)
        made = Proposed(
            title="Help at home after a fall",
            plain="Somebody who has fallen and is not badly hurt is helped up at home by a crew "
            "and a therapist, and is not taken to hospital. A nurse visits on the next day.",
            problem="Crews take people to hospital because nobody else can come.",
            design="A car with a therapist from eight to eight; the nurse on the next day.",
            asks=tuple(
                Ask(funder=funder, amount=amount, since=since, until=until,
                    words="The car and its crew")
                for funder, amount in zip(self.funders, (21_600_000, 7_200_000), strict=False)
            ),
            touches=self._services(Setting.AMBULANCE, Setting.COMMUNITY)[:3],
            effects=(
                Effect(organisation=self.funders[0], side="gains",
                       words="Fewer stays", amount=18_000_000),
                Effect(organisation=self.funders[-1], side="loses", words="Income from short stays",
                       amount=9_500_000),
            ),
            risks=(Risk(words="A fracture is missed", answer="Rules for taking people in, and a "
                        "call the same evening"),),
            evidence=self._evidence(_SECOND + 11, measure, Setting.AMBULANCE),
            measure=measure, goal="One in four is helped at home", review=_day(150),
            owner=self._who(_SECOND, "Allied health"),
        )  # fmt: skip
        number, item = self._bring(_SECOND, made, meeting)
        self._open(_SECOND, meeting, self._who(_SECOND, "Community pharmacy"))
        self._confirm(_SECOND)
        self._hear(
            _SECOND, 38, item, objects="Community nursing",
            reason="District nurses have no hours for a visit on the next day: it would be taken "
            "from people who wait for dressings.",
            minutes="Nuala objected. The group will find the hours, and come back.",
        )  # fmt: skip
        better = replace(
            made, design=f"{made.design} The nurse's hours are paid for: two a day.",
            answers="Two nurse hours a day are in the money that is asked for, so that no visit is "
            "taken from anybody.",
            asks=(*made.asks[:-1], replace(made.asks[-1], amount=11_900_000,
                                           words="The car, its crew, and the nurse's hours")),
        )  # fmt: skip
        with at(_SECOND, 10, 5):
            doing.take(meeting=meeting, item=item, what="Find the hours for the nurse's visit",
                       owner=self._who(_SECOND, "Community nursing"), due=_day(21),
                       by=self.clerk)  # fmt: skip
        self._close(_SECOND, meeting, "Apologies from pharmacy.")
        with at(_SECOND - 20, 10):
            there = queries.proposal(number)
            bringing.keep(proposal=number, proposed=better, seen=there.row.steps, by=self.clerk,
                          why="The nurse's hours are paid for")  # fmt: skip
            bringing.put(proposal=number, seen=there.row.steps + 1, by=self.clerk)
        self.fallen = number

    def third(self) -> None:
        """The fall again, agreed; a design without money; a confirmed minute; an open action."""
        meeting = self._call(_THIRD)
        with at(_THIRD + 9, 11):
            fallen = holding.list_(meeting=meeting, proposal=self.fallen, by=self.clerk)
        measure = self._measure("emergency-readmission-30", "emergency-admissions")
        made = Proposed(
            title="A named nurse for people who live with heart failure",
            plain="Everybody who leaves hospital with heart failure has one nurse whom they can "
            "call, who visits within three days and talks to their practice.",
            problem="People come back within a month because nobody asks how they are.",
            design="One nurse for forty people, in the practices, with advice from the hospital.",
            funding="later", touches=self._services(Setting.COMMUNITY),
            effects=(
                Effect(organisation=self._practice(), side="gains", words="A nurse to call"),
                Effect(organisation=self.funders[-1], side="gains", words="Fewer people come back"),
            ),
            risks=(Risk(words="No nurse applies", answer="Train two of those who are here"),),
            evidence=self._evidence(_THIRD + 11, measure, Setting.COMMUNITY),
            measure=measure, goal="One in ten fewer comes back within thirty days",
            review=_day(200), owner=self._who(_THIRD, "Community nursing"),
        )  # fmt: skip
        _, item = self._bring(_THIRD, made, meeting)
        self._open(_THIRD, meeting)
        self._confirm(_THIRD)
        self._hear(_THIRD, 36, fallen, minutes="Nuala said that the hours are there. All agreed.")
        self._hear(
            _THIRD, 50, item, aside="Running a hospital",
            reason="I would rather know first what it costs",
            minutes="The design is agreed. How it is funded comes to the next meeting.",
        )  # fmt: skip
        with at(_THIRD, 10, 15):
            owner = self._who(_THIRD, "Planning")
            doing.take(meeting=meeting, item=item, what="Bring ways to fund the nurse",
                       owner=owner, due=_day(21), by=self.clerk)  # fmt: skip
        self._close(_THIRD, meeting, "All were there.")

    def next(self) -> None:
        """The next meeting: called, with a point to discuss."""
        starts = _moment(-_NEXT, 9, 30)
        meeting = holding.call(title=_title(starts), alliance=self.code, place=_PLACE,
                               starts=starts, by=self.clerk)  # fmt: skip
        holding.add(meeting=meeting, title="Winter: what the board shows", by=self.clerk)

    def _practice(self) -> str:
        here = current().organisations
        return next((c for c, o in here.items() if o.kind == "general practice"), self.funders[0])


def _title(starts: datetime) -> str:
    return f"Alliance, {starts:%B %Y}"


def _months(ahead: int, count: int) -> tuple[date, date]:
    begins = _month(_day(0).replace(day=1), ahead)
    return begins, _month(begins, count - 1)


def _month(first: date, ahead: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + ahead, 12)
    return date(year, month + 1, 1)
