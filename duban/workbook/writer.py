"""Writing a plan, or an empty form for one, as a workbook people can fill in."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from duban.domain.plan import CampaignPlan, DetailPoint
from duban.domain.plan_faults import Kind
from duban.domain.roles import FormerUnit
from duban.workbook.columns import (
    FIELD_HEADER,
    HELP_TITLE,
    SHEETS,
    VALUE_HEADER,
    Column,
    Shape,
    SheetSpec,
)
from duban.workbook.forms import Styles, add_help, add_validation
from duban.workbook.references import labelled
from duban.workbook.summaries import Progress, task_summaries
from duban.workbook.whole import write_whole
from duban.workbook.words import NO, YES, word
from duban.workbook.yaml_plan import write_yaml

__all__ = ["Progress", "write_plan", "write_template"]

_SPARE_ROWS = 200
_EXACT_DIGITS = 15
_UPRIGHT_WIDTHS = (20, 70)

Shown = str | int | Decimal | date
_Row = dict[str, Shown]
_Stand = Mapping[str, tuple[str, str, str, str]]


def write_plan(plan: CampaignPlan, path: Path, progress: _Stand | None = None) -> None:
    """Write `plan` to `path`, as YAML for .yaml and .yml, otherwise as a workbook (.xlsx).

    `read_plan` gives an equal plan back. In a workbook, `progress` gives per task number (current
    value, progress, state, cards), all as text, for a running campaign.

    Raises `OSError` when the file cannot be written; it appears whole or not at all.
    """
    path = Path(path)
    if path.suffix.lower() in {".yaml", ".yml"}:
        write_yaml(plan, path)
    else:
        _write_book(plan, path, progress or {})


def write_template(path: Path) -> None:
    """Write an empty plan workbook with its choices and explanations to `path` (.xlsx)."""
    _write_book(None, Path(path), {})


def _write_book(plan: CampaignPlan | None, path: Path, progress: _Stand) -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    # A fixed creation day makes equal plans equal files.
    created = date(2000, 1, 1) if plan is None else plan.launch_on
    book.set_properties({"created": _midnight(created)})
    styles = Styles(book)
    add_help(book.add_worksheet(HELP_TITLE), styles)
    for spec in SHEETS:
        sheet = book.add_worksheet(spec.title)
        if spec.upright:
            _fill_upright(sheet, spec, plan, styles)
        else:
            rows = _form_rows(spec) if plan is None else _plan_rows(plan, spec, progress)
            _fill_flat(sheet, spec, rows, styles)
    book.close()
    write_whole(path, content.getvalue())


def _fill_upright(
    sheet: Worksheet, spec: SheetSpec, plan: CampaignPlan | None, styles: Styles
) -> None:
    """Write one field per row: its name, then its content."""
    sheet.freeze_panes(1, 0)
    for place, header in enumerate((FIELD_HEADER, VALUE_HEADER)):
        sheet.set_column(place, place, _UPRIGHT_WIDTHS[place])
        sheet.write_string(0, place, header, styles.head)
    for row, column in enumerate(spec.columns, start=1):
        sheet.write_string(row, 0, column.header, styles.header(column))
        add_validation(sheet, column, (row, 1, row, 1))
        content = None if plan is None else _shown(getattr(plan, column.field), {})
        _write(sheet, (row, 1), content, styles, column)


def _fill_flat(sheet: Worksheet, spec: SheetSpec, rows: list[_Row], styles: Styles) -> None:
    """Write the headers and one object per row, with choices offered for some rows more."""
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(spec.columns) - 1)
    for place, column in enumerate(spec.columns):
        sheet.set_column(place, place, column.width, styles.of(column))
        sheet.write_string(0, place, column.header, styles.header(column))
        add_validation(sheet, column, (1, place, len(rows) + _SPARE_ROWS, place))
        for number, row in enumerate(rows, start=1):
            _write(sheet, (number, place), row.get(column.header), styles, column)


def _form_rows(spec: SheetSpec) -> list[_Row]:
    """Return what an empty form already says: the five points that must be answered."""
    if spec.kind is not Kind.DETAIL:
        return []
    return [{spec.columns[0].header: word(point)} for point in DetailPoint]


def _plan_rows(plan: CampaignPlan, spec: SheetSpec, progress: _Stand) -> list[_Row]:
    names = {
        Shape.UNIT: {unit.code: unit.name for unit in plan.units},
        Shape.PERSON: {person.id: person.name for person in plan.people},
    }
    names[Shape.UNITS] = names[Shape.UNIT]
    rows: list[_Row] = [
        {
            column.header: _shown(value, names.get(column.shape, {}))
            for column in spec.columns
            if column.field and (value := getattr(row, column.field)) not in (None, "", ())
        }
        for row in getattr(plan, spec.section)
    ]
    for row, derived in zip(rows, _derived(plan, spec, progress), strict=True):
        row.update(derived)
    return rows


def _derived(plan: CampaignPlan, spec: SheetSpec, progress: _Stand) -> list[dict[str, str | int]]:
    """Return what each row shows beside its own fields."""
    if spec.kind is Kind.TASK:
        return task_summaries(plan, progress)
    if spec.kind is Kind.UNIT:
        return [{"单位填写用": labelled(unit.code, unit.name)} for unit in plan.units]
    if spec.kind is Kind.PERSON:
        return [{"人员填写用": labelled(person.id, person.name)} for person in plan.people]
    return [{} for _ in getattr(plan, spec.section)]


def _shown(value: Any, names: Mapping[str, str]) -> Shown:
    """Return what stands in the cell for `value`; codes in `names` are followed by their name."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, StrEnum):
        return word(value)
    if isinstance(value, FormerUnit):
        return f"{value.unit} {value.left_on.isoformat()}"
    if isinstance(value, tuple):
        return "、".join(str(_shown(one, names)) for one in value)
    if isinstance(value, str):
        return labelled(value, names[value]) if value in names else value
    content: Shown = value
    return content


def _write(
    sheet: Worksheet, place: tuple[int, int], content: Shown | None, styles: Styles, column: Column
) -> None:
    """Write one cell; a number that a spreadsheet would round is written as text."""
    style = styles.of(column)
    if content is None or content == "":
        sheet.write_blank(*place, None, style)
    elif isinstance(content, date):
        sheet.write_datetime(*place, _midnight(content), style)
    elif isinstance(content, str):
        sheet.write_string(*place, content, style)
    elif len(Decimal(content).as_tuple().digits) > _EXACT_DIGITS:
        sheet.write_string(*place, f"{content:f}", style)
    else:
        sheet.write_number(*place, float(content), style)


def _midnight(on: date) -> datetime:
    """Return `on` as a spreadsheet keeps it: a local moment without a time zone."""
    return datetime.combine(on, time())
