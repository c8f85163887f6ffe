"""A world whose problems carry out what they are asked, and ledgers that are changed."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from pydantic import JsonValue

from duban.cli.services import Row, Services
from duban.contracts import ProblemAsked, Receipt
from duban.domain.campaign.commands import AnyCommand, RegisterProblem
from duban.domain.roles import Person, Role
from duban.texts import Language
from duban.workbook.ledger_words import FIELDS, HIDDEN, head
from tests.cli.ledger_reader import FakeReader
from tests.cli.world import NO, Answer, FakeGateway, World
from tests.support.builders import Desk
from tests.support.problems import ProblemDesk, a_registration

OUTSIDER = Person(id="DX-1", name="监委来人", role=Role.EXTERNAL_DECIDER)
BASIS = ("--basis-doc", "交办单3号")


class LedgerWorld(World):
    """The campaign of the builders with problems that live."""

    def __init__(self, home: Path, count: int = 3) -> None:
        super().__init__(Desk().implementing(), home)
        self.book = home / "台账.xlsx"
        self.registered: dict[str, str] = {}
        self.agrees = False
        self.questions: list[str] = []
        self.more = [a_desk(number) for number in range(1, count + 1)]

    @property
    def services(self) -> Services:
        """The doors, with a gateway that carries out what it is given."""
        doors = super().services
        live = self._door(lambda: LiveGateway(self))
        fields = {name: getattr(doors, name) for name in doors.__dataclass_fields__}
        fields |= {"gateway": live, "reader": self._door(lambda: LiveReader(self))}
        return Services(**{**fields, "confirm": self._confirm})

    def _confirm(self, question: str) -> bool:
        self.questions.append(question)
        return self.agrees

    def exported(self, *words: str, **environ: str) -> Answer:
        """Export the campaign's ledger, which must be done."""
        line = ("ledger", "export", str(self.book), "--campaign", NO, *words)
        answer = self.call(*line, **{"DUBAN_LANG": "zh", **environ})
        assert answer.status == 0, answer.err
        return answer

    def imported(self, *words: str, **environ: str) -> Answer:
        """Import the ledger."""
        line = ("ledger", "import", str(self.book), *words)
        return self.call(*line, **{"DUBAN_LANG": "zh", **environ})

    def changed(self, *changes: tuple[int, str, object], lang: Language = Language.ZH) -> None:
        """Change cells of the exported ledger: row of the sheet, column, content."""

        def put(sheet: Any, at: Mapping[str, int]) -> None:
            for row, field, value in changes:
                sheet.cell(row, at[field]).value = value

        self.edited(put, lang)

    def edited(
        self, edit: Callable[[Any, Mapping[str, int]], object], lang: Language = Language.ZH
    ) -> None:
        """Do something with the ledger's sheet; `at` gives the place of each column."""
        book: Any = load_workbook(self.book)
        sheet = book.worksheets[0]
        heads = {cell.value: cell.column for cell in sheet[1]}
        fields = {name: heads.get(head(name, lang), 0) for name in (*FIELDS, *HIDDEN)}
        edit(sheet, fields)
        book.save(self.book)


def a_desk(number: int, **changes: Any) -> ProblemDesk:
    """Return a problem that was found at another window."""
    said = {"description": f"不动产登记{number}号窗口离岗27分钟，群众反映强烈", **changes}
    return ProblemDesk(a_registration(**said), no=f"{NO}-{number:04d}")


class LiveReader(FakeReader):
    """Knows one person more, from outside."""

    async def objects(
        self, kind: str, scope: str | None = None, where: dict[str, JsonValue] | None = None
    ) -> list[Row]:
        """Return what the world has, and among people the one from outside."""
        found = await super().objects(kind, scope, where)
        if kind == "person" and (where or {}).get("id") in (None, OUTSIDER.id):
            found.append(OUTSIDER.plain())
        return found


class LiveGateway(FakeGateway):
    """Lets the world's problems answer; what they refuse is refused."""

    def __init__(self, world: LedgerWorld) -> None:
        super().__init__(world)
        self._live = world

    async def execute_problem(self, no: str, asked: ProblemAsked) -> Receipt:
        """Carry a command out."""
        receipt = await super().execute_problem(no, asked)
        [desk] = [each for each in self._live.problems if each.record.no == no]
        desk.problem.be_given(asked.given)
        desk.problem.handle(asked.command, now=desk.now)
        return receipt

    async def execute(self, no: str, command: AnyCommand) -> Receipt:
        """Register a problem, once for each request."""
        receipt = await super().execute(no, command)
        assert isinstance(command, RegisterProblem)
        if command.request_id not in self._live.registered:
            number = len(self._live.problems) + 1
            desk = ProblemDesk(command.registration, no=f"{no}-{number:04d}")
            self._live.registered[command.request_id] = desk.record.no
            self._live.more.append(desk)
        return receipt
