"""What a step may be about beside the campaign: entities that are workflows of their own.

A campaign's command registers one, and its answer is the number. Another kind of entity comes in as
a `Book` like `Problems` and a row of `REGISTERED_BY`.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from duban.contracts import Receipt, clue_stream, problem_stream
from duban.domain.clue.commands import AnyClueCommand
from duban.domain.clue.standing import is_news as tells
from duban.domain.model import Document
from duban.domain.problem.commands import AnyProblemCommand
from duban.domain.problem.standing import is_news
from duban.domain.thresholds import ProblemRule
from duban.evidence import take_in
from duban.rehearsal.books import Book
from duban.rehearsal.checks import Inspections
from duban.rehearsal.theatre import Theatre
from duban.store.given import asked_about, on_other_problems
from duban.store.given_clues import asked_about_clue

_COMMANDS: TypeAdapter[AnyProblemCommand] = TypeAdapter(AnyProblemCommand)
_CLUE_COMMANDS: TypeAdapter[AnyClueCommand] = TypeAdapter(AnyClueCommand)


class Problems(Book):
    """The problems of a campaign, given with each decision what the command line gives them."""

    def __init__(self, stage: Theatre, campaign: str, rule: ProblemRule) -> None:
        super().__init__(stage, campaign)
        self._rule = rule

    def stream(self, no: str) -> str:
        """Return the stream of a problem."""
        return problem_stream(no)

    async def opened(self, no: str) -> None:
        """Wait until the campaign has opened the problem."""
        await self._there("problem", no)

    async def carry_out(self, no: str, fields: Document) -> Receipt:
        """Carry a command out; the `content` of a piece of evidence is kept as a file first."""
        if fields["type"] == "add_evidence" and "content" in fields:
            fields = await self._kept(no, fields)
        command = _COMMANDS.validate_python(fields)
        [problem] = await self._look("problem", self._campaign, {"no": no})
        asked = await asked_about(self._look, problem, command, await self._people())
        return await self._stage.gateway.execute_problem(no, asked)

    async def rest(self, no: str) -> None:
        """Wait until the campaign knows how the problem stands; gates are judged by that."""
        [problem] = await self._look("problem", self._campaign, {"no": no})
        if problem["is_over"]:
            return
        await self._stage.gateway.settle_problem(no)
        said = await self._events(no)
        await self._heard("docket", no, max(each.seq for each in said if is_news(each)))

    async def _kept(self, no: str, fields: Document) -> Document:
        allowed = frozenset(self._rule.evidence_types)
        content = _bytes_of(str(fields["content"]))
        kept = await take_in(
            self._stage.storage, content, limit=self._rule.evidence_max_bytes, allowed=allowed
        )
        elsewhere = await on_other_problems(self._look, kept.digest, no)
        given = {name: value for name, value in fields.items() if name != "content"}
        return {**kept.model_dump(exclude_none=True), "elsewhere": list(elsewhere), **given}


async def _bytes_of(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


class Clues(Book):
    """The clues of a campaign, each told its matter by itself alone (ADR 0020)."""

    def stream(self, no: str) -> str:
        """Return the stream of a clue."""
        return clue_stream(no)

    async def opened(self, no: str) -> None:
        """Wait until the campaign has opened the clue."""
        await self._there("clue", no)

    async def carry_out(self, no: str, fields: Document) -> Receipt:
        """Carry a command out."""
        command = _CLUE_COMMANDS.validate_python(fields)
        asked = await asked_about_clue(self._look, self._campaign, command, await self._people())
        return await self._stage.gateway.execute_clue(no, asked)

    async def rest(self, no: str) -> None:
        """Wait until the campaign knows whether a receipt is owed; G4 is judged by that."""
        [clue] = await self._look("clue", None, {"no": no})
        if clue["is_over"]:
            return
        await self._stage.gateway.settle_clue(no)
        said = await self._events(no)
        await self._heard("clue_line", no, max(each.seq for each in said if tells(each)))


REGISTERED_BY: Final[Mapping[str, Callable[[Theatre, str, Any], Book]]] = {
    "register_problem": lambda stage, campaign, policy: Problems(stage, campaign, policy.problem),
    "report_clue": lambda stage, campaign, _: Clues(stage, campaign),
    "plan_inspection": lambda stage, campaign, _: Inspections(stage, campaign),
}
"""The kind of entity that a campaign's command registers, by the command's type."""
