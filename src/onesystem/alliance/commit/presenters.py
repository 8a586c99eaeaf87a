"""Facts of committing into words, tags and rows. No HTML, no store."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onesystem.alliance.commit.queries import Waiting
from onesystem.alliance.commit.rows import Resourced
from onesystem.alliance.commit.standing import Line, Standing, Word
from onesystem.alliance.meeting import changes
from onesystem.alliance.meeting.naming import words_of
from onesystem.alliance.meeting.proposal import Ask
from onesystem.alliance.meeting.queries import Decision
from onesystem.district import current
from onesystem.vocabulary import Money
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say, say_date
from onesystem.vocabulary.tables import Cell, Column, Listing

STATES = {
    "agreed": (say("agreed, not resourced"), "warn"), "resourced": (say("resourced"), "good"),
    "adopted": (say("adopted"), "good"), "changed": (say("to be changed"), "info"),
    "stopped": (say("stopped"), "bad"), "withdrawn": (say("withdrawn"), "quiet"),
}  # fmt: skip
WORDS = {
    "confirmed": (say("confirmed"), "good"), "withdrawn": (say("withdrawn"), "bad"),
    "open": (say("not confirmed"), "warn"),
}  # fmt: skip


def money(minor: int) -> str:
    """An amount of the district's currency."""
    return str(Money(minor, current().currency))


def period(ask: Ask) -> str:
    """The months for which it is asked."""
    first, last = f"{ask.since:%B %Y}", f"{ask.until:%B %Y}"
    return first if first == last else say("{first} to {last}", first=first, last=last)


def asks(
    standing: Standing, parties: Mapping[str, str], lines: Mapping[str, str], query: Any
) -> Listing:
    """What is asked of whom, and what they said."""
    return Listing(
        caption="Money asked for", query=query,
        columns=(Column("funder", "Funder"), Column("amount", "Amount", right=True),
                 Column("months", "Months"), Column("line", "Line"), Column("state", "State"),
                 Column("by", "Said by")),
        all_rows=[_ask(each, parties, lines) for each in standing.lines],
        empty_title="No money is asked for",
        empty_advice="The design was agreed first: how it is funded is attached by a proposal.",
    )  # fmt: skip


def _ask(each: Line, parties: Mapping[str, str], lines: Mapping[str, str]) -> list[Any]:
    words, tag = WORDS[each.state]
    code = each.word.line if each.word and each.confirmed else each.ask.line
    return [
        parties.get(each.ask.funder, each.ask.funder),
        Cell(money(each.ask.amount), value=each.ask.amount), period(each.ask),
        lines.get(code, code) or say("not said yet"), Cell(words, tag=tag),
        each.word.by if each.word else "",
    ]  # fmt: skip


def waiting(
    found: Sequence[Waiting], party: str, parties: Mapping[str, str], query: Any
) -> Listing:
    """Decisions that wait for money, those first that wait for the party of whoever looks."""
    some = sorted(found, key=lambda each: not each.of(party))
    return Listing(
        caption="Agreed, not resourced", query=query,
        columns=(Column("decision", "Decision"), Column("asked", "Asked for", right=True),
                 Column("promised", "Confirmed", right=True), Column("waits", "Waits for"),
                 Column("since", "Agreed")),
        all_rows=[_waits(each, party, parties) for each in some],
        empty_title="Nothing waits for money",
        empty_advice="A decision that asks funders for money stands here until all have confirmed.",
    )  # fmt: skip


def _waits(each: Waiting, party: str, parties: Mapping[str, str]) -> list[Any]:
    found, stands = each.decision, each.standing
    missing = [parties.get(code, code) for code in stands.missing]
    mine = " (you)" if each.of(party) else ""
    return [
        Cell(f"{found.number}: {found.title}", value=found.number,
             href=f"/alliance/decisions/{found.number}/money/"),
        Cell(money(stands.asked), value=stands.asked),
        Cell(money(stands.promised), value=stands.promised),
        ", ".join(missing) + mine if stands.lines else say("a proposal that attaches money"),
        Cell(f"{found.agreed_at:%-d %B %Y}", value=found.agreed_at.isoformat()),
    ]  # fmt: skip


def going(found: Iterable[Decision]) -> list[list[Any]]:
    """Decisions that were set going, for a plain list: link, what it is called, state, review."""
    return [
        [f"/alliance/decisions/{each.number}/money/", f"{each.number}: {each.title}",
         STATES[each.state], each.review]
        for each in found
    ]  # fmt: skip


def live(found: Decision) -> list[tuple[str, str]]:
    """What goes live with it: what it is, and from when."""
    return [
        (
            words_of(each),
            say("from {since}", since=say_date(each.since, "%-d %B %Y"))
            if each.since
            else say("at once"),
        )
        for each in changes.in_order(found.changes)
    ]


def reserved(
    row: Resourced, parties: Mapping[str, str], lines: Mapping[str, str], query: Any
) -> Listing:
    """The ledger's reservations, month by month."""
    return Listing(
        caption="Reserved in the ledger", query=query,
        columns=(Column("month", "Month"), Column("funder", "Funder"), Column("line", "Line"),
                 Column("amount", "Reserved", right=True), Column("posting", "Posting")),
        all_rows=[
            [Cell(f"{each.month:%B %Y}", value=f"{each.month:%Y-%m}"),
             parties.get(each.party, each.party), lines.get(each.line, each.line),
             Cell(money(each.amount), value=each.amount),
             Cell(str(each.reservation), value=each.reservation,
                  href=f"/budget/ledger/{each.reservation}/")]
            for each in row.reserved.order_by("month", "nth")
        ],
        empty_title="It needed no money",
    )  # fmt: skip


def said(words: Iterable[Word]) -> list[dict[str, Any]]:
    """What funders said, the latest first, for a timeline."""
    kinds = {"confirmed": "good", "withdrawn": "warn"}
    return [
        {"when": from_micros(each.at), "kind": kinds[each.said], "by": each.by,
         "what": say("{amount} {word}", amount=money(each.amount), word=WORDS[each.said][0]),
         "reason": each.reason}
        for each in reversed(list(words))
    ]  # fmt: skip
