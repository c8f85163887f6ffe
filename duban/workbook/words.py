"""The Chinese words of a plan file for closed lists of values, and the other words understood."""

from enum import StrEnum

from duban.domain.plan import DetailPoint, Difficulty, Direction, UnitKind
from duban.domain.problem.words import ProblemType, TicketKind
from duban.domain.roles import Role

YES, NO = "是", "否"
YES_WORDS = frozenset({YES, "√", "有", "y", "yes", "true", "1"})
NO_WORDS = frozenset({NO, "×", "无", "n", "no", "false", "0"})

# The first word of each value is the one written; the rest are understood when reading.
_WORDS: dict[type[StrEnum], dict[StrEnum, tuple[str, ...]]] = {
    Role: {
        Role.LEADING_GROUP: ("领导小组",),
        Role.OFFICE: ("领导小组办公室", "作风办", "办公室"),
        Role.COORDINATION_GROUP: ("综合协调组",),
        Role.SUPERVISION_GROUP: ("监督问责组",),
        Role.PUBLICITY_GROUP: ("宣传报道组",),
        Role.CAMPAIGN_GROUP: ("专项组",),
        Role.PRINCIPAL_LEADER: ("主要领导", "主要负责人", "第一责任人"),
        Role.LIAISON: ("联络员", "经办人", "责任人"),
        Role.INSPECTION_TEAM: ("督查组", "暗访组"),
        Role.EXTERNAL_DECIDER: ("有管理权限的党组织", "外部决定机关"),
        Role.SYSTEM: ("系统",),
    },
    UnitKind: {
        UnitKind.LOCALITY: ("县区", "地方"),
        UnitKind.DEPARTMENT: ("部门", "市直部门"),
        UnitKind.INSTITUTION: ("机构", "事业单位"),
        UnitKind.WINDOW_SITE: ("窗口站点", "窗口"),
        UnitKind.BODY: ("议事协调机构", "工作机构"),
    },
    Difficulty: {
        Difficulty.NORMAL: ("一般", "普通"),
        Difficulty.HARD_BONE: ("硬骨头",),
    },
    Direction: {
        Direction.UP: ("上升", "提高", "不低于", "≥"),
        Direction.DOWN: ("下降", "降低", "不高于", "≤"),
    },
    TicketKind: {
        TicketKind.COMPLAINT: ("投诉",),
        TicketKind.REPORT: ("举报",),
        TicketKind.REQUEST: ("求助", "诉求", "求决"),
        TicketKind.SUGGESTION: ("建议", "意见"),
        TicketKind.INQUIRY: ("咨询",),
        TicketKind.OTHER: ("其他", "其它"),
    },
    ProblemType: {
        ProblemType.INACTION: ("不作为",),
        ProblemType.MISACTION: ("乱作为",),
        ProblemType.SLOW_ACTION: ("慢作为",),
        ProblemType.EMPTY_PLEDGE: ("假承诺",),
        ProblemType.SHAM_DISCLOSURE: ("虚公开",),
        ProblemType.RULE_PRACTICE_GAP: ("两层皮",),
        ProblemType.ONE_SIZE_FITS_ALL: ("一刀切",),
        ProblemType.SERVICE_RULE: ("服务制度不落实", "首问负责", "限时办结", "一次性告知"),
        ProblemType.OTHER: ("其他", "其它"),
    },
    DetailPoint: {
        DetailPoint.FACTS: ("掌握情况要细", "掌握情况"),
        DetailPoint.ANALYSIS: ("分析问题要细", "分析问题"),
        DetailPoint.PLAN: ("制定方案要细", "制定方案"),
        DetailPoint.SUPPORTING: ("配套措施要细", "配套措施"),
        DetailPoint.IMPLEMENTATION: ("工作落实要细", "工作落实"),
    },
}


def word(value: StrEnum) -> str:
    """Return the Chinese word written for `value`."""
    return _WORDS[type(value)][value][0]


def words(choices: type[StrEnum]) -> list[str]:
    """Return the Chinese words offered for `choices`, in their order; no person is the system."""
    return [word(value) for value in choices if value is not Role.SYSTEM]


def value_of(choices: type[StrEnum], said: str) -> StrEnum | None:
    """Return the value that `said` names in Chinese or as its own code; None when it is none."""
    said = said.strip("“”\"'「」")
    for value, names in _WORDS[choices].items():
        if said == value.value or said in names:
            return value
    return None
