"""Who stresses contracts when a page asks: the engines are loaded by whoever works, not here."""

from typing import Any

from onesystem.flow import answers

KIND = "contract-stress"


def connect() -> None:
    """Say who answers."""
    answers.register(KIND, _work)


def _work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    from onesystem.budget.contracts.stressing import work

    return work(asked, progress)
