"""What every import has in common: who takes over what, the rows that were wrong, the report."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from duban.cli.actors import Asking, resolve
from duban.cli.errors import Status, UsageFault
from duban.cli.output import Format, show_json
from duban.cli.plan_files import problem_lines, problem_rows
from duban.cli.session import Session
from duban.domain.errors import RuleViolation
from duban.domain.outside import Import
from duban.domain.roles import Person
from duban.errors import NotFound
from duban.texts import explain
from duban.workbook.columns import Column
from duban.workbook.returned import Returned, write_returned
from duban.workbook.rows import ReadRow, ReadTable

_SHOWN = 20
"""Faults told on the screen; all of them stand in the error file."""


class Report(NamedTuple):
    """What came of a file: counts by name, the wrong rows, and what else is to be said."""

    counts: Mapping[str, int]
    wrong: Sequence[ReadRow]
    notes: Mapping[str, Any]


def asked_of(
    session: Session, path: Path, asking: Asking, people: Sequence[Person], campaign: str | None
) -> Import:
    """Return who takes over which file.

    Raises:
        NotFound: `file.not_found`.
    """
    if not path.is_file():
        raise NotFound("file.not_found", file=path.name)
    return Import(
        actor=resolve(session, asking, people),
        file=hashlib.sha256(path.read_bytes()).hexdigest(),
        request_id=asking.request(session),
        campaign=campaign,
    )


def meaning_of(items: Iterable[str] | None, columns: Sequence[Column]) -> dict[str, str]:
    """Read `OWN=HEADER`: what an office's own header stands for.

    Raises:
        UsageFault: `usage.column`, with the headers there are.
    """
    headers = {column.header for column in columns}
    found = {}
    for item in items or ():
        own, _, header = item.partition("=")
        if not own.strip() or header.strip() not in headers:
            raise UsageFault("usage.column", text=item, known=sorted(headers))
        found[own.strip()] = header.strip()
    return found


def refused_row(table: ReadTable, row: ReadRow, column: Column, why: RuleViolation) -> None:
    """Note that the rules refuse a row."""
    params = why.params.items()
    told = {n: v if isinstance(v, str | int) else ", ".join(v) for n, v in params}
    table.wrong(row, column, why.code, told)


def report(
    session: Session, table: ReadTable, found: Report, paths: tuple[Path, Path | None], fmt: Format
) -> int:
    """Say what came of a file, and give the wrong rows back beside it; return the exit status."""
    written = given_back(session, table, found.wrong, paths) if found.wrong else None
    problems = [each for row in found.wrong for each in row.problems]
    if fmt is Format.JSON:
        rows = problem_rows(problems, session.lang)
        told = {**found.counts, **found.notes, "errors": written and str(written)}
        show_json(session, {**told, "problems": rows})
    else:
        for line in list(problem_lines(problems, session.lang))[:_SHOWN]:
            session.err.print(line)
        session.print("import.counts", **found.counts)
        for name, value in found.notes.items():
            if value:
                session.print(f"import.{name}", what=value)
        if written:
            session.print("import.errors", path=str(written), count=len(found.wrong))
    return Status.REFUSED if found.wrong else Status.DONE


def given_back(
    session: Session, table: ReadTable, wrong: Sequence[ReadRow], paths: tuple[Path, Path | None]
) -> Path:
    """Write the wrong rows with what is wrong beside their file, or where `paths` says."""
    source, wanted = paths
    path = wanted or source.with_name(f"{source.stem}-errors{source.suffix.lower()}")
    rows = [
        Returned(
            row.original,
            "; ".join(dict.fromkeys(each.column for each in row.problems)),
            "; ".join(explain(each.code, each.params, session.lang) for each in row.problems),
        )
        for row in wrong
    ]
    write_returned(path, table, rows)
    return path
