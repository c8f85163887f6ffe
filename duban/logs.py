"""Logging: structlog and the standard library through one formatter, Temporal context merged in.

Event names are constant snake_case, data travels in keywords. A log line is never the trail.
"""

import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from duban.settings import Settings

Context = Callable[[], Mapping[str, Any]]

# What Temporal's own loggers hang on a record, and which of it a reader needs.
_TEMPORAL_EXTRAS = ("temporal_workflow", "temporal_activity")
_TEMPORAL_KEYS = ("workflow_id", "run_id", "workflow_type", "activity_type", "attempt", "update_id")


def configure(
    settings: Settings, *, context: Context | None = None, stream: TextIO | None = None
) -> None:
    """Route every log line of this process through one formatter to `stream` (stderr).

    Args:
        settings: `log_format` picks columns for people or one JSON object per line.
        context: asked at each line for further keys, for example where in Temporal the code runs;
            given by the worker because this module must not know Temporal.
        stream: where lines go; standard error unless a test wants to read them.
    """
    shared = _shared_processors(context)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[
            _merge_temporal_extras,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_renderers(settings),
        ],
    )
    _send_all_to(stream or sys.stderr, formatter)


def _send_all_to(stream: TextIO, formatter: logging.Formatter) -> None:
    """Replace whatever handlers there are; configuring twice must not double the lines."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def _shared_processors(context: Context | None) -> list[Processor]:
    def merge_context(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return event if context is None else {**context(), **event}

    return [
        structlog.contextvars.merge_contextvars,
        merge_context,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _merge_temporal_extras(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Lift workflow id, run id, activity and attempt out of Temporal's nested extras."""
    for name in _TEMPORAL_EXTRAS:
        extra = event.pop(name, None)
        if isinstance(extra, Mapping):
            for key in _TEMPORAL_KEYS:
                if key in extra:
                    event.setdefault(key, extra[key])
    return event


def _renderers(settings: Settings) -> list[Processor]:
    if settings.log_format == "json":
        as_json = structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True)
        return [structlog.processors.format_exc_info, as_json]
    return [structlog.dev.ConsoleRenderer(colors=False)]
