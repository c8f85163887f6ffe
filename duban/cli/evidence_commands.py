"""`duban evidence`: files of problems, kept by their content and checked on their way out."""

from pathlib import Path
from typing import Any

from duban.cli import columns
from duban.cli.actors import asking_of
from duban.cli.deciding import Answer, show_receipt
from duban.cli.output import Column, destination, show_rows
from duban.cli.problems import PROBLEM, problem_of, send_about
from duban.cli.question_commands import moment_of
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.typed import OUTPUT, WHO
from duban.cli.verbs import Given, argument, noun, option, required, verb
from duban.domain.policy import PolicyVersion
from duban.domain.problem.commands import AddEvidence
from duban.errors import DubanError, NotFound
from duban.evidence import EvidenceStorage, Kept, Standing, fetch, open_storage, take_in, verify
from duban.settings import Settings
from duban.store.given import on_other_problems
from duban.store.problems import campaign_of

evidence_noun = noun()

_KINDS = "outcome|process|supporting"
_DAMAGED = 7


def storage_of(settings: Settings) -> EvidenceStorage:
    """Return the storage that the settings name; by default a folder under the home."""
    return open_storage(
        settings.evidence_url or str(settings.home / "evidence"),
        endpoint=settings.evidence_endpoint,
        region=settings.evidence_region,
        access_key=settings.evidence_access_key,
        secret_key=settings.evidence_secret_key,
    )


@verb(
    evidence_noun,
    "add",
    PROBLEM,
    argument("file"),
    required("kind", _KINDS),
    required("title", "TITLE"),
    required("source", "SOURCE"),
    option("captured_at", "YYYY-MM-DDTHH:MM"),
    option("captured_place", "PLACE"),
    option("replaces", "ID"),
    *WHO,
    OUTPUT,
)
def add(session: Session, given: Given) -> None:
    """Take a file into the storage and put it on a problem."""
    to, asking = destination(given.output), asking_of(given)
    asking.person(session)
    made = moment_of(session, given.captured_at) if given.captured_at else None
    kept, known = session.run(_taken_in(session, given))
    session.err.print(
        session.say(
            "evidence.kept",
            name=given.file,
            size=kept.size,
            type=kept.media_type,
            digest=kept.digest,
        )
    )
    typed: dict[str, Any] = {
        **kept.model_dump(),
        **{name: getattr(given, name) or "" for name in ("kind", "title", "source")},
        "captured_at": made or kept.captured_at,
        "captured_place": given.captured_place or "",
        "replaces": given.replaces,
        "elsewhere": known,
    }
    receipt, request_id = session.run(
        send_about(session, given.problem, asking, lambda who: AddEvidence(**typed, **who))
    )
    show_receipt(session, Answer(given.problem, receipt, request_id), to.format)


async def _taken_in(session: Session, given: Given) -> tuple[Kept, tuple[str, ...]]:
    """Keep the file, and say on which other problems the ledger knows it (d.5)."""
    async with session.services.reader(session.settings) as reader:
        await problem_of(reader, given.problem)
        rule = (await _policy(reader, campaign_of(given.problem))).problem
        storage, allowed = storage_of(session.settings), frozenset(rule.evidence_types)
        try:
            kept = await take_in(
                storage, Path(given.file), limit=rule.evidence_max_bytes, allowed=allowed
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise DubanError("evidence.no_file", path=given.file, reason=reason) from None
        return kept, await on_other_problems(reader.objects, kept.digest, given.problem)


async def _policy(reader: Reader, campaign: str) -> PolicyVersion:
    [row] = await reader.objects("policy", campaign)
    known = {name: row[name] for name in PolicyVersion.model_fields if name in row}
    return PolicyVersion.model_validate(known)


@verb(evidence_noun, "list", PROBLEM, OUTPUT)
def list_evidence(session: Session, given: Given) -> None:
    """List the files of a problem with their flags."""
    rows = session.run(_files(session, given.problem))
    show_rows(session, rows, columns.EVIDENCE, destination(given.output))


async def _files(session: Session, no: str) -> list[Row]:
    async with session.services.reader(session.settings) as reader:
        await problem_of(reader, no)
        rows = await reader.objects("evidence", campaign_of(no))
    return [row for row in rows if str(row["id"]).startswith(f"{no}/")]


@verb(evidence_noun, "get", argument("id", "EVIDENCE"), argument("out"), *WHO_READS)
def get(session: Session, given: Given) -> None:
    """Take a file out, its content checked on the way; that it was read is on the trail."""
    size = session.run(_taken_out(session, given))
    session.print("evidence.written", path=given.out, size=size)


async def _taken_out(session: Session, given: Given) -> int:
    no = str(given.id).partition("/")[0]
    async with session.services.reader(session.settings) as reader:
        problem = await problem_of(reader, no)
        found = await reader.objects("evidence", campaign_of(no), {"id": given.id})
        if not found:
            raise NotFound("object.not_found", kind="evidence", id=given.id)
        scope = (campaign_of(no), problem.get("unit"))
        await permitted(session, reader, asked_of(given, "evidence get", scope=scope), given.actor)
    return await fetch(storage_of(session.settings), found[0]["digest"], Path(given.out))


@verb(evidence_noun, "verify", PROBLEM, OUTPUT)
def verify_evidence(session: Session, given: Given) -> int:
    """Check every file of a problem against its digest; status 7 when one is not right."""
    to = destination(given.output)
    rows = session.run(_checked(session, given.problem))
    shown = (Column("id"), Column("title"), Column("standing", "standing"), Column("digest"))
    show_rows(session, rows, shown, to)
    return 0 if all(row["standing"] is Standing.RIGHT for row in rows) else _DAMAGED


async def _checked(session: Session, no: str) -> list[Row]:
    storage = storage_of(session.settings)
    rows = await _files(session, no)
    return [{**row, "standing": await verify(storage, row["digest"])} for row in rows]
