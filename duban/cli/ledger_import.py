"""`duban ledger import`: a changed ledger against what is now, told first and then carried out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from duban.cli.actors import Asking, asking_of
from duban.cli.errors import Status, UsageFault
from duban.cli.ledger_commands import Wish, carried_out
from duban.cli.ledger_names import names_of
from duban.cli.output import Column, Destination, Format, destination, show_json, show_rows
from duban.cli.plan_files import PROBLEM_COLUMNS, problem_rows
from duban.cli.reading import asked_of, permitted
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.streaming import digest_of
from duban.cli.trail_commands import ledger_noun
from duban.cli.typed import OUTPUT, WHO
from duban.cli.verbs import Given, Param, argument, option, verb
from duban.domain.problem.columns import By, known_to
from duban.store.problems import ListedProblem, ProblemFilter, campaign_of
from duban.texts import explain
from duban.workbook import CellProblem, LedgerFileInvalid
from duban.workbook.errors import LedgerFault
from duban.workbook.ledger_changes import Found, Judge, Verdict, found_as
from duban.workbook.ledger_errors import write_errors
from duban.workbook.ledger_reader import LedgerFile, read_ledger
from duban.workbook.ledger_values import LedgerValues
from duban.workbook.ledger_words import head

_CHANGES = (
    Column("row", right=True),
    Column("no"),
    Column("header"),
    Column("old"),
    Column("new"),
)


def _flag(name: str) -> Param:
    return Param(name, Annotated[bool, typer.Option(f"--{name.replace('_', '-')}")], False)


class _Judged(NamedTuple):
    """A file with what it asks for, and where its wrong rows go."""

    file: LedgerFile
    campaign: str
    verdict: Verdict
    errors: Path
    digest: str


@verb(
    ledger_noun,
    "import",
    argument("file"),
    option("basis_doc", "DOC"),
    option("errors", "FILE"),
    _flag("yes"),
    _flag("dry_run"),
    *WHO,
    OUTPUT,
)
def import_ledger(session: Session, given: Given) -> int:
    """Show what a changed ledger asks for and, once that is agreed to, carry it out."""
    to, path = destination(given.output), Path(given.file)
    file = read_ledger(path)
    errors = Path(given.errors) if given.errors else path.with_name(f"{path.stem}.errors.xlsx")
    asking = asking_of(given)
    verdict = session.run(_judged(session, given, file))
    judged = _Judged(file, _campaign(path, file), verdict, errors, digest_of(path))
    _tell(session, judged, to)
    refused = _carry_out(session, given, judged, asking) if verdict.asked else []
    problems = [*verdict.problems, *refused]
    if problems:
        write_errors(errors, file, [(each, _said(session, each)) for each in problems])
        session.err.print(session.say("ledger.errors", path=str(errors)))
    return Status.REFUSED if problems else Status.DONE


def _campaign(path: Path, file: LedgerFile) -> str:
    """Return the campaign of a file. Raises `LedgerFileInvalid` where it is not one."""
    found = {campaign_of(no) for row in file.rows if (no := row.said("exported_no"))}
    found |= {said for row in file.rows if (said := row.said("campaign"))}
    if len(found) == 1:
        return found.pop()
    params: dict[str, str | int] = {"found": "、".join(sorted(found)) or "—"}
    fault = CellProblem(
        sheet=file.title, row=0, column="", code=LedgerFault.CAMPAIGNS, params=params
    )
    raise LedgerFileInvalid(path.name, [fault])


async def _judged(session: Session, given: Given, file: LedgerFile) -> Verdict:
    path = Path(given.file)
    no = _campaign(path, file)
    asked = asked_of(given, "ledger import", scope=(no, None))
    detail = {**asked.detail, "file": path.name, "sha256": digest_of(path)}
    asked = asked.model_copy(update={"detail": detail})
    async with session.services.reader(session.settings) as reader:
        actor = await permitted(session, reader, asked, given.actor)
        names = await names_of(reader, no)
        levels = tuple(level.value for level in known_to(actor.role))
        wanted = ProblemFilter(campaign=no, levels=levels)
        now, registered = await _known(reader, wanted, file)
    rows = names.rows(file.lang)
    values = LedgerValues(rows, names.units, names.present)
    return Judge(file, now, registered, (rows, values)).verdict()


async def _known(
    reader: Reader, wanted: ProblemFilter, file: LedgerFile
) -> tuple[dict[str, ListedProblem], dict[Found, str]]:
    """Return the problems that the file names, and as what all were found."""
    named = {row.said("exported_no") for row in file.rows}
    now: dict[str, ListedProblem] = {}
    registered: dict[Found, str] = {}
    async for page in reader.ledger(wanted):
        registered.update((found_as(each), each.no) for each in page)
        now.update((each.no, each) for each in page if each.no in named)
    return now, registered


def _tell(session: Session, judged: _Judged, to: Destination) -> None:
    """Show every change, everything that is wrong, and how many there are of both."""
    file, verdict = judged.file, judged.verdict
    changes: list[Row] = [
        {**each._asdict(), "header": head(each.field, file.lang)} for each in verdict.changes
    ]
    wrong = problem_rows(verdict.problems, session.lang)
    if to.format is Format.JSON:
        show_json(session, {"changes": changes, "problems": wrong})
    else:
        if changes or to.format is Format.CSV:
            show_rows(session, changes, _CHANGES, to)
        if wrong:
            show_rows(session, wrong, PROBLEM_COLUMNS, to)
    for row, no in verdict.known:
        session.err.print(session.say("ledger.known", row=row, no=no))
    session.err.print(session.say("ledger.told", **_counts(judged)))
    if not verdict.asked:
        session.err.print(session.say("ledger.nothing"))


def _counts(judged: _Judged) -> dict[str, Any]:
    verdict = judged.verdict
    changed = {each.no for each in verdict.asked if each.by is not By.REGISTER}
    return {
        "rows": len(judged.file.rows),
        "changes": sum(1 for each in verdict.changes if each.no),
        "changed": len(changed),
        "new": sum(each.by is By.REGISTER for each in verdict.asked),
        "wrong": len(verdict.wrong_rows),
    }


def _carry_out(
    session: Session, given: Given, judged: _Judged, asking: Asking
) -> Sequence[CellProblem]:
    """Carry the commands out if that is agreed to, and return what was refused."""
    assigned = sum(each.by is By.ASSIGN for each in judged.verdict.asked)
    if assigned and not given.basis_doc:
        raise UsageFault("ledger.no_basis", count=assigned)
    agreed = not given.dry_run and (
        given.yes or session.services.confirm(session.say("ledger.confirm"))
    )
    if not agreed:
        session.err.print(session.say("ledger.not_done"))
        return []
    wish = Wish(judged.file, judged.campaign, judged.digest, given.basis_doc or "")
    done, refused = session.run(carried_out(session, wish, judged.verdict.asked, asking))
    session.err.print(session.say("ledger.done", done=done, failed=len(refused)))
    for each in refused:
        session.err.print(f"{each.code}  {_said(session, each)}")
    return refused


def _said(session: Session, problem: CellProblem) -> str:
    return explain(problem.code, problem.params, session.lang)
