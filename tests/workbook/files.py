"""Plan files for tests: a right workbook with some cells changed, and what reading it says."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from duban.domain.plan import CampaignPlan
from duban.domain.policy import PolicyVersion
from duban.workbook import CellProblem, PlanFileInvalid, read_plan, write_plan
from tests.support.builders import a_calendar, a_plan

Place = tuple[str, str]
"""A sheet and a cell on it, such as 任务清单 and R3."""


def read(path: Path) -> CampaignPlan:
    return read_plan(path, calendar=a_calendar(), policy=PolicyVersion())


def problems(path: Path) -> tuple[CellProblem, ...]:
    """Return what is wrong with `path`; a file with nothing wrong gives an empty tuple."""
    try:
        read(path)
    except PlanFileInvalid as invalid:
        return invalid.problems
    return ()


def places(path: Path) -> list[tuple[str, int, str, str]]:
    return [(found.sheet, found.row, found.column, found.code) for found in problems(path)]


@lru_cache(maxsize=1)
def right_bytes() -> bytes:
    """Return a right workbook, written once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "right.xlsx"
        write_plan(a_plan(), path)
        return path.read_bytes()


def changed(path: Path, change: Callable[[Workbook], None]) -> Path:
    """Put a right plan at `path` after `change` has spoilt it."""
    book = load_workbook(BytesIO(right_bytes()))
    change(book)
    book.save(path)
    return path


def with_cells(path: Path, cells: dict[Place, Any]) -> Path:
    """Put a right plan at `path` with `cells` overwritten."""

    def overwrite(book: Workbook) -> None:
        for (sheet, cell), value in cells.items():
            book[sheet][cell] = value

    return changed(path, overwrite)


def column_of(sheet: Worksheet, header: str) -> str:
    """Return the letter of the column headed `header`."""
    return next(str(cell.column_letter) for cell in sheet[1] if cell.value == header)
