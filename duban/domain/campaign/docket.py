"""What a campaign knows of its problems: their numbers and how each open one stands (ADR 0017).

A problem is a workflow of its own and keeps its own detail. Here stands what gates must judge, and
what a problem that was registered but is not yet opened is to be made from.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

from duban.domain.campaign import commands as c
from duban.domain.campaign.look_backs import note_result
from duban.domain.campaign.records import CampaignRecord, CampaignStage, DocketEntry
from duban.domain.campaign.state import CampaignState
from duban.domain.campaign.work import Work
from duban.domain.entity.permits import authorise
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event
from duban.domain.problem.creation import ProblemStart
from duban.domain.problem.news import CampaignNews
from duban.domain.problem.registration import Registration
from duban.domain.problem.standing import ProblemNews
from duban.domain.problem.state import Register
from duban.domain.problem.tables import SETTLED
from duban.domain.problem.words import ProblemSource
from duban.domain.roles import UNIT_ROLES, Action, Right

REGISTERED: Final = "campaign:problem:registered"

_NEWS: Final = {
    "campaign:stage:suspended": "suspended",
    "campaign:stage:resumed": "resumed",
    "campaign:calendar:adopted": "calendar",
    "campaign:lead_group:changed": "lead_body",
    "campaign:person:replaced": "register",
    "campaign:delegation:recorded": "register",
    "campaign:stage:terminated": "terminated",
    "campaign:stream:closed": "archived",
}
"""What every problem of a campaign has to know."""


def register_problem(work: Work, command: c.RegisterProblem) -> None:
    """Give a problem its number, which is never used again (b.3 row 10); it is opened next.

    A unit registers what it found at itself, and nothing about others (question 19).
    """
    authorise(work, Action.REGISTER_PROBLEM, Right.CREATE)
    said, campaign = command.registration, work.campaign
    if said.unit is not None:
        work.unit(said.unit)
    if work.actor.role in UNIT_ROLES and said.unit != work.actor.unit:
        raise RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=work.actor.id, unit=said.unit or "-")
    if said.found_on > work.today.isoformat():
        raise RuleViolation(Code.DATE_AHEAD, on=said.found_on)
    number, sources = campaign.problems_registered + 1, _sources(campaign, said)
    work.set(campaign.no, campaign, problems_registered=number, survey_sources=sources)
    entry = DocketEntry(
        no=f"{campaign.no}-{number:04d}",
        unit=said.unit,
        registration=said,
        registered_by=work.actor,
        request_id=command.request_id,
    )
    work.put(entry.no, entry)
    work.emit(
        REGISTERED,
        ("docket", entry.no),
        unit=said.unit,
        basis_doc=said.source_ref or None,
    )


def _sources(campaign: CampaignRecord, said: Registration) -> tuple[ProblemSource, ...]:
    """Return the sources of the survey; what comes up before G1 is part of it (K33)."""
    known = campaign.survey_sources
    return tuple(sorted({*known, said.source})) if campaign.stage is CampaignStage.PLAN else known


def take_note(work: Work, news: ProblemNews) -> bool:
    """Note how a problem stands; return whether that is news."""
    entry = work.find(DocketEntry, news.no) or DocketEntry(no=news.no)
    if news.seq <= entry.heard:
        return False
    fields = news.model_dump(exclude={"no", "seq"})
    work.set(
        news.no,
        entry,
        **fields,
        heard=news.seq,
        is_opened=True,
        is_settled=news.state in SETTLED,
        registration=None,
        registered_by=None,
    )
    note_result(work, news)
    work.emit("campaign:problem:noted", ("docket", news.no), unit=news.unit)
    return True


def to_open(state: CampaignState, no: str, clock_offset: timedelta) -> ProblemStart | None:
    """Return what a registered problem is made from; None when it is opened already."""
    entry = state.docket.get(no)
    if entry is None or entry.registration is None or entry.registered_by is None:
        return None
    campaign = next(iter(state.campaign.values()))
    return ProblemStart(
        no=entry.no,
        campaign=campaign.no,
        registration=entry.registration,
        lead_body=campaign.lead_body,
        policy=state.policy,
        calendar=next(iter(state.calendar.values())),
        given=register_for(state, {entry.unit}),
        mode=state.mode,
        clock_offset=clock_offset,
        actor=entry.registered_by,
        request_id=str(entry.request_id),
    )


def register_for(state: CampaignState, units: set[str | None]) -> Register:
    """Return the entries of the register that concern a problem: the bodies and its units."""
    people = tuple(
        each for each in state.person.values() if each.role not in UNIT_ROLES or each.unit in units
    )
    return Register(people=people, delegations=tuple(state.delegation.values()))


def news_of(state: CampaignState, event: Event) -> CampaignNews | None:
    """Return what an event means to every problem of the campaign; None where it means nothing."""
    kind = _NEWS.get(event.tag)
    if kind is None:
        return None
    told: dict[str, Any] = {"kind": kind, "seq": event.seq, "actor": event.actor}
    if kind == "calendar":
        told["calendar"] = next(iter(state.calendar.values()))
    if kind == "lead_body":
        told["lead_body"] = next(iter(state.campaign.values())).lead_body
    changed = event.changes
    given = Register(
        people=tuple(state.person[each.id] for each in changed if each.kind == "person"),
        delegations=tuple(
            state.delegation[each.id] for each in changed if each.kind == "delegation"
        ),
    )
    return CampaignNews.model_validate({**told, "basis_doc": event.basis_doc, "given": given})


def facts(state: CampaignState, history: Iterable[Event]) -> Iterator[CampaignNews]:
    """Yield what events mean to every problem, but for the register, which is told as it is now."""
    for event in history:
        if _NEWS.get(event.tag, "register") != "register":
            told = news_of(state, event)
            assert told is not None
            yield told
