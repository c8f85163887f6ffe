"""What a changed ledger asks for: each row against what it was exported as and what is now.

A cell that is as it was exported asks for nothing, whatever the ledger says by now. One that was
changed asks for a command; where the ledger moved on in the same cell it is a conflict and is left.
"""

import struct
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from duban.domain.problem.columns import COLUMNS, FOUND, STATES_OF, By, LedgerColumn
from duban.domain.problem.words import ProblemState
from duban.workbook.errors import CellFault, CellProblem, LedgerFault, UnreadableError
from duban.workbook.ledger_reader import FileRow, LedgerFile
from duban.workbook.ledger_rows import LedgerRows, Listed, check, plain
from duban.workbook.ledger_values import LedgerValues, Value
from duban.workbook.ledger_words import FIELDS

_COLUMN: Final[Mapping[str, LedgerColumn]] = {column.field: column for column in COLUMNS}
_FIELDS_OF: Final = {by: tuple(column.field for column in COLUMNS if column.by is by) for by in By}
_MAY_LACK: Final = frozenset({"assisting_units", "due_at", "source_ref", "responsible_unit"})
_OWN: Final = frozenset({"seq", "campaign"})
"""What a new row may hold beside what was found."""

Values = dict[str, Value]


class Change(NamedTuple):
    """A cell that was changed; `no` is empty in a new row."""

    row: int
    no: str
    field: str
    old: str
    new: str


class Asked(NamedTuple):
    """One command that a row asks for: of the problem `no`, or a new one of the campaign."""

    row: FileRow
    no: str
    by: By
    values: Values


Found = tuple[Value, ...]
"""What a problem was registered as: source, its number there, date, unit, words."""


@dataclass(slots=True)
class Verdict:
    """What is asked for, and what is wrong; a row with anything wrong asks for nothing."""

    changes: list[Change] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    known: list[tuple[int, str]] = field(default_factory=list)

    @property
    def wrong_rows(self) -> set[int]:
        """The rows that something is wrong with."""
        return {each.row for each in self.problems}


