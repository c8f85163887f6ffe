"""What can be wrong with a plan file, and the one error that carries all of it."""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field

from duban.domain.model import Model
from duban.errors import DubanError


class CellFault(StrEnum):
    """Faults of the file itself; faults of the plan are `duban.domain.plan_faults.PlanFault`."""

    # The file.
    NOT_FOUND = "file.not_found"
    WRONG_SUFFIX = "file.wrong_suffix"
    TOO_LARGE = "file.too_large"
    NOT_A_WORKBOOK = "file.not_a_workbook"
    PASSWORD = "file.password"  # noqa: S105 -- a kind of fault, not a secret
    NOT_YAML = "file.not_yaml"
    NOT_A_TABLE = "file.not_a_table"
    NOT_CSV = "file.not_csv"
    ENCODING = "file.encoding"
    NO_ROWS = "file.no_rows"
    NO_PLAN_SHEETS = "file.no_plan_sheets"
    # Sheets and columns.
    SHEET_MISSING = "sheet.missing"
    SHEET_NO_HEADER = "sheet.no_header"
    SHEET_TOO_LONG = "sheet.too_long"
    COLUMN_MISSING = "column.missing"
    COLUMN_UNKNOWN = "column.unknown"
    COLUMN_UNNAMED = "column.unnamed"
    COLUMN_TWICE = "column.twice"
    # Cells.
    MISSING = "cell.missing"
    NOT_TEXT = "cell.not_text"
    TOO_LONG = "cell.too_long"
    NOT_A_CODE = "cell.not_a_code"
    NOT_A_NUMBER = "cell.not_a_number"
    NOT_A_COUNT = "cell.not_a_count"
    NOT_A_DATE = "cell.not_a_date"
    NOT_A_FLAG = "cell.not_a_flag"
    NOT_A_CHOICE = "cell.not_a_choice"
    NOT_A_FORMER_UNIT = "cell.not_a_former_unit"
    ERROR_VALUE = "cell.error_value"
    PERCENT_UNIT = "cell.percent_unit"
    AMBIGUOUS = "cell.ambiguous"
    NAME_MISMATCH = "cell.name_mismatch"
    NO_RESULT = "cell.no_result"
    ROUNDED = "cell.rounded"
    NOT_A_REFERENCE = "cell.not_a_reference"
    UNIT_UNKNOWN = "cell.unit_unknown"
    # Rows of a table that is taken over row by row.
    TWICE = "row.twice"
    DIFFERS = "row.differs"


class LedgerFault(StrEnum):
    """Faults of a rectification ledger that came back, beside those of any file and cell."""

    # The file.
    NO_SHEET = "ledger.no_sheet"
    MERGED = "ledger.merged"
    CAMPAIGNS = "ledger.campaigns"
    EMPTY = "ledger.empty"
    # Rows.
    NOT_EXPORTED = "ledger.not_exported"
    NUMBER_CHANGED = "ledger.number_changed"
    TWICE = "ledger.twice"
    NO_SUCH_PROBLEM = "ledger.no_such_problem"
    # Cells.
    CONFLICT = "ledger.conflict"
    BY_COMMAND = "ledger.by_command"
    BY_NOTHING = "ledger.by_nothing"
    STATE = "ledger.state"
    NEW_ONLY = "ledger.new_only"
    NO_SUCH_UNIT = "ledger.no_such_unit"
    NO_SUCH_PERSON = "ledger.no_such_person"
    HELPER = "ledger.helper"


class CellProblem(Model):
    """One wrong cell: where it stands, and why.

    `row` counts as the spreadsheet does (0: the sheet or file as a whole) and `column` is the
    letter there; in a YAML file they are the line and the key. `code` is the value of a
    `CellFault` or a `PlanFault`; `params` fill its sentence.
    """

    sheet: str
    row: int
    column: str
    code: str
    params: dict[str, str | int] = Field(default_factory=dict)


class PlanFileInvalid(DubanError):
    """The file is no plan yet; `problems` holds everything wrong with it, in reading order."""

    code = "plan_file.invalid"

    def __init__(self, name: str, problems: Iterable[CellProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(None, file=name, count=len(self.problems))


class TableInvalid(PlanFileInvalid):
    """The file is no table that can be taken over; nothing of it was."""

    code = "table.invalid"


class LedgerFileInvalid(DubanError):
    """The file cannot be read as a ledger; `problems` says why."""

    code = "ledger_file.invalid"

    def __init__(self, name: str, problems: Iterable[CellProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(None, file=name, count=len(self.problems))


class UnreadableError(Exception):
    """The cell does not hold what its column asks for."""

    def __init__(self, fault: CellFault | LedgerFault, /, **params: str | int) -> None:
        super().__init__(fault.value)
        self.code = fault
        self.params = params


class FileFaultError(UnreadableError):
    """The file as a whole cannot be read."""


class UnfitError(Exception):
    """A value is neither text nor a list of texts."""
