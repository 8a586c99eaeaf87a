"""What can be asked of plans of staff and of vacancies. Nothing of it is about a person."""

from onesystem.plan.workforce.keeping import KEPT
from onesystem.plan.workforce.rows import PostsRow
from onesystem.plan.workforce.shape import Workforce
from onesystem.plan.workforce.vacancies import Posts

every, maybe, standing, steps, version, slugs = (
    KEPT.every, KEPT.maybe, KEPT.standing, KEPT.steps, KEPT.version, KEPT.slugs,
)  # fmt: skip


def plan_of(area: str) -> Workforce | None:
    """The plan of staff of an area that was changed last; by its slug where none is."""
    found = KEPT.for_area(area) or KEPT.maybe(area)
    return found.plan if found else None


def posts(kind: str = "") -> list[Posts]:
    """Posts as they were counted last, by place and role."""
    rows = PostsRow.objects.order_by("counted", "id")
    if kind:
        rows = rows.filter(kind=kind)
    latest = {(row.kind, row.place, row.role): row for row in rows}
    made = [
        Posts(kind=row.kind, place=row.place, name=row.name, role=row.role, posts=row.posts,
              filled=row.filled, counted=row.counted)
        for row in latest.values()
    ]  # fmt: skip
    return sorted(made, key=lambda p: (p.kind, p.name.casefold(), p.role))
