"""`bench fhir`: resources validated, landed, versioned, indexed and audited, a CPU second.

The CPU seconds are those of this process and, on PostgreSQL, of the server's processes as well.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from onesystem.bench.scratch import HOSPITAL
from onesystem.bench.shape import Row, register

_DISTRICT = (
    HOSPITAL
    + """
[services.clinic]
name = "Clinic"
setting = "outpatient"
organisation = "hospital"

[sources.bench]
organisation = "hospital"
format = "fhir"
"""
)
_PEER, _PEER_VALUE = "Medplum 5.2 (measured, 64 to 86)", 86
_PART = 10_000


@register("fhir", "FHIR resources taken in per CPU second, and how it holds as the store grows")
def run(*, full: bool) -> Iterator[Row]:
    """NDJSON to 40,000 resources (2 million when full), then transaction Bundles."""
    stores = {"SQLite": ""}
    if os.environ.get("DATABASE_URL"):
        stores["PostgreSQL"] = os.environ["DATABASE_URL"]
    for store, url in stores.items():
        yield from _of_store(store, url, 2_000_000 if full else 40_000)


def _of_store(store: str, url: str, resources: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as scratch:
        parts = _taken(Path(scratch), "ndjson", resources, url)
    first, last = _rate(parts[:1]), _rate(parts[-max(1, len(parts) // 20) :])
    yield Row(
        name=f"NDJSON, {store}, first {_PART:,}",
        value=first,
        unit="resources / CPU s",
        target=3000,
        peer=_PEER,
        peer_value=_PEER_VALUE,
    )
    yield Row(
        name=f"NDJSON, {store}, at {resources:,}",
        value=last,
        unit="resources / CPU s",
        target=0.8 * first,
        peer="published per core: HAPI 277, Aidbox 335, Blaze 420 to 630",
        peer_value=630,
    )
    with tempfile.TemporaryDirectory() as scratch:
        parts = _taken(Path(scratch), "bundles", _PART, url)
    yield Row(
        name=f"transaction Bundles, {store}",
        value=_rate(parts),
        unit="resources / CPU s",
        target=1000,
        peer=_PEER,
        peer_value=_PEER_VALUE,
    )


def _taken(folder: Path, kind: str, resources: int, url: str) -> list[dict[str, Any]]:
    (folder / "district.toml").write_text(_DISTRICT, encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "ONESYSTEM_DISTRICT"}}
    with _Scratch(url, f"onesystem_bench_{os.getpid()}_{kind}") as database:
        if database:
            env["DATABASE_URL"] = database
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "onesystem.bench.fhir_run", str(folder), kind, str(resources),
             str(_PART)],
            env=env, check=True, capture_output=True, text=True,
        )  # fmt: skip
    parts = [json.loads(line) for line in done.stdout.splitlines()]
    if any(part["quarantined"] for part in parts):
        msg = "the benchmark's own records were quarantined"
        raise RuntimeError(msg)
    return parts


def _rate(parts: list[dict[str, Any]]) -> float:
    seconds = sum(part["cpu"] + part["server_cpu"] for part in parts)
    return float(sum(part["resources"] for part in parts) / seconds)


class _Scratch:
    """A database beside the one that DATABASE_URL names, so that nothing real is touched."""

    def __init__(self, url: str, name: str) -> None:
        self._url, self._name = url, name

    def __enter__(self) -> str:
        if not self._url:
            return ""
        self._run(f'CREATE DATABASE "{self._name}"')
        return urlsplit(self._url)._replace(path=f"/{self._name}").geturl()

    def __exit__(self, *_: object) -> None:
        if self._url:
            self._run(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _run(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql)
