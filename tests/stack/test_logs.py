"""Logging: one formatter for everybody, Temporal's context on every line."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from duban import logs
from duban.settings import Settings


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _configured(**context: object) -> io.StringIO:
    stream = io.StringIO()
    settings = Settings(log_format="json")
    logs.configure(settings, context=(lambda: context) if context else None, stream=stream)
    return stream


def test_both_kinds_of_logger_write_the_same_shape() -> None:
    stream = _configured()
    structlog.get_logger("one").info("audit_events_recorded", count=3)
    logging.getLogger("two").warning("notice %s", "sent", extra={"notice_id": "N-1"})
    ours, theirs = _lines(stream)
    assert (ours["event"], ours["count"], ours["level"]) == ("audit_events_recorded", 3, "info")
    assert (theirs["event"], theirs["notice_id"]) == ("notice sent", "N-1")
    assert ours.keys() - {"count"} == theirs.keys() - {"notice_id"}


def test_temporal_extras_are_lifted_out_of_their_nest() -> None:
    stream = _configured()
    extra = {"temporal_activity": {"workflow_id": "campaign-1", "attempt": 2, "task_queue": "q"}}
    logging.getLogger("temporalio.activity").info("tried", extra=extra)
    (line,) = _lines(stream)
    assert (line["workflow_id"], line["attempt"]) == ("campaign-1", 2)
    assert "temporal_activity" not in line
    assert "task_queue" not in line


def test_given_context_is_on_every_line_but_never_replaces_what_was_said() -> None:
    stream = _configured(workflow_id="campaign-1", attempt=1)
    structlog.get_logger("one").info("retried", attempt=5)
    (line,) = _lines(stream)
    assert (line["workflow_id"], line["attempt"]) == ("campaign-1", 5)


def test_configuring_twice_does_not_double_the_lines() -> None:
    _configured()
    stream = _configured()
    structlog.get_logger("one").info("once")
    assert len(_lines(stream)) == 1


def test_chinese_and_exceptions_stay_readable() -> None:
    stream = _configured()
    try:
        raise ValueError("坏")
    except ValueError:
        structlog.get_logger("one").exception("failed", unit="办公室")
    assert "办公室" in stream.getvalue()
    assert "ValueError: 坏" in _lines(stream)[0]["exception"]


def test_console_is_for_people() -> None:
    stream = io.StringIO()
    logs.configure(Settings(), stream=stream)
    structlog.get_logger("one").info("started", port=1)
    assert "started" in stream.getvalue()
    assert "port=1" in stream.getvalue()
