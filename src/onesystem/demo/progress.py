"""How a demo was made and how far it has come; light, since it stays in memory."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from onesystem.vocabulary import NotFound

FILE = "demo.json"
FOLDER = "live"


@dataclass(frozen=True)
class Made:
    """How a demo was made; the same values make the same demo."""

    district: str
    people: int
    years: int
    seed: int
    now: int  # second


@dataclass
class Progress:
    """What a make has done; `rows` counts what the extracts hold."""

    made: Made
    done: list[str] = field(default_factory=list)
    rows: int = 0


def read(folder: Path) -> Progress | None:
    """How far the making of the demo in a folder is; None where there is none."""
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Progress(Made(**raw["made"]), raw["done"], raw["rows"])


def finished(folder: Path) -> bool:
    """Whether there is a demo that can be served."""
    progress = read(folder)
    return progress is not None and "sign-ins" in progress.done


def complete(folder: Path) -> bool:
    """Whether nothing is left to be made of it."""
    progress = read(folder)
    return progress is not None and "alliance" in progress.done


def mark(reached: int, dropped: dict[str, int], folder: Path) -> None:
    """Keep only how far it was told: cheap enough for every minute."""
    path = folder / FOLDER / "reached.json"
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps({"reached": reached, "dropped": dropped}))
    part.replace(path)


def where(folder: Path) -> tuple[int, dict[str, int]]:
    """How far the demo of a folder was told, and the second of each source's last extract.

    Raises NotFound where no demo was made.
    """
    with np.load(world_of(folder)) as arrays:
        head = json.loads(arrays["head"].tobytes())
    noted = _marked(folder)
    return max(head["reached"], noted.get("reached", 0)), noted.get("dropped") or head["dropped"]


def world_of(folder: Path) -> Path:
    """The file that holds the world of a demo. Raises NotFound where no demo was made."""
    path = folder / FOLDER / "world.npz"
    if not path.exists():
        raise NotFound(f"{folder} holds no demo", "Make one: onesystem demo make DIR")
    return path


def _marked(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / FOLDER / "reached.json").read_text()))
    except (OSError, ValueError):
        return {}
