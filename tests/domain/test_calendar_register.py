"""Who publishes a calendar version, and that a version is never used twice (domain.md e.4)."""

import pytest

from duban.domain.calendar_register import CALENDAR_STREAM, publication
from duban.domain.calendars import Calendar
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import SYSTEM, Actor
from tests.support.builders import a_calendar, an_actor, shanghai

NOW = shanghai("2019-03-22", "15:00")


def test_publication_carries_the_whole_table_and_its_document() -> None:
    calendar = a_calendar(2)
    event = publication(calendar, a_calendar(1), seq=1, actor=an_actor("OF-1"), now=NOW)
    [change] = event.changes
    assert (event.tag, event.object_id, event.seq) == ("calendar:version:published", "2", 1)
    assert event.basis_doc == calendar.source_doc
    assert Calendar.model_validate(change.after) == calendar
    assert CALENDAR_STREAM == "calendar"


def test_sod11_the_system_imports_the_first_version_and_no_other() -> None:
    assert publication(a_calendar(1), None, seq=0, actor=SYSTEM, now=NOW).actor == SYSTEM
    with pytest.raises(RuleViolation) as refused:
        publication(a_calendar(2), a_calendar(1), seq=1, actor=SYSTEM, now=NOW)
    assert refused.value.code is Code.ROLE_NOT_PERMITTED


@pytest.mark.parametrize("actor", ["U01-L1", "CO-1", "SU-1", "CG-1"])
def test_only_office_and_leading_group_publish(actor: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        publication(a_calendar(2), a_calendar(1), seq=1, actor=an_actor(actor), now=NOW)
    assert refused.value.code is Code.ROLE_NOT_PERMITTED


@pytest.mark.parametrize("version", [1, 2])
def test_version_that_is_not_newer_is_refused(version: int) -> None:
    office: Actor = an_actor("OF-1")
    with pytest.raises(RuleViolation) as refused:
        publication(a_calendar(version), a_calendar(2), seq=2, actor=office, now=NOW)
    assert refused.value.code is Code.CALENDAR_NOT_NEWER
