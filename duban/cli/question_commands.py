"""`duban query`: the 52 questions of the supervision group, asked as of any past moment."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from duban.cli import output
from duban.cli.errors import UsageFault
from duban.cli.helping import HelpGroup
from duban.cli.output import Destination, Format, Sheet, destination, show_rows, words_of
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Reader
from duban.cli.session import Session
from duban.cli.typed import OUT, OUTPUT, OUTPUT_XLSX, UNIT
from duban.cli.verbs import Given, argument, number, option, repeated, required, verb
from duban.contracts import Mode, clue_stream, inspection_stream
from duban.domain.counting import SHANGHAI
from duban.domain.custody import CUSTODY_STREAM
from duban.domain.reading import Reading
from duban.errors import NotFound
from duban.questions import (
    QUESTIONS,
    Answer,
    Asked,
    Column,
    Entry,
    Fact,
    LogReport,
    Question,
    Shape,
    Told,
    answer,
    find,
)
from duban.questions.ask import known_beside, require_reply
from duban.questions.facts import OF_CLUES, OF_INSPECTIONS
from duban.store.canonical import StoredEntry
from duban.store.pool import WORKER
from duban.texts import Language, text

if TYPE_CHECKING:
    # It imports cryptography, which a command that proves nothing should not wait for.
    from duban.verify.run import Rules

_A_DAY = len("2019-06-28")
_MICRO = 1_000_000
_SURFACE = "query ask"
_TAKEN_AWAY = (Format.CSV, Format.XLSX)

_LISTED = (
    output.Column("number", right=True),
    output.Column("slug"),
    output.Column("zh"),
    output.Column("en"),
    output.Column("answers", "answers"),
    output.Column("awaits", "fact"),
)
_ABOUT = (output.Column("value"),)
_STATE_WORDS = {
    "campaign": "stage",
    "phase": "phase_status",
    "unit": "plan_state",
    "task": "task_state",
    "goal": "goal_state",
    "problem": "problem_state",
    "deadline": "deadline_status",
    "extension": "extension_state",
}
"""Under which prefix the words for an object's state stand, by its kind."""


class QuestionGroup(HelpGroup):
    """The noun `query`: a word that is none of its verbs is the question itself."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Take `query 6` for `query ask 6`."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["ask", *args]
        return super().resolve_command(ctx, args)


query_noun = typer.Typer(cls=QuestionGroup, rich_markup_mode=None, no_args_is_help=True)


@verb(query_noun, "list", OUTPUT)
def list_questions(session: Session, given: Given) -> None:
    """List the 52 questions in both languages, with what each awaits."""
    show_rows(session, [_listed(each) for each in QUESTIONS], _LISTED, destination(given.output))


def _listed(question: Question) -> dict[str, Any]:
    awaits = [each.value for each in question.awaits]
    whole = "part" if awaits else "whole"
    return {
        "number": question.number,
        "slug": question.slug,
        "zh": text(f"question.{question.number}", Language.ZH),
        "en": text(f"question.{question.number}", Language.EN),
        "answers": whole if question.reply else "no",
        "awaits": awaits,
    }


@verb(
    query_noun,
    "ask",
    argument("question", "N|SLUG"),
    required("campaign", "NO"),
    option("as_of", "YYYY-MM-DDTHH:MM"),
    UNIT,
    option("object", "ID"),
    number("minutes", "N"),
    option("policy", "FILE"),
    repeated("anchor", "FILE", must=False),
    *WHO_READS,
    OUTPUT_XLSX,
    OUT,
)
def ask(session: Session, given: Given) -> None:
    """Answer one question as of a moment."""
    to = destination(given.output, Path(given.out) if given.out else None, xlsx=True)
    question = find(given.question)
    asked = Asked(
        moment=moment_of(session, given.as_of),
        unit=given.unit,
        obj=given.object,
        minutes=given.minutes,
        writers=frozenset({WORKER}),
    )
    rules = _log_rules(session, given) if Fact.LOG_REPORT in question.facts else None
    require_reply(question, asked, log_can_be_judged=rules is not None)
    entries, beside = session.run(_entries(session, given, question))
    asked = replace(asked, beside=known_beside(beside, asked.moment))
    live = entries[0].told.mode is Mode.LIVE
    if live and asked.moment > session.services.now():
        raise UsageFault("question.moment_ahead", moment=words_of(session, asked.moment))
    if rules is not None:
        # A rehearsal plays in another time than its log grows in: that is judged as it is now.
        until = asked.moment if live else session.services.now()
        asked = replace(asked, log=session.run(_log_report(session, rules, until)))
    found = answer(question, entries, asked)
    if to.format in _TAKEN_AWAY:
        session.run(_taken_away(session, given, found))
    _show(session, found, to)


def _log_rules(session: Session, given: Given) -> "Rules | None":
    """Return by what the log is judged; None where no policy is named."""
    named = given.policy or session.settings.log_policy
    if named is None:
        return None
    from duban.verify.files import read_outside  # noqa: PLC0415 - see above
    from duban.verify.run import Rules  # noqa: PLC0415
    from duban.witness.files import read_policy  # noqa: PLC0415

    outside = read_outside(map(Path, given.anchor or ()), (), None)
    return Rules(read_policy(Path(named)), 0, outside)


async def _log_report(session: Session, rules: "Rules", until: datetime) -> LogReport:
    """Return what the log's verifier finds in the log as it was at a moment."""
    then = replace(rules, now_us=int(until.timestamp() * _MICRO))
    found = await session.services.verify_then(session.settings, then)
    return LogReport(
        verdict=found.verdict.name,
        entries=found.entries,
        tree_size=found.tree_size,
        root=found.root.hex(),
        findings=tuple((each.code, each.where, each.detail) for each in found.findings),
    )


