"""The tables of Settings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from onesystem.access import presenters
from onesystem.access.models import Audit, User
from onesystem.district import District, current
from onesystem.vocabulary import to_local
from onesystem.vocabulary.said import listed, say
from onesystem.vocabulary.tables import Cell, Column, Listing

_WHEN = "%-d %b %Y %H:%M:%S"


def _local(moment: datetime) -> str:
    return to_local(moment, current().zone).strftime(_WHEN)


def user_listing(users: Sequence[User], request: HttpRequest) -> Listing:
    """Everybody who signs in."""
    return Listing(
        caption="Users",
        columns=(
            Column("name", "User name"),
            Column("called", "Name"),
            Column("organisation", "Organisation"),
            Column("roles", "Roles"),
            Column("state", "State"),
            Column("last", "Last sign-in"),
        ),
        all_rows=[_user_row(user) for user in users],
        query=request.GET,
    )


def _user_row(user: User) -> list[Any]:
    last = user.last_login
    return [
        Cell(user.username, href=reverse("access:user", kwargs={"user": user.pk})),
        user.name,
        user.organisation,
        listed(presenters.role_names(user.roles.split())),
        Cell(say("Signs in"), tag="good") if user.is_active else Cell(say("Closed"), tag="quiet"),
        Cell(_local(last), value=last) if last else "",
    ]


def audit_listing(rows: Sequence[Audit], request: HttpRequest) -> Listing:
    """Rows of the trail."""
    return Listing(
        caption="Audit trail",
        columns=(
            Column("row", "Row", right=True),
            Column("at", "When"),
            Column("actor", "Who"),
            Column("act", "Did"),
            Column("what", "What"),
            Column("person", "Person", right=True),
            Column("purpose", "Purpose"),
            Column("reason", "Reason"),
        ),
        all_rows=[_audit_row(row) for row in rows],
        query=request.GET,
        empty_title="The trail has no such rows",
        empty_advice="Widen the dates, or take a filter away.",
    )


def _audit_row(row: Audit) -> list[Any]:
    return [
        Cell(f"{row.id:,}", value=row.id, href=reverse("access:audit_row", kwargs={"row": row.id})),
        Cell(_local(row.at), value=row.at),
        Cell(row.actor, note="job" if row.kind == "job" else ""),
        presenters.act_words(row.act),
        row.what,
        row.person,
        row.purpose,
        row.reason,
    ]


def service_listing(district: District, request: HttpRequest) -> Listing:
    """The district's services."""
    return Listing(
        caption="Services",
        columns=tuple(
            Column(key, label)
            for key, label in (
                ("name", "Service"),
                ("code", "Code"),
                ("setting", "Setting"),
                ("organisation", "Organisation"),
                ("place", "Place"),
                ("capacity", "Capacity, people at once"),
            )
        ),
        all_rows=presenters.capacity_words(district),
        query=request.GET,
    )


def source_listing(district: District) -> Listing:
    """The district's sources."""
    labels = (
        "Source",
        "Code",
        say("Organisation"),
        "Format",
        "Zone",
        say("Watched folder"),
        say("Places mapped"),
    )
    return Listing(
        caption="Sources",
        columns=tuple(Column(label, label, sorts=False) for label in labels),
        all_rows=presenters.source_words(district),
        per_page=1000,
        exports=False,
    )
