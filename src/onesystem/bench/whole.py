"""All benchmarks in one run, and the page of documentation that is made of it."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from onesystem.bench.shape import Row, benchmarks

_HEAD = """# Figures

Every benchmark of the product in one run, on {machine},
{day}. Each table is what the command above it prints; all of it is
`onesystem bench --all --page docs/figures.md`. A target is a floor (≥) or a ceiling (≤); a peer is
another program that did the same work in the same run, or a figure that its source states.
"""
OTHERWISE = "## Measured otherwise"  # from here on the page is somebody's, and is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One benchmark: its rows, or why it could not be measured; `seconds` is how long it took."""

    name: str
    about: str
    seconds: float
    rows: tuple[Row, ...] = ()
    failed: str = ""


def measured(
    names: Sequence[str], *, full: bool, clock: Callable[[], float], tell: Callable[[str], None]
) -> Iterator[Measured]:
    """Each benchmark in a process of its own, so that none finds warm what another has read."""
    known = benchmarks()
    for name in names or list(known):
        tell(name)
        begun = clock()
        command = [sys.executable, "-m", "onesystem.cli", "bench", name, "--json"]
        ran = subprocess.run(  # noqa: S603  # a command of our own
            command + ["--full"] * full, capture_output=True, text=True, check=False,
            env=dict(os.environ),
        )  # fmt: skip
        took, about = clock() - begun, known[name][0]
        if ran.returncode:
            last = (ran.stderr.strip().splitlines() or ["it ended without a word"])[-1]
            yield Measured(name=name, about=about, seconds=took, failed=last)
            continue
        said = [{k: v for k, v in row.items() if k != "ok"} for row in json.loads(ran.stdout)]
        yield Measured(name=name, about=about, seconds=took, rows=tuple(Row(**row) for row in said))


def otherwise(text: str) -> str:
    """What somebody wrote on a page below its tables; empty for none."""
    return text[text.index(OTHERWISE) :] if OTHERWISE in text else ""


def page(found: Sequence[Measured], *, day: date, full: bool, kept: str = "") -> str:
    """The page: a table for each benchmark, what was missed first of all, and what is `kept`."""
    missed = [(m.name, row) for m in found for row in m.rows if row.ok is False]
    rows = sum(len(m.rows) for m in found)
    lines = [
        _HEAD.format(machine=_machine(), day=f"{day:%-d %B %Y}"),
        f"{rows} figures; {len(missed)} missed what they were to reach.",
        "",
        *(f"- `{name}`: {row.name}" for name, row in missed),
        "",
    ]
    for each in found:
        flag = " --full" if full else ""
        asked = f"`onesystem bench {each.name}{flag}`"
        lines += [f"## {each.name}", "", f"{asked}: {each.about}. {each.seconds:.0f} s in all.", ""]
        if each.failed:
            lines += [f"Could not be measured here: {each.failed}", ""]
            continue
        lines += ["| what | value | unit | target | peer | |", "|---|---:|---|---:|---|---|"]
        lines += [_line(row) for row in each.rows]
        lines.append("")
    return "\n".join(lines) + ("\n" + kept if kept else "")


def _line(row: Row) -> str:
    target = "" if row.target is None else f"{'≤' if row.lower_is_better else '≥'} {row.target:,g}"
    peer = row.peer + ("" if row.peer_value is None else f": {row.peer_value:,g}")
    verdict = {True: "ok", False: "**missed**", None: ""}[row.ok]
    cells = (row.name, f"{row.value:,.4g}", row.unit, target, peer, verdict)
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


def _machine() -> str:
    """Cores, processor and Python, as far as this system tells."""
    name = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if told.is_file():
        named = [line.partition(":")[2].strip() for line in told.read_text().splitlines()
                 if line.startswith("model name")]  # fmt: skip
        name = named[0] if named else name
    return f"{os.cpu_count()} cores ({name}), Python {platform.python_version()}"
