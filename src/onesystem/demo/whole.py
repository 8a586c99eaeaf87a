"""A part of the making, done wholly or not at all, whenever its process is killed.

The store changes in one transaction. The clock is a file, which parts set back to do something as
long ago: how it stood before is kept beside it until the part is done.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from onesystem.district import clock

_KEPT = "clock.before"  # in the district folder while a part is under way


def wholly(folder: Path, work: Callable[[], object]) -> None:
    """Do it; what somebody did not finish before is undone first."""
    from django.db import transaction

    set_right(folder)
    was = clock.read(folder)
    part = folder / f"{_KEPT}.part"
    part.write_text(json.dumps(asdict(was) if was else None), encoding="utf-8")
    part.replace(folder / _KEPT)
    with transaction.atomic():
        work()
    (folder / _KEPT).unlink()


def set_right(folder: Path) -> None:
    """The clock as it was before a part that was broken off."""
    try:
        said = json.loads((folder / _KEPT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    if said is None:
        (folder / clock.FILE).unlink(missing_ok=True)
    else:
        clock.write(folder, clock.Clock(**said))
