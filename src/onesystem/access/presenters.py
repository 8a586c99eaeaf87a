"""Users, roles, the trail and the district's set-up as words and cells."""

from collections.abc import Iterable
from typing import Any

from onesystem.access.models import Audit, User
from onesystem.access.rights import today
from onesystem.access.roles import PURPOSES, RIGHTS, lines_on
from onesystem.district import District
from onesystem.vocabulary.said import listed, say, say_each

_ACTS = say_each(
    {
        "person.looked": "Looked at a person",
        "purpose.given": "Gave a purpose",
        "purpose.ended": "Closed a record",
        "session.started": "Signed in",
        "session.ended": "Signed out",
        "session.refused": "Sign-in refused",
        "user.added": "Added a user",
        "user.roles-set": "Set roles",
        "user.deactivated": "Closed an account",
        "user.activated": "Opened an account",
        "user.password-set": "Set a password",
        "trail.exported": "Exported the audit trail",
        "access.refused": "Was refused a person",
        "glass.broken": "Broke the glass",
        "glass.mended": "Mended the glass",
        "volume.stopped": "Stopped: too many people in an hour",
        "sharing.refused": "Stopped sharing",
        "sharing.allowed": "Shared again",
        "item.sealed": "Marked an item as confidential",
        "item.unsealed": "Took the mark of an item away",
        "proxy.named": "Named a proxy",
        "proxy.ended": "Ended a proxy",
    }
)


def act_words(act: str) -> str:
    """An act in words: `identities.merged` is "Identities merged" where nobody said better."""
    return _ACTS.get(act) or act.replace(".", " ").replace("-", " ").capitalize()


def role_names(roles: Iterable[str]) -> list[str]:
    """The roles as people call them."""
    table = lines_on(today())
    return [table[r].name if r in table else say("{r} (no longer a role)", r=r) for r in roles]


def role_choices() -> list[tuple[str, str, str]]:
    """Every role of today: its code, name, and what it is for."""
    return [(line.role, line.name, line.about) for line in lines_on(today()).values()]


def user_facts(user: User, district: District) -> list[tuple[str, str]]:
    """What is known of a user."""
    organisation = district.organisations.get(user.organisation)
    return [
        (say("User name"), user.username),
        (say("Name"), user.name),
        (say("Organisation"), organisation.name if organisation else user.organisation),
        (say("Roles"), listed(role_names(user.roles.split())) or say("none: sees nothing")),
        (say("State"), say("Signs in") if user.is_active else say("Closed")),
    ]


def matrix() -> list[tuple[str, list[tuple[str, bool]]]]:
    """The table of rights: right in words, then each role's name and whether it holds it."""
    table = lines_on(today()).values()
    return [
        (words, [(line.name, right in line.rights) for line in table])
        for right, words in RIGHTS.items()
    ]


def purpose_matrix() -> list[tuple[str, str, list[tuple[str, bool]]]]:
    """The same for purposes."""
    table = lines_on(today()).values()
    return [
        (purpose, about, [(line.name, purpose in line.purposes) for line in table])
        for purpose, about in PURPOSES.items()
    ]


def _who(row: Audit) -> str:
    kind = say("a job") if row.kind == "job" else say("a person")
    return say("{name} ({kind})", name=row.actor, kind=kind)


def audit_facts(row: Audit) -> list[tuple[str, Any]]:
    """One row of the trail, whole."""
    return [
        (say("Row"), f"{row.id:,}"),
        (say("Who"), _who(row)),
        (say("Roles at the time"), listed(role_names(row.roles.split()))),
        (say("Organisation"), row.organisation),
        (say("Did"), say("{words} ({act})", words=act_words(row.act), act=row.act)),
        (say("What"), row.what),
        (say("Person"), str(row.person) if row.person is not None else ""),
        (say("Purpose"), row.purpose),
        (say("Reason"), row.reason),
        (say("Detail"), row.detail),
        (say("Follows from"), row.previous),
        (say("Digest"), row.digest),
    ]


def capacity_words(district: District) -> list[list[Any]]:
    """The district's services as rows: code, name, setting, organisation, place, capacity."""
    rows = []
    for s in sorted(district.services.values(), key=lambda s: (s.setting, s.name)):
        runs = district.organisations.get(s.organisation)
        place = district.places.get(s.place)
        lines = "; ".join(_capacity(line) for line in s.capacity) or say("not said")
        rows.append(
            [
                s.name,
                s.code,
                str(s.setting),
                runs.name if runs else "",
                place.name if place else "",
                lines,
            ]
        )
    return rows


def source_words(district: District) -> list[list[Any]]:
    """The district's sources as rows: name, code, organisation, format, zone, watched, mapped."""
    return [
        [
            s.name,
            s.code,
            district.organisations[s.organisation].name if s.organisation else "",
            s.format or "any",
            s.zone or district.zone,
            s.watch,
            len(s.services),
        ]
        for s in sorted(district.sources.values(), key=lambda s: s.name)
    ]


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _capacity(line: Any) -> str:
    said = f"{line.amount:,}"
    if len(line.days) < 7:
        said += " on " + ", ".join(_DAYS[d] for d in sorted(line.days))
    if line.opens != line.closes:
        said += say(
            " from {opens} to {closes}", opens=f"{line.opens:%H:%M}", closes=f"{line.closes:%H:%M}"
        )
    if line.since or line.until:
        said += say(" ({since} to {until})", since=line.since or "…", until=line.until or "…")
    return said
