"""Lists and single objects of the ledger: tasks, goals, units, people, deadlines, notices."""

from datetime import datetime
from typing import Annotated, Any

import typer

from duban.cli.calendar_books import calendar_for
from duban.cli.columns import COLUMNS, Listing
from duban.cli.helping import HelpCommand
from duban.cli.lights import span_of_rows, with_lights
from duban.cli.output import destination, show_fields, show_rows
from duban.cli.parsing import day, start_of
from duban.cli.services import Row
from duban.cli.session import Session, session_of
from duban.cli.typed import Campaign, Limit, OutputXlsx, Unit
from duban.errors import NotFound
from duban.store.ledger import DeadlineFilter, NoticeFilter

_State = Annotated[str | None, typer.Option("--state", metavar="STATE")]
_Status = Annotated[str | None, typer.Option("--status", metavar="open|met|cancelled")]
_Code = Annotated[str | None, typer.Option("--code", metavar="DL01")]
_Due = Annotated[str | None, typer.Option("--due-until", metavar="YYYY-MM-DD")]
_Rung = Annotated[str | None, typer.Option("--rung", metavar="RUNG")]
_To = Annotated[str | None, typer.Option("--to", metavar="PERSON")]
_Since = Annotated[str | None, typer.Option("--since", metavar="YYYY-MM-DD")]
_Until = Annotated[str | None, typer.Option("--until", metavar="YYYY-MM-DD")]
_Out = Annotated[str | None, typer.Option("--out", metavar="FILE")]
