"""How the log of a process is written: one line an event, and never what a variable held.

ONESYSTEM_LOG=json writes each event as one JSON object, for a collector; else lines are for people.

The pretty tracebacks of a terminal show the values of local variables. Here those are names,
numbers and notes of people, so a traceback names files and lines alone. An address may hold the
number of a person or the id of a resource: of each, what is no plain word is cut.
"""

import logging
import os
import re
import sys
from typing import Any

import structlog

_WORD = re.compile(r"\$?[A-Za-z_.-]{0,40}")
_FHIR = 3  # parts of /fhir/Type: whatever follows may be an id


class WithoutIds(logging.Filter):
    """Cuts ids out of the addresses that a message of Django's names."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: the message is written, without them."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                address(each) if isinstance(each, str) and each.startswith("/") else each
                for each in record.args
            )
        return True


def address(path: str) -> str:
    """An address as it may be logged."""
    parts = path.partition("?")[0].split("/")
    if "fhir" in parts[:2]:
        return "/".join(
            part if i < _FHIR or part[:1] in {"$", "_"} or not part else "-"
            for i, part in enumerate(parts)
        )
    return "/".join(part if _WORD.fullmatch(part) else "-" for part in parts)


_FIRST: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.StackInfoRenderer(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure() -> None:
    """Set up the log of this process. Safe to call again."""
    structlog.configure(
        processors=[*_FIRST, *_last()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _last() -> tuple[Any, ...]:
    # In JSON too, a traceback is text of files and lines.
    if os.environ.get("ONESYSTEM_LOG") == "json":
        return structlog.processors.format_exc_info, structlog.processors.JSONRenderer()
    return (
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        ),
    )


def formatter() -> logging.Formatter:
    """How what libraries log is written: as our own events are."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_last()],
        foreign_pre_chain=[*_FIRST, structlog.stdlib.add_logger_name],
    )
