"""What the ledger knows of units: inspections made, red cards, complaints; a draw to freeze."""

from datetime import date
from typing import Any

from duban.contracts import Record, campaign_stream, inspection_stream
from duban.domain.campaign.draw_records import SealedLists
from duban.domain.events import Change
from duban.domain.policy import PolicyVersion
from duban.inspection_contracts import ToFreeze
from tests.support.entries import a_change, a_record, an_event
from tests.support.inspection_draws import CAMPAIGN, terms

STREAM = campaign_stream(CAMPAIGN)
LISTS = SealedLists(package="package-1", digest="a" * 64)


def to_freeze(lists: SealedLists = LISTS, since: date = date(2019, 4, 1), **said: Any) -> ToFreeze:
    """Return a draw of the campaign that is to be frozen on 3 June 2019."""
    return ToFreeze(
        stream=STREAM,
        campaign=CAMPAIGN,
        terms=terms(**said),
        lists=lists,
        policy=PolicyVersion(),
        since=since,
    )


def units(campaign: str = CAMPAIGN, **names: str) -> Record:
    """Return the entry by which a campaign names its units."""
    told = (a_change("unit", code, code=code, name=name) for code, name in names.items())
    return a_record(campaign_stream(campaign), an_event(0, *told), campaign=campaign)


def made(no: str, unit: str, at: str, theme: str = "窗口服务", **said: Any) -> Record:
    """Return the entry of an inspection that came on site; drawn unless it is said otherwise."""
    campaign = no.rpartition("-I")[0]
    there = {"target": {"unit": unit}, "arrival": {"at": at}, "draw": {"no": "2019-BE-001"}}
    record = a_change(
        "inspection",
        no,
        campaign=campaign,
        order={"theme": theme},
        **{**there, **said},
    )
    return a_record(inspection_stream(no), an_event(0, record), campaign=None)


def doubted(unit: str, *changes: Change, no: str = "BE-2019-0001", **said: Any) -> Record:
    """Return the entry of a problem of a unit, with its cards."""
    campaign = no.rpartition("-")[0]
    problem = a_change("problem", no, no=no, unit=unit, **said)
    stream = f"{campaign_stream(campaign)}/problem-{no.rpartition('-')[2]}"
    return a_record(stream, an_event(0, problem, *changes), campaign=campaign)


def a_card(key: str, unit: str, on: str, colour: str = "red", state: str = "issued") -> Change:
    """Return a card on a problem."""
    return a_change("card", key, unit=unit, on=on, colour=colour, state=state)
