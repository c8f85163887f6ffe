"""What asking a question can end in besides an answer."""

from duban.errors import DubanError


class QuestionAwaits(DubanError):
    """The facts a question is about are not on the trail yet, so it has no answer.

    `params`: `number`, `slug`, and `facts`, the values of `duban.questions.facts.Fact` it awaits.
    """

    code = "question.awaits"


class QuestionGap(DubanError):
    """Entries are missing from the stream, so whatever it tells may be wrong.

    `params`: `key`, the first entry that is missing. Question 50 shows all gaps.
    """

    code = "question.gap"
