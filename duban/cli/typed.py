"""Options that many commands share, so that they are the same everywhere."""

from typing import Annotated

import typer

Output = Annotated[str, typer.Option("--output", "-o", metavar="table|json|csv")]
OutputXlsx = Annotated[str, typer.Option("--output", "-o", metavar="table|json|csv|xlsx")]
Limit = Annotated[int, typer.Option("--limit", min=1, metavar="N")]
Campaign = Annotated[str | None, typer.Option("--campaign", metavar="NO")]
Unit = Annotated[str | None, typer.Option("--unit", metavar="CODE")]
As = Annotated[str | None, typer.Option("--as", metavar="PERSON")]
InRole = Annotated[str | None, typer.Option("--role", metavar="ROLE")]
OnBehalfOf = Annotated[str | None, typer.Option("--on-behalf-of", metavar="PERSON")]
RequestId = Annotated[str | None, typer.Option("--request-id", metavar="ID")]
