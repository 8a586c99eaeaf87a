"""Steps that a file tells of: a confirmation of somebody else, at its own time."""

from datetime import datetime

from onesystem.care.services.actions import settle
from onesystem.care.services.keeping import CONFIRMED
from onesystem.care.services.rows import ServiceStep
from onesystem.vocabulary.kept import to_micros


def confirm_as_told(*, service: str, seen: int, at: datetime, who: str, why: str) -> None:
    """Keep who confirmed an entry elsewhere, and when; in the caller's transaction and trail."""
    ServiceStep.objects.create(
        service=service, number=seen + 1, kind=CONFIRMED, at=to_micros(at), by=who or "elsewhere",
        why=why[:1000],
    )  # fmt: skip
    settle(service)
