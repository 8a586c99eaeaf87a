"""`bench start`: what one waits for before anything begins, and what lies on the disk for it."""

import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from onesystem.bench.scratch import HOSPITAL
from onesystem.bench.shape import Row, register

_TIMES = 5
_MB = 1_000_000
_NAME = re.compile(r"[\w.-]+")


@register("start", "the command line, an empty store, and the size of an installation")
def run(*, full: bool) -> Iterator[Row]:  # noqa: ARG001  # there is one size
    """Commands in processes of their own, the median of five; a store; the packages."""
    for args, target in (("--help", 0.3), ("bench", 2.0), ("spc --help", 0.5)):
        yield Row(
            name=f"onesystem {args}", value=_median(args.split()), unit="CPU s", target=target,
            lower_is_better=True,
        )  # fmt: skip
    yield Row(
        name="an empty store, made with all its tables", value=_store(), unit="CPU s", target=8,
        lower_is_better=True,
    )  # fmt: skip
    sizes = _sizes("onesystem")
    greatest = sorted(sizes, key=lambda each: -sizes[each])[:5]
    named = ", ".join(f"{each} {sizes[each] / _MB:.0f}" for each in greatest)
    yield Row(
        name=f"what `make run` installs, {len(sizes)} packages (MB: {named})",
        value=round(sum(sizes.values()) / _MB), unit="MB",
    )  # fmt: skip


def _median(args: list[str]) -> float:
    command = [sys.executable, "-m", "onesystem.cli", *args]
    return sorted(_cpu(command, os.environ) for _ in range(_TIMES))[_TIMES // 2]


def _store() -> float:
    """What `onesystem doctor` costs more in a folder without a store than in one that has it."""
    with tempfile.TemporaryDirectory(prefix="onesystem-bench-") as folder:
        (Path(folder) / "district.toml").write_text(HOSPITAL, encoding="utf-8")
        env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        command = [sys.executable, "-m", "onesystem.cli", "-d", folder, "user", "list"]
        first = _cpu(command, env)
        return first - _cpu(command, env)


def _cpu(command: list[str], env: "os._Environ[str] | dict[str, str]") -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603  # a command of our own
        command, env=dict(env), check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _sizes(name: str) -> dict[str, int]:
    """Bytes by package: this one and all that it cannot do without, as they lie here."""
    found: dict[str, int] = {}
    asked = [name]
    while asked:
        each = asked.pop()
        key = re.sub(r"[-_.]+", "-", each).lower()
        if key in found:
            continue
        try:
            told = distribution(each)
        except PackageNotFoundError:  # for another system or version of Python
            continue
        found[key] = sum(_size(Path(str(file.locate()))) for file in told.files or ())
        asked += [
            match[0]
            for line in told.requires or ()
            if "extra ==" not in line and (match := _NAME.match(line))
        ]
    return found


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
