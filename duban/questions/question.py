"""A question: its number and slug, the facts it needs, and how it is answered from them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from duban.questions.answer import Column, Row
from duban.questions.entries import Entry
from duban.questions.facts import ON_TRAIL, Fact
from duban.questions.history import History


@dataclass(frozen=True, slots=True)
class LogReport:
    """What the log's verifier found: its verdict, over how much, and every finding.

    `findings` are (code, where, detail); `root` is the tree's root in hexadecimal.
    """

    verdict: str
    entries: int
    tree_size: int
    root: str
    findings: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked besides the question itself.

    `unit` and `obj` keep the rows about one unit or one object (a deadline, task, goal …);
    `minutes` is the limit of question 22, the policy's if there is none; `writers` are the logins
    that may write entries (question 50); `log` is the verifier's report (question 45); `beside` are
    the entries of clues and custodians that were known then (questions 35, 36, 43).
    """

    moment: datetime
    unit: str | None = None
    obj: str | None = None
    minutes: int | None = None
    writers: frozenset[str] = frozenset()
    log: LogReport | None = None
    beside: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """How a question is answered: the columns, and the rows found in what was known then.

    Only a question about the trail itself may be answered over missing entries (`over_gaps`).
    """

    columns: tuple[Column, ...]
    rows: Callable[[History, Asked], Iterable[Row]]
    over_gaps: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One of the 52. Its text is `question.<number>` of the catalogue."""

    number: int
    slug: str
    facts: tuple[Fact, ...]
    reply: Reply | None = None

    @property
    def awaits(self) -> tuple[Fact, ...]:
        """The facts it needs that no entry tells of yet."""
        return tuple(each for each in self.facts if each not in ON_TRAIL)
