"""What the room keeps; each part of the room has its rows of its own."""

from onesystem.care.drafts import rows as draft_rows  # noqa: F401
from onesystem.care.episodes import rows as episode_rows  # noqa: F401
from onesystem.care.pathways import rows as pathway_rows  # noqa: F401  # Django finds models here
from onesystem.care.plans import rows as plan_rows  # noqa: F401
from onesystem.care.practice import rows as practice_rows  # noqa: F401
from onesystem.care.requests import inbox_rows  # noqa: F401
from onesystem.care.requests.rows import RequestRow, StepRow
from onesystem.care.services import rows as service_rows  # noqa: F401
from onesystem.care.tasks import rows as task_rows  # noqa: F401
from onesystem.care.triage import rows as triage_rows  # noqa: F401

__all__ = ["RequestRow", "StepRow"]
