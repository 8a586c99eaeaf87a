"""How the log of a process is written: one line an event, and never what a variable held.

The pretty tracebacks of a terminal show the values of local variables. Here those are names,
numbers and notes of people, so a traceback names files and lines alone.
"""

import logging
import sys

import structlog


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
