"""An alliance in words, colours and rows: what templates lay out."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from onesystem.alliance.charter import rules
from onesystem.alliance.charter.awarding import Step
from onesystem.alliance.charter.buying import KINDS as STEPS
from onesystem.alliance.charter.more_rows import Disagreement, Procurement
from onesystem.alliance.charter.queries import Declared
from onesystem.alliance.charter.standing import Member, Standing
from onesystem.alliance.charter.text import MIDWAY, Charter, Quorum
from onesystem.district import current, now
from onesystem.vocabulary import Money, to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import listed, say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.wording import all_of

DID: Mapping[str, str] = say_each({
    "set-up": "The alliance was set up", "party-joined": "A party joined",
    "party-left": "A party left", "member-joined": "Somebody took a seat",
    "member-changed": "What is said of a member was put right", "member-left": "A member left",
    "suspended": "Suspended", "resumed": "Let back in", "charter-written": "Charter written",
    "charter-laid-out": "Charter laid out for signing", "charter-signed": "Charter signed",
    "charter-in-force": "Charter came into force", "charter-withdrawn": "Charter withdrawn",
    "interest-declared": "Interest declared", "interest-ended": "Interest ended",
    "interests-confirmed": "Interests confirmed as complete",
    "group-formed": "Service alliance formed", "group-seated": "Seat in a service alliance taken",
    "group-left": "Seat in a service alliance left", "group-ended": "Service alliance ended",
    "disagreement-raised": "Disagreement raised", "disagreement-acted": "Disagreement worked on",
    "procurement-opened": "Procurement opened", "procurement-step": "Procurement's record added to",
})  # fmt: skip
VERSIONS = {
    "draft": (say("draft"), "quiet"), "signing": (say("to be signed"), "warn"),
    "in force": (say("in force"), "good"),
    "superseded": (say("superseded"), "quiet"), "withdrawn": (say("withdrawn"), "quiet"),
}  # fmt: skip
_MEMBERS = (
    Column("name", "Name"), Column("seat", "Seat"), Column("perspective", "What they bring"),
    Column("profession", "Profession"), Column("sector", "Sector"),
    Column("clinical", "Looks after people"), Column("commands", "Commits money of"),
    Column("since", "Since"), Column("state", "State"),
)  # fmt: skip


def money(minor: int | None) -> str:
    """An amount in the district's currency, without pence where it has none."""
    if minor is None:
        return ""
    text = str(Money(minor, current().currency))
    return text.removesuffix(".00")


def day_of(moment: datetime | None) -> date | None:
    """The day of a moment here."""
    return to_local(moment, current().zone).date() if moment else None


