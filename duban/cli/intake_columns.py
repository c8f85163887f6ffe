"""Which columns tickets, entries of circulars and persons concerned have."""

from duban.cli.output import Column

TICKETS = (
    Column("no"),
    Column("campaign"),
    Column("problem_no", shown=lambda _, row: row["problem"] or ""),
)
CIRCULARS = (
    Column("circular"),
    Column("item", right=True),
    Column("issued_on"),
    Column("unit"),
    Column("matter"),
    Column("problem_type", "problem_type"),
    Column("result"),
)
CIRCULAR = (*CIRCULARS, Column("named_person"))
CONCERNED = (
    Column("id"),
    Column("post"),
    Column("person"),
    Column("duty"),
    Column("named_by"),
    Column("named_on"),
    Column("is_withdrawn"),
)
