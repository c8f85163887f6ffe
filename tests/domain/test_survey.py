"""K33: the plan stage shows from how many sources its problems come, or the reason why so few."""

from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.gates import ConditionResult
from duban.domain.errors import Code
from duban.domain.policy import PolicyVersion
from duban.domain.problem.words import ProblemSource
from tests.support.builders import Desk
from tests.support.problems import a_registration
from tests.support.scenes import scene

SIGN: dict[str, Any] = {"gate": c.Gate.G1, "doc_no": "纪要2号"}
REASON: dict[str, Any] = {"kind": c.DocumentKind.SURVEY_REASON, "doc_no": "说明1号"}


def register(desk: Desk, source: ProblemSource) -> None:
    registration = a_registration(source=source, unit="U01", found_on="2019-03-01")
    desk.do(c.RegisterProblem, "OF-1", registration=registration)


def survey(desk: Desk) -> ConditionResult:
    results = desk.campaign.gate(c.Gate.G1, now=desk.now)
    return next(each for each in results if each.id == "K33")


def demanding(desk: Desk) -> Desk:
    """Let the ruler demand the survey, as one for new campaigns may."""
    stricter = desk.campaign.state.policy.model_copy(update={"survey_required": True})
    desk.campaign.state.policy = PolicyVersion.model_validate(stricter.plain())
    record = desk.campaign.record
    digest = desk.campaign.state.policy.digest
    table = desk.campaign.state.campaign
    table[record.no] = record.model_copy(update={"policy_digest": digest})
    return desk


def test_k33_each_source_counts_once() -> None:
    desk = scene("planned")
    sources = (ProblemSource.SURVEY, ProblemSource.HOTLINE, ProblemSource.SURVEY)
    for source in sources:
        register(desk, source)

    assert survey(desk).missing == ("2/3",)
    register(desk, ProblemSource.AUDIT)
    assert survey(desk).met
    assert desk.campaign.record.survey_sources == (
        ProblemSource.AUDIT,
        ProblemSource.HOTLINE,
        ProblemSource.SURVEY,
    )


def test_k33_a_reason_on_file_is_enough() -> None:
    desk = scene("planned")
    assert not survey(desk).met

    desk.do(c.FileDocument, "CG-1", title="本专项只有系统数据一个来源", **REASON)

    assert survey(desk).met
    assert desk.refused(c.FileDocument, "U01-L1", title="无", **REASON).code is (
        Code.ROLE_NOT_PERMITTED
    )


def test_k33_it_is_shown_and_holds_no_gate_up_by_default() -> None:
    desk = scene("planned")
    assert (survey(desk).met, survey(desk).blocks) == (False, False)

    desk.do(c.SignGate, "LG-1", **SIGN)

    assert desk.campaign.record.stage == "implement"


def test_k33_a_ruler_may_demand_it() -> None:
    desk = demanding(scene("planned"))

    why = desk.refused(c.SignGate, "LG-1", **SIGN)
    assert (why.code, why.params["unmet"]) == (Code.GATE_UNMET, ["K33: 0/3"])

    desk.do(c.FileDocument, "CG-1", title="只有一个来源", **REASON)
    desk.do(c.SignGate, "LG-1", **SIGN)


def test_k33_what_comes_up_after_g1_is_no_survey() -> None:
    desk = scene("planned")
    register(desk, ProblemSource.SURVEY)
    desk.do(c.SignGate, "LG-1", **SIGN)

    register(desk, ProblemSource.MEDIA)

    assert desk.campaign.record.survey_sources == (ProblemSource.SURVEY,)


@pytest.mark.parametrize(
    ("changes", "same"),
    [({}, True), ({"survey_required": True}, False), ({"survey_sources": 4}, False)],
)
def test_k33_a_ruler_from_before_keeps_its_digest(changes: dict[str, Any], same: bool) -> None:
    plain = PolicyVersion().plain()
    older = {k: v for k, v in plain.items() if not k.startswith("survey")}

    changed = PolicyVersion.model_validate({**older, **changes})

    assert (changed.digest == PolicyVersion().digest) is same


def test_k33_a_campaign_without_survey_is_written_as_before() -> None:
    assert "survey_sources" not in scene("planned").campaign.record.plain()
