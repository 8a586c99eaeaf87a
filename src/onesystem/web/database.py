"""Where the operational store is: SQLite in the district folder, or PostgreSQL by URL."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from onesystem.vocabulary import BadConfig

_HOST = re.compile(r"(?:\[(?P<ipv6>[^\]]+)\]|(?P<name>[^:\[\]]*))(?::(?P<port>\d*))?")

# WAL lets pages read while a feed writes. IMMEDIATE takes the write lock when a transaction
# begins, so that two writers wait for each other instead of one failing half way.
_SAFE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
# Sixteen megabytes of the journal before it is carried over, not four: live messages write to a few
# hundred pages again and again, and each is then carried once.
_SAFE += "PRAGMA wal_autocheckpoint=4000; "
# What is temporary may go to files, as SQLite has it: told to keep it in memory, SQLite sorts all
# rows of a new index in one list, each in a piece of memory of its own, at half again the time.
# A command that takes in many writes to thousands of places in a batch. What it changed stays at
# hand until the batch ends, the rest is read where the system holds it, and 64 megabytes of the
# journal are carried over at once: a seventh less CPU at 400,000 resources.
_LARGE = "PRAGMA cache_size=-64000; PRAGMA mmap_size=2147418112; PRAGMA wal_autocheckpoint=16000;"
# The processes of a served district are many and look at little: the system's own cache serves
# them all.
_LEAN = "PRAGMA cache_size=-4000; PRAGMA mmap_size=0;"


def database_from(url: str, district: Path, *, lean: bool = False) -> dict[str, Any]:
    """Django's settings of the store; `lean` where each process is to take little memory.

    Raises BadConfig on a URL that is not PostgreSQL.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": district / "store.sqlite3",
            # Opening it reads the whole schema: longer than most pages take.
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": _SAFE + (_LEAN if lean else _LARGE),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadConfig(
            f"DATABASE_URL begins with {parts.scheme!r}",
            "Use postgresql://user:password@host:port/name, or unset it for SQLite.",
        )
    asked = dict(parse_qsl(parts.query))
    hosts, ports = _servers(parts.netloc.rpartition("@")[2])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": _said(parts.username),
        "PASSWORD": _said(parts.password),
        "HOST": hosts or asked.pop("host", ""),
        "PORT": ports,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # What follows the question mark is for libpq: sslmode, target_session_attrs and the like.
        "OPTIONS": {"pool": False, **asked},
    }


def _said(text: str | None) -> str:
    return unquote(text or "")


def _servers(netloc: str) -> tuple[str, str]:
    """Hosts and ports as libpq wants them; of several, it takes the first that will do."""
    servers = [_HOST.fullmatch(each) for each in netloc.split(",")]
    if not all(servers):
        raise BadConfig(
            f"DATABASE_URL names no server that can be read: {netloc!r}",
            "Write host:port, or host:port,host:port for a primary and its standbys.",
        )
    hosts = [each["ipv6"] or unquote(each["name"]) for each in servers if each]
    ports = [each["port"] or "" for each in servers if each]
    return ",".join(hosts), ",".join(ports) if any(ports) else ""
