"""Commands that move people and the campaign as a whole."""

from datetime import date
from typing import Literal

from duban.domain.calendars import Calendar
from duban.domain.entity.command import Command
from duban.domain.model import Ident, Model, Text
from duban.domain.roles import Person, Role


class Suspend(Command):
    """The leading group suspends the campaign."""

    type: Literal["suspend"] = "suspend"
    reason: Text
    doc_no: Text


class Resume(Command):
    """The leading group lets a suspended campaign go on."""

    type: Literal["resume"] = "resume"
    reason: Text
    doc_no: Text


class Disposition(Model):
    """What becomes of an open task when a campaign is terminated: a successor and a word."""

    task: Ident
    owner: Ident
    disposition: Text


class Terminate(Command):
    """The leading group ends a campaign early; every open task needs an owner (c.3)."""

    type: Literal["terminate"] = "terminate"
    reason: Text
    doc_no: Text
    dispositions: tuple[Disposition, ...] = ()


class AdoptCalendar(Command):
    """A new calendar version was published: recompute open clocks (e.4)."""

    type: Literal["adopt_calendar"] = "adopt_calendar"
    calendar: Calendar
    basis_doc: Text


class ReplacePerson(Command):
    """A person leaves a post; the successor takes over, old acts stay attributed (c.3)."""

    type: Literal["replace_person"] = "replace_person"
    leaving: Ident
    role: Role
    successor: Person
    basis_doc: Text


class RecordDelegation(Command):
    """Record who deputises for whom, for what, from when to when (SOD10)."""

    type: Literal["record_delegation"] = "record_delegation"
    deputy: Ident
    principal: Ident
    role: Role
    scope: tuple[str, ...] = ()
    from_on: date
    until_on: date
    basis_doc: Text


class ChangeLeadGroup(Command):
    """The leading group gives the campaign to another lead body (c.3)."""

    type: Literal["change_lead_group"] = "change_lead_group"
    lead_body: Role
    title: Text
    doc_no: Text
    reason: Text


class Archive(Command):
    """The office archives a watched campaign after its look-backs; the stream is closed."""

    type: Literal["archive"] = "archive"
    doc_no: Text
