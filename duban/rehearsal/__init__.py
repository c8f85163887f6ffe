"""Rehearsal (推演): a campaign's whole course on the real workflows, before anyone launches."""

from duban.rehearsal.driver import OnProgress, Tick, rehearse
from duban.rehearsal.errors import ScriptInvalid
from duban.rehearsal.player import Rehearsal
from duban.rehearsal.report import RehearsalReport
from duban.rehearsal.script import Script, read_script

__all__ = [
    "OnProgress",
    "Rehearsal",
    "RehearsalReport",
    "Script",
    "ScriptInvalid",
    "Tick",
    "read_script",
    "rehearse",
]
