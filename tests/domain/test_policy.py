"""One ruler: the policy as data, its digest, and no unit-specific threshold anywhere (K37)."""

from datetime import time
from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from duban.domain.campaign import commands as c
from duban.domain.campaign.campaign import HANDLERS
from duban.domain.campaign.commands import AnyCommand
from duban.domain.campaign.state import CampaignState
from duban.domain.limits import DeadlineCode, DeadlineRule
from duban.domain.policy import ActsBy, CalendarChange, ExtensionRule, PolicyVersion, Rung
from duban.domain.thresholds import DrawRule
from tests.support.builders import Desk
from tests.support.scenes import scene

_PARTS = (PolicyVersion, DeadlineRule, Rung, ExtensionRule)


def _mentioned(annotation: Any) -> str:
    return " ".join([str(annotation), *map(str, get_args(annotation))])


@pytest.mark.parametrize("part", _PARTS)
def test_k37_no_part_of_the_policy_names_a_unit_a_person_or_a_task(part: type[BaseModel]) -> None:
    for name, field in part.model_fields.items():
        words = set(name.split("_"))
        # `unit` of a deadline rule is the unit of time in which it is counted.
        if (part, name) != (DeadlineRule, "unit"):
            assert not words & {"unit", "person", "task", "per", "override"} or name in (
                "unit_plans_passed_percent",
                "former_unit_years",
                "max_per_item",
            )
        assert "Ident" not in _mentioned(field.annotation)
        assert "dict" not in _mentioned(field.annotation)


@pytest.mark.parametrize("command", HANDLERS, ids=lambda command: command.__name__)
def test_k37_no_command_carries_a_threshold(command: type[c.Command]) -> None:
    # What a command is about may be called as the part of the policy about such things.
    objects = {"extension", "inspection"}
    thresholds = set(PolicyVersion.model_fields) - objects | set(ExtensionRule.model_fields)
    thresholds |= set(Rung.model_fields) - {"code", "to", "document", "at", "level"}
    assert not thresholds & set(command.model_fields)
    for field in command.model_fields.values():
        assert not any(f".{part.__name__}" in _mentioned(field.annotation) for part in _PARTS)


def test_k37_a_campaign_holds_one_policy_and_nothing_changes_it() -> None:
    holders = [
        name
        for name, field in CampaignState.model_fields.items()
        if "PolicyVersion" in _mentioned(field.annotation)
    ]
    assert holders == ["policy"]
    first = scene("draft").campaign.state.policy
    assert scene("archived").campaign.state.policy == first


def test_every_command_is_in_the_union_that_travels() -> None:
    union = get_args(AnyCommand)[0]
    assert set(get_args(union)) == set(HANDLERS)


def test_g1_8_the_digest_is_that_of_every_threshold() -> None:
    policy = PolicyVersion()
    assert policy.digest == PolicyVersion.model_validate(policy.plain()).digest
    assert len(policy.digest) == 64
    assert Desk().campaign.record.policy_digest == policy.digest
    changes: list[dict[str, Any]] = [
        {"close_of_business": time(18)},
        {"max_units": 7},
        {"extension": ExtensionRule(max_per_item=3)},
        {"rungs": policy.rungs[1:]},
        {"deadlines": policy.deadlines[1:]},
    ]
    digests = {PolicyVersion(**each).digest for each in changes}
    assert len(digests | {policy.digest}) == len(changes) + 1


def test_g1_8_a_campaign_launched_before_a_threshold_had_a_name_keeps_its_digest() -> None:
    # As release 0.1.0 stored it with every campaign; another digest would shut gate G1 for them.
    stored = "f7f1cadf8ba94bde9a997060c9fd4e273b707b4a6243fe07ddc8215255a8c2c1"
    assert PolicyVersion().digest == stored
    assert PolicyVersion(quick_review_minutes=30).digest != stored
    assert PolicyVersion(drawing=DrawRule(ticket_cap=3)).digest != stored


def test_a_policy_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        PolicyVersion().max_units = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("code", "amount"),
    [
        ("DL01", 10),
        ("DL02", 10),
        ("DL03", 5),
        ("DL03R", 3),
        ("DL04", 1),
        ("DL05", 2),
        ("DL06", 5),
        ("DL10", 20),
        ("DL12", 5),
        ("DL31", 5),
        ("EXT5", 2),
        ("DRAFT", 20),
        ("PLAN", 30),
        ("REVIEW", 10),
        ("SETTLE", 15),
        ("WATCH", 6),
    ],
)
def test_e1_the_defaults_are_those_of_the_domain(code: str, amount: int) -> None:
    assert PolicyVersion().rule(DeadlineCode(code)).amount == amount


def test_e1_a_policy_can_say_otherwise() -> None:
    rules = tuple(
        rule.model_copy(update={"amount": 3}) if rule.code is DeadlineCode.CAMPAIGN_PLAN else rule
        for rule in PolicyVersion().deadlines
    )
    desk = Desk(policy=PolicyVersion(version="2019-2", deadlines=rules))
    desk.do(c.Establish, "LG-1", doc_no="纪要")
    assert desk.deadline("BE-2019", "DL01").current_due_on.isoformat() == "2019-03-07"
    assert {event.policy_version for event in desk.events} == {"2019-2"}


def test_c3_what_a_suspension_does_not_stop() -> None:
    running = {rule.code.value for rule in PolicyVersion().deadlines if not rule.stops}
    assert running == {
        *("DL31", "EXT5", "REVIEW", "SETTLE"),
        *("DL13", "DL14", "EXP3", "EXP5"),
        *("DL15", "DL15W", "DL16", "DL17A", "DL17B", "DL17C", "DL18", "DL19", "DL19R", "DL20"),
        *("DL25", "DL26", "DL26D", "SEC5", "K48"),
    }


def test_e5_the_scores_and_hands_of_the_ladder() -> None:
    policy = PolicyVersion()
    scores = {f"L{n}": policy.rung(f"L{n}").score for n in range(1, 7)}
    assert scores == {
        "L1": Decimal(0),
        "L2": Decimal("-0.5"),
        "L3": Decimal(-1),
        "L4": Decimal(-2),
        "L5": Decimal(-3),
        "L6": Decimal(0),
    }
    by_hand = {rung.code for rung in policy.rungs if rung.acts_by is ActsBy.PERSON}
    assert by_hand == {"L3", "L4", "L5", "L6"}


def test_e4_a_new_calendar_never_shortens() -> None:
    assert list(CalendarChange) == [PolicyVersion().calendar_change]
