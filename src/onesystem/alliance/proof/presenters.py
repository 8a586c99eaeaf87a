"""Facts of proof into words, tags, rows and charts. No HTML, no store."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from onesystem.alliance.commit.presenters import money
from onesystem.alliance.proof import comparing
from onesystem.alliance.proof.judging import Beside
from onesystem.alliance.proof.queries import Drawn, Standing
from onesystem.budget.terms.settlement import POT
from onesystem.district import current
from onesystem.evidence import drawing
from onesystem.evidence import presenters as evidence
from onesystem.flow.measures import library
from onesystem.vocabulary.said import say, say_date
from onesystem.vocabulary.tables import Cell, Column, Listing

STANDS = {
    "closed": (say("closed"), "quiet"), "due": (say("due"), "warn"),
    "waiting": (say("not due yet"), "info"),
}  # fmt: skip
VERDICTS = (
    ("adopt", say("Adopt it"), say("It stays, and is looked at again in a year.")),
    ("change", say("Change it"), say("A proposal begins with its text, and goes to a meeting.")),
    (
        "stop",
        say("Stop it"),
        say("Places and tables end today, and money that is not drawn is free again."),
    ),
)
SAID = {
    "adopt": (say("adopted"), "good"),
    "change": (say("to be changed"), "info"),
    "stop": (say("stopped"), "bad"),
}


def title_of(measure: str) -> str:
    """What a measure is called."""
    known = library.everything().get(measure)
    return known.title if known else measure


def reviews(found: Sequence[Standing], query: Any) -> Listing:
    """All reviews, one a row."""
    return Listing(
        caption="Reviews", query=query,
        columns=(Column("decision", "Decision"), Column("due", "Due"), Column("state", "State"),
                 Column("measure", "Judged by"), Column("effect", "Effect"),
                 Column("verdict", "Said")),
        all_rows=[_review(each) for each in found],
        empty_title="No decision is under review",
        empty_advice="A review is opened with every decision that is resourced.",
    )  # fmt: skip


def _review(each: Standing) -> list[Any]:
    words, tag = STANDS[each.state]
    first = each.judged[0] if each.judged else None
    said = SAID.get(each.row.verdict)
    return [
        Cell(
            f"{each.decision.number}: {each.decision.title}",
            value=each.decision.number,
            href=f"/alliance/decisions/{each.decision.number}/review/",
        ),
        Cell(f"{each.row.due:%-d %B %Y}", value=each.row.due.isoformat()),
        Cell(words, tag=tag),
        title_of(first.row.measure) if first else "",
        evidence.effect_words(dict(first.effect))
        if first and first.effect
        else say("not drawn yet"),
        Cell(said[0], tag=said[1]) if said else "",
    ]


def judged(found: Standing) -> list[dict[str, Any]]:
    """Each measure with what was drawn of it, and of those that went on as before beside it."""
    beside = {each.row.measure: each for each in found.judged if each.row.compares}
    return [
        _judged(each) | {"beside": _compared(beside[each.row.measure])
                         if each.row.measure in beside else None}
        for each in found.judged if not each.row.compares
    ]  # fmt: skip


def _compared(each: Drawn) -> dict[str, Any]:
    treated, control = comparing.told(each.row)
    return _judged(each) | {
        "rule": each.row.rule, "chosen_by": each.row.chosen_by, "treated": treated,
        "control": control, "ways": _ways(each.row.measure),
    }  # fmt: skip


def _ways(measure: str) -> list[tuple[str, str]]:
    """By what a measure can be compared: practices, services, organisations."""
    known = library.everything().get(measure)
    return [(each, words) for each, words in comparing.KINDS.items()
            if known and each in known.dimensions]  # fmt: skip


def _judged(each: Drawn) -> dict[str, Any]:
    made: dict[str, Any] = {
        "title": title_of(each.row.measure), "measure": each.row.measure,
        "trouble": each.row.trouble, "evaluation": each.row.evaluation, "result": None,
    }  # fmt: skip
    if each.result is None:
        return made
    result = dict(each.result)
    picture = result.get("picture")
    return made | {
        "result": result, "main": evidence.main_figure(result), "run": each.run,
        "chart": drawing.drawn(picture) if picture else None, "tags": evidence.TAGS,
    }  # fmt: skip


def beside(found: Beside, query: Any) -> Listing:
    """The settlement's working, line by line, each with where its figure comes from."""
    return Listing(
        caption=f"How it was worked out: {found.name}, {_months(found)}", query=query,
        columns=(Column("words", "Line"), Column("amount", "Amount", right=True),
                 Column("party", "To"), Column("against", "From"), Column("source", "Source")),
        all_rows=[[line.words, Cell(money(line.amount), value=line.amount), _called(line.party),
                   _called(line.against), line.source] for line in found.lines],
        per_page=200,
        empty_title="No settlement can be drawn yet", empty_advice=found.trouble,
    )  # fmt: skip


def sharing(found: Beside, query: Any) -> Listing:
    """Who has what of the gain or loss in the end; the last row adds it up, to the penny."""
    told = [*((_called(party), amount) for party, amount in found.has),
            ("Together", sum(amount for _, amount in found.has))]  # fmt: skip
    return Listing(
        caption=f"Who shares what: {_months(found)}", query=query,
        columns=(Column("party", "Party"), Column("share", "Gains, or loses", right=True)),
        all_rows=[[party, Cell(money(amount), value=amount)] for party, amount in told],
    )  # fmt: skip


def said(found: Sequence[Standing]) -> list[dict[str, Any]]:
    """What was said at each review that is closed, with what was looked at then."""
    return [
        {
            "row": each.row,
            "effects": [effect | {"title": title_of(effect["measure"])}
                        for effect in each.said.get("effects", ())],
            "settlement": _kept(each.said.get("settlement")),
        }
        for each in found if each.row.verdict
    ]  # fmt: skip


def _kept(settlement: Mapping[str, Any] | None) -> str:
    """Who shared what, as it stood when the review was closed."""
    if not settlement:
        return ""
    if not settlement.get("has"):
        return str(settlement.get("trouble", ""))
    shares = ", ".join(f"{_called(who)} {money(amount)}" for who, amount in
                       settlement["has"].items())  # fmt: skip
    since, until = (date.fromisoformat(settlement[each]) for each in ("since", "until"))
    return say(
        "{shares} ({since} up to {until})",
        shares=shares,
        since=say_date(since, "%B %Y"),
        until=say_date(until, "%B %Y"),
    )


def _months(found: Beside) -> str:
    return say(
        "{since} up to {until}",
        since=say_date(found.since, "%B %Y"),
        until=say_date(found.until, "%B %Y"),
    )


def _called(party: str) -> str:
    """What a party is called; a pot is what its members share until it is divided."""
    if party.startswith(POT):
        return say("what they share")
    known = current().organisations.get(party)
    return known.name if known else party
