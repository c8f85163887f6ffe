"""Commands that move clocks: later dates, stops on listed grounds, dates for mending a breach."""

from datetime import date
from typing import Literal

from duban.domain.counting import ClockStopGround
from duban.domain.entity.command import Command, ReasonClass
from duban.domain.entity.records import Evidence
from duban.domain.model import Ident, Text


class RequestExtension(Command):
    """Ask for a later date, in time and in full (EXT1, EXT2)."""

    type: Literal["request_extension"] = "request_extension"
    deadline: Ident
    reason_class: ReasonClass
    reason: Text
    work_done: Text
    what_differs: Text
    evidence: tuple[Evidence, ...]
    new_due_on: date
    signed_by: Ident


class DecideExtension(Command):
    """Approve or refuse a request; `distinction` says why a like case was decided otherwise."""

    type: Literal["decide_extension"] = "decide_extension"
    extension: Ident
    approved: bool
    reason: Text
    distinction: Text | None = None


class SetRemedialDate(Command):
    """Set a date by which a breach must be mended; the breach stays (EXT1)."""

    type: Literal["set_remedial_date"] = "set_remedial_date"
    deadline: Ident
    on: date
    reason: Text


class StopClock(Command):
    """Stop a clock on a listed ground with proof (CNT6)."""

    type: Literal["stop_clock"] = "stop_clock"
    deadline: Ident
    ground: ClockStopGround
    proof: Text


class ResumeClock(Command):
    """Let a stopped clock run again; the stopped days are not counted (CNT6)."""

    type: Literal["resume_clock"] = "resume_clock"
    deadline: Ident
    reason: Text