class Judge:
    """Compares a file with the ledger: its problems `now`, and what all were `registered` as."""

    def __init__(
        self,
        file: LedgerFile,
        now: Mapping[str, Listed],
        registered: Mapping[Found, str],
        made: tuple[LedgerRows, LedgerValues],
    ) -> None:
        self._file = file
        self._now = now
        self._registered = registered
        self._rows, self._values = made

    def verdict(self) -> Verdict:
        """Judge every row."""
        found = Verdict()
        seen: dict[str, int] = {}
        for row in self._file.rows:
            no = row.said("exported_no")
            if no in seen:
                found.problems.append(
                    self._wrong(row, "problem_no", LedgerFault.TWICE, no=no, first=seen[no])
                )
            elif not no and not row.said("problem_no"):
                self._new(row, found)
            else:
                seen[no] = row.row
                self._known(row, no, found)
        return found

    def _wrong(self, row: FileRow, name: str, code: str, **params: str | int) -> CellProblem:
        return self._file.problem(row, name, code, **params)

    def _known(self, row: FileRow, no: str, found: Verdict) -> None:
        checks, said = _checks(row), row.said("problem_no")
        listed = self._now.get(no)
        if not no or checks is None:
            problem = self._wrong(row, "problem_no", LedgerFault.NOT_EXPORTED)
        elif said != no:
            problem = self._wrong(
                row, "problem_no", LedgerFault.NUMBER_CHANGED, exported=no, said=said
            )
        elif listed is None:
            problem = self._wrong(row, "problem_no", LedgerFault.NO_SUCH_PROBLEM, no=no)
        else:
            self._compare(row, listed, checks, found)
            return
        found.problems.append(problem)

    def _compare(
        self, row: FileRow, listed: Listed, checks: Mapping[str, int], found: Verdict
    ) -> None:
        present = dict(zip(FIELDS, map(plain, self._rows.cells(listed, 0)), strict=True))
        edited = [name for name in FIELDS if check(row.said(name)) != checks[name]]
        asked: Values = {}
        problems: list[CellProblem] = []
        for name in edited:
            if name != "seq" and row.said(name) == present[name]:
                continue
            try:
                self._take(row, name, (present[name], checks[name]), asked)
            except UnreadableError as wrong:
                problems.append(self._wrong(row, name, wrong.code, **wrong.params))
        problems.extend(self._out_of_state(row, listed, asked))
        commands = [] if problems else list(self._commands(row, listed, asked, problems))
        if problems:
            found.problems.extend(problems)
            return
        found.asked.extend(commands)
        found.changes.extend(
            Change(row.row, listed.no, name, present[name], self._values.shown(name, value))
            for name, value in asked.items()
        )

    def _take(self, row: FileRow, name: str, exported: tuple[str, int], asked: Values) -> None:
        """Note what an edited cell asks for; nothing if it says in other words what is so."""
        present, sealed = exported
        column = _COLUMN[name]
        if column.by not in STATES_OF:
            _refuse(column, present)
        value = self._values.read(name, row.cells.get(name))
        if self._values.shown(name, value) == present:
            return
        if check(present) != sealed:
            said = row.said(name)
            raise UnreadableError(LedgerFault.CONFLICT, now=present or "—", said=said or "—")
        asked[name] = value

    def _out_of_state(self, row: FileRow, listed: Listed, asked: Values) -> Iterator[CellProblem]:
        """Yield the changes that the problem's state does not allow (d.1)."""
        state = ProblemState(listed.doc["state"])
        triaged = state in STATES_OF[By.TRIAGE] and any(
            _COLUMN[name].by is By.TRIAGE for name in asked
        )
        for name in asked:
            column = _COLUMN[name]
            assert column.by is not None
            if state in STATES_OF[column.by] or (column.by is By.ASSIGN and triaged):
                continue
            command = f"duban {column.instead}" if column.instead else ""
            word = self._rows.state[state.value]
            yield self._wrong(row, name, LedgerFault.STATE, state=word, command=command)

    def _commands(
        self, row: FileRow, listed: Listed, asked: Values, problems: list[CellProblem]
    ) -> Iterator[Asked]:
        """Yield the commands of a row, each whole: what was not changed in it is as it is."""
        for by in STATES_OF:
            names = _FIELDS_OF[by]
            if not asked.keys() & set(names):
                continue
            values = {name: asked.get(name, _present(listed, name)) for name in names}
            if "due_at" not in asked:
                values.pop("due_at", None)
            lacking = [n for n in names if values.get(n) is None and n not in _MAY_LACK]
            lacking += [n for n in ("responsible_unit",) if n in values and values[n] is None]
            problems.extend(self._wrong(row, name, CellFault.MISSING) for name in lacking)
            yield Asked(row, listed.no, by, values)

    def _new(self, row: FileRow, found: Verdict) -> None:
        """Judge a row that registers a problem."""
        problems = [
            self._wrong(row, name, LedgerFault.NEW_ONLY)
            for name in FIELDS
            if row.said(name) and name not in (*FOUND, *_OWN)
        ]
        values: Values = {}
        for name in FOUND:
            try:
                values[name] = self._values.read(name, row.cells.get(name))
            except UnreadableError as wrong:
                problems.append(self._wrong(row, name, wrong.code, **wrong.params))
                continue
            if values[name] is None and name not in _MAY_LACK:
                problems.append(self._wrong(row, name, CellFault.MISSING))
        if problems:
            found.problems.extend(problems)
            return
        known = self._registered.get(tuple(values[name] for name in FOUND))
        if known is not None:
            found.known.append((row.row, known))
            return
        found.asked.append(Asked(row, "", By.REGISTER, values))
        found.changes.extend(
            Change(row.row, "", name, "", self._values.shown(name, value))
            for name, value in values.items()
            if value is not None
        )


def found_as(listed: Listed) -> Found:
    """Return what a problem was registered as, in the order of a new row's columns."""
    names = ("source", "source_ref", "found_on", "unit", "description")
    return tuple(listed.doc.get(name) or None for name in names)


def _refuse(column: LedgerColumn, present: str) -> None:
    """Raise what is wrong with a change of a column that no ledger changes."""
    if column.instead:
        raise UnreadableError(LedgerFault.BY_COMMAND, command=column.instead)
    raise UnreadableError(LedgerFault.BY_NOTHING, now=present or "—")


def _present(listed: Listed, name: str) -> Value:
    key = "unit" if name == "responsible_unit" else name
    if name == "assisting_units":
        helping = listed.doc.get("assisting") or ()
        return tuple({"unit": each["unit"], "matter": each["matter"]} for each in helping)
    value: Value = listed.doc.get(key)
    return value if isinstance(value, bool) else value or None


def _checks(row: FileRow) -> dict[str, int] | None:
    """Return by what each cell is known to be as it was exported; None where it cannot be read."""
    try:
        checks = struct.unpack(
            f">{len(FIELDS)}I", b64decode(row.said("exported_seal"), validate=True)
        )
    except (ValueError, struct.error):
        return None
    return dict(zip(FIELDS, checks, strict=True))
