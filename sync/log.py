"""What processes say: one JSON line per event, never with a person or a credential in it."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

# The fixed words of our events. A key that is not here does not reach a log: whoever adds one has
# thought about what may stand in it.
KEYS: Final = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "job",
        "shop",
        "order",
        "sku",
        "listing",
        "message",
        "lane",
        "count",
        "duration_ms",
        "error",
        "operation",
        "status",
        "attempt",
        "wait_s",
        "where",
        "outcome",
        "reason",
    }
)
TEXT_MAX: Final = 300


def configure(log_level: str) -> None:
    """Set up structlog, and the standard log of libraries, for this process."""
    level = logging.getLevelName(log_level.upper())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_known,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    # RQ tells the names of jobs and, in tracebacks, what they were called with.
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stdout, format="%(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("rq").setLevel(logging.CRITICAL)


def only_known(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Leave out keys that are not fixed, and cut long texts."""
    for name in list(event):
        if name not in KEYS:
            del event[name]
        elif isinstance(event[name], str):
            event[name] = event[name][:TEXT_MAX]
    return event