def moment_of(session: Session, said: str | None) -> datetime:
    """Read a moment in Shanghai time; a day alone means its end, nothing means now.

    Raises:
        UsageFault: `usage.not_a_moment`.
    """
    if not said:
        return session.services.now().astimezone(UTC)
    try:
        found = datetime.fromisoformat(said.strip())
    except ValueError:
        raise UsageFault("usage.not_a_moment", text=said) from None
    if len(said.strip()) == _A_DAY:
        found = datetime.combine(found, time.max)
    return (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).astimezone(UTC)


async def _entries(
    session: Session, given: Given, question: Question
) -> tuple[list[Entry], list[Entry]]:
    """Read the entries of a campaign and its problems, and those beside it.

    Who reads is on the trail first. Clues and inspections are told of to who may read the whole
    trail: what was found on site is nothing for a unit before its conclusion is issued.
    """
    whole = not (OF_CLUES | OF_INSPECTIONS).isdisjoint(question.facts)
    scope = (None, None) if whole else (given.campaign, given.unit)
    reading = asked_of(given, _SURFACE, scope=scope)
    async with session.services.reader(session.settings) as reader:
        await permitted(session, reader, reading, given.actor)
        stored = await reader.campaign_entries(given.campaign)
        beside = await _beside(reader, given.campaign, question)
    if not stored:
        raise NotFound("campaign.not_found", no=given.campaign)
    return [entry_of(each) for each in stored], [entry_of(each) for each in beside]


async def _beside(reader: Reader, campaign: str, question: Question) -> list[StoredEntry]:
    """Read the entries of other streams that a question needs."""
    streams: list[str] = []
    if not OF_CLUES.isdisjoint(question.facts):
        clues = await reader.objects("clue", None, {"campaign": campaign})
        streams += [*(clue_stream(str(row["no"])) for row in clues), CUSTODY_STREAM]
    if not OF_INSPECTIONS.isdisjoint(question.facts):
        made = await reader.objects("inspection", None, {"campaign": campaign})
        streams += [inspection_stream(str(row["no"])) for row in made]
    return [each for stream in streams for each in await reader.entries(stream)]


async def _taken_away(session: Session, given: Given, found: Answer) -> None:
    """Put on the trail, first, that an answer leaves as a file, with the digest of its bytes."""
    reading = asked_of(given, _SURFACE, scope=(given.campaign, given.unit))
    told = {
        **reading.detail,
        "format": given.output,
        "file": Path(given.out).name if given.out else "-",
        "rows": len(found.rows),
        "sha256": hashlib.sha256(found.encoded()).hexdigest(),
    }
    export = reading.model_copy(update={"kind": Reading.EXPORT, "detail": told})
    async with session.services.reader(session.settings) as reader:
        await permitted(session, reader, export, given.actor)


def entry_of(stored: StoredEntry) -> Entry:
    """Return a stored entry as the questions read it."""
    told = Told(stored.recorded_at, stored.by, Mode(str(stored.fields["mode"])))
    return Entry(stored.stream, stored.event, told)


def _show(session: Session, found: Answer, to: Destination) -> None:
    document = found.document()
    if to.format is Format.JSON:
        output.show_json(session, document)
        return
    rows = [{**row.cells, "rests_on": row.keys} for row in found.rows]
    columns = [*(_column(each) for each in found.columns), output.Column("rests_on")]
    if to.format is Format.XLSX:
        assert to.out is not None
        about = [{"value": line} for line in _about(session, found)]
        sheets = [
            Sheet(found.slug, rows, columns),
            Sheet(session.say("question.sheet"), about, _ABOUT),
        ]
        output.write_xlsx(session, to.out, sheets, created=found.moment)
        return
    if to.format is Format.TABLE:
        for line in _about(session, found):
            session.out.print(line)
    show_rows(session, rows, columns, to)


def _about(session: Session, found: Answer) -> list[str]:
    """Return the lines above a table: the question, the moment, and what is not counted."""
    told = session.say(f"question.{found.number}")
    lines = [
        f"{found.number}. {told}",
        session.say(
            "question.moment",
            campaign=found.campaign,
            moment=words_of(session, found.moment),
            calendar=found.calendar_version,
            policy=found.policy_version,
            upto=found.upto,
        ),
    ]
    if found.lacks:
        facts = session.say("joined").join(session.term("fact", each) for each in found.lacks)
        lines.append(session.say("question.lacks", facts=facts))
    return lines


def _column(column: Column) -> output.Column:
    if column.shape is Shape.STATE:
        return output.Column(column.id, shown=_state)
    return output.Column(column.id, column.words or None, column.shape is Shape.NUMBER)


def _state(session: Session, row: output.Row) -> str:
    kind = row.get("kind", row.get("object_type"))
    return session.term(_STATE_WORDS[str(kind)], row.get("state"))
