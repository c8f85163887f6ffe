"""Arguments and options that many commands share, so that they are the same everywhere."""

from typing import Annotated

import typer

from duban.cli.verbs import Param, argument, number, option

NO = argument("no", "NO")


def output(metavar: str) -> Param:
    """Return the option that says how to write the answer."""
    told = Annotated[str, typer.Option("--output", "-o", metavar=metavar)]
    return Param("output", told, "table")


OUTPUT = output("table|json|csv")
OUTPUT_XLSX = output("table|json|csv|xlsx")
OUT = option("out", "FILE")
CAMPAIGN = option("campaign", "NO")
UNIT = option("unit", "CODE")
STATE = option("state", "STATE")
SINCE = option("since", "YYYY-MM-DD")
UNTIL = option("until", "YYYY-MM-DD")

MANY = 500
"""Rows of a list unless `--limit` says otherwise; a list that was cut says so."""
LIMIT = number("limit", "N", default=MANY)

WHO = (
    option("actor", "PERSON", flag="--as"),
    option("role", "ROLE"),
    option("on_behalf_of", "PERSON"),
    option("delegation", "ID"),
    option("request_id", "ID"),
)
"""Who acts; read by `duban.cli.actors.asking_of`."""
