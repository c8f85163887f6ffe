"""The 52 questions of the supervision group (domain.md i.2), answered from entries alone."""

from duban.questions.answer import Answer, Column, Row, Shape
from duban.questions.ask import answer, find
from duban.questions.entries import Entry, Told, known_by
from duban.questions.errors import QuestionAwaits, QuestionGap
from duban.questions.facts import Fact
from duban.questions.question import Asked, LogReport, Question
from duban.questions.table import QUESTIONS

__all__ = [
    "QUESTIONS",
    "Answer",
    "Asked",
    "Column",
    "Entry",
    "Fact",
    "LogReport",
    "Question",
    "QuestionAwaits",
    "QuestionGap",
    "Row",
    "Shape",
    "Told",
    "answer",
    "find",
    "known_by",
]
