"""How the log of a process is written: one line an event, and never what a variable held.

The pretty tracebacks of a terminal show the values of local variables. Here those are names,
numbers and notes of people, so a traceback names files and lines alone. An address may hold the
number of a person or the id of a resource: of each, what is no plain word is cut.
"""

import logging
import re
import sys

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


def configure() -> None:
    """Set up the log of this process. Safe to call again."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
