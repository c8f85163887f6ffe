"""The one catalogue: the tables of all modules merged, and the look-up of a text by its key."""

from collections.abc import Mapping
from enum import StrEnum

from duban.texts import (
    answers,
    bundle,
    clue_help,
    clue_terms,
    codec,
    custody,
    doctor,
    draw_records,
    draw_refusals,
    draws,
    events,
    faults,
    help_commands,
    help_options,
    inspection_help,
    inspection_orders,
    inspection_refusals,
    inspection_terms,
    inspection_words,
    intake,
    labels,
    ledger_words,
    log,
    mistakes,
    plan,
    problem_help,
    problem_refusals,
    problem_terms,
    question_inspections,
    question_problems,
    question_words,
    questions,
    refusals,
    rehearsal,
    remembered,
    searching,
    terms,
    terms_plan,
    verify,
    witness,
)

Table = Mapping[str, tuple[str, str]]


class Language(StrEnum):
    """The languages of the catalogue; Chinese is the one everything is written in first."""

    ZH = "zh"
    EN = "en"


_TABLES: tuple[Table, ...] = (
    refusals.REFUSALS,
    faults.FAULTS,
    mistakes.MISTAKES,
    terms.TERMS,
    terms_plan.TERMS,
    events.EVENTS,
    labels.LABELS,
    ledger_words.LEDGER,
    answers.ANSWERS,
    help_commands.HELP,
    help_options.HELP,
    doctor.DOCTOR,
    rehearsal.REHEARSAL,
    searching.SEARCHING,
    plan.PLAN_TEXTS,
    problem_terms.PROBLEMS,
    problem_refusals.PROBLEM_REFUSALS,
    problem_help.PROBLEM_HELP,
    draws.DRAWS,
    draw_refusals.DRAW_REFUSALS,
    draw_records.DRAW_RECORDS,
    clue_terms.CLUES,
    clue_help.CLUE_HELP,
    inspection_terms.INSPECTIONS,
    inspection_help.INSPECTION_HELP,
    inspection_words.INSPECTION_WORDS,
    inspection_refusals.INSPECTION_REFUSALS,
    inspection_orders.INSPECTION_ORDERS,
    bundle.BUNDLE,
    custody.CUSTODY,
    remembered.REMEMBERED,
    questions.QUESTIONS,
    question_words.WORDS,
    question_problems.ABOUT_PROBLEMS,
    question_inspections.ABOUT_INSPECTIONS,
    witness.WITNESS,
    log.LOG,
    verify.VERIFY,
    intake.INTAKE,
    codec.CODEC,
)


def _merged() -> dict[str, tuple[str, str]]:
    merged: dict[str, tuple[str, str]] = {}
    for table in _TABLES:
        twice = merged.keys() & table.keys()
        if twice:
            msg = f"texts given twice: {sorted(twice)}"
            raise ValueError(msg)
        merged.update(table)
    return merged


CATALOGUE: Table = _merged()
"""Key to (Chinese, English)."""

_MISSING = "—"
_JOINED = {Language.ZH: "、", Language.EN: ", "}
_PLACE = {Language.ZH: 0, Language.EN: 1}


class _Params(dict[str, str]):
    """The values of a sentence; one that was not given shows as a dash, never as a crash."""

    def __missing__(self, _: str) -> str:
        return _MISSING


def known(key: str) -> bool:
    """Say whether the catalogue holds `key`."""
    return key in CATALOGUE


def text(key: str, lang: Language, /, **params: object) -> str:
    """Return the text of `key` with its params filled in; lists are joined as the language does.

    Raises:
        KeyError: when there is no such text.
    """
    template = CATALOGUE[key][_PLACE[lang]]
    return template.format_map(
        _Params({name: shown(value, lang) for name, value in params.items()})
    )


def shown(value: object, lang: Language) -> str:
    """Return a param as words: a list joined, nothing as a dash."""
    if isinstance(value, list | tuple):
        return _JOINED[lang].join(shown(each, lang) for each in value) or _MISSING
    return _MISSING if value is None or value == "" else str(value)
