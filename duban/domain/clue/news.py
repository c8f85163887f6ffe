"""What a clue hears of its campaign: people and calendars. A suspension is nothing to it (c.3)."""

from duban.domain.calendars import Calendar
from duban.domain.clue.work import Work
from duban.domain.counting import TimeUnit
from duban.domain.entity.moving import recalculate


def adopt(work: Work, new: Calendar, basis_doc: str | None) -> None:
    """Count the open clocks anew under a published calendar; nothing is shortened (e.4).

    What runs by the hour does not look at a calendar.
    """
    old = work.calendar
    if new.version <= old.version:
        work.say("clue:calendar:known", new_version=new.version)
        return
    work.note(calendar_version=new.version)
    work.say(
        "clue:calendar:adopted",
        basis_doc=basis_doc,
        old_version=old.version,
        new_version=new.version,
    )
    for deadline in work.open_deadlines():
        if deadline.unit is not TimeUnit.IMMEDIATE:
            recalculate(work, deadline, old, new)
