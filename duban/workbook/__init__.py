"""Plan files an office keeps: reading, writing and empty forms, as workbook (.xlsx) or YAML."""

from duban.workbook.errors import CellFault, CellProblem, LedgerFileInvalid, PlanFileInvalid
from duban.workbook.reader import read_plan
from duban.workbook.writer import Progress, write_plan, write_template

__all__ = [
    "CellFault",
    "CellProblem",
    "LedgerFileInvalid",
    "PlanFileInvalid",
    "Progress",
    "read_plan",
    "write_plan",
    "write_template",
]
