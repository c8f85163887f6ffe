"""Plans as YAML: every value is read from its text, so that no `no` becomes false."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from duban.domain.plan import CampaignPlan
from duban.domain.plan_faults import Kind
from duban.workbook.columns import SHEETS, SheetSpec
from duban.workbook.errors import CellFault, CellProblem, UnfitError
from duban.workbook.raw import RawCell, RawFile, RawRow, RawTable, place_problem, suggestion
from duban.workbook.tables import MAX_ROWS
from duban.workbook.whole import write_whole

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = {"", "~", "null"}


def take_apart_yaml(path: Path) -> RawFile:
    """Return the sections of the YAML file at `path`; rows are lines and columns are keys."""
    try:
        root = yaml.compose(path.read_text("utf-8-sig"), Loader=_LOADER)
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark is not None else 0
        return RawFile(problems=[place_problem("", line, "", CellFault.NOT_YAML)])
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return RawFile(problems=[place_problem("", 0, "", CellFault.NOT_YAML)])
    sections = {spec.section: spec for spec in SHEETS}
    if not isinstance(root, yaml.MappingNode) or not any(
        key.value in sections for key, _ in root.value
    ):
        return RawFile(problems=[_no_sections(root)])
    return _sections(root, sections)


def _no_sections(root: yaml.Node | None) -> CellProblem:
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    found = "、".join(str(key.value) for key, _ in pairs) or "—"
    expected = "、".join(spec.section for spec in SHEETS)
    return place_problem("", 0, "", CellFault.NO_PLAN_SHEETS, found=found, expected=expected)


def _sections(root: yaml.MappingNode, sections: dict[str, SheetSpec]) -> RawFile:
    raw = RawFile()
    nodes: dict[str, yaml.Node] = {}
    for key, node in root.value:
        if key.value not in sections:
            raw.problems.append(_unknown("", key, list(sections)))
        elif key.value in nodes:
            raw.problems.append(_twice("", key))
        else:
            nodes[key.value] = node
    for section, spec in sections.items():
        table = raw.tables[spec.kind] = RawTable(spec, section)
        table.labels = {column.field: column.field for column in spec.columns if column.field}
        if section in nodes:
            raw.problems.extend(_fill(table, nodes[section]))
        else:
            table.missing = True
            raw.problems.append(
                place_problem(section, 0, "", CellFault.SHEET_MISSING, suggestion="—")
            )
    return raw


def _fill(table: RawTable, node: yaml.Node) -> Iterator[CellProblem]:
    table.header_row = _line(node)
    table.missing = table.spec.upright and not isinstance(node, yaml.MappingNode)
    if table.spec.upright:
        rows = [node]
    elif isinstance(node, yaml.SequenceNode):
        rows = node.value
    else:
        rows = [] if _is_nothing(node) else [node]
    if len(rows) > MAX_ROWS:
        table.missing = True
        yield place_problem(table.title, _line(node), "", CellFault.SHEET_TOO_LONG, limit=MAX_ROWS)
        return
    for row in rows:
        if isinstance(row, yaml.MappingNode):
            cells: dict[str, RawCell] = {}
            yield from _cells(table, row, cells)
            table.rows.append(RawRow(_line(row), cells))
        else:
            yield place_problem(
                table.title,
                _line(row),
                "",
                CellFault.NOT_TEXT,
                header=table.title,
                said=str(row.value)[:60],
            )


def _cells(
    table: RawTable, row: yaml.MappingNode, cells: dict[str, RawCell]
) -> Iterator[CellProblem]:
    for key, node in row.value:
        name = str(key.value)
        if name not in table.labels:
            yield _unknown(table.title, key, list(table.labels))
        elif name in cells:
            yield _twice(table.title, key)
        else:
            try:
                cells[name] = RawCell(_line(node), name, _text(node))
            except UnfitError:
                cells[name] = RawCell(_line(node), name, None, unfit=True)


def _text(node: yaml.Node) -> str | None:
    """Return a scalar as its text, a list as its texts with separators, nothing as None."""
    if isinstance(node, yaml.ScalarNode):
        return None if _is_nothing(node) else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return "；".join(_entry(entry) for entry in node.value) or None
    raise UnfitError


def _entry(node: yaml.Node) -> str:
    """Return one entry of a list; the values of a small mapping stand side by side."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.MappingNode):
        values = [value.value for _, value in node.value if isinstance(value, yaml.ScalarNode)]
        return " ".join(str(value) for value in values)
    raise UnfitError


def _is_nothing(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in _NOTHING


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _unknown(sheet: str, key: yaml.Node, known: list[str]) -> CellProblem:
    said = str(key.value)
    return place_problem(
        sheet, _line(key), said[:64], CellFault.COLUMN_UNKNOWN,
        header=said[:64], suggestion=suggestion(said, known),
    )  # fmt: skip


def _twice(sheet: str, key: yaml.Node) -> CellProblem:
    said = str(key.value)
    return place_problem(sheet, _line(key), said, CellFault.COLUMN_TWICE, header=said)


class _Dumper(yaml.SafeDumper):
    """Writes lists indented, numbers exactly as they are, and nothing as a reference."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists inside mappings, whatever the emitter asks for."""
        super().increase_indent(flow, indentless and flow)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 -- the emitter's signature
        """Write equal dates each in full."""
        return True


class _Inline(list[object]):
    """A list of codes, written on one line."""


def _inline(dumper: yaml.SafeDumper, value: _Inline) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = format(value.normalize(), "f") if value else "0"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(_Inline, _inline)


def write_yaml(plan: CampaignPlan, path: Path) -> None:
    """Write `plan` to `path` so that reading it gives an equal plan."""
    document: dict[str, Any] = {}
    for spec in SHEETS:
        if spec.kind is Kind.CAMPAIGN:
            document[spec.section] = _plain(plan, spec)
        else:
            rows = getattr(plan, spec.section)
            document[spec.section] = [_plain(row, spec) for row in rows]
    text = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    write_whole(path, text.encode())


def _plain(row: Any, spec: SheetSpec) -> dict[str, object]:
    """Return the fields of `row` that say something, as YAML's own kinds of values."""
    fields = {column.field: getattr(row, column.field) for column in spec.columns if column.field}
    return {
        name: _value(value)
        for name, value in fields.items()
        if value not in (None, "", ()) and not (name == "keep_rest_day" and not value)
    }


def _value(value: object) -> object:
    if isinstance(value, tuple):
        return _Inline(_value(one) for one in value)
    if isinstance(value, bool | int | date | Decimal):
        return value
    if hasattr(value, "model_dump"):
        return value.model_dump()
    return str(value)
