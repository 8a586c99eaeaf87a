"""Coverage by branch, room by room, and what is not covered with its reason.

    python tools/coverage_page.py .coverage.json [--write]

Reads what `make coverage` measured. Prints a line for each room and each file of which less than
half ran; `--write` puts the rooms into docs/reference/coverage.md. The reasons stand on that page,
written by hand: the exit code is 1 while a file of which less than half ran has none there.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "coverage.md"
LEAST = 50.0  # per cent of lines and branches, below which a file says why
_TABLE = re.compile(r"(?<=<!-- rooms -->\n).*?(?=<!-- end -->)", re.DOTALL)
_HERE = "src/onesystem/"


@dataclass(slots=True)
class Ran:
    """Of some code: how many lines and branches there are, and how many of them ran."""

    lines: int = 0
    lines_ran: int = 0
    branches: int = 0
    branches_ran: int = 0

    def add(self, summary: Mapping[str, int]) -> None:
        """Count a file in, as coverage.py sums it up."""
        self.lines += summary["num_statements"]
        self.lines_ran += summary["covered_lines"]
        self.branches += summary.get("num_branches", 0)
        self.branches_ran += summary.get("covered_branches", 0)

    @property
    def share(self) -> float:
        """Per cent of lines and branches together; all of nothing."""
        every = self.lines + self.branches
        return 100 * (self.lines_ran + self.branches_ran) / every if every else 100.0


def by_room(files: Mapping[str, Any]) -> dict[str, Ran]:
    """The files of a report summed by room, the first part below `onesystem`."""
    rooms: dict[str, Ran] = defaultdict(Ran)
    for path, said in sorted(files.items()):
        rooms[path.removeprefix(_HERE).split("/")[0].removesuffix(".py")].add(said["summary"])
    return dict(rooms)


def little(files: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The files of which less than LEAST ran, the least first."""
    found = []
    for path, said in files.items():
        ran = Ran()
        ran.add(said["summary"])
        if ran.share < LEAST:
            found.append((path.removeprefix(_HERE), ran.share))
    return sorted(found, key=lambda each: each[1])


def table(rooms: Mapping[str, Ran]) -> str:
    """A line for each room and one for all, as a table of Markdown."""
    whole = Ran()
    rows = ["| room | lines | ran | branches | ran |", "|---|---:|---:|---:|---:|"]
    for name, ran in rooms.items():
        rows.append(_row(name, ran))
        for each in ("lines", "lines_ran", "branches", "branches_ran"):
            setattr(whole, each, getattr(whole, each) + getattr(ran, each))
    return "\n".join([*rows, _row("**all**", whole)]) + "\n"


def _row(name: str, ran: Ran) -> str:
    lines = 100 * ran.lines_ran / ran.lines if ran.lines else 100
    ways = f"{100 * ran.branches_ran / ran.branches:.1f} %" if ran.branches else ""
    return f"| {name} | {ran.lines:,} | {lines:.1f} % | {ran.branches:,} | {ways} |"


def unsaid(found: Iterable[tuple[str, float]], page: str) -> list[str]:
    """The files of which little ran, where the page names neither them nor a folder above."""
    return [path for path, _ in found if not any(f"`{name}`" in page for name in _names(path))]


def _names(path: str) -> Iterable[str]:
    """A file, and the folders above it as the page writes them: `cli/`."""
    yield path
    for folder in Path(path).parents:
        yield f"{folder.as_posix()}/"


def main() -> int:
    """Print, write where that is asked for, and say what has no reason yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path, help="what coverage.py wrote as JSON")
    parser.add_argument("--write", action="store_true", help="put the rooms into the page")
    asked = parser.parse_args()
    files = json.loads(asked.report.read_text(encoding="utf-8"))["files"]
    rooms, page = table(by_room(files)), PAGE.read_text(encoding="utf-8")
    sys.stdout.write(rooms + "\n")
    for path, share in little(files):
        sys.stdout.write(f"{share:5.1f} %  {path}\n")
    if asked.write:
        PAGE.write_text(_TABLE.sub(lambda _: rooms, page), encoding="utf-8")
    for path in (left := unsaid(little(files), page)):
        sys.stdout.write(f"say in {PAGE.name} why so little of {path} ran\n")
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
