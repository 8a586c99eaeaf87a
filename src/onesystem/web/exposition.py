"""Figures as Prometheus reads them: the text exposition format, version 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name, what it is (counter, gauge or histogram), what it says, its lines.

    A line is its name's ending, its labels and its value.
    """

    name: str
    kind: str
    help: str
    lines: tuple[tuple[str, Labels, float], ...]


def family(name: str, kind: str, about: str, *values: tuple[Labels, float]) -> Family:
    """A counter or a gauge: labels and value of each line."""
    return Family(name, kind, about, tuple(("", labels, value) for labels, value in values))


def histogram(
    name: str,
    about: str,
    edges: Sequence[float],
    rows: Iterable[tuple[Labels, Sequence[float], float]],
) -> Family:
    """Durations in seconds: labels, counts by bucket (one more than edges), and their sum."""
    lines: list[tuple[str, Labels, float]] = []
    for labels, buckets, total in rows:
        so_far = 0.0
        for edge, count in zip((*map(_number, edges), "+Inf"), buckets, strict=True):
            so_far += count
            lines.append(("_bucket", (*labels, ("le", edge)), so_far))
        lines += [("_sum", labels, total), ("_count", labels, so_far)]
    return Family(name, "histogram", about, tuple(lines))


def text(families: Iterable[Family]) -> str:
    """All of them, those without a line left out."""
    return "".join(_told(each) for each in families if each.lines)


def _told(each: Family) -> str:
    about = each.help.replace("\\", r"\\").replace("\n", r"\n")
    lines = [f"# HELP {each.name} {about}", f"# TYPE {each.name} {each.kind}"]
    lines += [
        f"{each.name}{ending}{_labels(labels)} {_number(value)}"
        for ending, labels, value in each.lines
    ]
    return "\n".join(lines) + "\n"


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_quoted(said)}"' for name, said in labels) + "}"


def _quoted(said: str) -> str:
    return said.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
