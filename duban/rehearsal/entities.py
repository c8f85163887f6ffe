"""What a step may be about beside the campaign: entities that are workflows of their own.

A campaign's command registers one, and its answer is the number. Another kind of entity comes in as
a class like `Problems` and a row of `REGISTERED_BY`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

from pydantic import TypeAdapter

from duban.contracts import Receipt, problem_stream
from duban.domain.events import Event
from duban.domain.model import Document
from duban.domain.problem.commands import AnyProblemCommand
from duban.domain.problem.standing import is_news
from duban.domain.roles import Person
from duban.domain.thresholds import ProblemRule
from duban.errors import Unavailable
from duban.evidence import take_in
from duban.rehearsal.theatre import Theatre
from duban.store import ledger, trail
from duban.store.earlier import known
from duban.store.given import asked_about, on_other_problems
from duban.store.ledger import Row

_COMMANDS: TypeAdapter[AnyProblemCommand] = TypeAdapter(AnyProblemCommand)
_PAUSE: Final = 0.01


class Entities(Protocol):
    """A kind of entity of one campaign."""

    def stream(self, no: str) -> str:
        """Return the stream, which is also the workflow, of a number."""

    async def opened(self, no: str) -> None:
        """Wait until what was registered under a number takes commands."""

    async def carry_out(self, no: str, fields: Document) -> Receipt:
        """Carry a command out. Raises `RuleViolation`, and `ValidationError` for a wrong field."""

    async def rest(self, no: str) -> None:
        """Wait until all that was said is on the trail, and the campaign has heard of it."""


class Problems:
    """The problems of a campaign, given with each decision what the command line gives them.

    `patience` is the seconds of real time within which campaign and problem hear of each other.
    """

    patience = 60.0

    def __init__(self, stage: Theatre, campaign: str, rule: ProblemRule) -> None:
        self._stage = stage
        self._campaign = campaign
        self._rule = rule

    def stream(self, no: str) -> str:
        """Return the stream of a problem."""
        return problem_stream(no)

    async def opened(self, no: str) -> None:
        """Wait until the campaign has opened the problem."""

        async def is_open() -> bool:
            return bool(await self._look("problem", self._campaign, {"no": no}))

        await self._until(no, is_open)

    async def carry_out(self, no: str, fields: Document) -> Receipt:
        """Carry a command out; the `content` of a piece of evidence is kept as a file first."""
        if fields["type"] == "add_evidence" and "content" in fields:
            fields = await self._kept(no, fields)
        command = _COMMANDS.validate_python(fields)
        [problem] = await self._look("problem", self._campaign, {"no": no})
        people = [known(Person, row) for row in await self._look("person", self._campaign)]
        asked = await asked_about(self._look, problem, command, people)
        return await self._stage.gateway.execute_problem(no, asked)

    async def rest(self, no: str) -> None:
        """Wait until the campaign knows how the problem stands; gates are judged by that."""
        [problem] = await self._look("problem", self._campaign, {"no": no})
        if problem["is_over"]:
            return
        await self._stage.gateway.settle_problem(no)
        newest = max(each.seq for each in await self._events(no) if is_news(each))

        async def is_known() -> bool:
            [entry] = await self._look("docket", self._campaign, {"no": no})
            return int(entry["heard"]) >= newest

        await self._until(no, is_known)

    async def _look(
        self, kind: str, scope: str | None = None, where: Document | None = None
    ) -> list[Row]:
        found = await ledger.objects(self._stage.reader, kind, scope=scope, where=where)
        return [each.doc for each in found]

    async def _events(self, no: str) -> list[Event]:
        return await trail.stream_events(self._stage.reader, self.stream(no))

    async def _until(self, no: str, holds: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(self.patience):
                while not await holds():  # noqa: ASYNC110 -- it sets no event of ours
                    await asyncio.sleep(_PAUSE)
        except TimeoutError as error:
            raise Unavailable("temporal.pending", request_id=no) from error

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


REGISTERED_BY: Final[Mapping[str, Callable[[Theatre, str, Any], Entities]]] = {
    "register_problem": lambda stage, campaign, policy: Problems(stage, campaign, policy.problem),
}
"""The kind of entity that a campaign's command registers, by the command's type."""