def quorum_words(quorum: Quorum, entitled: int) -> str:
    """The rule of a quorum, with what it comes to now."""
    needed = max(quorum.least, -(-entitled * quorum.share.numerator // quorum.share.denominator))
    said = [say("{needed} of the {entitled} who may decide", needed=needed, entitled=entitled)]
    if quorum.chair:
        said.append(say("the chair or the deputy"))
    if quorum.community:
        said.append(
            say("a community seat")
            if quorum.community == 1
            else say("{community} community seats", community=quorum.community)
        )
    if quorum.funders:
        said.append(say("somebody of each funder whose money is asked for"))
    return all_of(said)


def members(stands: Standing, query: Any) -> Listing:
    """Who sits, with their seat and whether they may decide."""
    parties = {p.code: p.name for p in stands.parties}
    wanted = str(query.get("q", "")).casefold().strip()
    state = str(query.get("state", ""))
    shown = [m for m in stands.seated if _fits(m, wanted, state)]
    return Listing(
        caption="Members", columns=_MEMBERS, query=query,
        all_rows=[
            [Cell(m.name, href=f"/alliance/members/{m.key}/"), m.seat_name, m.perspective,
             rules.professions().get(m.profession, m.profession),
             rules.sectors().get(m.sector, m.sector), "yes" if m.clinical else "",
             parties.get(m.commands, m.commands), day_of(m.since), state_of(m)]
            for m in shown
        ],
        empty_title="Nobody sits here yet" if not stands.seated else "Nobody fits",
        empty_advice="The chair seats members." if not stands.seated else "Change the filter.",
    )  # fmt: skip


def _fits(member: Member, wanted: str, state: str) -> bool:
    text = f"{member.name} {member.perspective} {member.employer}".casefold()
    return wanted in text and (not state or (state == "decides") == member.entitled)


def state_of(member: Member) -> Cell:
    """Whether somebody may decide, and why not."""
    if member.entitled:
        return Cell(say("decides"), tag="good")
    kind = "bad" if member.suspended else "warn"
    return Cell(say("does not decide"), tag=kind, note=member.barred)


def interests(
    declared: Iterable[Declared], members: Iterable[Member], lines: Mapping[str, str], query: Any
) -> Listing:
    """The register of interests."""
    kinds = rules.categories(day_of(now()) or date.min)
    names = {m.key: m for m in members}
    wanted, category = str(query.get("q", "")).casefold().strip(), query.get("category", "")
    made = []
    for d in declared:
        who = names.get(d.member)
        touched = "; ".join(thing_words(kind, code, lines) for kind, code in d.touches)
        text = f"{who.name if who else ''} {d.words} {touched}".casefold()
        if wanted in text and category in ("", d.category):
            made.append([
                Cell(who.name if who else "", href=f"/alliance/members/{d.member}/"),
                kinds[d.category].name if d.category in kinds else d.category, d.words, touched,
                d.since, d.until or "",
            ])  # fmt: skip
    return Listing(
        caption="Register of interests", all_rows=made, query=query,
        columns=(Column("who", "Member"), Column("kind", "Kind"), Column("words", "What it is"),
                 Column("touches", "Touches"), Column("since", "Since"), Column("until", "Until")),
        empty_title="No interest is declared" if not wanted and not category else "None fits",
        empty_advice="Each member declares their own, with the days between which it is so.",
    )  # fmt: skip


def thing_words(kind: str, code: str, lines: Mapping[str, str]) -> str:
    """What an interest touches, in words."""
    here = current()
    if kind == "organisation" and code in here.organisations:
        return here.organisations[code].name
    if kind == "service" and code in here.services:
        return here.services[code].name
    return lines.get(code, code) if kind == "line" else code


def changed(before: Charter | None, after: Charter) -> list[tuple[str, str, str]]:
    """What one version of a charter says otherwise than another: what, before, after."""
    one, other = (_clauses(before) if before else {}), _clauses(after)
    keys = [*one, *(k for k in other if k not in one)]
    return [(k, one.get(k, ""), other.get(k, "")) for k in keys if one.get(k) != other.get(k)]


def _clauses(c: Charter) -> dict[str, str]:
    share = say(
        "{numerator} of {denominator}",
        numerator=c.quorum.share.numerator,
        denominator=c.quorum.share.denominator,
    )
    return {
        "Name": c.name,
        "Purpose": c.purpose,
        "Test": c.test,
        **{say("Principle: {name}", name=p.name): p.words for p in c.principles},
        "Quorum": say(
            "{share}, {least} at least; chair or deputy {if_chair}; community seats "
            "{community}; funders {if_funders}",
            share=share,
            least=c.quorum.least,
            if_chair=say("needed") if c.quorum.chair else say("not needed"),
            community=c.quorum.community,
            if_funders=say("needed") if c.quorum.funders else say("not needed"),
        ),
        **{
            say("Ladder {n}: {name}", n=n, name=r.name): say(
                "{who}, {days} working days", who=r.who, days=r.days
            )
            for n, r in enumerate(c.ladder, 1)
        },
        **{
            say("Competence: {name}", name=n.name): say("{least} at least", least=n.least)
            for n in c.competences
        },
        "Charter changed midway": MIDWAY[c.midway],
        "Notice of a party that leaves": say("{notice_days} days", notice_days=c.notice_days),
        "Declarations renewed": say("every {renew_days} days", renew_days=c.renew_days),
        "Read with": c.beside,
        "Review": c.review.isoformat() if c.review else "",
    }


_DISAGREEMENTS = {
    "resolved": (say("resolved"), "good"), "withdrawn": (say("withdrawn"), "quiet"),
}  # fmt: skip
_PROCUREMENTS = {
    "open": (say("open"), "warn"), "awarded": (say("awarded"), "good"),
    "abandoned": (say("abandoned"), "quiet"),
}  # fmt: skip


def ladder_state(made: Disagreement, at: datetime) -> tuple[str, str]:
    """How a disagreement stands."""
    if made.state != "open":
        return _DISAGREEMENTS[made.state]
    return (say("overdue"), "bad") if from_micros(made.due) < at else (say("open"), "warn")


def buying_state(made: Procurement) -> tuple[str, str]:
    """How a procurement stands."""
    return _PROCUREMENTS[made.state]


def step_words(step: Step, names: Mapping[int, str]) -> str:
    """A step of a procurement in words."""
    here = current().organisations
    whose = here[step.organisation].name if step.organisation in here else step.bidder
    who = names.get(step.member, "")
    said = [whose, money(step.amount) if step.amount is not None else "", step.score or "", who]
    parts = [STEPS.get(step.kind, step.kind), listed([part for part in said if part])]
    return listed([part for part in parts if part], ": ")
