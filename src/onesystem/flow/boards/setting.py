"""The two files in which a district sets its boards and alerts, changed from a page.

They stay files that an administrator may edit by hand as well. What is kept from a page was read
first by the same reader; what stood before is in the trail, line by line.
"""

import difflib
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onesystem import access
from onesystem.access import Actor
from onesystem.district import District
from onesystem.flow.boards import config, layout
from onesystem.vocabulary import BadConfig, UserError
from onesystem.vocabulary.said import say

_LONG = 100_000  # characters: a file of boards has a few thousand
_TOLD = 4_000  # characters of a change that the trail tells


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of settings: what it is for, ours, and how it is read."""

    name: str
    title: str
    words: str
    ours: Callable[[], str]
    read: Callable[[str], Any]


FILES = {
    "boards": File(
        name=layout.FILE,
        title=say("Boards: places, parts, columns, thresholds, words"),
        words=say(
            "From which value on a figure asks for somebody, what each board shows and in "
            "which words, why somebody who is ready has not gone, and who owes the next "
            "step."
        ),
        ours=layout.shipped,
        read=layout.tried,
    ),
    "alerts": File(
        name=config.FILE,
        title=say("Alerts: limits, whom they ask, gridlock"),
        words=say(
            "At which figure an alert is raised and closed, whom it asks, how soon the "
            "next one, and from when on beds are gridlocked."
        ),
        ours=config.shipped,
        read=config.tried,
    ),
}


def text_of(file: File, district: District) -> str:
    """The district's own file; empty where it has none."""
    own = district.path / file.name
    return own.read_text(encoding="utf-8") if own.exists() else ""


def tried(file: File, text: str, district: District) -> tuple[str, list[str]]:
    """What a text would change, line by line, and what it names that is not there.

    Raises BadConfig, which names the line or the key and the cure.
    """
    if len(text) > _LONG:
        raise BadConfig(
            say("{name} has {text} characters", name=file.name, text=f"{len(text):,}"),
            "Write less.",
        )
    made = file.read(text)
    unknown = layout.check(district, made) if file.name == layout.FILE else []
    lines = difflib.unified_diff(
        text_of(file, district).splitlines(),
        text.splitlines(),
        say("as it is"),
        say("as it will be"),
        lineterm="",
        n=1,
    )
    return "\n".join(lines), unknown


def digest(text: str) -> str:
    """What a text is known by, to tell whether somebody changed it meanwhile."""
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def keep(file: File, text: str, *, seen: str, district: District, by: Actor) -> None:
    """Keep a text as the district's file. Raises BadConfig, and UserError where it was changed
    since it was `seen`.
    """
    access.require(by, "boards.set")
    if seen != digest(text_of(file, district)):
        raise UserError(
            say("{name} was changed meanwhile", name=file.name),
            "Look at it again, and change that.",
        )
    change, _ = tried(file, text, district)
    access.record(by=by, act="boards.set", what=file.name, detail={"change": change[:_TOLD]})
    _write(district.path / file.name, text)


def _write(own: Path, text: str) -> None:
    part = own.with_name(f"{own.name}.{os.getpid()}.part")
    part.write_text(text if not text or text.endswith("\n") else f"{text}\n", encoding="utf-8")
    part.replace(own)
