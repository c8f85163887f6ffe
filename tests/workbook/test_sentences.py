"""Every fault of a plan file or a table has its sentence in both languages."""

from string import Formatter

import pytest

from duban.domain.plan_faults import PlanFault
from duban.texts.intake import TABLE_FAULTS
from duban.texts.plan import PLAN_TEXTS
from duban.workbook import CellFault, PlanFileInvalid
from duban.workbook.errors import TableInvalid

CODES = [*PlanFault, *CellFault, PlanFileInvalid.code, TableInvalid.code]
SENTENCES = {**PLAN_TEXTS, **TABLE_FAULTS}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_there_is_a_sentence_for_every_code_and_no_other() -> None:
    assert set(SENTENCES) == {str(code) for code in CODES}


@pytest.mark.parametrize("code", CODES)
def test_both_languages_say_the_same_things(code: str) -> None:
    chinese, english = SENTENCES[code]
    assert placeholders(chinese) == placeholders(english)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
