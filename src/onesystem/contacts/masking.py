"""Contacts for a project: pseudonyms for persons, and nothing that tells who somebody is.

Left out are free text (reason, outcome, who, bed), the source's keys and all numbers of ours.
"""

from collections.abc import Sequence
from typing import Any

from onesystem import access
from onesystem.contacts.exporting import Asked, Found, said, write
from onesystem.people import projects
from onesystem.vocabulary import BadConfig, nearest

PERSON = ("person", "birth_year", "sex", "postcode_district")
PLAIN = ("source", "service", "setting", "requested", "started", "ready", "ended", "mode",
         "urgency", "cancelled")  # fmt: skip
_GROUPS = ("source", "service", "setting", "mode", "urgency", *PERSON[1:])


def export(asked: Asked, *, by: Any, out: Any, form: str, project: str) -> int:
    """Write the contacts under pseudonyms; gives how many rows. Raises NotPermitted, NotFound."""
    access.require(by, "contacts.export")
    made = projects.project(project)
    rows = 0
    with Found(asked) as found:
        masked = _masked(found, made)
        if form == "csv":
            found.duck.execute(f"SET TimeZone = '{found.district.zone}'")
            masked = masked.project(", ".join(said(name) for name in masked.columns))
        for count in write(masked, out, form):
            rows += count
    _told(by, project, asked, {"rows": rows, "form": form})
    return rows


def counts(asked: Asked, *, by: Any, project: str, groups: Sequence[str]) -> list[tuple[Any, ...]]:
    """Groups with their contacts and persons; None for both where too few persons are in one."""
    access.require(by, "contacts.export")
    for name in groups:
        if name not in _GROUPS:
            raise BadConfig(f"contacts are not counted by {name!r}", nearest(name, _GROUPS))
    made = projects.project(project)
    names = ", ".join(groups)
    with Found(asked) as found:
        below = found.district.suppress_below
        masked = _masked(found, made)  # DuckDB finds it by this name
        rows = masked.aggregate(
            f"{names}, count(*) AS contacts, count(DISTINCT person) AS persons", names
        ).order(names).fetchall()  # fmt: skip
    _told(by, project, asked, {"groups": len(rows), "by": list(groups)})
    size = len(groups)
    return [row if row[-1] >= below else (*row[:size], None, None) for row in rows]


def _masked(found: Any, made: projects.Project) -> Any:
    faces = found.duck.from_arrow(projects.faces(made)).set_alias("f")
    secret = made.word("key", "contacts")
    # DuckDB knows no HMAC; a digest cut short under a secret that is in no file serves as one.
    contact = f"substr(sha256('{secret}' || {{0}}::VARCHAR || '{secret}'), 1, 16)"
    columns = [
        f"{contact.format('c.contact')} AS contact",
        f"CASE WHEN c.cause IS NULL THEN NULL ELSE {contact.format('c.cause')} END AS cause",
        *(f"f.{name}" for name in PERSON),
        *(f"c.{name}" for name in PLAIN),
    ]
    joined = found.relation.set_alias("c").join(faces, "c.identity = f.identity", how="left")
    return joined.project(", ".join(columns))


def _told(by: Any, project: str, asked: Asked, detail: dict[str, Any]) -> None:
    access.record(
        by=by, act="project.exported", what=f"project {project}",
        detail={**asked.detail(), **detail},
    )  # fmt: skip
