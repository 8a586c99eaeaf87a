"""The tables of the privacy officer's pages."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from onesystem.access import kinds
from onesystem.access.models import WellKnown
from onesystem.access.privacy.figures import Figures
from onesystem.access.privacy.worklist import rule_of
from onesystem.access.sharing import ANYONE, Agreement
from onesystem.district import current, now
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.wording import day, length, local


def organisation_words(code: str) -> str:
    """An organisation's name."""
    if code == ANYONE:
        return say("Every organisation")
    known = current().organisations.get(code)
    return known.name if known else code or say("No organisation")


def agreement_listing(kept: Sequence[tuple[Agreement, bool]], request: HttpRequest) -> Listing:
    """Sharing agreements."""
    today = now().date()
    return Listing(
        caption="Sharing agreements",
        columns=(
            Column("name", "Agreement"),
            Column("organisations", "Between"),
            Column("purposes", "For"),
            Column("kinds", "Sensitive kinds"),
            Column("basis", "Legal basis"),
            Column("from", "From"),
            Column("until", "Until"),
            Column("state", "State"),
            Column("do", "", sorts=False),
        ),
        all_rows=[_agreement_row(each, stands, today) for each, stands in kept],
        query=request.GET,
        empty_title="No agreement is kept yet",
        empty_advice=(
            "Until there is one, the district's organisations share everything for direct care "
            "and care coordination. The first agreement that you add ends that."
        ),
    )


def _agreement_row(each: Agreement, stands: bool, today: Any) -> list[Any]:
    state = Cell(say("In force"), tag="good")
    if not stands:
        state = Cell(say("Ended"), tag="quiet")
    elif each.since > today:
        state = Cell(say("Begins later"), tag="info")
    elif not each.on(today):
        state = Cell(say("Over"), tag="quiet")
    address = reverse("access:end_agreement", kwargs={"agreement": each.number})
    return [
        each.name,
        ", ".join(sorted(map(organisation_words, each.organisations))),
        ", ".join(sorted(each.purposes)),
        ", ".join(kinds.names_of(each.labels)).replace("-", " "),
        each.basis,
        Cell(day(each.since), value=each.since),
        Cell(day(each.until), value=each.until) if each.until else "",
        state,
        Cell(say("End"), href=address, value="") if stands else "",
    ]


def well_known_listing(rows: Sequence[WellKnown], request: HttpRequest) -> Listing:
    """The list of well-known people, by number: a name would draw looks by itself."""
    zone = current().zone
    return Listing(
        caption="Well-known people",
        columns=(
            Column("person", "Person", right=True),
            Column("reason", "Why"),
            Column("by", "Added by"),
            Column("since", "Since"),
        ),
        all_rows=[
            [
                Cell(str(r.identity), value=r.identity, href=f"/people/{r.identity}/"),
                r.reason,
                r.by,
                Cell(local(from_micros(r.since), zone), value=from_micros(r.since)),
            ]
            for r in rows
        ],
        query=request.GET,
        exports=False,
        empty_title="Nobody is on the list",
        empty_advice="Add people whom others are curious about: every look at them comes to you.",
    )


def looks_listing(told: Figures, request: HttpRequest) -> Listing:
    """Looks by month, organisation and purpose."""
    return Listing(
        caption="Looks by month, organisation and purpose",
        columns=(
            Column("month", "Month"),
            Column("organisation", "Organisation"),
            Column("purpose", "Purpose"),
            Column("looks", "Looks", right=True),
        ),
        all_rows=[
            [
                Cell(f"{m.first:%b %Y}", value=m.first),
                organisation_words(organisation),
                purpose or "not said",
                Cell(f"{count:,}", value=count),
            ]
            for m in reversed(told.months)
            for (organisation, purpose), count in sorted(m.looks.items(), key=lambda p: -p[1])
        ],
        query=request.GET,
        empty_title="Nobody has looked yet",
        empty_advice="Looks are counted from the first time that somebody opens a person.",
    )


def glass_listing(told: Figures) -> Listing:
    """Broken glass by month and organisation."""
    return Listing(
        caption="Broken glass by month and organisation",
        columns=(
            Column("month", "Month", sorts=False),
            Column("organisation", "Organisation", sorts=False),
            Column("count", "Times", right=True, sorts=False),
        ),
        all_rows=[
            [f"{m.first:%b %Y}", organisation_words(organisation), count]
            for m in reversed(told.months)
            for organisation, count in sorted(m.glass.items())
        ],
        exports=False,
        empty_title="Nobody has broken the glass in a year",
        empty_advice="Where somebody has no tie to a person, the page offers it with a reason.",
    )


def rules_listing(told: Figures) -> Listing:
    """The list of looks by rule."""
    return Listing(
        caption="The list by rule",
        columns=tuple(
            Column(key, label, right=key != "rule", sorts=False)
            for key, label in (
                ("rule", "Rule"),
                ("open", "To do"),
                ("oldest", "Oldest"),
                ("resolved", "Resolved"),
                ("took", "Half were resolved within"),
            )
        ),
        all_rows=[
            [
                Cell(
                    rule_of(each.rule).name,
                    href=f"{reverse('access:worklist')}?rule={each.rule}",
                ),
                each.open,
                length(now() - each.oldest) if each.oldest else "",
                each.resolved,
                length(each.took) if each.took is not None else "",
            ]
            for each in told.rules
        ],
        exports=False,
        empty_title="No look has come onto the list",
        empty_advice="The rules run whenever the list is opened, and every night.",
    )
