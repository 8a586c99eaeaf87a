"""Draw the rooms and their arrows from the code into docs/architecture.md.

`python tools/rooms.py` prints the picture; with `--write` it replaces the one in the document.
"""

import sys
from pathlib import Path

import grimp

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: drawn by tools/rooms.py -->\n```text\n", "```\n<!-- rooms end -->"

# Top to bottom; an arrow may only point down.
ORDER = [
    "cli",
    "bench",
    "demo",
    "open",
    "wiring",
    "web",
    "alliance",
    "plan",
    "care",
    "budget",
    "twin",
    "evidence",
    "flow",
    "record",
    "feeds",
    "contacts",
    "people",
    "access",
    "district",
    "vocabulary",
]


def arrows() -> dict[str, list[str]]:
    """Which rooms each room imports from, in the order of the house."""
    graph = grimp.build_graph("onesystem", cache_dir=None)
    found: dict[str, set[str]] = {room: set() for room in ORDER}
    for module in graph.modules:
        for target in graph.find_modules_directly_imported_by(module):
            one, two = (*module.split("."), "")[1], (*target.split("."), "")[1]
            if one and two and one != two:
                found.setdefault(one, set()).add(two)
    rank = {room: n for n, room in enumerate(ORDER)}
    return {room: sorted(targets, key=lambda t: rank.get(t, -1)) for room, targets in found.items()}


def picture() -> str:
    """One line a room, top of the house first, with the rooms below that it leans on."""
    lines = [
        f"{room:<10} -> {' '.join(targets)}".rstrip(" ->") for room, targets in arrows().items()
    ]
    return "\n".join(lines) + "\n"


def written() -> str:
    """The picture that the document holds."""
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def write() -> None:
    """Replace the picture in the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(before + BEGIN + picture() + END + after, encoding="utf-8")


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        sys.stdout.write(picture())
